//! `savt load`: a load test that simulates users against a running SAVT server and checks the results against targets. Like a
//! browser or a program, it only knows addresses, pages and JSON; of the server's code it uses nothing but the parser of slugs.

mod action;
mod behaviour;
mod board;
mod body_reader;
mod browser;
mod delivery;
pub mod duration;
mod error;
mod failure;
mod group;
mod html;
mod independent;
pub mod message;
mod metrics_client;
mod options;
mod panels;
mod program;
mod progress;
mod report;
mod report_page;
mod report_table;
mod run_state;
mod run_stats;
mod runner;
mod schedule;
mod screens;
mod server_address;
mod server_metrics;
mod stream;
mod target;
mod virtual_user;

use std::{io, path::Path};

pub use self::{
    behaviour::Behaviour, error::Error, failure::Failure, options::Options, report::Report,
    report_table::report_table, schedule::ThinkTime, target::Targets,
};

/// Runs the load test on the calling thread, so that the other processors are left to the server.
///
/// # Errors
/// The test could not start.
pub fn run(options: &Options) -> Result<Report, Error> {
    // Dropping the runtime closes all connections: writing the report may need their file descriptors.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(runner::run(options))
}

/// Writes the report to the files that the options name.
///
/// # Errors
/// A file could not be written.
pub fn write_files(options: &Options, report: &Report) -> Result<(), Error> {
    if let Some(file) = &options.json {
        let json = serde_json::to_string_pretty(report).map_err(io::Error::from);
        write_file(file, json)?;
    }
    if let Some(file) = &options.html {
        write_file(file, Ok(report_page::report_page(report).into_string()))?;
    }
    Ok(())
}

/// The missed targets, with the measured values.
pub fn missed_targets(report: &Report) -> Vec<String> {
    report.missed_targets()
}

fn write_file(file: &Path, content: io::Result<String>) -> Result<(), Error> {
    let written = content.and_then(|content| std::fs::write(file, content));
    written.map_err(|why| Error::Write {
        file: file.to_owned(),
        why,
    })
}
