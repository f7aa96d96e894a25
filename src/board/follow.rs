//! Follows what other processes do: by their words where they can be heard, and by a look at the versions where they cannot,
//! or in case a word was lost.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use bytes::Bytes;
use tokio::time::{Duration, Instant, interval};

use super::{
    boards::Inside,
    feed::News,
    peers::{ProcessId, Said, Word},
    presence::Crowd,
};
use crate::{
    db::{Signal, Signals},
    model::BoardId,
    store,
    view::{ByLanguage, stream},
};

/// How often the boards that somebody looks at are compared with the database, while other processes are heard and while
/// they are not.
pub(super) const LOOK: Duration = Duration::from_secs(30);
pub(super) const LOOK_UNHEARD: Duration = Duration::from_secs(1);

/// How often this process says that it is alive, and how long one counts as alive that says nothing.
const ALIVE: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(15);

/// How often everyone who looks at a board hears something at least. Proxies end what is silent for a minute, and only
/// writing finds out that a client has vanished.
const SILENCE: Duration = Duration::from_secs(15);

const TICK: Duration = Duration::from_millis(500);

/// Follows the other processes until the boards are gone.
pub(super) async fn follow(boards: Weak<Inside>, mut signals: Option<Signals>) {
    let mut follower = Follower {
        boards,
        seen: HashMap::new(),
        looked: Instant::now(),
        said_alive: Instant::now(),
        broke_silence: Instant::now(),
    };
    let mut ticks = interval(TICK);
    let mut going_on = true;
    while going_on {
        going_on = tokio::select! {
            signal = next(&mut signals) => follower.hear(signal).await,
            _ = ticks.tick() => follower.tick().await,
        };
    }
}

/// On a database where nobody can be heard, nothing ever comes.
async fn next(signals: &mut Option<Signals>) -> Signal {
    match signals {
        Some(signals) => signals.next().await,
        None => std::future::pending().await,
    }
}

struct Follower {
    boards: Weak<Inside>,
    /// When each of the other processes last said anything.
    seen: HashMap<ProcessId, Instant>,
    looked: Instant,
    said_alive: Instant,
    broke_silence: Instant,
}

impl Follower {
    /// Whether there is still something to follow for; so with `tick`.
    async fn hear(&mut self, signal: Signal) -> bool {
        let Some(boards) = self.boards.upgrade() else {
            return false;
        };
        match signal {
            Signal::Up => {
                boards.peers.set_heard(true);
                boards.peers.say(Said::Ask { board: None });
                for live in boards.alive() {
                    live.presence.say_again();
                }
                // What was said while nobody heard it.
                self.look(&boards).await;
            }
            Signal::Down => boards.peers.set_heard(false),
            Signal::Said(text) => {
                if let Some(word) = boards.peers.understand(&text) {
                    self.understood(&boards, word);
                }
            }
        }
        true
    }

    fn understood(&mut self, boards: &Inside, Word { by, said }: Word) {
        self.seen.insert(by.clone(), Instant::now());
        match said {
            Said::Changed { board, version } => {
                if let Some(live) = boards.alive_at(BoardId(board)) {
                    live.heard_of(version);
                }
            }
            Said::Here {
                board,
                people,
                others,
                guests,
            } => {
                let crowd = Crowd {
                    people: people.into_iter().collect(),
                    others,
                    guests,
                };
                if let Some(live) = boards.alive_at(BoardId(board)) {
                    live.presence.elsewhere(by, Some(crowd));
                }
            }
            Said::Ask { board: Some(board) } => {
                if let Some(live) = boards.alive_at(BoardId(board)) {
                    live.presence.say_again();
                }
            }
            Said::Ask { board: None } => {
                for live in boards.alive() {
                    live.presence.say_again();
                }
            }
            Said::Alive => {}
            Said::Bye => {
                self.seen.remove(&by);
                for live in boards.alive() {
                    live.presence.elsewhere(by.clone(), None);
                }
            }
        }
    }

    async fn tick(&mut self) -> bool {
        let Some(boards) = self.boards.upgrade() else {
            return false;
        };
        let heard = boards.peers.are_heard();
        if self.said_alive.elapsed() >= ALIVE {
            self.said_alive = Instant::now();
            boards.peers.say(Said::Alive);
        }
        if self.broke_silence.elapsed() >= SILENCE {
            self.broke_silence = Instant::now();
            for live in boards.alive() {
                let alive = Bytes::from_static(stream::ALIVE.as_bytes());
                live.feed
                    .tell(News::Aside(Arc::new(ByLanguage::from_fn(|_| {
                        alive.clone()
                    }))));
            }
        }
        let known = self.seen.len();
        self.seen.retain(|_, said| said.elapsed() < SILENT);
        if self.seen.len() != known {
            for live in boards.alive() {
                live.presence
                    .keep(|process| self.seen.contains_key(process));
            }
        }
        if self.looked.elapsed() >= if heard { LOOK } else { LOOK_UNHEARD } {
            self.look(&boards).await;
        }
        true
    }

    /// Compares the boards that somebody looks at with the database.
    async fn look(&mut self, boards: &Arc<Inside>) {
        self.looked = Instant::now();
        let watched: HashMap<BoardId, _> = boards
            .alive()
            .into_iter()
            .filter(|live| live.is_watched())
            .map(|live| (live.id(), live))
            .collect();
        if watched.is_empty() {
            return;
        }
        let ids: Vec<BoardId> = watched.keys().copied().collect();
        match store::versions(&boards.database, &ids).await {
            Ok(versions) => {
                for (id, version) in versions {
                    watched[&id].outage.set(false);
                    watched[&id].heard_of(version);
                }
            }
            Err(error) => {
                tracing::debug!(%error, "could not look for what other processes did");
                for live in watched.values() {
                    live.outage.set(true);
                }
            }
        }
        // What goes away meanwhile is not waited for a whole round.
        self.looked = Instant::now();
    }
}
