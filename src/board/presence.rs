//! Who looks at a board right now: everyone with an open stream, here and on other processes. Kept in memory alone, told at
//! most once a second.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::time::{Duration, Instant, sleep_until};

use super::{
    Snapshot,
    feed::{Feed, News},
    peers::{Peers, ProcessId},
};
use crate::{
    model::{ParticipantId, Token},
    view::{
        ByLanguage, Fragment, Language, Swap,
        presence::{self, Here},
        stream,
    },
};

/// The shortest time between two updates.
const PAUSE: Duration = Duration::from_secs(1);
/// How long an update waits at least for what belongs with it: a page that is loaded again leaves and comes back.
const GATHER: Duration = Duration::from_millis(250);

/// How many are told by name.
const NAMES: usize = 200;

/// Who looks at a board, and those who want to know.
pub(super) struct Presence {
    current: Arc<ArcSwap<Snapshot>>,
    peers: Arc<Peers>,
    feed: Arc<Feed>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The browsers here, with the number of their streams.
    here: BTreeMap<Token, usize>,
    elsewhere: BTreeMap<ProcessId, Crowd>,
    /// An update is on its way.
    due: bool,
    last: Option<Instant>,
    /// What the other processes were told last.
    told: Crowd,
    /// What everyone here was told last.
    shown: Option<Arc<ByLanguage<Bytes>>>,
}

/// Who is at one process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Crowd {
    pub(super) people: BTreeSet<ParticipantId>,
    /// Participants whose numbers are not told, since they would be too many.
    pub(super) others: usize,
    /// Browsers that have done nothing yet.
    pub(super) guests: usize,
}

/// One open stream: somebody is here as long as this is kept.
pub(super) struct Place {
    presence: Arc<Presence>,
    token: Token,
}

impl Presence {
    pub(super) fn new(
        current: Arc<ArcSwap<Snapshot>>,
        peers: Arc<Peers>,
        feed: Arc<Feed>,
    ) -> Arc<Presence> {
        Arc::new(Presence {
            current,
            peers,
            feed,
            state: Mutex::default(),
        })
    }

    /// Somebody comes.
    pub(super) fn enter(self: &Arc<Self>, token: Token) -> Place {
        let first = {
            let mut state = self.state();
            let first = state.here.is_empty();
            *state.here.entry(token.clone()).or_default() += 1;
            first
        };
        if first {
            // Nobody listened to what the others said of this board.
            self.peers.ask(self.current.load().board.id);
        }
        self.update();
        Place {
            presence: self.clone(),
            token,
        }
    }

    /// The message that tells how many are here, as it was sent last.
    pub(super) fn shown(&self, language: Language) -> Option<Bytes> {
        let shown = self.state().shown.clone();
        shown.map(|message| message.of(language).clone())
    }

    /// Who is here, by name.
    pub(super) fn here(&self) -> Here {
        let snapshot = self.current.load();
        let state = self.state();
        let crowd = state.everyone(&snapshot);
        let names: Vec<_> = crowd
            .people
            .iter()
            .take(NAMES)
            .filter_map(|id| snapshot.board.participant(*id))
            .map(|person| person.name.clone())
            .collect();
        Here {
            others: crowd.people.len() - names.len() + crowd.others,
            guests: crowd.guests,
            names,
        }
    }

    /// Whether somebody is here whom the board does not know yet.
    pub(super) fn has_strangers(&self) -> bool {
        let snapshot = self.current.load();
        let people = self.state().everyone(&snapshot).people;
        let mut people = people.into_iter();
        people.any(|id| snapshot.board.participant(id).is_none())
    }

    /// What another process says of its part; none if it is gone.
    pub(super) fn elsewhere(self: &Arc<Self>, process: ProcessId, crowd: Option<Crowd>) {
        let changed = {
            let mut state = self.state();
            match crowd.filter(|crowd| *crowd != Crowd::default()) {
                Some(crowd) => state.elsewhere.insert(process, crowd.clone()) != Some(crowd),
                None => state.elsewhere.remove(&process).is_some(),
            }
        };
        if changed {
            self.update();
        }
    }

    /// Forgets every process but these.
    pub(super) fn keep(self: &Arc<Self>, alive: impl Fn(&ProcessId) -> bool) {
        let changed = {
            let mut state = self.state();
            let before = state.elsewhere.len();
            state.elsewhere.retain(|process, _| alive(process));
            state.elsewhere.len() != before
        };
        if changed {
            self.update();
        }
    }

    /// Tells the other processes once more who is here, if anybody is.
    pub(super) fn say_again(&self) {
        let snapshot = self.current.load();
        let crowd = self.state().crowd(&snapshot);
        if crowd != Crowd::default() {
            self.peers.here(snapshot.board.id, &crowd);
        }
    }

    /// Sees to it that what changed is told soon, together with what else changes until then.
    pub(super) fn update(self: &Arc<Self>) {
        let at = {
            let mut state = self.state();
            if std::mem::replace(&mut state.due, true) {
                return;
            }
            let soon = Instant::now() + GATHER;
            state.last.map_or(soon, |last| soon.max(last + PAUSE))
        };
        let presence = self.clone();
        tokio::spawn(async move {
            sleep_until(at).await;
            presence.tell();
        });
    }

    fn tell(&self) {
        let snapshot = self.current.load();
        let (count, news) = {
            let mut state = self.state();
            state.due = false;
            state.last = Some(Instant::now());
            let crowd = state.crowd(&snapshot);
            let news = (crowd != state.told).then(|| crowd.clone());
            state.told = crowd;
            (state.everyone(&snapshot).count(), news)
        };
        if let Some(crowd) = news {
            self.peers.here(snapshot.board.id, &crowd);
        }
        let message = Arc::new(ByLanguage::from_fn(|language| {
            let link = presence::link(Some(count), snapshot.sites.of(language)).into_string();
            let fragment = Fragment::new("#presence", Swap::Morph, link);
            Bytes::from(stream::aside(&Fragment::join(&[fragment])))
        }));
        let before = self.state().shown.replace(message.clone());
        if before.as_ref() != Some(&message) {
            self.feed.tell(News::Aside(message));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Who is at this process. A person with two browsers is one.
    fn crowd(&self, snapshot: &Snapshot) -> Crowd {
        let mut crowd = Crowd::default();
        for token in self.here.keys() {
            match snapshot.board.participant_at(token) {
                Some(person) => {
                    crowd.people.insert(person);
                }
                None => crowd.guests += 1,
            }
        }
        crowd
    }

    /// Who is at any process. Somebody at two of them is one, if known by number.
    fn everyone(&self, snapshot: &Snapshot) -> Crowd {
        let mut all = self.crowd(snapshot);
        for crowd in self.elsewhere.values() {
            all.people.extend(&crowd.people);
            all.others += crowd.others;
            all.guests += crowd.guests;
        }
        all
    }
}

impl Crowd {
    fn count(&self) -> usize {
        self.people.len() + self.others + self.guests
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        {
            let mut state = self.presence.state();
            if let Some(streams) = state.here.get_mut(&self.token) {
                *streams -= 1;
                if *streams == 0 {
                    state.here.remove(&self.token);
                }
            }
        }
        self.presence.update();
    }
}
