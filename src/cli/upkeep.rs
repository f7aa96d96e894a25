//! The options of what keepers do to a database: `savt migrate`, `backup`, `restore` and `check`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::DatabaseOptions;

#[derive(Debug, Args)]
pub struct Migrate {
    #[command(subcommand)]
    pub task: Option<MigrateTask>,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum MigrateTask {
    /// Run every migration that is missing (what `savt migrate` does)
    Up,
    /// List the migrations and which of them the database has
    Status,
    /// Take the last migration back, with the data it made room for
    Down,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// Where the copy is to be
    pub file: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The copy
    pub file: PathBuf,
    /// Replace the database that is there
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
