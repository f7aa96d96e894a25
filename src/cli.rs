//! The command line: commands, options and their help texts. Uses clap, and runs nothing.

mod boards;
mod connections;
mod database;
mod environment;
mod healthcheck;
mod limits;
mod load;
mod logging;
mod maintenance;
mod public_address;
mod redaction;
mod secret;
mod seed;
mod serve;
mod terminology;
mod transfer;
mod trim;
mod webhook;

pub use boards::{
    Boards, BoardsTask, CloseBoards, DeleteBoards, ExpireBoards, ForgetParticipant, ListBoards,
    ListedState, SortBoards,
};
pub use connections::ConnectionOptions;
pub use database::{DatabaseOptions, StatementCache};
pub use healthcheck::Healthcheck;
pub use limits::LimitOptions;
pub use load::Load;
pub use logging::LoggingOptions;
pub use maintenance::{Backup, Check, Migrate, MigrateTask, Restore};
pub use secret::Secret;
pub use seed::Seed;
pub use serve::{RateLimitOptions, Serve};
pub use terminology::TerminologyArgs;
pub use transfer::{Export, Import, is_standard};
pub use trim::trim;
pub use webhook::{
    Webhook, WebhookEnable, WebhookOptions, WebhookRemove, WebhookStatus, WebhookTask,
};

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it
#[derive(Debug, Parser)]
#[command(name = "savt", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: CliCommand,
    #[command(flatten)]
    pub logging: LoggingOptions,
}

impl Cli {
    /// Parses the arguments of the process, the first of which is the name of the program, and the variables of its environment.
    ///
    /// # Errors
    /// The command line or the environment is invalid, or the user asked for a help text. The error repeats no secret.
    pub fn read(
        arguments: impl IntoIterator<Item = OsString>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Cli, clap::Error> {
        let mut command = Cli::command();
        let matches =
            environment::read(&command, arguments, variables).map_err(redaction::redacted)?;
        Cli::from_arg_matches(&matches)
            .map_err(|error| redaction::redacted(error.format(&mut command)))
    }
}

#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Serve the boards over HTTP
    Serve(Box<Serve>),
    /// Migrate the database schema to the latest version, list the migrations, or revert the last one
    Migrate(Migrate),
    /// Fill the board `main` with demo data; does nothing if it is already filled
    Seed(Seed),
    /// Simulate users against a running SAVT server and check the results against targets.
    ///
    /// Exit status: 0 if all targets are met, 1 if any is missed, 2 if the test could not run
    Load(Load),
    /// Check that the tables of every board match its event log.
    ///
    /// Exit status: 0 if they match, 1 if they differ, 2 if the check could not run
    Check(Check),
    /// Check that the server on this machine or in this container is ready.
    ///
    /// Exit status: 0 if it is ready, 1 if not
    Healthcheck(Healthcheck),
    /// List, close or delete boards, or forget a participant of one; also while servers use the database
    Boards(Boards),
    /// Copy a SQLite database to a file, also while a server uses it
    Backup(Backup),
    /// Restore a SQLite database from a copy made by `savt backup`; no server may be using it
    Restore(Restore),
    /// Write boards with their whole history to a file, for any database, also while a server uses them
    Export(Export),
    /// Read boards from a file made by `savt export`, also while a server uses the database
    Import(Import),
    /// Test webhooks, show what is not delivered yet, switch endpoints on again, and remove them
    Webhook(Webhook),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_definition_is_valid() {
        Cli::command().debug_assert();
    }
}
