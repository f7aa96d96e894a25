//! What each command does: one file per command.

mod backup;
mod boards;
mod check;
mod database;
mod error;
mod export;
mod healthcheck;
mod import;
mod load;
mod migrate;
mod new_file;
mod output;
mod progress_line;
mod restore;
mod schema;
mod secret_file;
mod seed;
mod serve;
mod shell;
mod webhook;
mod webhook_endpoints;

pub use error::{CheckError, Error, RestoreError};

use crate::{
    cli::{Cli, CliCommand},
    log,
};

/// Runs a command to its end.
pub async fn run(cli: Cli) -> Result<(), Error> {
    log::start(cli.logging.log_format, &cli.logging.log)?;
    match cli.command {
        CliCommand::Serve(options) => serve::serve(*options).await,
        CliCommand::Migrate(options) => migrate::migrate(options).await,
        CliCommand::Seed(options) => seed::seed(options).await,
        CliCommand::Load(options) => load::load(options).await,
        CliCommand::Check(options) => check::check(options).await,
        CliCommand::Healthcheck(options) => healthcheck::healthcheck(&options).await,
        CliCommand::Boards(options) => boards::boards(options).await,
        CliCommand::Backup(options) => backup::backup(options).await,
        CliCommand::Restore(options) => restore::restore(options).await,
        CliCommand::Export(options) => export::export(options).await,
        CliCommand::Import(options) => import::import(options).await,
        CliCommand::Webhook(options) => webhook::webhook(options).await,
    }
}
