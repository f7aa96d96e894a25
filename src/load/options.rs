//! The options of a load test.

use std::{path::PathBuf, time::Duration};

use super::{behaviour::Behaviour, schedule::ThinkTime, target::Targets};

#[derive(Clone, Debug)]
pub struct Options {
    pub url: String,
    /// The number of virtual users.
    pub users: usize,
    pub duration: Duration,
    /// The time over which the users start, one after another.
    pub ramp: Duration,
    pub behaviour: Behaviour,
    pub think_time: ThinkTime,
    /// The pass/fail criteria; `None` for the default ones.
    pub targets: Option<Targets>,
    /// The slug of an existing board to use.
    pub board: Option<String>,
    /// The number of new boards that the users are distributed over.
    pub boards: usize,
    /// The number of items to create on each new board before the test.
    pub items: usize,
    pub monitor_url: Option<String>,
    /// Whether the server may be on another machine.
    pub remote: bool,
    /// Whether the caller deletes the new boards after the run.
    pub clean: bool,
    pub json: Option<PathBuf>,
    pub html: Option<PathBuf>,
}
