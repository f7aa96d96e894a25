//! `savt load`: people who play against a running SAVT, and a judgement of how it did. It stands outside like any browser:
//! it knows pages and addresses, and of the rest of SAVT only how a name is written.

mod action;
mod board;
mod browser;
mod curve;
mod director;
mod failure;
pub mod message;
mod monitor;
mod page;
mod person;
mod progress;
mod reading;
mod ready;
mod report;
mod run;
mod schedule;
mod server;
mod shown;
mod table;
mod tally;
mod target;
pub mod time;
mod watch;

use std::{io, path::PathBuf, time::Duration};

pub use self::{
    failure::Failure, person::Behaviour, ready::ready, report::Report, schedule::Think,
    table::table, target::Targets,
};

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Options {
    pub url: String,
    pub people: usize,
    pub duration: Duration,
    /// In which time the people come, one after the other.
    pub ramp: Duration,
    pub behaviour: Behaviour,
    pub think: Think,
    /// By which the run is judged; those of the plan if none are given.
    pub targets: Option<Targets>,
    /// A board that is there already, to be played on.
    pub board: Option<String>,
    /// Among how many new boards the people are divided.
    pub boards: usize,
    /// How many items are put on each new board first.
    pub items: usize,
    pub monitor_url: Option<String>,
    /// Whether the server may be on another machine.
    pub remote: bool,
    pub json: Option<PathBuf>,
    pub html: Option<PathBuf>,
}

/// Why nothing was played or nothing could be said of it: one clear line.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{url} {why}")]
    Url { url: String, why: &'static str },
    #[error("{0} is not on this machine: give --remote if that server may be put under load")]
    Remote(String),
    #[error("cannot reach {url}: {why}")]
    Unreachable { url: String, why: String },
    #[error("there answers something else than SAVT")]
    NotSavt,
    #[error(
        "that SAVT is closed by a password, behind which nobody can be played: start one without"
    )]
    Closed,
    #[error("there is no board {0:?}")]
    NoBoard(String),
    #[error("cannot prepare the board: {}: {}", .0.kind, .0.detail)]
    Prepare(Failure),
    #[error("cannot write {}: {why}", file.display())]
    Write { file: PathBuf, why: io::Error },
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}

/// Plays and judges. All of it happens on the thread that calls, so that the rest of the machine is the server's.
///
/// # Errors
/// It could not be played.
pub fn run(options: &Options) -> Result<Report, Error> {
    // Goes with every connection: whoever writes the report may need the last open file this process is allowed.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(director::direct(options))
}

/// Writes the files that were asked for.
///
/// # Errors
/// One could not be written.
pub fn keep(options: &Options, report: &Report) -> Result<(), Error> {
    if let Some(file) = &options.json {
        let json = serde_json::to_string_pretty(report).map_err(io::Error::from);
        write(file, json)?;
    }
    if let Some(file) = &options.html {
        write(file, Ok(page::page(report).into_string()))?;
    }
    Ok(())
}

/// The targets a run missed, with what was measured.
pub fn missed(report: &Report) -> Vec<String> {
    target::missed(&report.targets)
}

fn write(file: &PathBuf, text: io::Result<String>) -> Result<(), Error> {
    let written = text.and_then(|text| std::fs::write(file, text));
    written.map_err(|why| Error::Write {
        file: file.clone(),
        why,
    })
}
