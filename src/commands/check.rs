//! `savt check`: whether what is stored holds together.

use std::{io::Write, time::Instant};

use crate::{
    cli::Check,
    db::{self, Database, MigrationState},
    store,
};

/// Why nothing can be said of the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("the schema is not up to date: run `savt migrate` first")]
    OldSchema,
    #[error("the schema was made by a newer savt: check with that one")]
    NewerSchema,
}

pub(super) async fn check(options: Check) -> Result<(), super::Error> {
    let begun = Instant::now();
    let mut out = std::io::stdout().lock();
    let mut told = Ok(());
    let checked = look(&options, |finding| {
        if told.is_ok() {
            told = writeln!(out, "{finding}");
        }
    });
    let checked = checked.await.map_err(super::Error::Check)?;
    told?;
    let boards = counted(checked.boards, "board");
    let events = counted(checked.events, "event");
    let seconds = begun.elapsed().as_secs_f64();
    let verdict = match checked.findings {
        0 => "all is well",
        _ => "there is damage",
    };
    writeln!(
        out,
        "checked {boards}, {events} in {seconds:.1} s: {verdict}"
    )?;
    match checked.findings {
        0 => Ok(()),
        findings => Err(super::Error::Damaged(findings)),
    }
}

fn counted(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

async fn look(options: &Check, tell: impl FnMut(store::Finding)) -> Result<store::Checked, Error> {
    let database = Database::open_existing(&options.database.settings()).await?;
    let seen = database.migrations_seen().await?;
    let any = |state| seen.iter().any(|migration| migration.state == state);
    if any(MigrationState::Unknown) {
        return Err(Error::NewerSchema);
    }
    if any(MigrationState::Pending) {
        return Err(Error::OldSchema);
    }
    Ok(store::check(&database, tell).await?)
}
