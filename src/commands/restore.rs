//! `savt restore`: a copy in the place of what is served.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use super::{Error, quoted};
use crate::{
    cli::Restore,
    db::{Database, MigrationState, Settings, Url, file},
};

/// Why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is a database in {} already; --force replaces it", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is no database of savt", .0.display())]
    NotSavt(PathBuf),
    #[error("{} was made by a newer savt: restore it with that one", .0.display())]
    Newer(PathBuf),
}

pub(super) async fn restore(options: Restore) -> Result<(), Error> {
    let url = &options.database.database_url;
    let Some(database) = url.file() else {
        return Err(Error::PgRestore {
            file: quoted(options.file.display()),
            dbname: quoted(url.dbname().unwrap_or_default()),
        });
    };
    let full = database.metadata().is_ok_and(|found| found.len() > 0);
    if full && !options.force {
        return Err(Refusal::NotEmpty(database.to_owned()).into());
    }
    let old_schema = is_of_savt(&options.file).await?;
    let bytes = file::restore(&options.file, database).await?;
    let mut out = std::io::stdout();
    let (from, to) = (options.file.display(), database.display());
    let instead = match full {
        true => ", instead of what was there",
        false => "",
    };
    writeln!(
        out,
        "restored {to} from {from}{instead}: {bytes} bytes, looked through by SQLite"
    )?;
    if old_schema {
        writeln!(
            out,
            "its schema is an older one: the next `savt serve` or `savt migrate` brings it up to date"
        )?;
    }
    Ok(())
}

/// Makes sure that a file is a database this program can serve. Whether its schema is an old one.
async fn is_of_savt(file: &Path) -> Result<bool, Error> {
    let database = Database::open_existing(&Settings::new(Url::of_file(file))).await?;
    let seen = database.migrations_seen().await?;
    let any = |state| seen.iter().any(|migration| migration.state == state);
    if any(MigrationState::Unknown) {
        return Err(Refusal::Newer(file.to_owned()).into());
    }
    if !any(MigrationState::Applied) {
        return Err(Refusal::NotSavt(file.to_owned()).into());
    }
    Ok(any(MigrationState::Pending))
}
