//! The options on the command line.

use std::time::Duration;

use savt::db::Backend;

/// When to stop the rounds, for each database.
#[derive(Clone, Copy)]
pub enum Until {
    Rounds(u32),
    Time(Duration),
}

/// Rounds without `--minutes` or `--rounds`.
const DEFAULT_ROUNDS: u32 = 5;

/// Requests with a key, for each database, without `--requests`: in the short form, and with `--minutes`.
const FEW_REQUESTS: u64 = 300;
const MANY_REQUESTS: u64 = 50_000;

/// Commands of the operator, for each database, without `--commands`.
const FEW_COMMANDS: u64 = 20;
const MANY_COMMANDS: u64 = 1_000;

/// A part of the test.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Rounds,
    /// Requests with a key.
    Keys,
    /// Commands of the operator.
    Administration,
}

pub struct Options {
    pub until: Until,
    pub seed: u64,
    /// Only this database.
    pub database: Option<Backend>,
    /// Only this part.
    part: Option<Part>,
    requests: Option<u64>,
    commands: Option<u64>,
}

impl Options {
    /// None if the arguments select other tests. Ignores options of the standard test harness.
    pub fn read(arguments: impl Iterator<Item = String>) -> Option<Options> {
        let mut options = Options {
            until: Until::Rounds(DEFAULT_ROUNDS),
            seed: rand::random(),
            database: None,
            part: None,
            requests: None,
            commands: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut number = || -> u64 {
                let value = arguments.next().and_then(|text| text.parse().ok());
                value.unwrap_or_else(|| panic!("{argument} needs a number"))
            };
            match argument.as_str() {
                "--minutes" => options.until = Until::Time(Duration::from_secs(60 * number())),
                "--rounds" => options.until = Until::Rounds(number() as u32),
                "--requests" => options.requests = Some(number()),
                "--commands" => options.commands = Some(number()),
                "--seed" => options.seed = number(),
                "sqlite" => options.database = Some(Backend::Sqlite),
                "postgres" => options.database = Some(Backend::Postgres),
                "keys" => options.part = Some(Part::Keys),
                "administration" => options.part = Some(Part::Administration),
                "torture" => {}
                "--list" => return None,
                option if option.starts_with('-') => {}
                _ => return None,
            }
        }
        Some(options)
    }

    pub fn includes(&self, part: Part) -> bool {
        self.part.is_none_or(|only| only == part)
    }

    /// How many commands of the operator are run on each database.
    pub fn commands(&self) -> u64 {
        self.commands.unwrap_or(match self.until {
            Until::Rounds(_) => FEW_COMMANDS,
            Until::Time(_) => MANY_COMMANDS,
        })
    }

    /// How many requests with a key are sent to each database.
    pub fn requests(&self) -> u64 {
        self.requests.unwrap_or(match self.until {
            Until::Rounds(_) => FEW_REQUESTS,
            Until::Time(_) => MANY_REQUESTS,
        })
    }
}
