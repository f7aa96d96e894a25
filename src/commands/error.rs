//! Why a command failed, as one line, and the exit status that follows from it.

use std::{io, path::PathBuf};

use crate::{db, load, log, seed, transfer};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("--log: {0}")]
    Log(#[from] log::InvalidFilter),
    #[error("{0}")]
    Database(#[from] db::Error),
    #[error(
        "there are two database addresses: use either --database-url (DATABASE_URL) or --database-url-file (DATABASE_URL_FILE)"
    )]
    TwoDatabaseUrls,
    /// Repeats nothing of the URL.
    #[error("{option}: {why}")]
    DatabaseUrl { option: String, why: String },
    #[error("the database schema is out of date: run `savt migrate` first")]
    OldSchema,
    #[error(
        "the database schema was created by a newer version of savt: run that version, or use it to revert its migrations"
    )]
    NewerSchema,
    #[error("cannot handle signals: {0}")]
    Signals(io::Error),
    #[error("{0}")]
    Listen(io::Error),
    #[error("--monitor: {0}")]
    Monitor(io::Error),
    #[error("cannot set up the password: {0}")]
    Password(String),
    #[error("--password: the password {0}")]
    InvalidPassword(&'static str),
    #[error("--password-file {}: {why}", file.display())]
    PasswordFile { file: PathBuf, why: String },
    #[error("{option}: {why}")]
    Webhook { option: String, why: String },
    #[error("messages not accepted: {0}")]
    WebhookTest(usize),
    #[error("{0:?} is not the id of an endpoint; `savt webhook status` shows them")]
    UnknownWebhook(String),
    #[error("no endpoint has this URL; `savt webhook status` shows all endpoints")]
    UnknownWebhookUrl,
    /// Holds the id.
    #[error(
        "a running process delivers to {0}: start it without this endpoint first; nothing was removed"
    )]
    WebhookInUse(String),
    #[error("cannot seed: {0}")]
    Seed(#[from] seed::Error),
    #[error("cannot run the load test: {0}")]
    Load(#[from] load::Error),
    #[error("targets missed: {0}")]
    TargetsMissed(String),
    #[error("cannot check: {0}")]
    Check(CheckError),
    /// Holds the number of findings.
    #[error("damage found: {0}")]
    Damaged(u64),
    #[error(
        "this command copies SQLite databases only; for PostgreSQL, run: pg_dump --format=custom --file={file} --dbname={dbname} --username=USER"
    )]
    PgDump { file: String, dbname: String },
    #[error(
        "this command restores SQLite databases only; for PostgreSQL, stop savt and run: pg_restore --clean --if-exists --single-transaction --dbname={dbname} --username=USER {file} && savt migrate && savt migrate epoch"
    )]
    PgRestore { file: String, dbname: String },
    #[error("{0}")]
    Restore(#[from] RestoreError),
    #[error("savt export needs {0}")]
    ExportArguments(&'static str),
    /// The name is the one on the command line: not every board has an address.
    #[error("there is no board {0}")]
    NoSuchBoard(String),
    #[error("cannot export board {board}: {why}")]
    Export {
        board: String,
        why: transfer::ExportError,
    },
    #[error("cannot write {}: {why}", file.display())]
    Write { file: PathBuf, why: String },
    #[error("cannot import {}: {why}", file.display())]
    Import {
        file: PathBuf,
        why: transfer::ImportError,
    },
    #[error("{url} is not ready: {why}")]
    NotReady { url: String, why: String },
    #[error("the options of the list belong after `savt boards list`")]
    MisplacedListOptions,
    #[error("there is no terminal to ask on: --yes confirms")]
    Unconfirmed,
    #[error("nothing was changed")]
    NotConfirmed,
    #[error("there is no board {}", .0.join(", no board "))]
    NoBoards(Vec<String>),
    #[error("there is no participant of this name on the board")]
    NoParticipant,
    /// Holds what each of them says.
    #[error("{}", .0.join("; "))]
    NotClosed(Vec<String>),
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// The exit status. `load` and `check` distinguish a failed verdict (1) from a run that could not give one (2).
    pub fn status(&self) -> u8 {
        match self {
            Error::Load(_) | Error::Check(_) => 2,
            _ => 1,
        }
    }
}

/// Why `savt check` could not check the database.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Open(Box<Error>),
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("the database schema is out of date: run `savt migrate` first")]
    OldSchema,
    #[error(
        "the database schema was created by a newer version of savt: check it with that version"
    )]
    NewerSchema,
}

/// Why `savt restore` refused the copy.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("{} already contains a database; --force replaces it", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is not a savt database", .0.display())]
    NotSavt(PathBuf),
    #[error("{} was created by a newer version of savt: restore it with that version", .0.display())]
    NewerSchema(PathBuf),
}
