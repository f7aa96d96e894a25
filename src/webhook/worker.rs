//! The task of one endpoint: holds the lease, and decides which boards are delivered.

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    time::{Instant, sleep, sleep_until},
};

use super::{
    delivery::{Delivery, Error, Outcome, Report},
    failure::Failure,
    lease::{Lease, Standing},
    schedule::GIVE_UP_AFTER,
    session::Session,
    status::{State, Statuses},
};
use crate::{
    board::{ChangedBoards, now},
    db,
    model::BoardId,
    store::webhooks::{self, Cursor},
};

/// How many boards are delivered to an endpoint at the same time.
const CONCURRENT_BOARDS: usize = 8;

/// Reading the state of all boards may take this part of the time.
pub(super) const SCAN_SHARE: u32 = 50;

pub(super) struct Worker {
    pub(super) delivery: Arc<Delivery>,
    pub(super) reports: mpsc::Receiver<Report>,
    pub(super) changed: Arc<ChangedBoards>,
    /// Distinguishes this process.
    pub(super) process: String,
    pub(super) statuses: Arc<Statuses>,
    pub(super) stop: watch::Receiver<bool>,
}

/// Why a process does not deliver any more.
#[derive(PartialEq)]
pub(super) enum End {
    Stopped,
    /// Another process delivers, or the endpoint is disabled.
    LeaseLost,
}

/// Waits until the worker is to stop.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

impl Worker {
    /// Delivers while this process holds the lease, until it is told to stop.
    pub(super) async fn run(mut self) {
        let timing = self.delivery.settings.timing;
        let mut lease = Lease::new(self.endpoint(), &self.process, timing.lease);
        loop {
            let database = self.delivery.boards.database();
            match lease.try_take(database, &self.delivery.term).await {
                Ok(Standing::Held) => {
                    self.show(State::Delivering);
                    if self.deliver().await == End::Stopped {
                        return;
                    }
                    continue;
                }
                Ok(Standing::Other) => self.show(State::Standby),
                Ok(Standing::Disabled { reason }) => self.show(State::Disabled(reason)),
                Err(error) => self.database_failed(&error),
            }
            let asked_at = Instant::now();
            self.observe().await;
            let pause = timing.renew.max(asked_at.elapsed() * SCAN_SHARE);
            tokio::select! {
                () = stopped(&mut self.stop) => return,
                () = sleep(pause) => {}
            }
        }
    }

    pub(super) fn endpoint(&self) -> &str {
        self.delivery.endpoint.id()
    }

    fn show(&self, state: State) {
        let is_disabled = matches!(state, State::Disabled(_));
        self.delivery.metrics.disabled.set(i64::from(is_disabled));
        self.statuses.set_state(self.endpoint(), state);
    }

    pub(super) fn database_failed(&self, error: &db::Error) {
        let outages = self.delivery.boards.database().outages();
        outages.reading.failed(error);
    }

    async fn deliver(&mut self) -> End {
        let mut session = Session::new(self.delivery.settings.timing);
        let end = loop {
            self.start_boards(&mut session);
            let wake_at = session.deadline();
            tokio::select! {
                () = stopped(&mut self.stop) => break End::Stopped,
                boards = self.changed.next(), if session.looks_at_changes() => session.add_changed(boards),
                Some(report) = self.reports.recv() => session.record(report),
                Some(ended) = session.running.join_next_with_id(), if !session.running.is_empty() => {
                    let (task, outcome) = match ended {
                        Ok((task, outcome)) => (task, Some(outcome)),
                        // It panicked, which is logged. The next scan finds the board.
                        Err(error) => (error.id(), None),
                    };
                    // What the task reported last.
                    while let Ok(report) = self.reports.try_recv() {
                        session.record(report);
                    }
                    if let Some(board) = session.boards.remove(&task) {
                        session.queue.finish(board);
                        if !self.handle(&mut session, board, outcome).await {
                            break End::LeaseLost;
                        }
                    }
                }
                () = sleep_until(wake_at) => {}
            }
            if Instant::now() >= session.save_at() && !self.save(&mut session).await {
                break End::LeaseLost;
            }
            if Instant::now() >= session.scan_at {
                self.scan(&mut session).await;
            }
        };
        self.finish(session).await;
        end
    }

    fn start_boards(&self, session: &mut Session) {
        if session.is_paused() {
            return;
        }
        session.paused_until = None;
        while session.running.len() < CONCURRENT_BOARDS
            && self.delivery.term.may_send()
            && let Some(board) = session.queue.start_next()
        {
            let unsaved = session.unsaved.get(&board).cloned();
            let deliver = self.delivery.clone().deliver(board, unsaved);
            let task = session.running.spawn(deliver);
            session.boards.insert(task.id(), board);
        }
    }

    /// Handles the end of a board's task; returns false if the endpoint was disabled.
    async fn handle(
        &self,
        session: &mut Session,
        board: BoardId,
        outcome: Option<Result<Outcome, Error>>,
    ) -> bool {
        match outcome {
            Some(Ok(Outcome::More)) => session.queue.add(board),
            Some(Ok(Outcome::Waits(until))) => session.wait(board, Some(until)),
            Some(Ok(Outcome::Failed(failure))) => return self.failed(session, &failure).await,
            Some(Ok(Outcome::GaveUp(next, failure))) => {
                return self.gave_up(session, board, next, &failure).await;
            }
            Some(Err(Error::Database(error))) => self.database_failed(&error),
            Some(Err(error)) => tracing::warn!(%board, %error, "cannot send webhooks of a board"),
            Some(Ok(Outcome::Done)) | None => {}
        }
        true
    }

    async fn failed(&self, session: &mut Session, failure: &Failure) -> bool {
        let (endpoint, host) = (self.endpoint(), self.delivery.endpoint.host());
        if failure.is_gone {
            return !self.disable(session, &failure.why).await;
        }
        self.statuses.set_failure(endpoint, &failure.why);
        tracing::debug!(endpoint, host, error = failure.why, "a webhook failed");
        if let Some(pause) = failure.pause {
            // The receiver means all messages, not those of one board.
            let until = Instant::now() + pause;
            session.paused_until = session.paused_until.max(Some(until));
        }
        true
    }

    /// Skips a message that nothing could deliver, unless the endpoint accepts nothing else either.
    async fn gave_up(
        &self,
        session: &mut Session,
        board: BoardId,
        next: Cursor,
        failure: &Failure,
    ) -> bool {
        let database = self.delivery.boards.database();
        let stored = match webhooks::endpoint(database, self.endpoint()).await {
            Ok(stored) => stored,
            Err(error) => {
                self.database_failed(&error);
                return true;
            }
        };
        let delivered_at = stored.and_then(|stored| stored.delivered_at);
        if delivered_at.is_none_or(|at| now() - at >= GIVE_UP_AFTER) {
            let why = format!("nothing was accepted for three days: {}", failure.why);
            return !self.disable(session, &why).await;
        }
        let (endpoint, error) = (self.endpoint(), &failure.why);
        let number = next.position;
        tracing::warn!(endpoint, %board, number, error, "an event was not accepted for three days and is skipped");
        session.unsaved.insert(board, next);
        session.queue.add(board);
        true
    }

    /// Switches the endpoint off for all processes; returns whether it is.
    async fn disable(&self, session: &mut Session, reason: &str) -> bool {
        self.save(session).await;
        let (endpoint, host) = (self.endpoint(), self.delivery.endpoint.host());
        let database = self.delivery.boards.database();
        match webhooks::disable(database, endpoint, reason, now()).await {
            Ok(()) => {
                tracing::warn!(
                    endpoint,
                    host,
                    reason,
                    "a webhook is switched off; `savt webhook enable` switches it on again"
                );
                true
            }
            Err(error) => {
                self.database_failed(&error);
                false
            }
        }
    }
}
