//! The options of `savt load`.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use crate::{
    load::{self, Behaviour, Targets, Think},
    model::Slug,
};

#[derive(Debug, Args)]
pub struct Load {
    /// The server, by plain HTTP
    #[arg(
        env = "SAVT_LOAD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8000"
    )]
    pub url: String,
    /// How many people play
    #[arg(long, env = "SAVT_LOAD_USERS", value_name = "N", default_value_t = 33, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub users: u32,
    /// How long: 20s, 5m
    #[arg(long, env = "SAVT_LOAD_DURATION", value_name = "TIME", default_value = "1m", value_parser = load::time::parse_some)]
    pub duration: Duration,
    /// In which time they come, one after the other [default: a tenth of the duration, at most 30s]
    #[arg(long, env = "SAVT_LOAD_RAMP", value_name = "TIME", value_parser = load::time::parse)]
    pub ramp: Option<Duration>,
    /// What they do
    #[arg(
        long,
        env = "SAVT_LOAD_BEHAVIOUR",
        value_enum,
        default_value_t = Behaviour::Room
    )]
    pub behaviour: Behaviour,
    /// From one action to the next: 2s, 200ms..4s; 0 for a closed loop [default: 200ms..4s; plan: 2s..8s]
    #[arg(long, env = "SAVT_LOAD_THINK", value_name = "TIME[..TIME]")]
    pub think: Option<Think>,
    /// What must be so [default: average<500ms,p95<1500ms,failures<0.5%; with --monitor-url also connections<25,cache-hits>70%]
    #[arg(long, env = "SAVT_LOAD_TARGETS", value_name = "LIST")]
    pub targets: Option<Targets>,
    /// Play on this board instead of one made for it; `main` is the one at /
    #[arg(long, env = "SAVT_LOAD_BOARD", value_name = "SLUG", value_parser = slug)]
    pub board: Option<String>,
    /// Divide the people among so many new boards
    #[arg(long, env = "SAVT_LOAD_BOARDS", value_name = "N", default_value_t = 1, conflicts_with = "board", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub boards: u32,
    /// Items on each new board before they come, with 5 features each [default: 20; plan: 0]
    #[arg(long, env = "SAVT_LOAD_ITEMS", value_name = "N", conflicts_with = "board", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub items: Option<u32>,
    /// The server's monitor, such as http://127.0.0.1:9090, to show what it says meanwhile
    #[arg(long, env = "SAVT_LOAD_MONITOR_URL", value_name = "URL")]
    pub monitor_url: Option<String>,
    /// The server may be on another machine
    #[arg(long, env = "SAVT_LOAD_REMOTE")]
    pub remote: bool,
    /// Write all figures there
    #[arg(long, env = "SAVT_LOAD_JSON", value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write a page with curves there
    #[arg(long, env = "SAVT_LOAD_HTML", value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// The longest time in which people come if nothing else is said.
const RAMP: Duration = Duration::from_secs(30);

impl Load {
    pub fn options(self) -> load::Options {
        load::Options {
            people: self.users as usize,
            ramp: self.ramp.unwrap_or_else(|| RAMP.min(self.duration / 10)),
            think: self.think.unwrap_or_else(|| self.behaviour.think()),
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
            json: self.json,
            html: self.html,
        }
    }
}

fn slug(text: &str) -> Result<String, String> {
    match Slug::parse(text) {
        Some(slug) => Ok(slug.as_str().to_owned()),
        None => Err("is the last part of a board's address, such as in /b/SLUG".to_owned()),
    }
}
