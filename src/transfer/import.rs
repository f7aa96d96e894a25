//! Reads a file into a database: every board is checked and written out of sight first, and then all become visible at once.

use std::{collections::HashSet, io::BufRead};

use super::{
    board_check::BoardCheck,
    file_reader::{FileReader, Part},
    header::BoardHeader,
    import_error::ImportError,
    patience::patiently,
    prepared::{Imported, Prepared, discard},
    row_batches::row_batches,
};
use crate::{
    db::Database,
    model::{Board, Event, Slug, Timestamp},
    store::{self, Publication, SlugState, StagedBoard},
};

/// How many events are written at once. So many take a few hundredths of a second, for which others wait on SQLite.
const BATCH_EVENTS: usize = 1_000;
/// How many bytes of a file are written at once. A single event may be larger.
const BATCH_BYTES: usize = 4 * 1_024 * 1_024;
/// After how long without a change a board that is not visible counts as left by an interrupted import.
const ABANDONED: chrono::TimeDelta = chrono::TimeDelta::minutes(2);

/// Where boards go whose slug is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Nowhere: that is an error.
    SameAddress,
    /// To new addresses, as all others.
    NewAddress,
    /// In place of those boards.
    Replace,
}

#[derive(Clone, Copy, Debug)]
pub struct ImportOptions {
    pub destination: Destination,
    /// Reads and checks, and writes nothing.
    pub dry_run: bool,
}

/// Reads a file, checks it, and writes its boards out of sight. `progress` is told the events of the current board so far, and how many
/// it has.
///
/// # Errors
/// The file is damaged, a slug is taken, or the database fails. What was written is deleted.
pub async fn prepare(
    database: &Database,
    input: impl BufRead,
    options: ImportOptions,
    now: fn() -> Timestamp,
    progress: impl FnMut(i64, i64),
) -> Result<Prepared, ImportError> {
    if !options.dry_run {
        let leftovers = store::discard_leftovers(database, now() - ABANDONED).await?;
        if leftovers > 0 {
            tracing::info!(leftovers, "deleted what an interrupted import had left");
        }
    }
    let mut import = Import {
        database,
        options,
        now,
        progress,
        staged: None,
        prepared: Prepared {
            boards: Vec::new(),
            publications: Vec::new(),
        },
        slugs: HashSet::new(),
    };
    match import.read(FileReader::new(input)).await {
        Ok(()) => Ok(import.prepared),
        Err(error) => {
            import.discard().await;
            Err(error)
        }
    }
}

/// A file that is being read.
struct Import<'d, Progress> {
    database: &'d Database,
    options: ImportOptions,
    now: fn() -> Timestamp,
    progress: Progress,
    /// The board that is being written; none without a board, and in a dry run.
    staged: Option<StagedBoard>,
    prepared: Prepared,
    /// The slugs in the file so far.
    slugs: HashSet<Slug>,
}

/// A board of the file that has not ended.
struct OpenBoard {
    header: BoardHeader,
    to: Slug,
    over: SlugState,
    check: BoardCheck,
    /// The events that are not written yet.
    batch: Vec<Event>,
    batch_bytes: usize,
}

impl<Progress: FnMut(i64, i64)> Import<'_, Progress> {
    async fn read(&mut self, mut file: FileReader<impl BufRead>) -> Result<(), ImportError> {
        let mut open: Option<OpenBoard> = None;
        loop {
            match (file.next_part()?, &mut open) {
                (Part::Board(header), _) => open = Some(self.begin(header).await?),
                (Part::Event(event), Some(board)) => {
                    let checked = board.check.apply(&event);
                    checked.map_err(|reason| file.damage(&reason))?;
                    board.batch_bytes += file.line_bytes();
                    board.batch.push(*event);
                    if board.batch.len() >= BATCH_EVENTS || board.batch_bytes >= BATCH_BYTES {
                        self.write_events(board).await?;
                    }
                }
                (Part::BoardEnd, board @ Some(_)) => {
                    if let Some(mut board) = board.take() {
                        self.write_events(&mut board).await?;
                        let OpenBoard {
                            header,
                            to,
                            over,
                            check,
                            ..
                        } = board;
                        let board = check.finish();
                        let board = board.map_err(|reason| file.damage(&reason))?;
                        self.end(header, to, over, board).await?;
                    }
                }
                (Part::FileEnd, _) => return Ok(()),
                (Part::Event(_) | Part::BoardEnd, None) => {
                    return Err(file.damage("there is no board").into());
                }
            }
        }
    }

    /// Decides where a board goes, and begins to write it.
    async fn begin(&mut self, header: BoardHeader) -> Result<OpenBoard, ImportError> {
        if !self.slugs.insert(header.slug.clone()) {
            return Err(ImportError::Twice(header.slug));
        }
        let destination = self.options.destination;
        let (to, over) = match destination {
            Destination::NewAddress => (Slug::secret(rand::random()), SlugState::Free),
            _ => {
                let state = store::slug_state(self.database, &header.slug).await?;
                (header.slug.clone(), state)
            }
        };
        if over == SlugState::Taken && destination != Destination::Replace {
            return Err(ImportError::Taken(header.slug));
        }
        if !self.options.dry_run {
            let (database, now) = (self.database, self.now);
            let staged = patiently(|| StagedBoard::create(database, now())).await?;
            self.staged = Some(staged);
        }
        (self.progress)(0, header.events);
        Ok(OpenBoard {
            check: BoardCheck::new(&header),
            header,
            to,
            over,
            batch: Vec::new(),
            batch_bytes: 0,
        })
    }

    async fn write_events(&mut self, board: &mut OpenBoard) -> Result<(), ImportError> {
        if let Some(staged) = &self.staged
            && !board.batch.is_empty()
        {
            let (database, now) = (self.database, self.now);
            let batch = &board.batch;
            patiently(|| staged.add_events(database, batch, now())).await?;
        }
        if let Some(last) = board.batch.last() {
            (self.progress)(last.number, board.header.events);
        }
        board.batch.clear();
        board.batch_bytes = 0;
        Ok(())
    }

    /// Writes the rows, after which the board can become visible.
    async fn end(
        &mut self,
        header: BoardHeader,
        to: Slug,
        over: SlugState,
        board: Board,
    ) -> Result<(), ImportError> {
        if let Some(staged) = &self.staged {
            let (database, now) = (self.database, self.now);
            for rows in row_batches(board.rows()) {
                patiently(|| staged.add_rows(database, &rows, now())).await?;
            }
            patiently(|| staged.finish(database, &board)).await?;
        }
        self.prepared.boards.push(Imported {
            from: header.slug.clone(),
            to: to.clone(),
            events: header.events,
            replaces: over == SlugState::Taken,
            has_browsers: header.has_browsers,
        });
        // The history goes on where it was written to the file, unless another one was at this address: pages that are still open may
        // know later events of it.
        let was_free = matches!(over, SlugState::Free | SlugState::Untouched);
        let is_same_history = was_free && to == header.slug;
        if let Some(staged) = self.staged.take() {
            self.prepared.publications.push(Publication {
                staged,
                slug: to,
                created_as: header.created_as,
                created_at: header.created_at,
                epoch: is_same_history.then_some(header.epoch),
                over,
            });
        }
        Ok(())
    }

    /// Deletes what was written.
    async fn discard(&mut self) {
        let prepared = self.prepared.publications.iter();
        let prepared = prepared.map(|publication| publication.staged.id());
        let open = self.staged.iter().map(StagedBoard::id);
        discard(self.database, prepared.chain(open)).await;
    }
}
