//! The options of `savt load`.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::database::DatabaseOptions;
use crate::{
    load::{self, Behaviour, Targets, ThinkTime},
    model::Slug,
};

#[derive(Debug, Args)]
pub struct Load {
    /// URL of the server, `http://` only
    #[arg(
        env = "SAVT_LOAD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8000"
    )]
    pub url: String,
    /// Number of virtual users
    #[arg(long, env = "SAVT_LOAD_USERS", value_name = "N", default_value_t = 33, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub users: u32,
    /// Duration of the test, such as 20s or 5m
    #[arg(long, env = "SAVT_LOAD_DURATION", value_name = "TIME", default_value = "1m", value_parser = load::duration::parse_positive)]
    pub duration: Duration,
    /// Time over which the users start, one after another [default: a tenth of the duration, at most 30s]
    #[arg(long, env = "SAVT_LOAD_RAMP", value_name = "TIME", value_parser = load::duration::parse)]
    pub ramp: Option<Duration>,
    /// What each user does
    #[arg(
        long,
        env = "SAVT_LOAD_BEHAVIOUR",
        value_enum,
        default_value_t = Behaviour::Room
    )]
    pub behaviour: Behaviour,
    /// Think time between the starts of two actions, fixed (2s) or random (200ms..4s); 0 sends the next request as soon as the last one is answered [default: 200ms..4s; plan: 2s..8s; decide, between two actions of the group: 5ms..50ms]
    #[arg(long, env = "SAVT_LOAD_THINK", value_name = "TIME[..TIME]")]
    pub think: Option<ThinkTime>,
    /// Pass/fail criteria, all of which must be met [default: average<500ms,p95<1500ms,failures<0.5%; decide: also agreed-p95<50ms; with --monitor-url also connections<25,cache-hits>70%]
    #[arg(long, env = "SAVT_LOAD_TARGETS", value_name = "LIST")]
    pub targets: Option<Targets>,
    /// Use this existing board instead of a new one; `main` is the board at /
    #[arg(long, env = "SAVT_LOAD_BOARD", value_name = "SLUG", value_parser = parse_slug)]
    pub board: Option<String>,
    /// Number of new boards to distribute the users over
    #[arg(long, env = "SAVT_LOAD_BOARDS", value_name = "N", default_value_t = 1, conflicts_with = "board", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub boards: u32,
    /// Items to create on each new board before the test, with 5 features each [default: 20; plan: 0; decide: 5]
    #[arg(long, env = "SAVT_LOAD_ITEMS", value_name = "N", conflicts_with = "board", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub items: Option<u32>,
    /// URL of the server's monitor, such as http://127.0.0.1:9090, to include its metrics in the report
    #[arg(long, env = "SAVT_LOAD_MONITOR_URL", value_name = "URL")]
    pub monitor_url: Option<String>,
    /// Allow a server on another machine
    #[arg(long, env = "SAVT_LOAD_REMOTE")]
    pub remote: bool,
    /// Delete the new boards after the test, in the database of the server; needs --database-url
    #[arg(long, env = "SAVT_LOAD_CLEAN", conflicts_with = "board")]
    pub clean: bool,
    /// Write the report as JSON to this file
    #[arg(long, env = "SAVT_LOAD_JSON", value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report as an HTML page with charts to this file
    #[arg(long, env = "SAVT_LOAD_HTML", value_name = "FILE")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// Upper limit of the default ramp.
const MAX_DEFAULT_RAMP: Duration = Duration::from_secs(30);

impl Load {
    pub fn options(self) -> load::Options {
        load::Options {
            users: self.users as usize,
            ramp: self
                .ramp
                .unwrap_or_else(|| MAX_DEFAULT_RAMP.min(self.duration / 10)),
            think_time: self.think.unwrap_or_else(|| self.behaviour.think_time()),
            boards: self.boards as usize,
            items: self
                .items
                .map_or_else(|| self.behaviour.items(), |items| items as usize),
            url: self.url,
            duration: self.duration,
            behaviour: self.behaviour,
            targets: self.targets,
            board: self.board,
            monitor_url: self.monitor_url,
            remote: self.remote,
            clean: self.clean,
            json: self.json,
            html: self.html,
        }
    }
}

fn parse_slug(text: &str) -> Result<String, String> {
    match Slug::parse(text) {
        Some(slug) => Ok(slug.as_str().to_owned()),
        None => Err("must be the last part of a board's address, such as in /b/SLUG".to_owned()),
    }
}
