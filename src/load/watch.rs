//! One page's live stream: opened, followed and, when it is lost, opened again, as a browser does.

use std::{sync::Arc, time::Duration};

use http_body_util::BodyExt;
use hyper::{
    body::Incoming,
    header::{HeaderName, HeaderValue},
};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};

use super::{
    action::Action,
    board::Board,
    browser::{Ask, Browser},
    failure::{Failure, Kind},
    message::{self, Reader},
    run::{PATIENCE, Run, timed_out},
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How long a browser waits before it opens a lost stream again: what the stream asked for.
const RETRY: Duration = Duration::from_secs(1);
/// How long a stream may be silent: it speaks every 15 seconds.
const SILENCE: Duration = Duration::from_secs(40);

/// A stream that is followed as long as this is kept.
pub(super) struct Watch(AbortHandle);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What following takes.
pub(super) struct Watcher {
    pub(super) browser: Arc<Browser>,
    pub(super) board: Arc<Board>,
    pub(super) run: Arc<Run>,
    /// Told when the page has to be loaded again; the stream ends then.
    pub(super) reload: Arc<Notify>,
}

impl Watcher {
    /// Follows from the event on that the page shows.
    pub(super) fn start(self, since: i64) -> Watch {
        Watch(tokio::spawn(self.follow(since)).abort_handle())
    }

    async fn follow(self, since: i64) {
        let mut position = since;
        let mut again = false;
        loop {
            let failure = match self.one(&mut position, again).await {
                Ok(()) => return self.reload.notify_one(),
                Err(failure) => failure,
            };
            if self.run.is_over() {
                return;
            }
            let what = format!("GET {}/events", self.board.base);
            self.run.tally().failed(Action::Stream, &failure, || what);
            again = true;
            sleep(RETRY).await;
        }
    }

    /// Follows one stream until it asks for the page to be loaded again.
    async fn one(&self, position: &mut i64, again: bool) -> Result<(), Failure> {
        let start = Instant::now();
        let path = format!("{}/events?since={position}", self.board.base);
        let last = again.then(|| (LAST_EVENT_ID, HeaderValue::from(*position)));
        let opened = timeout(PATIENCE, self.browser.open(Ask::get(&path).header(last))).await;
        let mut open = opened.unwrap_or_else(|_| Err(timed_out()))?;
        if open.response.status() != 200 {
            return Err(Failure::of_status(open.response.status()));
        }
        let mut reader = Reader::default();
        let mut seat: Option<Seat> = None;
        loop {
            let (bytes, now) = next(open.response.body_mut()).await?;
            self.run
                .tally()
                .add_bytes(Action::Stream, bytes.len() as u64);
            let mut reload = false;
            reader.read(&bytes, |message| match message.kind {
                message::Kind::Hello => {
                    if let Some(id) = message.id {
                        *position = id.max(*position);
                    }
                    let mut tally = self.run.tally();
                    tally.answered(Action::Stream, start, start, 0);
                    seat = Some(Seat::take(&self.board, *position));
                }
                message::Kind::Reload => reload = true,
                message::Kind::Plain | message::Kind::Alive => {
                    if let (Some(id), Some(seat)) = (message.id, &mut seat) {
                        seat.moves(id, now);
                        *position = seat.position;
                    }
                }
            });
            if reload {
                return Ok(());
            }
        }
    }
}

/// The next bytes of a stream and when they came.
async fn next(body: &mut Incoming) -> Result<(bytes::Bytes, Instant), Failure> {
    loop {
        let frame = timeout(SILENCE, body.frame()).await;
        let now = Instant::now();
        let lost = |why: &str| Failure::new(Kind::StreamLost, why);
        let frame = frame.map_err(|_| lost("silent for 40 s"))?;
        let frame = frame.ok_or_else(|| lost("ended"))?;
        let frame = frame.map_err(|error| lost(&Failure::of_http(&error).detail))?;
        if let Ok(bytes) = frame.into_data() {
            return Ok((bytes, now));
        }
    }
}

/// An open stream among those that are waited for.
struct Seat {
    board: Arc<Board>,
    position: i64,
}

impl Seat {
    fn take(board: &Arc<Board>, position: i64) -> Seat {
        board.shown().enter(position);
        Seat {
            board: board.clone(),
            position,
        }
    }

    fn moves(&mut self, to: i64, now: Instant) {
        if to > self.position {
            self.board.shown().tell(self.position, to, now);
            self.position = to;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.board.shown().leave(self.position);
    }
}
