//! Notifications between the processes that share one PostgreSQL, by LISTEN and NOTIFY on a dedicated connection.
//! Knows nothing of their content. Notifications may be lost, but the listener is informed when that is possible.

use std::future::pending;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;

use super::notifier::Notifier;
use super::notify_connection::NotifyConnection;
use super::postgres::Server;
use crate::log::LogThrottle;

/// The delay before reconnecting, at most. It doubles with each failed attempt, up to the second value.
const FIRST_RETRY_DELAY: Duration = Duration::from_millis(100);
const MAX_RETRY_DELAY: Duration = Duration::from_secs(2);
/// The maximum number of queued notifications, in each direction.
const QUEUE_LENGTH: usize = 4_096;

/// What a listener receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenerEvent {
    /// The connection is up and verified: notifications sent from now on arrive.
    Up,
    /// The connection is lost: notifications may be lost until the next `Up`.
    Down,
    /// A notification from any process, including this one.
    Notification(String),
}

/// Listens on one channel. Dropping it closes the connection.
pub struct NotificationListener {
    events: mpsc::Receiver<ListenerEvent>,
    notifier: Notifier,
}

impl NotificationListener {
    pub(super) fn open(server: Server, channel: &'static str) -> NotificationListener {
        let (outgoing_sender, outgoing) = mpsc::channel(QUEUE_LENGTH);
        let (events_sender, events) = mpsc::channel(QUEUE_LENGTH);
        let dropped = events_sender.clone();
        let mut task = ListenerTask {
            server,
            channel,
            outgoing,
            events: events_sender,
        };
        tokio::spawn(async move {
            tokio::select! {
                () = task.run() => {}
                () = dropped.closed() => {}
            }
        });
        NotificationListener {
            events,
            notifier: Notifier::new(outgoing_sender),
        }
    }

    /// Waits for the next event. The first is [`ListenerEvent::Up`], and each [`ListenerEvent::Down`] is followed by another
    /// `Up`. Cancel-safe. If events are not received for too long, the queue overflows, which is reported as `Down`.
    pub async fn next(&mut self) -> ListenerEvent {
        match self.events.recv().await {
            Some(event) => event,
            None => pending().await, // the runtime is shutting down
        }
    }

    /// The sender for this channel.
    #[must_use]
    pub fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }
}

/// The task behind listener and notifier: owns the connection, and replaces it when it fails.
struct ListenerTask {
    server: Server,
    channel: &'static str,
    outgoing: mpsc::Receiver<String>,
    events: mpsc::Sender<ListenerEvent>,
}

impl ListenerTask {
    /// Runs forever.
    async fn run(&mut self) {
        let mut delay = FIRST_RETRY_DELAY;
        let mut outage = false;
        // The connection may come and go many times a second.
        let throttle = LogThrottle::default();
        loop {
            let reason = match NotifyConnection::open(&self.server, self.channel).await {
                Err(reason) => reason,
                Ok(connection) => {
                    if outage {
                        tracing::info!(
                            channel = self.channel,
                            "receiving notifications from other processes again"
                        );
                    }
                    outage = false;
                    delay = FIRST_RETRY_DELAY;
                    while self.outgoing.try_recv().is_ok() {} // queued during the outage
                    let _ = self.events.send(ListenerEvent::Up).await;
                    let reason = self.serve(connection).await;
                    let _ = self.events.send(ListenerEvent::Down).await;
                    reason
                }
            };
            if !outage && let Some(suppressed) = throttle.record() {
                tracing::warn!(
                    channel = self.channel,
                    error = reason,
                    suppressed,
                    "not receiving notifications from other processes"
                );
                outage = true;
            }
            // Randomized, because all processes lose their connections at the same time.
            sleep(delay.mul_f64(rand::random_range(0.5..=1.0))).await;
            delay = MAX_RETRY_DELAY.min(2 * delay);
        }
    }

    /// Sends and receives until the connection fails; returns why.
    async fn serve(&mut self, connection: NotifyConnection) -> String {
        let events = &self.events;
        let received = |payload| {
            let queued = events.try_send(ListenerEvent::Notification(payload));
            queued.map_err(|_| "the queue of received notifications is full".to_owned())
        };
        connection
            .run(self.channel, &mut self.outgoing, received)
            .await
    }
}
