//! The `savt` program: parses the command line, runs the command, prints the error if it fails.

use std::{env, process::ExitCode};

use savt::{cli::Cli, commands, runtime};

fn main() -> ExitCode {
    // Prints the error or the help text.
    let cli = Cli::read(env::args_os(), env::vars_os()).unwrap_or_else(|error| error.exit());
    match runtime::run(commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("savt: {error}");
            error.status().into()
        }
    }
}
