//! Delivers the log of one board to one endpoint, in order: an event is sent after the one before it was accepted.

use std::{ops::ControlFlow, sync::Arc};

use tokio::sync::mpsc;

use super::{
    client::Connection,
    deadline,
    endpoint::Endpoint,
    failure::Failure,
    lease::Term,
    message::{self, About},
    metrics::EndpointMetrics,
    schedule::{Failures, next_attempt},
    settings::Settings,
};
use crate::{
    board::{Boards, OpenError, now},
    db,
    model::{BoardId, Timestamp},
    store::{
        self, LogPageSize,
        webhooks::{self, BoardState, Cursor},
    },
    view,
};

const PAGE: LogPageSize = LogPageSize {
    events: 100,
    bytes: 256 * 1_024,
};

/// How many events of a board are sent before others get their turn.
const MAX_EVENTS: usize = 200;

/// What everything that sends to an endpoint shares.
pub(super) struct Delivery {
    pub(super) boards: Boards,
    pub(super) settings: Settings,
    pub(super) endpoint: Endpoint,
    pub(super) term: Term,
    pub(super) metrics: EndpointMetrics,
    pub(super) reports: mpsc::Sender<Report>,
}

/// How far a board is, to be saved.
pub(super) struct Report {
    pub(super) board: BoardId,
    pub(super) cursor: Cursor,
    /// Whether something was delivered.
    pub(super) delivered: bool,
}

/// Why a board is not delivered further for now.
pub(super) enum Outcome {
    /// There is no more.
    Done,
    /// What there is waits until then, because an attempt failed.
    Waits(Timestamp),
    /// There is more.
    More,
    /// An attempt failed.
    Failed(Failure),
    /// A message could not be delivered for so long that it never will; the cursor is behind it.
    GaveUp(Cursor, Failure),
}

/// Why nothing can be delivered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(transparent)]
    Board(#[from] OpenError),
}

impl Delivery {
    /// Delivers what a board has, from a cursor that is not saved yet, or from the saved one.
    pub(super) async fn deliver(
        self: Arc<Self>,
        board: BoardId,
        unsaved: Option<Cursor>,
    ) -> Result<Outcome, Error> {
        let read_at = now();
        let Some((state, saved)) = self.state(board).await? else {
            return Ok(Outcome::Done);
        };
        // An epoch that only the saved cursor has is that of the same history: somebody was forgotten.
        let mut cursor = match unsaved {
            Some(unsaved) if unsaved.epoch == state.epoch => unsaved,
            _ => saved,
        };
        if cursor.epoch != state.epoch || cursor.position > state.version {
            // Another history: of what it has, nobody knows what is new.
            tracing::info!(%board, "webhooks continue at the end of the log, which was replaced");
            let ended = cursor.epoch;
            cursor = end_of_log(&state);
            let (database, endpoint) = (self.boards.database(), self.endpoint.id());
            webhooks::restart(database, board, endpoint, ended, &cursor).await?;
            self.report(board, &cursor, false).await;
            return Ok(Outcome::Done);
        }
        if let Some(until) = cursor.next_attempt_at.filter(|at| *at > now()) {
            return Ok(Outcome::Waits(until));
        }
        let about = self.about(board, &state);
        let mut connection = None;
        let mut sent = 0;
        while cursor.position < state.version {
            if sent >= MAX_EVENTS {
                return Ok(Outcome::More);
            }
            let database = self.boards.database();
            let page = store::log_page(database, board, cursor.position, PAGE).await?;
            let Some(last) = page.events.last() else {
                // The log was removed.
                cursor = end_of_log(&state);
                self.report(board, &cursor, false).await;
                return Ok(Outcome::Done);
            };
            if page.epoch != Some(cursor.epoch) {
                return Ok(Outcome::More);
            }
            let span = (cursor.position, last.number);
            let agreed = webhooks::agreed_events(database, board, span).await?;
            for event in &page.events {
                if cursor.deadline.is_some_and(|at| at <= event.at) {
                    let told = self.pass_deadline(&about, &mut cursor, &mut connection);
                    match told.await? {
                        ControlFlow::Continue(count) => sent += count,
                        ControlFlow::Break(outcome) => return Ok(outcome),
                    }
                }
                let next = self.after(&about, &cursor, event).await?;
                let makes_agreed = agreed.contains(&event.number);
                match self
                    .send(&about, event, makes_agreed, &mut connection)
                    .await?
                {
                    Sent::Accepted(count) => {
                        cursor = next;
                        if count > 0 || event.number == last.number {
                            self.report(board, &cursor, count > 0).await;
                        }
                        sent += count;
                    }
                    Sent::NotAllowed => return Ok(Outcome::Done),
                    Sent::Failed(failure) => {
                        return Ok(self.failed(board, cursor, next, failure).await);
                    }
                }
            }
        }
        let passed_by = deadline::passed_by(read_at);
        if cursor.deadline.is_some_and(|at| at <= passed_by) {
            let told = self.pass_deadline(&about, &mut cursor, &mut connection);
            if let ControlFlow::Break(outcome) = told.await? {
                return Ok(outcome);
            }
        }
        Ok(Outcome::Done)
    }

    /// Sends that the deadline has passed after the event at the cursor, and removes it from the cursor.
    async fn pass_deadline(
        &self,
        about: &About,
        cursor: &mut Cursor,
        connection: &mut Option<Connection>,
    ) -> Result<ControlFlow<Outcome, usize>, Error> {
        let next = Cursor::at(cursor.epoch, cursor.position);
        match self.send_deadline(about, cursor, connection).await? {
            Sent::Accepted(count) => {
                *cursor = next;
                self.report(about.board, cursor, count > 0).await;
                Ok(ControlFlow::Continue(count))
            }
            Sent::NotAllowed => Ok(ControlFlow::Break(Outcome::Done)),
            Sent::Failed(failure) => {
                let failed = self.failed(about.board, cursor.clone(), next, failure);
                Ok(ControlFlow::Break(failed.await))
            }
        }
    }

    /// The state of a board with its cursor, which is added if it is missing.
    async fn state(&self, board: BoardId) -> Result<Option<(BoardState, Cursor)>, db::Error> {
        let (database, endpoint) = (self.boards.database(), self.endpoint.id());
        let Some(mut state) = webhooks::board_state(database, board, endpoint).await? else {
            return Ok(None);
        };
        if state.cursor.is_none() {
            webhooks::add_missing_cursors(database, endpoint).await?;
            let Some(with_cursor) = webhooks::board_state(database, board, endpoint).await? else {
                return Ok(None);
            };
            state = with_cursor;
        }
        let cursor = state.cursor.take();
        Ok(cursor.map(|cursor| (state, cursor)))
    }

    fn about(&self, board: BoardId, state: &BoardState) -> About {
        let public_url = self.settings.public_url.as_ref();
        let languages = self.boards.languages();
        let words = state.terminology.as_ref();
        About {
            board,
            epoch: state.epoch,
            slug: state.slug.clone(),
            name: state.name.to_string(),
            url: public_url.map(|origin| origin.url(&message::path(&state.slug))),
            texts: view::board_texts(words, self.settings.language, languages),
        }
    }

    /// Records a failure of the message after `cursor`; without it, the position is `next`.
    async fn failed(
        &self,
        board: BoardId,
        cursor: Cursor,
        next: Cursor,
        failure: Failure,
    ) -> Outcome {
        if failure.is_gone {
            return Outcome::Failed(failure);
        }
        let now = now();
        let first_at = cursor.first_failure_at.unwrap_or(now);
        let attempts = cursor.attempts.saturating_add(1);
        let failures = Failures {
            count: attempts.unsigned_abs(),
            first_at,
        };
        let again = next_attempt(failures, now, failure.pause, rand::random());
        let Some(again) = again else {
            return Outcome::GaveUp(next, failure);
        };
        let cursor = Cursor {
            attempts,
            first_failure_at: Some(first_at),
            next_attempt_at: Some(again),
            last_error: Some(failure.why.clone()),
            ..cursor
        };
        self.report(board, &cursor, false).await;
        Outcome::Failed(failure)
    }

    async fn report(&self, board: BoardId, cursor: &Cursor, delivered: bool) {
        let report = Report {
            board,
            cursor: cursor.clone(),
            delivered,
        };
        // The receiver of reports ends with the process only.
        let _ = self.reports.send(report).await;
    }
}

/// The end of the log, with the deadline if it is to come.
fn end_of_log(state: &BoardState) -> Cursor {
    let now = now();
    Cursor {
        deadline: state.deadline.filter(|at| *at > now),
        ..Cursor::at(state.epoch, state.version)
    }
}

/// What came of the messages about an event.
pub(super) enum Sent {
    /// How many there were.
    Accepted(usize),
    /// This process may not send any more for now.
    NotAllowed,
    Failed(Failure),
}
