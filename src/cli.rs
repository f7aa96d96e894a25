//! The commands and their options: clap, nothing else.

mod healthcheck;
mod load;
mod seed;
mod serve;
mod upkeep;
mod words;

pub use healthcheck::Healthcheck;
pub use load::Load;
pub use seed::Seed;
pub use serve::Serve;
pub use upkeep::{Backup, Check, Migrate, MigrateTask, Restore};
pub use words::Words;

use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::{
    db::{Settings, Url},
    log::Format,
};

/// Suggestion And Veto Tool: a group suggests, anyone vetoes, everyone sees it.
#[derive(Debug, Parser)]
#[command(name = "savt", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub logging: Logging,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the boards to browsers
    Serve(Serve),
    /// Bring the database schema up to date, or look at it, or take the last step back
    Migrate(Migrate),
    /// Fill the board `main` with a lively demo; again is harmless
    Seed(Seed),
    /// Play people against a running SAVT and judge how it does: status 1 if a target is missed
    Load(Load),
    /// Check that every board's log leads to what its tables hold: status 1 if not, 2 if that cannot be told
    Check(Check),
    /// Ask the SAVT of this machine or container whether it is ready: status 1 if not
    Healthcheck(Healthcheck),
    /// Copy a SQLite database to a file, also while it is served
    Backup(Backup),
    /// Put a copy that `savt backup` made in the place of the SQLite database, while nobody serves it
    Restore(Restore),
}

/// Where `serve` listens if nothing else is said.
const LISTEN: &str = "127.0.0.1:8000";

#[derive(Debug, Args)]
pub struct DatabaseOptions {
    /// The database: `sqlite:FILE`, or `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite:savt.db",
        global = true
    )]
    pub database_url: Url,
    /// Connections to the database at most
    #[arg(long, env = "SAVT_DB_CONNECTIONS", value_name = "N", default_value_t = 20, global = true, value_parser = clap::value_parser!(u32).range(2..=1_000))]
    pub db_connections: u32,
    /// Longest wait for a database connection, in milliseconds; then the answer is 503
    #[arg(long, env = "SAVT_DB_WAIT_MS", value_name = "MS", default_value_t = 2_000, global = true, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub db_wait_ms: u64,
}

impl DatabaseOptions {
    pub fn settings(&self) -> Settings {
        Settings {
            connections: self.db_connections,
            wait: Duration::from_millis(self.db_wait_ms),
            ..Settings::new(self.database_url.clone())
        }
    }
}

#[derive(Debug, Args)]
pub struct Logging {
    /// How the log is written
    #[arg(long, env = "SAVT_LOG_FORMAT", value_enum, default_value_t = Format::Text, global = true)]
    pub log_format: Format,
    /// What is logged: a level, or a filter such as `info,savt=debug`
    #[arg(
        long,
        env = "SAVT_LOG",
        value_name = "FILTER",
        default_value = "info,poem=warn",
        global = true
    )]
    pub log: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
