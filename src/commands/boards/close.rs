//! `savt boards close`: closes boards in the name of the operator.

use std::io::Write;

use super::super::{error::Error, output::output};
use crate::{
    board::{self, Boards, CacheSize, CloseError, CommandError, OpenError},
    cli::CloseBoards,
    db::Database,
    model::{Outcome, Rejection},
    view::Languages,
};

pub(super) async fn close(database: Database, options: CloseBoards) -> Result<(), Error> {
    let boards = Boards::new(database, Languages::default(), CacheSize::default());
    let mut out = output();
    let mut failed = Vec::new();
    for slug in &options.slugs {
        let address = slug.as_str();
        let outcome = Outcome {
            text: options.outcome.clone(),
            chosen: Vec::new(),
        };
        match board::close(&boards, slug, outcome).await {
            Ok(()) => writeln!(out, "closed {address}")?,
            Err(error) => failed.push(why(address, &error)),
        }
    }
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Error::NotClosed(failed)),
    }
}

fn why(address: &str, error: &CloseError) -> String {
    match error {
        CloseError::Open(OpenError::Unknown | OpenError::Deleted)
        | CloseError::Command(CommandError::BoardDeleted) => {
            format!("there is no board {address}")
        }
        CloseError::Command(CommandError::Rejected(Rejection::Closed { by, .. })) => {
            format!("{address} was closed before, by {by}")
        }
        error => format!("{address}: {error}"),
    }
}
