//! `savt`: parses the command line, runs what it says, prints the error.

use std::process::ExitCode;

use clap::Parser;
use savt::{cli::Cli, commands, runtime};

fn main() -> ExitCode {
    let ended = run(Cli::parse());
    runtime::end();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("savt: {error}");
            error.status().into()
        }
    }
}

#[tokio::main]
async fn run(cli: Cli) -> Result<(), commands::Error> {
    commands::run(cli).await
}
