//! The difference between two versions of a board, as messages to its streams. Rendered on first use, once per language and
//! class of viewers: those who vetoed none of the features in it, and those who vetoed the same ones; of both, those to whom the
//! page says the same about consent.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use prometheus::{Histogram, HistogramTimer};

use super::{
    super::{dirty_set::DirtySet, snapshot::Snapshot},
    consent_change::ConsentChange,
    event_batch::EventBatch,
    render_cache::RenderCache,
};
use crate::{
    model::{Board, BrowserId, Event, EventSummary, FeatureId, ParticipantId, SettingKey},
    view::{ByLanguage, Fragment, Language, Swap, consent::ConsentPanel, participant, stream},
};

/// The viewers who get the same message: language, vetoes among the features in it, and what is new about consent.
type ViewerClass = (Language, Vec<FeatureId>, Option<ConsentPanel>);

/// Brings pages from one version of a board to a later one.
pub(in crate::board) struct Delta {
    /// The board at the later version.
    pub(in crate::board) snapshot: Arc<Snapshot>,
    dirty: DirtySet,
    /// The events that lead to it; none in a delta for one browser.
    pub(super) events: Arc<EventBatch>,
    /// The features whose rows are sent: the dirty ones, and all of each card that is sent in full.
    features: BTreeSet<FeatureId>,
    consent: ConsentChange,
    /// For viewers who vetoed none of `features` and have not consented.
    common: ByLanguage<OnceLock<Bytes>>,
    /// What is new about consent for them.
    common_panel: Option<ConsentPanel>,
    /// For all other viewers.
    by_class: RenderCache<ViewerClass>,
    /// Records the time when the last subscriber drops the delta.
    fan_out_timer: Option<HistogramTimer>,
}

impl Delta {
    /// `before` is the earlier version, if it is known.
    pub(in crate::board) fn new(
        snapshot: Arc<Snapshot>,
        dirty: DirtySet,
        before: Option<&Board>,
    ) -> Delta {
        let consent = ConsentChange::new(before, &dirty, &snapshot.board);
        let cards = dirty.full_cards.iter();
        let rows_of_cards = cards.flat_map(|card| snapshot.board.features_of(Some(*card)));
        let rows_of_cards = rows_of_cards.map(|feature| feature.id);
        let features = rows_of_cards
            .chain(dirty.features.iter().copied())
            .collect();
        Delta {
            features,
            common: ByLanguage::default(),
            common_panel: consent.panel(&snapshot.board, None),
            by_class: RenderCache::default(),
            consent,
            snapshot,
            dirty,
            events: Arc::default(),
            fan_out_timer: None,
        }
    }

    /// Adds the events that programs receive.
    #[must_use]
    pub(in crate::board) fn with_events(self, events: &[Event]) -> Delta {
        let events = events.iter().map(EventSummary::from).collect();
        Delta {
            events: Arc::new(EventBatch::new(events)),
            ..self
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

    /// Whether every text of a page has other words, so that no fragments lead to the later version.
    pub(in crate::board) fn changes_every_text(&self) -> bool {
        self.dirty.settings.contains(&SettingKey::Terminology)
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
        let panel = self.consent.panel(board, viewer);
        if vetoed.is_empty() && panel == self.common_panel {
            let message = self.common.of(language);
            let render = || self.render(None, panel.as_ref(), language);
            return message.get_or_init(render).clone();
        }
        let class = (language, vetoed, panel.clone());
        self.by_class
            .get_or_render(class, || self.render(viewer, panel.as_ref(), language))
    }

    fn render(
        &self,
        viewer: Option<ParticipantId>,
        panel: Option<&ConsentPanel>,
        language: Language,
    ) -> Bytes {
        let rendering = self.snapshot.rendering(language);
        let fragments = rendering.fragments_for_participant(&self.dirty, viewer, panel);
        self.encode(&fragments)
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
