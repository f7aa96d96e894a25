//! The writer: the only way to change a board. One task takes all queued commands, decides them one after the other on the
//! board in memory and writes the result in one transaction. Only after the commit does it publish the next snapshot and
//! reply. A single command is processed at once; simultaneous commands share one commit, in order of arrival.

use std::sync::Arc;

use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::{Duration, timeout, timeout_at},
};

use super::{
    batch::{Batch, MAX_BATCH},
    broadcast::channel::Broadcast,
    command::{CommandError, CommandOutcome, Envelope, Message},
    committer::{Attempt, Committer},
    metrics::Metrics,
    outage::Outage,
    peers::bus::PeerBus,
    publisher::Publisher,
    queue_age::QueueAge,
    snapshot::Snapshot,
    unconfirmed::Unconfirmed,
};
use crate::{db, store::CommitError};

/// How long the writer yields to requests at most.
const MAX_YIELD: Duration = Duration::from_millis(100);

/// The actor of a board: a task with a bounded mailbox.
pub(super) struct Writer {
    pub(super) committer: Committer,
    pub(super) publisher: Arc<Publisher>,
    pub(super) peers: Arc<PeerBus>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) outage: Arc<Outage>,
    pub(super) queue_age: Arc<QueueAge>,
    /// The runtime that serves requests; the writer has another one.
    pub(super) request_runtime: Handle,
    pub(super) mailbox: mpsc::Receiver<Message>,
    /// The last commit, while its outcome is unknown.
    pub(super) unconfirmed: Option<Unconfirmed>,
}

impl Writer {
    /// Processes messages until every sender is dropped, or the board was deleted.
    pub(super) async fn run(mut self) {
        // Closes the streams however this task ends, also by a panic.
        let _close = CloseOnDrop(self.publisher.broadcast.clone());
        while let Some(first) = self.next_message().await {
            // Before any command is started: until then, its caller can cancel it.
            let settled = self.settle().await;
            let (mut commands, refreshes) = self.drain_mailbox(first);
            if !refreshes.is_empty() {
                let refreshed = self.refresh(refreshes).await;
                // A database that cannot be read cannot be written either.
                if let Err(error) = refreshed
                    && error.is_unavailable()
                    && !commands.is_empty()
                {
                    let commands = std::mem::take(&mut commands);
                    fail_all(commands, &error, &CommandError::Unavailable);
                }
            }
            if self.publisher.is_of_deleted_board() {
                return self.refuse_all(commands);
            }
            if commands.is_empty() {
                continue;
            }
            match settled {
                Ok(()) => self.process_batch(commands).await,
                Err(error) => fail_all(commands, &error, &CommandError::Unavailable),
            }
            if self.publisher.is_of_deleted_board() {
                return self.refuse_all(Vec::new());
            }
            // Skip the yield when a full batch is queued.
            if self.mailbox.len() < MAX_BATCH {
                self.yield_to_requests().await;
            }
        }
    }

    /// Waits for a message, and meanwhile for the outcome of an unconfirmed commit.
    async fn next_message(&mut self) -> Option<Message> {
        loop {
            if self.mailbox.is_empty() {
                self.queue_age.set_idle();
            }
            let Some(unconfirmed) = &self.unconfirmed else {
                return self.mailbox.recv().await;
            };
            match timeout_at(unconfirmed.retry_at, self.mailbox.recv()).await {
                Ok(message) => return message,
                Err(_) => {
                    if let Err(error) = self.settle().await {
                        tracing::debug!(%error, "the outcome of a commit is still unknown");
                    }
                }
            }
        }
    }

    /// Finds out whether an unconfirmed commit was stored, if there is one, and publishes it.
    async fn settle(&mut self) -> Result<(), db::Error> {
        let Some(unconfirmed) = &mut self.unconfirmed else {
            return Ok(());
        };
        let before = self.publisher.current();
        let settled = self.committer.settle().await;
        match &settled {
            Ok(()) => {
                self.unconfirmed = None;
                self.outage.set_active(false);
                let board = &self.publisher.current().board;
                if board.version() != before.board.version() {
                    // The other processes do not know of it either.
                    self.peers.publish_version(board.id, board.version());
                }
            }
            Err(_) => unconfirmed.postpone(),
        }
        settled
    }

    /// Receives what is queued, up to a full batch. Starts the commands it returns; drops those that were cancelled.
    fn drain_mailbox(&mut self, first: Message) -> (Vec<Envelope>, Vec<oneshot::Sender<()>>) {
        let mut commands = Vec::new();
        let mut refreshes = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Command(envelope) => {
                    self.queue_age.record_received(envelope.arrived_at);
                    if envelope.cancel.try_start() {
                        commands.push(envelope);
                    }
                }
                Message::Refresh(reply) => refreshes.push(reply),
            }
            next = match commands.len() < MAX_BATCH {
                true => self.mailbox.try_recv().ok(),
                false => None,
            };
        }
        (commands, refreshes)
    }

    /// Refuses these commands and those that are queued, because the board was deleted.
    fn refuse_all(&mut self, commands: Vec<Envelope>) {
        self.mailbox.close();
        refuse(commands);
        while let Ok(message) = self.mailbox.try_recv() {
            if let Message::Command(envelope) = message {
                envelope.reply(Err(CommandError::BoardDeleted));
            }
        }
    }

    async fn refresh(&self, replies: Vec<oneshot::Sender<()>>) -> Result<(), db::Error> {
        let refreshed = self.committer.refresh().await;
        self.outage.set_active(refreshed.is_err());
        let outage = &self.committer.database.outages().reading;
        match &refreshed {
            Ok(()) => {
                for reply in replies {
                    let _ = reply.send(());
                }
                outage.succeeded();
            }
            Err(error) => outage.failed(error),
        }
        refreshed
    }

    /// Waits until every request task that is ready now has run, including those that just got a reply. The commands they send
    /// then share the next transaction and the next delta. Without the yield, many streams would get more deltas than they can
    /// read.
    async fn yield_to_requests(&self) {
        let turn = self.request_runtime.spawn(async {});
        let _ = timeout(MAX_YIELD, turn).await;
    }

    /// Commits a batch and replies to each of its commands.
    async fn process_batch(&mut self, commands: Vec<Envelope>) {
        self.metrics.batch.observe(commands.len() as f64);
        for envelope in &commands {
            let waited = envelope.arrived_at.elapsed();
            self.metrics.writer_wait.observe(waited.as_secs_f64());
        }
        let Attempt {
            base,
            batch,
            committed,
        } = self.committer.commit(&commands).await;
        self.outage.set_active(matches!(
            committed,
            Err(CommitError::Failed(_) | CommitError::Unconfirmed(_))
        ));
        let outage = &self.committer.database.outages().writing;
        match &committed {
            Ok(()) if batch.events.is_empty() => {}
            Ok(()) => outage.succeeded(),
            Err(CommitError::Failed(error) | CommitError::Unconfirmed(error)) => {
                outage.failed(error);
            }
            Err(CommitError::Conflict | CommitError::BoardDeleted) => {}
        }
        match committed {
            Ok(()) => self.publish(&base, batch, commands),
            Err(CommitError::Unconfirmed(error)) => {
                match self.committer.is_committed(&base, &batch).await {
                    Some(true) => self.publish(&base, batch, commands),
                    Some(false) => fail_all(commands, &error, &CommandError::Unavailable),
                    None => {
                        self.unconfirmed = Some(Unconfirmed::new());
                        fail_all(commands, &error, &CommandError::Unconfirmed);
                    }
                }
            }
            Err(CommitError::Failed(error)) => {
                fail_all(commands, &error, &CommandError::Unavailable);
            }
            Err(CommitError::BoardDeleted) => {
                self.publisher.end_deleted();
                refuse(commands);
            }
            Err(CommitError::Conflict) => {
                for envelope in commands {
                    envelope.reply(Err(CommandError::Busy));
                }
            }
        }
    }

    /// Publishes a committed batch: first to readers, then to the callers, last to the streams, which may be a thousand.
    fn publish(&self, base: &Snapshot, batch: Batch, commands: Vec<Envelope>) {
        let delta = match batch.events.is_empty() {
            true => None,
            false => {
                self.metrics.events.inc_by(batch.events.len() as u64);
                Some(self.publisher.advance(base, batch.board, &batch.events))
            }
        };
        let snapshot = match &delta {
            Some(delta) => delta.snapshot.clone(),
            None => self.publisher.current(),
        };
        for (envelope, result) in commands.into_iter().zip(batch.results) {
            envelope.reply(result.map(|result| CommandOutcome {
                events: batch.events[result.events].to_vec(),
                about: result.about,
                note: result.note,
                repeats: result.repeats,
                snapshot: snapshot.clone(),
            }));
        }
        if let Some(delta) = delta {
            self.peers
                .publish_version(snapshot.board.id, delta.version());
            self.publisher.broadcast(delta);
        }
    }
}

/// Closes a broadcast when dropped.
struct CloseOnDrop(Arc<Broadcast>);

impl Drop for CloseOnDrop {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Replies to commands that the board was deleted.
fn refuse(commands: Vec<Envelope>) {
    for envelope in commands {
        envelope.reply(Err(CommandError::BoardDeleted));
    }
}

/// Replies with a failure to every command of a batch; with `if_unavailable` if the database may answer later.
fn fail_all(commands: Vec<Envelope>, error: &db::Error, if_unavailable: &CommandError) {
    let failure = match error.is_unavailable() {
        true => if_unavailable,
        false => &CommandError::Internal,
    };
    for envelope in commands {
        envelope.reply(Err(failure.clone()));
    }
}
