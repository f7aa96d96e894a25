//! `savt`: parses the command line, runs what it says, prints the error.

use std::process::ExitCode;

use clap::Parser;
use savt::{cli::Cli, commands};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("savt: {error}");
            error.status().into()
        }
    }
}
