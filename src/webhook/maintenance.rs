//! What the task of an endpoint reads and writes now and then. Positions are saved together, twice a second: on SQLite they share the only
//! connection that writes with the boards.

use std::time::{Duration, Instant};

use tokio::time::{self, timeout};

use super::{
    deadline,
    session::Session,
    worker::{SCAN_SHARE, Worker},
};
use crate::{
    board::now,
    db::{self, Database},
    model::BoardId,
    store::webhooks::{self, Backlog},
};

/// How many boards a scan finds at most; the next one finds others.
const SCANNED_BOARDS: i64 = 1_000;

/// How long messages on their way may take at the end.
const FINISH_LIMIT: Duration = Duration::from_secs(2);

impl Worker {
    /// Saves how far the boards are, and renews the lease; returns false if it is lost. If the database does not answer, tries again later.
    pub(super) async fn save(&self, session: &mut Session) -> bool {
        let asked_at = Instant::now();
        let cursors = session.unsaved.iter();
        let cursors = cursors.map(|(board, cursor)| (*board, cursor.clone()));
        let delivered_at = session.has_delivered.then(now);
        let saved = webhooks::save_cursors(
            self.delivery.boards.database(),
            (self.endpoint(), &self.process),
            cursors.collect(),
            delivered_at,
            now(),
        )
        .await;
        session.saved_at = time::Instant::now();
        match saved {
            Ok(true) => {
                let lease = self.delivery.settings.timing.lease;
                self.delivery.term.renew(asked_at, lease);
                session.unsaved.clear();
                session.has_delivered = false;
                true
            }
            Ok(false) => false,
            Err(error) => {
                let outages = self.delivery.boards.database().outages();
                outages.writing.failed(&error);
                true
            }
        }
    }

    /// Finds boards that nobody reported: new ones, those of other processes, those whose pause is over, and those
    /// whose deadline has passed.
    pub(super) async fn scan(&self, session: &mut Session) {
        let started_at = Instant::now();
        if std::mem::take(&mut session.recovers) {
            session.end_waiting();
            let database = self.delivery.boards.database();
            if let Err(error) = webhooks::retry_now(database, self.endpoint()).await {
                self.database_failed(&error);
            }
        }
        match due(self.delivery.boards.database(), self.endpoint()).await {
            Ok(boards) => boards
                .into_iter()
                .for_each(|board| session.queue.add(board)),
            Err(error) => self.database_failed(&error),
        }
        if let Some(backlog) = self.observe().await {
            session.has_failing |= backlog.failing > 0;
        }
        let pause = self.delivery.settings.timing.scan;
        let pause = pause.max(started_at.elapsed() * SCAN_SHARE);
        session.scan_at = time::Instant::now() + pause;
    }

    /// Measures what is not delivered yet, by any process.
    pub(super) async fn observe(&self) -> Option<Backlog> {
        let database = self.delivery.boards.database();
        let backlog =
            match webhooks::backlog(database, self.endpoint(), deadline::passed_by(now())).await {
                Ok(backlog) => backlog,
                Err(error) => {
                    self.database_failed(&error);
                    return None;
                }
            };
        let age = backlog.oldest_at.map_or(0, |at| (now() - at).num_seconds());
        self.delivery.metrics.backlog.set(backlog.events);
        self.delivery.metrics.oldest.set(age.max(0));
        self.statuses.set_backlog(self.endpoint(), &backlog);
        Some(backlog)
    }

    /// Ends all tasks after the messages that are on their way, saves how far the boards are, and lets another process deliver.
    pub(super) async fn finish(&mut self, mut session: Session) {
        self.delivery.term.end();
        let ended = timeout(FINISH_LIMIT, async {
            loop {
                tokio::select! {
                    biased;
                    Some(report) = self.reports.recv() => session.record(report),
                    ended = session.running.join_next() => if ended.is_none() { break },
                }
            }
        });
        if ended.await.is_err() {
            session.running.shutdown().await;
        }
        while let Ok(report) = self.reports.try_recv() {
            session.record(report);
        }
        // Stores nothing if the lease was lost.
        let is_own = self.save(&mut session).await;
        self.delivery.term.end();
        let database = self.delivery.boards.database();
        if is_own
            && let Err(error) = webhooks::release(database, self.endpoint(), &self.process).await
        {
            self.database_failed(&error);
        }
    }
}

async fn due(database: &Database, endpoint: &str) -> Result<Vec<BoardId>, db::Error> {
    webhooks::add_missing_cursors(database, endpoint).await?;
    let now = now();
    let mut boards = webhooks::due_boards(database, endpoint, now, SCANNED_BOARDS).await?;
    let passed_by = deadline::passed_by(now);
    boards.extend(
        webhooks::boards_past_deadline(database, endpoint, passed_by, SCANNED_BOARDS).await?,
    );
    Ok(boards)
}
