//! New boards. One becomes visible whole, with what it starts with, or not at all: a single transaction writes it, and nobody knows
//! its slug before.

use super::clock::now;
use crate::{
    db::{self, Database},
    model::{
        Board, BoardContent, BoardId, BrowserId, Command, Decision, Event, Limits, Name, Rejection,
        RequestKey, Slug, Timestamp, decide,
    },
    store,
};

/// What a new board starts with, and who makes it.
pub struct NewBoard {
    pub name: Name,
    pub browser: BrowserId,
    /// The name that the browser's participant gets.
    pub participant: Option<Name>,
    pub content: BoardContent,
}

/// A board that was created.
pub struct CreatedBoard {
    pub slug: Slug,
    /// None if it starts empty.
    pub events: Vec<Event>,
}

/// Why no board was created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    #[error("a rule rejected the content: {0:?}")]
    Rejected(Rejection),
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Creates an empty board with a slug that cannot be guessed.
pub(super) async fn empty(database: &Database, name: &Name) -> Result<Slug, db::Error> {
    let board = unsaved(name);
    store::create_board(database, &board, &[], now()).await?;
    Ok(board.slug)
}

/// The same for a request that takes effect once; none if it is known.
pub(super) async fn empty_once(
    database: &Database,
    name: &Name,
    request: &RequestKey,
) -> Result<Option<Slug>, db::Error> {
    let board = unsaved(name);
    let is_new = store::create_board_once(database, &board, &[], now(), request).await?;
    Ok(is_new.then_some(board.slug))
}

/// Creates a board with content.
pub(super) async fn filled(
    database: &Database,
    limits: Limits,
    new: NewBoard,
) -> Result<CreatedBoard, CreateError> {
    let at = now();
    let decision = fill(limits, new, at).await?;
    store::create_board(database, &decision.board, &decision.events, at).await?;
    Ok(decision.into())
}

/// The same for a request that takes effect once; none if it is known.
pub(super) async fn filled_once(
    database: &Database,
    limits: Limits,
    new: NewBoard,
    request: &RequestKey,
) -> Result<Option<CreatedBoard>, CreateError> {
    let at = now();
    let decision = fill(limits, new, at).await?;
    let (board, events) = (&decision.board, &decision.events);
    let is_new = store::create_board_once(database, board, events, at, request).await?;
    Ok(is_new.then(|| decision.into()))
}

/// Decides the first events of a board. The content may be large, so the rule runs on a thread that blocks no request.
async fn fill(limits: Limits, new: NewBoard, at: Timestamp) -> Result<Decision, CreateError> {
    let decided = tokio::task::spawn_blocking(move || {
        let command = Command::Fill {
            name: new.participant,
            content: Box::new(new.content),
        };
        decide(&unsaved(&new.name), &new.browser, &command, &limits, at)
    });
    decided
        .await
        .map_err(|error| db::Error::Unusable(error.to_string()))?
        .map_err(CreateError::Rejected)
}

impl From<Decision> for CreatedBoard {
    fn from(decision: Decision) -> CreatedBoard {
        CreatedBoard {
            slug: decision.board.slug,
            events: decision.events,
        }
    }
}

/// A board before its first event, without the id that the database chooses.
fn unsaved(name: &Name) -> Board {
    let slug = Slug::secret(rand::random());
    Board::new(BoardId(0), slug, name.clone())
}
