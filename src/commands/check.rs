//! `savt check`: compares the tables of every board with its event log.

use std::{io::Write, time::Instant};

use super::{
    database,
    error::{CheckError, Error},
    output::output,
};
use crate::{
    cli::Check,
    db::{Database, MigrationState},
    store,
};

pub(super) async fn check(options: Check) -> Result<(), Error> {
    let started = Instant::now();
    let mut out = output();
    let mut written = Ok(());
    let checked = check_database(&options, |finding| {
        if written.is_ok() {
            written = writeln!(out, "{finding}");
        }
    });
    let checked = checked.await.map_err(Error::Check)?;
    written?;
    let boards = count(checked.boards, "board");
    let events = count(checked.events, "event");
    let seconds = started.elapsed().as_secs_f64();
    let verdict = match checked.findings {
        0 => "no damage found",
        _ => "damage found",
    };
    writeln!(
        out,
        "checked {boards}, {events} in {seconds:.1} s: {verdict}"
    )?;
    match checked.findings {
        0 => Ok(()),
        findings => Err(Error::Damaged(findings)),
    }
}

fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

async fn check_database(
    options: &Check,
    report: impl FnMut(store::Finding),
) -> Result<store::CheckSummary, CheckError> {
    let settings = database::settings(&options.database);
    let settings = settings.map_err(|error| CheckError::Open(Box::new(error)))?;
    // It does not wait for a server that is not up: it is run to find out what is wrong.
    let database = Database::open_existing(&settings).await?;
    let migrations = database.migration_status_read_only().await?;
    let any = |state| migrations.iter().any(|migration| migration.state == state);
    if any(MigrationState::Unknown) {
        return Err(CheckError::NewerSchema);
    }
    if any(MigrationState::Pending) {
        return Err(CheckError::OldSchema);
    }
    Ok(store::check(&database, report).await?)
}
