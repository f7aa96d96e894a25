//! Checks that the events of a file make a board that SAVT could have made, by applying them to an empty one.

use super::header::BoardHeader;
use crate::model::{Board, BoardId, Event, Replay};

/// A board of a file, as far as it was read.
pub struct BoardCheck(Replay);

impl BoardCheck {
    pub fn new(header: &BoardHeader) -> BoardCheck {
        // The database chooses the id.
        let id = BoardId(0);
        let mut empty = Board::new(id, header.slug.clone(), header.created_as.clone());
        empty.epoch = header.epoch;
        BoardCheck(Replay::new(empty))
    }

    /// Applies the next event.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn apply(&mut self, event: &Event) -> Result<(), String> {
        event.check_values().map_err(|error| error.to_string())?;
        let mut found = None;
        self.0.apply(event, |finding| {
            found.get_or_insert(finding);
        });
        found.map_or(Ok(()), |finding| Err(finding.to_string()))
    }

    /// The board after the last event.
    ///
    /// # Errors
    /// Says which row refers to a missing one.
    pub fn finish(self) -> Result<Board, String> {
        let board = self.0.into_board();
        let checked = board.rows().check_references();
        checked.map_err(|error| error.to_string())?;
        Ok(board)
    }
}
