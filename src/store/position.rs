//! How far the history of a board is in the database, to compare a board in memory with it.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Database, Error,
        schema::{boards, events},
    },
    model::{Board, BoardId, Epoch, Timestamp},
};

/// How many ids one query has at most: older SQLite versions allow 999 parameters.
const IDS_PER_QUERY: usize = 500;

/// The columns of a [`Position`].
type Row = (i64, i64, Option<Timestamp>);

/// How far the history of a board is in the database.
pub struct Position {
    /// The number of the last event.
    pub version: i64,
    epoch: Epoch,
    /// When the event happened to which the history is compared; none if there is no such event.
    event_at: Option<Timestamp>,
}

impl Position {
    /// Whether the stored history is that of `board`, or continues it. If not, the database was restored or edited, or has
    /// lost events.
    pub fn continues(&self, board: &Board) -> bool {
        self.epoch == board.epoch
            && self.version >= board.version()
            && self.event_at == board.last_event_at()
    }

    /// Whether the stored history began after that of `board`.
    pub fn is_of_another_epoch(&self, board: &Board) -> bool {
        self.epoch != board.epoch
    }

    /// Whether the stored history is that of `board`, without further events.
    pub fn is_that_of(&self, board: &Board) -> bool {
        self.version == board.version() && self.continues(board)
    }
}

impl From<Row> for Position {
    fn from((version, epoch, event_at): Row) -> Position {
        Position {
            version,
            epoch: Epoch(epoch),
            event_at,
        }
    }
}

/// The position of a board, compared at its event number `known`; none if the board does not exist, or was deleted.
pub async fn position(
    database: &Database,
    board: BoardId,
    known: i64,
) -> Result<Option<Position>, Error> {
    load_position(&mut database.read().await?, board, known).await
}

/// [`position`] on an open connection.
pub(super) async fn load_position(
    conn: &mut Conn,
    board: BoardId,
    known: i64,
) -> Result<Option<Position>, Error> {
    let event = events::board_id
        .eq(boards::id)
        .and(events::number.eq(known));
    let query = boards::table
        .left_join(events::table.on(event))
        .filter(boards::id.eq(board.0))
        .filter(boards::deleted_at.is_null())
        .select((boards::version, boards::epoch, events::at.nullable()));
    let row = conn.get::<Row, _>(query).await?;
    Ok(row.map(Position::from))
}

/// The positions of several boards, each compared at its last event, without those that do not exist or were deleted.
pub async fn positions(
    database: &Database,
    boards: &[BoardId],
) -> Result<Vec<(BoardId, Position)>, Error> {
    let mut conn = database.read().await?;
    let mut positions = Vec::with_capacity(boards.len());
    for boards in boards.chunks(IDS_PER_QUERY) {
        let ids: Vec<i64> = boards.iter().map(|board| board.0).collect();
        let last_event = events::board_id
            .eq(boards::id)
            .and(events::number.eq(boards::version));
        let query = boards::table
            .left_join(events::table.on(last_event))
            .filter(boards::id.eq_any(ids))
            .filter(boards::deleted_at.is_null())
            .select((
                boards::id,
                (boards::version, boards::epoch, events::at.nullable()),
            ));
        let rows = conn.load::<(i64, Row), _>(query).await?;
        positions.extend(rows.into_iter().map(|(id, row)| (BoardId(id), row.into())));
    }
    Ok(positions)
}
