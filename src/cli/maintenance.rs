//! The options of the commands that maintain a database: `savt migrate`, `backup`, `restore` and `check`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::database::DatabaseOptions;

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(subcommand)]
    pub task: Option<MigrateTask>,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum MigrateTask {
    /// Apply all pending migrations (the default)
    Up,
    /// List the migrations and whether they are applied
    Status,
    /// Revert the last migration and delete the data that it made room for
    Down,
    /// Make open pages load again, after the database was restored by other means than `savt restore`
    Epoch,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// File to write the copy to
    pub file: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// Copy to restore from
    pub file: PathBuf,
    /// Replace the existing database
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub database: DatabaseOptions,
}
