//! The `savt` program: parses the command line, runs the command, prints the error if it fails.

use std::process::ExitCode;

use savt::{cli::Cli, commands, runtime};

fn main() -> ExitCode {
    let result = run(Cli::parse_or_exit());
    runtime::shut_down();
    match result {
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
