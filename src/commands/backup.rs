//! `savt backup`: copies a SQLite database, also while a server uses it.

use std::{io::Write, time::Instant};

use super::{database, error::Error, output::output, shell::quote};
use crate::{cli::Backup, db::sqlite_file};

pub(super) async fn backup(options: Backup) -> Result<(), Error> {
    let started = Instant::now();
    let url = database::url(&options.database)?;
    let Some(file) = url.file() else {
        return Err(Error::PgDump {
            file: quote(options.file.display()),
            dbname: quote(url.postgres_conninfo().unwrap_or_default()),
        });
    };
    let bytes = sqlite_file::copy(file, &options.file, options.force).await?;
    let seconds = started.elapsed().as_secs_f64();
    let (from, to) = (file.display(), options.file.display());
    writeln!(
        output(),
        "copied {from} to {to}: {bytes} bytes in {seconds:.1} s, integrity check passed"
    )?;
    Ok(())
}
