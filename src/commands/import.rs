//! `savt import`: reads boards from a file into the database, also while a server uses it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use super::{
    database,
    error::Error,
    output::output,
    progress_line::ProgressLine,
    schema::{migrate_to_latest, require_current_read_only},
};
use crate::{
    board,
    cli::{Import, is_standard},
    db::Database,
    transfer::{self, Destination, ImportError, ImportOptions, Imported, Prepared, ReadError},
};

/// How much of the file is read at once.
const BUFFER: usize = 256 * 1_024;

pub(super) async fn import(options: Import) -> Result<(), Error> {
    let file = options.file.clone();
    let failed = |why: ImportError| Error::Import {
        file: file.clone(),
        why,
    };
    // Before the database is created or changed.
    let input = open(&options.file).map_err(|error| failed(ReadError::Io(error).into()))?;
    let database = match options.dry_run {
        true => {
            let database = database::open_existing(&options.database).await?;
            require_current_read_only(&database).await?;
            database
        }
        false => {
            let database = database::open(&options.database).await?;
            migrate_to_latest(&database).await?;
            database
        }
    };
    let prepared = prepare(&database, input, &options).await.map_err(failed)?;
    if options.dry_run {
        return report(&prepared.boards, "would import");
    }
    let published = prepared
        .publish(&database, board::now, &board::epochs_changed())
        .await;
    let published = published.map_err(failed)?;
    published.discard_replaced(&database).await;
    report(&published.boards, "imported")
}

async fn prepare(
    database: &Database,
    input: Box<dyn BufRead>,
    options: &Import,
) -> Result<Prepared, ImportError> {
    let how = ImportOptions {
        destination: match (options.new_address, options.replace) {
            (true, _) => Destination::NewAddress,
            (_, true) => Destination::Replace,
            _ => Destination::SameAddress,
        },
        dry_run: options.dry_run,
    };
    let mut progress = ProgressLine::new();
    let show = |done, all| progress.show(done, all);
    let prepared = transfer::prepare(database, input, how, board::now, show).await;
    progress.clear();
    prepared
}

fn open(file: &Path) -> io::Result<Box<dyn BufRead>> {
    Ok(match is_standard(file) {
        true => Box::new(BufReader::with_capacity(BUFFER, io::stdin())),
        false => Box::new(BufReader::with_capacity(BUFFER, File::open(file)?)),
    })
}

/// One line for each board.
fn report(boards: &[Imported], did: &str) -> Result<(), Error> {
    let mut out = output();
    for board in boards {
        let (from, to, events) = (board.from.as_str(), board.to.as_str(), board.events);
        let place = match (board.from == board.to, board.replaces) {
            (true, true) => ", in place of the one that was there".to_owned(),
            (true, false) => String::new(),
            (false, _) => format!(" as {to}, at /b/{to}"),
        };
        let people = match board.has_browsers {
            true => "",
            false => {
                "; the file does not say whose browser is whose, so people have to say who they are"
            }
        };
        writeln!(out, "{did} {from} with {events} events{place}{people}")?;
    }
    Ok(())
}
