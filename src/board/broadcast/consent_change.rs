//! For which viewers two versions of a board differ in what they say about consent.

use super::super::{clock::now, dirty_set::DirtySet};
use crate::{
    model::{Board, ParticipantId, Timestamp},
    view::consent::ConsentPanel,
};

/// What became of the panels about consent. All of them are compared as of one time, because a deadline may pass meanwhile; what
/// that changes, `ClosingTimer` sends.
pub(super) enum ConsentChange {
    /// All are as they were.
    None,
    /// Those that are not as on this board.
    Since(Box<Board>, Timestamp),
    /// Any of them may have changed, because the board before is not known.
    Unknown(Timestamp),
}

impl ConsentChange {
    pub(super) fn new(before: Option<&Board>, dirty: &DirtySet, after: &Board) -> ConsentChange {
        match (dirty.may_alter_consent(after), before) {
            (false, _) => ConsentChange::None,
            (true, Some(before)) => ConsentChange::Since(Box::new(before.clone()), now()),
            (true, None) => ConsentChange::Unknown(now()),
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
            ConsentChange::Unknown(at) => Some(ConsentPanel::of(after, viewer, *at)),
            ConsentChange::Since(before, at) => {
                let panel = ConsentPanel::of(after, viewer, *at);
                (panel != ConsentPanel::of(before, viewer, *at)).then_some(panel)
            }
        }
    }
}
