//! The options of `savt export` and `savt import`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::database::DatabaseOptions;

/// The name of standard input and output.
const STANDARD: &str = "-";

#[derive(Debug, Args)]
pub struct Export {
    /// The boards, by the last part of their addresses (`main` is the board at /), and then the file to write; `-` is standard output
    #[arg(value_name = "SLUG|FILE", required = true, num_args = 1..)]
    pub names: Vec<PathBuf>,
    /// Export all boards; only the file is named then
    #[arg(long)]
    pub all: bool,
    /// Replace the file if it exists
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

#[derive(Debug, Args)]
pub struct Import {
    /// File to read; `-` is standard input
    pub file: PathBuf,
    /// Only check the file, and say what would be imported
    #[arg(long)]
    pub dry_run: bool,
    /// Import every board at a new address that cannot be guessed
    #[arg(long, conflicts_with = "replace")]
    pub new_address: bool,
    /// Replace boards that have the same address; pages that show them load again
    #[arg(long)]
    pub replace: bool,
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// Whether a file stands for standard input or output.
pub fn is_standard(file: &Path) -> bool {
    file.as_os_str() == STANDARD
}
