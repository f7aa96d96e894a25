//! A board at one version, with its rows rendered in each language in use.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::{
    dirty_set::DirtySet, document::Document, render::rendering::Rendering, weight::weight_kib,
};
use crate::{
    model::Board,
    view::{BoardContext, ByLanguage, Language, Languages, Texts},
};

/// A board at one version. Never changes.
pub struct Snapshot {
    pub board: Board,
    /// The texts of boards without words of their own.
    pub(super) languages: Languages,
    pub(super) contexts: Arc<ByLanguage<BoardContext>>,
    /// Rendered on the first read in a language, and kept up to date in later versions.
    renderings: ByLanguage<OnceLock<Arc<Rendering>>>,
    /// What programs read: of the open board and of the closed one, since a deadline closes a board without a new version.
    documents: [OnceLock<Document>; 2],
}

impl Snapshot {
    pub fn new(board: Board, languages: Languages) -> Snapshot {
        let context = |language| BoardContext::new(&board, language, &languages);
        let contexts = Arc::new(ByLanguage::from_fn(context));
        Snapshot {
            board,
            languages,
            contexts,
            renderings: ByLanguage::default(),
            documents: Default::default(),
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

    /// A document about this version, written by the first reader and kept with the version.
    pub fn document(&self, is_closed: bool, write: impl FnOnce() -> Bytes) -> &Document {
        let document = &self.documents[usize::from(is_closed)];
        document.get_or_init(|| Document::new(write()))
    }

    /// The texts of the board in a language.
    pub fn texts(&self, language: Language) -> &Texts {
        &self.contexts.of(language).texts
    }

    /// The memory of the board with its renderings, in KiB; an estimate.
    pub(super) fn weight_kib(&self) -> u32 {
        let rendered = self
            .renderings
            .iter()
            .filter_map(|(_, rendering)| rendering.get());
        let bytes: usize = rendered.map(|rendering| rendering.bytes()).sum();
        let documents = self.documents.iter().filter_map(OnceLock::get);
        let bytes = bytes + documents.map(Document::bytes).sum::<usize>();
        let has_own_words = self.board.terminology().is_some();
        weight_kib(self.board.row_count(), bytes, has_own_words)
    }

    /// The next version: renders what is dirty and shares everything else. Other words are in every text, so that nothing is shared.
    pub(super) fn next_version(&self, board: Board, dirty: &DirtySet) -> Snapshot {
        if board.terminology() != self.board.terminology() {
            return Snapshot::new(board, self.languages.clone());
        }
        let renderings = ByLanguage::from_fn(|language| {
            let previous = self.renderings.of(language).get();
            let next =
                previous.map(|previous| Arc::new(previous.next_version(board.clone(), dirty)));
            next.map_or_else(OnceLock::new, OnceLock::from)
        });
        Snapshot {
            board,
            languages: self.languages.clone(),
            contexts: self.contexts.clone(),
            renderings,
            documents: Default::default(),
        }
    }
}
