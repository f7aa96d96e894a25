//! `savt restore`: replaces the SQLite database with a copy.

use std::{io::Write, path::Path};

use super::{
    database,
    error::{Error, RestoreError},
    output::output,
    shell::quote,
};
use crate::{
    cli::Restore,
    db::{Database, MigrationState, Settings, Url, sqlite_file},
    store,
};

pub(super) async fn restore(options: Restore) -> Result<(), Error> {
    let url = database::url(&options.database)?;
    let Some(target) = url.file() else {
        return Err(Error::PgRestore {
            file: quote(options.file.display()),
            dbname: quote(url.postgres_conninfo().unwrap_or_default()),
        });
    };
    let exists = target.metadata().is_ok_and(|found| found.len() > 0);
    if exists && !options.force {
        return Err(RestoreError::NotEmpty(target.to_owned()).into());
    }
    let has_old_schema = validate(&options.file).await?;
    // Open pages must not take the restored history for the one they show.
    let bytes = sqlite_file::restore(&options.file, target, store::renew_epochs_of_copy).await?;
    let mut out = output();
    let (from, to) = (options.file.display(), target.display());
    let replaced = match exists {
        true => ", replacing the previous database",
        false => "",
    };
    writeln!(
        out,
        "restored {to} from {from}{replaced}: {bytes} bytes, integrity check passed"
    )?;
    if has_old_schema {
        writeln!(
            out,
            "its schema is out of date: the next `savt serve` or `savt migrate` updates it"
        )?;
    }
    Ok(())
}

/// Checks that a file is a database that this program can serve. Returns whether its schema is out of date.
async fn validate(file: &Path) -> Result<bool, Error> {
    let database = Database::open_existing(&Settings::new(Url::from_file(file))).await?;
    let migrations = database.migration_status_read_only().await?;
    let any = |state| migrations.iter().any(|migration| migration.state == state);
    if any(MigrationState::Unknown) {
        return Err(RestoreError::NewerSchema(file.to_owned()).into());
    }
    if !any(MigrationState::Applied) {
        return Err(RestoreError::NotSavt(file.to_owned()).into());
    }
    Ok(any(MigrationState::Pending))
}
