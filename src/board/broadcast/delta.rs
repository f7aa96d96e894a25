//! The difference between two versions of a board, as messages to its streams. Rendered on first use, once per language and
//! class of viewers: those who vetoed none of the features in it, and those who vetoed the same ones.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use prometheus::{Histogram, HistogramTimer};

use super::{
    super::{dirty_set::DirtySet, snapshot::Snapshot},
    render_cache::RenderCache,
};
use crate::{
    model::{BrowserId, FeatureId, ParticipantId},
    view::{ByLanguage, Fragment, Language, Swap, participant, stream},
};

/// Brings pages from one version of a board to a later one.
pub(in crate::board) struct Delta {
    /// The board at the later version.
    pub(in crate::board) snapshot: Arc<Snapshot>,
    dirty: DirtySet,
    /// The features whose rows are sent: the dirty ones, and all of each card that is sent in full.
    features: BTreeSet<FeatureId>,
    /// For viewers who vetoed none of `features`.
    common: ByLanguage<OnceLock<Bytes>>,
    /// For viewers who vetoed some of `features`, by language and those vetoes.
    by_vetoes: RenderCache<(Language, Vec<FeatureId>)>,
    /// Records the time when the last subscriber drops the delta.
    fan_out_timer: Option<HistogramTimer>,
}

impl Delta {
    pub(in crate::board) fn new(snapshot: Arc<Snapshot>, dirty: DirtySet) -> Delta {
        let cards = dirty.full_cards.iter();
        let rows_of_cards = cards.flat_map(|card| snapshot.board.features_of(Some(*card)));
        let rows_of_cards = rows_of_cards.map(|feature| feature.id);
        let features = rows_of_cards
            .chain(dirty.features.iter().copied())
            .collect();
        Delta {
            features,
            snapshot,
            dirty,
            common: ByLanguage::default(),
            by_vetoes: RenderCache::default(),
            fan_out_timer: None,
        }
    }

    /// Measures from now until the last subscriber drops the delta.
    pub(in crate::board) fn start_timer(&mut self, fan_out: &Histogram) {
        self.fan_out_timer = Some(fan_out.start_timer());
    }

    /// The version it leads to: the number of its last event.
    pub(in crate::board) fn version(&self) -> i64 {
        self.snapshot.board.version()
    }

    /// Whether it changes who is present, or their names.
    pub(in crate::board) fn affects_presence(&self) -> bool {
        !self.dirty.participants.is_empty() || !self.dirty.browsers.is_empty()
    }

    /// Whether it closes or reopens the board, or changes its deadline.
    pub(in crate::board) fn changes_closing(&self) -> bool {
        self.dirty.changes_closing()
    }

    /// The message to one browser in one language.
    pub(in crate::board) fn message(&self, browser: &BrowserId, language: Language) -> Bytes {
        let board = &self.snapshot.board;
        let viewer = board.participant_for(browser);
        if self.concerns_viewer(browser, viewer) {
            return self.render_personal(browser, language);
        }
        let vetoed: Vec<FeatureId> = match viewer {
            Some(viewer) => {
                let features = self.features.iter().copied();
                features
                    .filter(|feature| board.has_vetoed(viewer, *feature))
                    .collect()
            }
            None => Vec::new(),
        };
        if vetoed.is_empty() {
            let message = self.common.of(language);
            return message.get_or_init(|| self.render(None, language)).clone();
        }
        self.by_vetoes
            .get_or_render((language, vetoed), || self.render(viewer, language))
    }

    fn render(&self, viewer: Option<ParticipantId>, language: Language) -> Bytes {
        let rendering = self.snapshot.rendering(language);
        self.encode(&rendering.fragments_for_participant(&self.dirty, viewer))
    }

    fn encode(&self, fragments: &[Fragment]) -> Bytes {
        stream::changes(self.version(), &Fragment::join(fragments)).into()
    }

    /// Whether the viewer became another participant or was renamed, in another tab or by another browser.
    fn concerns_viewer(&self, browser: &BrowserId, viewer: Option<ParticipantId>) -> bool {
        let mut browsers = self.dirty.browsers.iter();
        browsers.any(|(dirty, _)| dirty == browser)
            || viewer.is_some_and(|viewer| self.dirty.participants.contains(&viewer))
    }

    fn render_personal(&self, browser: &BrowserId, language: Language) -> Bytes {
        let rendering = self.snapshot.rendering(language);
        let mut fragments = rendering.fragments_for_browser(&self.dirty, browser);
        let actor = self.snapshot.board.actor(browser);
        let name = actor.as_ref().map(|actor| &actor.name);
        let name = participant::name(name, &rendering.context.texts);
        fragments.push(Fragment::new("#me-name", Swap::Morph, name.into_string()));
        self.encode(&fragments)
    }
}
