//! A board at one version, with its rows rendered in each language in use.

use std::sync::{Arc, OnceLock};

use super::{dirty_set::DirtySet, render::rendering::Rendering, weight::weight_kib};
use crate::{
    model::Board,
    view::{BoardContext, ByLanguage, Language},
};

/// A board at one version. Never changes.
pub struct Snapshot {
    pub board: Board,
    pub(super) contexts: Arc<ByLanguage<BoardContext>>,
    /// Rendered on the first read in a language, and kept up to date in later versions.
    renderings: ByLanguage<OnceLock<Arc<Rendering>>>,
}

impl Snapshot {
    pub fn new(board: Board, contexts: Arc<ByLanguage<BoardContext>>) -> Snapshot {
        Snapshot {
            board,
            contexts,
            renderings: ByLanguage::default(),
        }
    }

    /// The board rendered in a language.
    pub fn rendering(&self, language: Language) -> Arc<Rendering> {
        let rendering = self.renderings.of(language);
        let render = || {
            let context = self.contexts.of(language).clone();
            Arc::new(Rendering::new(self.board.clone(), context))
        };
        rendering.get_or_init(render).clone()
    }

    /// The memory of the board with its renderings, in KiB; an estimate.
    pub(super) fn weight_kib(&self) -> u32 {
        let rendered = self
            .renderings
            .iter()
            .filter_map(|(_, rendering)| rendering.get());
        let bytes = rendered.map(|rendering| rendering.bytes()).sum();
        weight_kib(self.board.row_count(), bytes)
    }

    /// The next version: renders what is dirty and shares everything else.
    pub(super) fn next_version(&self, board: Board, dirty: &DirtySet) -> Snapshot {
        let renderings = ByLanguage::from_fn(|language| {
            let previous = self.renderings.of(language).get();
            let next =
                previous.map(|previous| Arc::new(previous.next_version(board.clone(), dirty)));
            next.map_or_else(OnceLock::new, OnceLock::from)
        });
        Snapshot {
            board,
            contexts: self.contexts.clone(),
            renderings,
        }
    }
}
