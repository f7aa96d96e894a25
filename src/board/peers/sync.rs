//! Keeps the boards in memory up to date with the other processes: by their messages, and by polling versions in case a
//! message was lost or LISTEN is unavailable.

use std::{
    collections::HashMap,
    sync::{Arc, Weak},
};

use tokio::time::{Duration, Instant, interval};

use super::{
    super::{
        broadcast::channel::StreamMessage, presence::process_presence::ProcessPresence,
        registry::Registry,
    },
    message::{PeerMessage, PeerPayload, ProcessId},
};
use crate::{
    db::{ListenerEvent, NotificationListener},
    model::{BoardId, Epoch},
    store,
};

/// How often this process sends a heartbeat.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(5);
/// After how long without a message another process counts as gone.
const PEER_TIMEOUT: Duration = Duration::from_secs(15);

/// How often every stream gets a keep-alive. Proxies close connections that are silent for a minute, and only a write
/// reveals that a client is gone.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// How often boards in memory that nobody follows are compared with the database. What was deleted must not stay in memory.
const IDLE_POLL_INTERVAL: Duration = Duration::from_secs(30);

const TICK: Duration = Duration::from_millis(500);

/// Runs until all boards are dropped. Without a listener, only polls.
pub(in crate::board) async fn run(
    registry: Weak<Registry>,
    mut listener: Option<NotificationListener>,
) {
    let mut sync = PeerSync {
        registry,
        last_seen: HashMap::new(),
        polled_at: Instant::now(),
        heartbeat_at: Instant::now(),
        keep_alive_at: Instant::now(),
        idle_polled_at: Instant::now(),
    };
    let mut ticks = interval(TICK);
    let mut running = true;
    while running {
        running = tokio::select! {
            event = next_event(&mut listener) => sync.handle_event(event).await,
            _ = ticks.tick() => sync.tick().await,
        };
    }
}

async fn next_event(listener: &mut Option<NotificationListener>) -> ListenerEvent {
    match listener {
        Some(listener) => listener.next().await,
        None => std::future::pending().await,
    }
}

struct PeerSync {
    registry: Weak<Registry>,
    /// When each of the other processes last sent a message.
    last_seen: HashMap<ProcessId, Instant>,
    polled_at: Instant,
    heartbeat_at: Instant,
    keep_alive_at: Instant,
    idle_polled_at: Instant,
}

impl PeerSync {
    /// Returns whether the boards still exist, as does `tick`.
    async fn handle_event(&mut self, event: ListenerEvent) -> bool {
        let Some(registry) = self.registry.upgrade() else {
            return false;
        };
        match event {
            ListenerEvent::Up => {
                registry.peers.set_listening(true);
                registry
                    .peers
                    .publish(PeerPayload::PresenceRequest { board: None });
                for handle in registry.loaded() {
                    handle.presence.republish();
                    registry.peers.announce(&handle.current.load().board);
                }
                // Messages may have been lost until now.
                self.poll_versions(&registry).await;
            }
            ListenerEvent::Down => registry.peers.set_listening(false),
            ListenerEvent::Notification(notification) => {
                if let Some(message) = registry.peers.decode(&notification) {
                    self.handle_message(&registry, message);
                }
            }
        }
        true
    }

    fn handle_message(&mut self, registry: &Registry, message: PeerMessage) {
        let PeerMessage { sender, payload } = message;
        self.last_seen.insert(sender.clone(), Instant::now());
        match payload {
            PeerPayload::VersionChanged {
                board,
                version,
                epoch,
            } => {
                registry.peers.watchers.tell(BoardId(board));
                if let Some(handle) = registry.loaded_by_id(BoardId(board)) {
                    handle.notify_version(version, epoch.map(Epoch));
                }
            }
            PeerPayload::EpochChanged { board: Some(board) } => {
                if let Some(handle) = registry.loaded_by_id(BoardId(board)) {
                    handle.refresh_soon();
                }
            }
            PeerPayload::EpochChanged { board: None } => {
                for handle in registry.loaded() {
                    handle.request_refresh();
                }
            }
            PeerPayload::Presence {
                board,
                participants,
                others,
                guests,
            } => {
                let presence = ProcessPresence {
                    participants: participants.into_iter().collect(),
                    others,
                    guests,
                };
                if let Some(handle) = registry.loaded_by_id(BoardId(board)) {
                    handle.presence.set_remote(sender, Some(presence));
                }
            }
            PeerPayload::PresenceRequest { board: Some(board) } => {
                if let Some(handle) = registry.loaded_by_id(BoardId(board)) {
                    handle.presence.republish();
                }
            }
            PeerPayload::PresenceRequest { board: None } => {
                for handle in registry.loaded() {
                    handle.presence.republish();
                }
            }
            PeerPayload::Heartbeat => {}
            PeerPayload::Shutdown => {
                self.last_seen.remove(&sender);
                for handle in registry.loaded() {
                    handle.presence.set_remote(sender.clone(), None);
                }
            }
        }
    }

    async fn tick(&mut self) -> bool {
        let Some(registry) = self.registry.upgrade() else {
            return false;
        };
        let poll_interval = registry.peers.poll_interval();
        if self.heartbeat_at.elapsed() >= HEARTBEAT_INTERVAL {
            self.heartbeat_at = Instant::now();
            registry.peers.publish(PeerPayload::Heartbeat);
        }
        if self.keep_alive_at.elapsed() >= KEEP_ALIVE_INTERVAL {
            self.keep_alive_at = Instant::now();
            send_keep_alive(&registry);
        }
        let known = self.last_seen.len();
        self.last_seen
            .retain(|_, seen_at| seen_at.elapsed() < PEER_TIMEOUT);
        if self.last_seen.len() != known {
            for handle in registry.loaded() {
                handle
                    .presence
                    .retain_remote(|process| self.last_seen.contains_key(process));
            }
        }
        if self.polled_at.elapsed() >= poll_interval {
            self.poll_versions(&registry).await;
        }
        if self.idle_polled_at.elapsed() >= IDLE_POLL_INTERVAL {
            poll_idle(&registry).await;
            registry.drop_ended().await;
            self.idle_polled_at = Instant::now();
        }
        true
    }

    /// Compares the boards that have streams with the database.
    async fn poll_versions(&mut self, registry: &Arc<Registry>) {
        let watched: HashMap<BoardId, _> = registry
            .loaded()
            .into_iter()
            .filter(|handle| handle.has_subscribers())
            .map(|handle| (handle.id(), handle))
            .collect();
        if !watched.is_empty() {
            let ids: Vec<BoardId> = watched.keys().copied().collect();
            match store::positions(&registry.database, &ids).await {
                Ok(positions) => {
                    registry.database.outages().reading.succeeded();
                    let mut deleted = watched;
                    for (id, position) in positions {
                        if let Some(handle) = deleted.remove(&id) {
                            handle.outage.set_active(false);
                            handle.notify_position(&position);
                        }
                    }
                    for handle in deleted.values() {
                        handle.refresh_soon();
                    }
                }
                Err(error) => {
                    registry.database.outages().reading.failed(&error);
                    for handle in watched.values() {
                        handle.outage.set_active(true);
                    }
                }
            }
        }
        // From the end of the query: a slow database is not polled without a pause.
        self.polled_at = Instant::now();
    }
}

/// Compares the boards that have no streams with the database. Only those that another history has replaced are loaded again now; the
/// others when somebody reads them.
async fn poll_idle(registry: &Registry) {
    let idle = registry.loaded().into_iter();
    let idle = idle.filter(|handle| !handle.has_subscribers() && handle.is_running());
    let mut idle: HashMap<BoardId, _> = idle.map(|handle| (handle.id(), handle)).collect();
    let ids: Vec<BoardId> = idle.keys().copied().collect();
    if ids.is_empty() {
        return;
    }
    let Ok(positions) = store::positions(&registry.database, &ids).await else {
        return;
    };
    for (id, position) in positions {
        if let Some(handle) = idle.remove(&id)
            && handle.is_of_another_epoch(&position)
        {
            handle.refresh_soon();
        }
    }
    // The others were deleted.
    for handle in idle.values() {
        handle.refresh_soon();
    }
}

fn send_keep_alive(registry: &Registry) {
    for handle in registry.loaded() {
        handle.broadcast.publish(StreamMessage::KeepAlive);
    }
}
