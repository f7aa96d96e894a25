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

pub struct Options {
    pub until: Until,
    pub seed: u64,
    /// Only this database.
    pub database: Option<Backend>,
    /// Only requests with a key.
    pub only_keys: bool,
    requests: Option<u64>,
}

impl Options {
    /// None if the arguments select other tests. Ignores options of the standard test harness.
    pub fn read(arguments: impl Iterator<Item = String>) -> Option<Options> {
        let mut options = Options {
            until: Until::Rounds(DEFAULT_ROUNDS),
            seed: rand::random(),
            database: None,
            only_keys: false,
            requests: None,
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
                "--seed" => options.seed = number(),
                "sqlite" => options.database = Some(Backend::Sqlite),
                "postgres" => options.database = Some(Backend::Postgres),
                "keys" => options.only_keys = true,
                "torture" => {}
                "--list" => return None,
                option if option.starts_with('-') => {}
                _ => return None,
            }
        }
        Some(options)
    }

    /// How many requests with a key are sent to each database.
    pub fn requests(&self) -> u64 {
        self.requests.unwrap_or(match self.until {
            Until::Rounds(_) => FEW_REQUESTS,
            Until::Time(_) => MANY_REQUESTS,
        })
    }
}
