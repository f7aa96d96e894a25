//! What people do, one name for each. Knows nothing of how it is done.

use serde::Serialize;

/// One kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    Page,
    Veto,
    TakeBack,
    Feature,
    Item,
    Asset,
    Stream,
}

impl Action {
    pub(super) const ALL: [Action; 7] = [
        Action::Page,
        Action::Veto,
        Action::TakeBack,
        Action::Feature,
        Action::Item,
        Action::Asset,
        Action::Stream,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Action::Page => "page",
            Action::Veto => "veto",
            Action::TakeBack => "take back",
            Action::Feature => "new feature",
            Action::Item => "new item",
            Action::Asset => "asset",
            Action::Stream => "stream",
        }
    }

    /// Whether a person waits for its answer. Assets, which come out of memory, would only make the average look better;
    /// a stream is what one does not wait for.
    pub(super) fn is_waited_for(self) -> bool {
        !matches!(self, Action::Asset | Action::Stream)
    }
}
