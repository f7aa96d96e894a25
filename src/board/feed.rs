//! What happens on a board, told to everyone who looks at it. Each step is rendered once, or twice where somebody vetoed
//! what it is about; a subscriber costs a place in a queue that all share. Who falls behind is told to load the board again,
//! and holds up nobody.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use prometheus::{Histogram, HistogramTimer};
use tokio::sync::broadcast;

use super::snapshot::{Snapshot, Touched};
use crate::{
    model::{FeatureId, ParticipantId, Token},
    view::{ByLanguage, Fragment, Language, Swap, participant, stream},
};

/// How many steps a subscriber may lag behind: some seconds of a board where much goes on.
const LAG: usize = 256;

/// What a subscriber hears of.
#[derive(Clone)]
pub(super) enum News {
    Step(Arc<Step>),
    /// The board is another one than the steps would lead to.
    Anew,
    /// A message for everyone that belongs to no step.
    Aside(Arc<ByLanguage<Bytes>>),
    /// There will be no more.
    End,
}

/// Where everyone who looks at a board listens.
pub(super) struct Feed {
    sender: broadcast::Sender<News>,
    /// Whoever begins to listen, or listens anew, may have missed the last word.
    over: AtomicBool,
}

impl Feed {
    pub(super) fn new() -> Feed {
        Feed {
            sender: broadcast::Sender::new(LAG),
            over: AtomicBool::new(false),
        }
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<News> {
        self.sender.subscribe()
    }

    pub(super) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Tells everyone who listens; nobody may.
    pub(super) fn tell(&self, news: News) {
        let _ = self.sender.send(news);
    }

    /// Ends it for everyone, and for who comes later.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Release);
        self.tell(News::End);
    }

    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }
}

/// The way of a board from one version to a later one, for pages that are at the first.
pub(super) struct Step {
    /// The board afterwards.
    pub(super) snapshot: Arc<Snapshot>,
    /// What was touched on the way.
    touched: Touched,
    /// The features whose rows are told: those touched, and those of cards that are told whole.
    concerned: BTreeSet<FeatureId>,
    /// Rendered when somebody first asks: nobody may be looking.
    others: ByLanguage<OnceLock<Bytes>>,
    /// For those who vetoed some of what it is about, by what.
    mine: Mutex<HashMap<(Language, Vec<FeatureId>), Bytes>>,
    /// Tells, when the last subscriber lets go of the step, how long that took.
    told: Option<HistogramTimer>,
}

impl Step {
    pub(super) fn new(snapshot: Arc<Snapshot>, touched: Touched) -> Step {
        let cards = touched.came.iter();
        let brought = cards.flat_map(|card| snapshot.board.features_of(Some(*card)));
        let concerned = brought.map(|feature| feature.id);
        let concerned = concerned.chain(touched.features.iter().copied()).collect();
        Step {
            concerned,
            snapshot,
            touched,
            others: ByLanguage::default(),
            mine: Mutex::default(),
            told: None,
        }
    }

    /// From now on measures how long it takes until the last subscriber has had it.
    pub(super) fn time(&mut self, fan_out: &Histogram) {
        self.told = Some(fan_out.start_timer());
    }

    /// The number of the last event in it.
    pub(super) fn number(&self) -> i64 {
        self.snapshot.board.version()
    }

    /// Whether it alters who is here, or how they are called.
    pub(super) fn concerns_people(&self) -> bool {
        !self.touched.people.is_empty() || !self.touched.browsers.is_empty()
    }

    /// The step as a message to this browser, whose person reads this language.
    pub(super) fn message(&self, viewer: &Token, language: Language) -> Bytes {
        let board = &self.snapshot.board;
        let person = board.participant_at(viewer);
        if self.is_about(viewer, person) {
            return self.personal(viewer, language);
        }
        let mine: Vec<FeatureId> = match person {
            Some(person) => {
                let features = self.concerned.iter().copied();
                features
                    .filter(|id| board.has_vetoed(person, *id))
                    .collect()
            }
            None => Vec::new(),
        };
        if mine.is_empty() {
            let others = self.others.of(language);
            return others.get_or_init(|| self.render(None, language)).clone();
        }
        let mut known = self.mine.lock().unwrap_or_else(PoisonError::into_inner);
        let message = known.entry((language, mine));
        message
            .or_insert_with(|| self.render(person, language))
            .clone()
    }

    fn render(&self, viewer: Option<ParticipantId>, language: Language) -> Bytes {
        let rendering = self.snapshot.rendered(language);
        self.written(&rendering.fragments_of(&self.touched, viewer))
    }

    fn written(&self, fragments: &[Fragment]) -> Bytes {
        stream::changes(self.number(), &Fragment::join(fragments)).into()
    }

    /// Whether the viewer became somebody else, or is called something else now: by another tab, or another browser.
    fn is_about(&self, viewer: &Token, person: Option<ParticipantId>) -> bool {
        let mut browsers = self.touched.browsers.iter();
        browsers.any(|(browser, _)| browser == viewer)
            || person.is_some_and(|person| self.touched.people.contains(&person))
    }

    fn personal(&self, viewer: &Token, language: Language) -> Bytes {
        let rendering = self.snapshot.rendered(language);
        let mut fragments = rendering.fragments_for(&self.touched, viewer);
        let actor = self.snapshot.board.actor(viewer);
        let name = actor.as_ref().map(|actor| &actor.name);
        let name = participant::name(name, &rendering.site.texts);
        fragments.push(Fragment::new("#me-name", Swap::Morph, name.into_string()));
        self.written(&fragments)
    }
}
