//! `savt backup`: a copy of what is served.

use std::{io::Write, time::Instant};

use super::{Error, quoted};
use crate::{cli::Backup, db::file};

pub(super) async fn backup(options: Backup) -> Result<(), Error> {
    let begun = Instant::now();
    let url = &options.database.database_url;
    let Some(database) = url.file() else {
        return Err(Error::PgDump {
            file: quoted(options.file.display()),
            dbname: quoted(url.dbname().unwrap_or_default()),
        });
    };
    let bytes = file::copy(database, &options.file, options.force).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let (from, to) = (database.display(), options.file.display());
    writeln!(
        std::io::stdout(),
        "copied {from} to {to}: {bytes} bytes in {seconds:.1} s, looked through by SQLite"
    )?;
    Ok(())
}
