//! `savt export`: writes boards with their logs to a file, also while a server uses them.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    database, error::Error, new_file::NewFile, output::output, progress_line::ProgressLine,
    schema::require_current_read_only,
};
use crate::{
    cli::{Export, is_standard},
    db::Database,
    model::Slug,
    store,
    transfer::{BoardExport, Browsers, ExportError, end_of_file},
};

pub(super) async fn export(options: Export) -> Result<(), Error> {
    let (slugs, file) = arguments(&options)?;
    let database = database::open_existing(&options.database).await?;
    require_current_read_only(&database).await?;
    let slugs = match options.all {
        true => store::board_slugs(&database).await?,
        false => slugs,
    };
    let mut target = match is_standard(&file) {
        true => Target::Standard(io::stdout()),
        false => Target::File(NewFile::create(&file, options.force)?),
    };
    let mut progress = ProgressLine::new();
    let written = write_boards(&database, &slugs, &mut target, &mut progress).await;
    progress.clear();
    let events = written?;
    match target {
        Target::Standard(mut out) => out.flush()?,
        Target::File(new) => {
            new.finish()?;
            let boards = match slugs.len() {
                1 => "1 board".to_owned(),
                boards => format!("{boards} boards"),
            };
            let file = file.display();
            writeln!(output(), "exported {boards} with {events} events to {file}")?;
        }
    }
    Ok(())
}

/// Where the file goes.
enum Target {
    /// A reader that closes the pipe makes the export fail: what it got is no whole file.
    Standard(io::Stdout),
    File(NewFile),
}

impl Target {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Target::Standard(out) => Ok(out.write_all(bytes)?),
            Target::File(new) => new.write(bytes),
        }
    }
}

/// Writes all boards; returns the number of their events.
async fn write_boards(
    database: &Database,
    slugs: &[Slug],
    target: &mut Target,
    progress: &mut ProgressLine,
) -> Result<i64, Error> {
    let mut events = 0;
    for slug in slugs {
        let failed = |why: ExportError| Error::Export {
            board: slug.as_str().to_owned(),
            why,
        };
        let board = BoardExport::open(database, slug, Browsers::Included).await?;
        let missing = || Error::NoSuchBoard(slug.as_str().to_owned());
        let mut board = board.ok_or_else(missing)?.checked();
        while let Some(lines) = board.next_lines().await.map_err(failed)? {
            target.write(&lines)?;
            progress.show(board.written(), board.events());
        }
        events += board.events();
    }
    let end = end_of_file(slugs.len() as u64).map_err(|error| Error::Output(error.into()))?;
    target.write(&end)?;
    Ok(events)
}

/// The boards and the file that are named.
fn arguments(options: &Export) -> Result<(Vec<Slug>, PathBuf), Error> {
    let (file, names) = match options.names.split_last() {
        Some((file, names)) => (file.clone(), names),
        None => return Err(Error::ExportArguments("a file to write")),
    };
    match (options.all, names) {
        (true, []) => Ok((Vec::new(), file)),
        (true, _) => Err(Error::ExportArguments(
            "either --all or the slugs of boards",
        )),
        (false, []) => Err(Error::ExportArguments(
            "the slugs of the boards, or --all, before the file to write",
        )),
        (false, names) => {
            let slugs = names.iter().map(|name| slug(name));
            Ok((slugs.collect::<Result<_, _>>()?, file))
        }
    }
}

fn slug(name: &Path) -> Result<Slug, Error> {
    let slug = name.to_str().and_then(Slug::parse);
    slug.ok_or_else(|| Error::NoSuchBoard(name.display().to_string()))
}
