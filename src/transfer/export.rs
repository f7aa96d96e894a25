//! Reads a board out of a database and writes it, page by page.

use bytes::Bytes;
use futures_util::{Stream, stream::try_unfold};
use tokio::sync::Semaphore;

use super::{
    board_check::BoardCheck,
    board_writer::{BoardWriter, Browsers, end_of_file},
    header::BoardHeader,
};
use crate::{
    db::{self, Database},
    model::{Epoch, Slug},
    store::{self, StoredBoard},
};

/// Why a board cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("event {event}: {reason}; run `savt check`")]
    Damaged { event: i64, reason: String },
    #[error("the board was replaced or restored meanwhile: try again")]
    Replaced,
    #[error("the board cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// A board that is being written, as it was at the beginning.
pub struct BoardExport {
    database: Database,
    board: StoredBoard,
    header: BoardHeader,
    /// Applied to each event, so that a file can be imported that was written; none if that takes too long.
    check: Option<BoardCheck>,
    /// None before the first line.
    writer: Option<BoardWriter>,
    /// The number of the last event that was written.
    last: i64,
    is_complete: bool,
}

impl BoardExport {
    /// Begins with a board; none if it does not exist.
    ///
    /// # Errors
    /// As for a query.
    pub async fn open(
        database: &Database,
        slug: &Slug,
        browsers: Browsers,
    ) -> Result<Option<BoardExport>, db::Error> {
        let Some(board) = store::stored_board(database, slug).await? else {
            return Ok(None);
        };
        let header = BoardHeader {
            slug: slug.clone(),
            created_as: board.created_as.clone(),
            created_at: board.created_at,
            epoch: board.epoch,
            events: board.version,
            has_browsers: browsers == Browsers::Included,
        };
        Ok(Some(BoardExport {
            database: database.clone(),
            board,
            header,
            check: None,
            writer: None,
            last: 0,
            is_complete: false,
        }))
    }

    /// Checks that the log makes a board, which takes the memory of that board.
    pub fn checked(self) -> BoardExport {
        BoardExport {
            check: Some(BoardCheck::new(&self.header)),
            ..self
        }
    }

    /// The number of events of the board.
    pub fn events(&self) -> i64 {
        self.board.version
    }

    pub fn epoch(&self) -> Epoch {
        self.board.epoch
    }

    /// The number of events that were written.
    pub fn written(&self) -> i64 {
        self.last
    }

    /// The next lines; none after the last.
    ///
    /// # Errors
    /// The log is damaged, or the board was replaced meanwhile. What was written is not a whole board.
    pub async fn next_lines(&mut self) -> Result<Option<Vec<u8>>, ExportError> {
        let Some(writer) = &mut self.writer else {
            if self.is_complete {
                return Ok(None);
            }
            let (writer, line) = BoardWriter::begin(&self.header)?;
            self.writer = Some(writer);
            return Ok(Some(line));
        };
        let events = store::events_page(&self.database, &self.board, self.last).await?;
        let Some(events) = events else {
            return Err(self.interruption().await);
        };
        let mut lines = Vec::new();
        for event in events {
            let number = event.number;
            let damaged = |reason| ExportError::Damaged {
                event: number,
                reason,
            };
            if number != self.last + 1 {
                let missing = self.last + 1;
                return Err(damaged(format!("event {missing} is missing")));
            }
            if let Some(check) = &mut self.check {
                check.apply(&event).map_err(damaged)?;
            }
            lines.extend(writer.event(event)?);
            self.last = number;
        }
        if lines.is_empty() {
            self.is_complete = true;
            if let Some(check) = self.check.take() {
                let event = self.last;
                let finished = check.finish();
                finished.map_err(|reason| ExportError::Damaged { event, reason })?;
            }
            if let Some(writer) = self.writer.take() {
                lines = writer.end()?;
            }
        }
        Ok(Some(lines))
    }

    /// Why there are no events although the board has not ended.
    async fn interruption(&self) -> ExportError {
        match store::stored_board(&self.database, &self.board.slug).await {
            Err(error) => error.into(),
            Ok(Some(now)) if now.id == self.board.id && now.epoch == self.board.epoch => {
                ExportError::Damaged {
                    event: self.last + 1,
                    reason: "it is missing".to_owned(),
                }
            }
            Ok(_) => ExportError::Replaced,
        }
    }
}

/// How many files are read from the database at the same time, so that connections and processors remain for everything else. Nobody
/// has a turn while their client reads.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A file with one board, in pieces that are read from the database when they are needed.
pub fn file_of_board(
    export: BoardExport,
) -> impl Stream<Item = Result<Bytes, ExportError>> + Send + use<> {
    try_unfold(Some(export), |export| async {
        let Some(mut export) = export else {
            return Ok(None);
        };
        let turn = TURNS.acquire().await;
        let lines = export.next_lines().await?;
        drop(turn);
        Ok(match lines {
            Some(lines) => Some((Bytes::from(lines), Some(export))),
            None => Some((Bytes::from(end_of_file(1)?), None)),
        })
    })
}
