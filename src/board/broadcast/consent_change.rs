//! For which viewers two versions of a board differ in what they say about consent.

use super::super::dirty_set::DirtySet;
use crate::{
    model::{Board, ParticipantId},
    view::consent::ConsentPanel,
};

/// What became of the panels about consent.
pub(super) enum ConsentChange {
    /// All are as they were.
    None,
    /// Those that are not as on this board.
    Since(Box<Board>),
    /// Any of them may have changed, because the board before is not known.
    Unknown,
}

impl ConsentChange {
    pub(super) fn new(before: Option<&Board>, dirty: &DirtySet, after: &Board) -> ConsentChange {
        match (dirty.may_alter_consent(after), before) {
            (false, _) => ConsentChange::None,
            (true, Some(before)) => ConsentChange::Since(Box::new(before.clone())),
            (true, None) => ConsentChange::Unknown,
        }
    }

    /// The panel of a viewer on the board `after`; none if it is as before.
    pub(super) fn panel(
        &self,
        after: &Board,
        viewer: Option<ParticipantId>,
    ) -> Option<ConsentPanel> {
        match self {
            ConsentChange::None => None,
            ConsentChange::Unknown => Some(ConsentPanel::of(after, viewer)),
            ConsentChange::Since(before) => {
                let panel = ConsentPanel::of(after, viewer);
                (panel != ConsentPanel::of(before, viewer)).then_some(panel)
            }
        }
    }
}
