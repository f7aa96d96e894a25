//! What each command does: one file per command.

mod backup;
mod check;
mod database;
mod error;
mod healthcheck;
mod load;
mod migrate;
mod output;
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
        CliCommand::Backup(options) => backup::backup(options).await,
        CliCommand::Restore(options) => restore::restore(options).await,
        CliCommand::Webhook(options) => webhook::webhook(options).await,
    }
}
