//! Reads a file into a database: every board is checked and written out of sight first, and then all become visible at once.

use std::{collections::HashSet, io::BufRead};

use tokio::time::{Duration, Instant, sleep};

use super::{
    board_check::BoardCheck,
    damage::{Damage, ReadError},
    file_reader::{FileReader, Part},
    header::BoardHeader,
};
use crate::{
    db::{self, Database},
    model::{Board, BoardId, BoardRows, Event, Slug, Timestamp},
    store::{self, Publication, PublishError, SlugState, StagedBoard},
};

/// How many events are written at once. So many take a few hundredths of a second, for which others wait on SQLite.
const BATCH_EVENTS: usize = 1_000;
/// How many bytes of a file are written at once. A single event may be larger.
const BATCH_BYTES: usize = 4 * 1_024 * 1_024;
/// How many rows are written at once.
const BATCH_ROWS: usize = 2_000;

/// How long an import waits at most for a database that is busy.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(200);

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

/// Why a file was not imported. Nothing has become visible.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    File(#[from] ReadError),
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(
        "there is a board {} already; --replace replaces it, and --new-address imports it beside", .0.as_str()
    )]
    Taken(Slug),
    #[error("the file has two boards {}", .0.as_str())]
    Twice(Slug),
}

impl From<Damage> for ImportError {
    fn from(damage: Damage) -> ImportError {
        ImportError::File(damage.into())
    }
}

/// A board that was imported, or would be.
pub struct Imported {
    /// The slug in the file.
    pub from: Slug,
    pub to: Slug,
    pub events: i64,
    /// Whether it replaces a board on which something has happened.
    pub replaces: bool,
    /// Whether people are recognized by their browsers.
    pub has_browsers: bool,
}

/// A file that was read and checked. Nothing of it is visible yet.
pub struct Prepared {
    pub boards: Vec<Imported>,
    publications: Vec<Publication>,
}

/// Boards that have become visible.
pub struct Published {
    pub boards: Vec<Imported>,
    /// Boards that are no longer visible.
    replaced: Vec<BoardId>,
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

impl Prepared {
    /// Makes all boards visible, in one transaction.
    ///
    /// # Errors
    /// A slug was taken meanwhile, or the database fails. Then none becomes visible, and what was written is deleted.
    pub async fn publish(
        self,
        database: &Database,
        now: fn() -> Timestamp,
    ) -> Result<Published, ImportError> {
        let Prepared {
            boards,
            publications,
        } = self;
        let published = match patiently(|| database.write()).await {
            Ok(transaction) => store::publish(transaction, &publications, now()).await,
            Err(error) => Err(error.into()),
        };
        match published {
            Ok(replaced) => Ok(Published { boards, replaced }),
            Err(error) => {
                let staged = publications.iter();
                discard(database, staged.map(|publication| publication.staged.id())).await;
                Err(match error {
                    PublishError::Taken(index) => {
                        ImportError::Taken(publications[index].slug.clone())
                    }
                    PublishError::Database(error) => error.into(),
                })
            }
        }
    }
}

impl Published {
    /// Whether boards were replaced that other processes may have in memory.
    pub fn has_replaced(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// Deletes the boards that were replaced.
    pub async fn discard_replaced(&self, database: &Database) {
        discard(database, self.replaced.iter().copied()).await;
    }
}

/// Deletes boards that are not visible. The next import deletes what remains.
async fn discard(database: &Database, boards: impl Iterator<Item = BoardId>) {
    for board in boards {
        let discarded = patiently(|| store::discard_board(database, board)).await;
        if let Err(error) = discarded {
            tracing::warn!(%board, %error, "cannot delete what is no longer needed; the next import does");
        }
    }
}

/// Repeats an operation that a busy database refuses.
async fn patiently<T>(operation: impl AsyncFn() -> Result<T, db::Error>) -> Result<T, db::Error> {
    let start = Instant::now();
    loop {
        match operation().await {
            Err(error) if error.is_unavailable() && start.elapsed() < PATIENCE => {
                sleep(PAUSE).await;
            }
            result => return result,
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
            for rows in batches(board.rows()) {
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
        // The history goes on where it was written to the file, unless another one was at this address.
        let is_same_history = over != SlugState::Taken && to == header.slug;
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

/// The rows in parts of a bounded size. Rows follow those that they refer to.
fn batches(rows: BoardRows) -> impl Iterator<Item = BoardRows> {
    fn parts<R: Clone>(
        rows: Vec<R>,
        into: impl Fn(Vec<R>) -> BoardRows,
    ) -> impl Iterator<Item = BoardRows> {
        let parts: Vec<_> = rows.chunks(BATCH_ROWS).map(<[R]>::to_vec).collect();
        parts.into_iter().map(into)
    }
    let BoardRows {
        participants,
        browsers,
        items,
        features,
        vetoes,
        consents,
        settings,
    } = rows;
    macro_rules! kind {
        ($kind:ident) => {
            parts($kind, |$kind| BoardRows {
                $kind,
                ..BoardRows::default()
            })
        };
    }
    kind!(participants)
        .chain(kind!(browsers))
        .chain(kind!(items))
        .chain(kind!(features))
        .chain(kind!(vetoes))
        .chain(kind!(consents))
        .chain(kind!(settings))
}
