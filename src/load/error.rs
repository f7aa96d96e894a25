//! Why a load test could not run or its report could not be written, as one line.

use std::{io, path::PathBuf};

use super::failure::Failure;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{url} {why}")]
    Url { url: String, why: &'static str },
    #[error("{0} is not on this machine: use --remote if you are allowed to load-test that server")]
    Remote(String),
    #[error("cannot reach {url}: {why}")]
    Unreachable { url: String, why: String },
    #[error("the server is not a SAVT server")]
    NotSavt,
    #[error(
        "the server requires a password, which load tests do not support: start one without a password"
    )]
    PasswordRequired,
    #[error("the behaviour decide needs boards of its own: leave out --board")]
    NeedsNewBoards,
    #[error("the behaviour decide needs at least {0} users for each board")]
    TooFewUsers(usize),
    #[error("there is no board {0:?}")]
    NoBoard(String),
    #[error("cannot prepare the board: {}: {}", .0.kind, .0.detail)]
    Prepare(Failure),
    #[error("cannot write {}: {why}", file.display())]
    Write { file: PathBuf, why: io::Error },
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
}
