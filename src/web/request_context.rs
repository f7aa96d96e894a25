//! What the log and the error pages say about a request and only its endpoint knows. A leaf: depends on no other part of `web`.

use std::sync::{Arc, OnceLock};

use crate::{model::BoardId, view::Texts};

/// Identifies a request in the log without its path, which contains the secret slug of the board. In `Request::data`, so that it is
/// known even if the endpoint panics.
#[derive(Clone, Default)]
pub(crate) struct RequestContext(Arc<Inner>);

#[derive(Default)]
struct Inner {
    route: OnceLock<Arc<str>>,
    board: OnceLock<BoardId>,
    texts: OnceLock<Arc<Texts>>,
}

impl RequestContext {
    /// Records the pattern of the route.
    pub(crate) fn set_route(&self, pattern: Arc<str>) {
        let _ = self.0.route.set(pattern);
    }

    pub(crate) fn set_board(&self, board: BoardId) {
        let _ = self.0.board.set(board);
    }

    /// Records the texts of the board in the reader's language.
    pub(crate) fn set_texts(&self, texts: Arc<Texts>) {
        let _ = self.0.texts.set(texts);
    }

    /// The texts of the board; none if the request reached no endpoint of a board.
    pub(crate) fn texts(&self) -> Option<&Texts> {
        self.0.texts.get().map(|texts| &**texts)
    }

    /// The pattern of the route, such as `/b/:board/undo/:event`; none if the request reached no endpoint of a board.
    pub(crate) fn route(&self) -> Option<&Arc<str>> {
        self.0.route.get()
    }

    pub(crate) fn board(&self) -> Option<BoardId> {
        self.0.board.get().copied()
    }
}

/// Why a request failed (5xx), for the log. In `Response::data`.
#[derive(Clone, Debug)]
pub(crate) struct FailureCause(pub(crate) String);
