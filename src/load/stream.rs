//! Follows the live stream of one open page, and reconnects when it is lost, as a browser does.

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
    browser::{Browser, RequestSpec},
    failure::{Failure, FailureKind},
    html::Shown,
    message::{self, Reader},
    run_state::{RESPONSE_TIMEOUT, RunState, timeout_failure},
    screens::ScreenUpdater,
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How long a browser waits before it reconnects; the stream asks for this delay.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);
/// After how long without data a stream counts as lost. The server sends something every 15 seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(40);

/// A subscription to a stream; dropping it closes the stream.
pub(super) struct StreamSubscription(AbortHandle);

impl Drop for StreamSubscription {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) struct StreamSubscriber {
    pub(super) browser: Arc<Browser>,
    pub(super) board: Arc<Board>,
    pub(super) run: Arc<RunState>,
    /// Notified when the server asks to reload the page; the stream ends then.
    pub(super) reload: Arc<Notify>,
    /// What to update with what the messages say about the decision, if anybody wants to know.
    pub(super) screen: Option<ScreenUpdater>,
}

impl StreamSubscriber {
    /// Subscribes to the events after the version that the page shows.
    pub(super) fn subscribe(self, shown: Shown) -> StreamSubscription {
        StreamSubscription(tokio::spawn(self.follow(shown)).abort_handle())
    }

    async fn follow(self, shown: Shown) {
        let address = address(&self.board.base, &shown);
        let mut position = shown.version;
        let mut is_reconnect = false;
        loop {
            let failure = match self
                .follow_connection(&address, &mut position, is_reconnect)
                .await
            {
                Ok(()) => return self.reload.notify_one(),
                Err(failure) => failure,
            };
            if self.run.has_ended() {
                return;
            }
            let request = || format!("GET {}/events", self.board.base);
            self.run
                .stats()
                .record_failure(Action::Stream, &failure, request);
            is_reconnect = true;
            sleep(RECONNECT_DELAY).await;
        }
    }

    /// Follows one connection until the server asks to reload the page.
    async fn follow_connection(
        &self,
        address: &str,
        position: &mut i64,
        is_reconnect: bool,
    ) -> Result<(), Failure> {
        let start = Instant::now();
        let last_event_id = is_reconnect.then(|| (LAST_EVENT_ID, HeaderValue::from(*position)));
        let request = RequestSpec::get(address).header(last_event_id);
        let opened = timeout(RESPONSE_TIMEOUT, self.browser.open_stream(request)).await;
        let mut stream = opened.unwrap_or_else(|_| Err(timeout_failure()))?;
        if stream.response.status() != 200 {
            return Err(Failure::from_status(stream.response.status()));
        }
        let mut reader = match self.screen {
            Some(_) => Reader::with_panels(),
            None => Reader::default(),
        };
        let mut tracked: Option<TrackedStream> = None;
        loop {
            let (bytes, received_at) = next_data(stream.response.body_mut()).await?;
            self.run
                .stats()
                .add_bytes(Action::Stream, bytes.len() as u64);
            let mut reload = false;
            reader.read(&bytes, |message| {
                match message.kind {
                    message::Kind::Hello => {
                        if let Some(id) = message.id {
                            *position = id.max(*position);
                        }
                        let mut stats = self.run.stats();
                        stats.record_success(Action::Stream, start, start, 0);
                        tracked = Some(TrackedStream::new(&self.board, *position));
                    }
                    message::Kind::Reload => reload = true,
                    message::Kind::Plain | message::Kind::Alive => {
                        if let (Some(id), Some(tracked)) = (message.id, &mut tracked) {
                            tracked.advance(id, received_at);
                            *position = tracked.position;
                        }
                    }
                }
                if let Some(screen) = &self.screen {
                    screen.update(*position, message.panels, received_at);
                }
            });
            if reload {
                return Ok(());
            }
        }
    }
}

/// The address of the stream of a page, which stays the same when the browser reconnects.
fn address(base: &str, shown: &Shown) -> String {
    let version = shown.version;
    match &shown.epoch {
        Some(epoch) => format!("{base}/events?since={version}&epoch={epoch}"),
        None => format!("{base}/events?since={version}"),
    }
}

/// The next bytes of a stream and when they arrived.
async fn next_data(body: &mut Incoming) -> Result<(bytes::Bytes, Instant), Failure> {
    loop {
        let frame = timeout(IDLE_TIMEOUT, body.frame()).await;
        let now = Instant::now();
        let lost = |detail: &str| Failure::new(FailureKind::StreamLost, detail);
        let frame = frame.map_err(|_| lost("no data for 40 s"))?;
        let frame = frame.ok_or_else(|| lost("ended"))?;
        let frame = frame.map_err(|error| lost(&Failure::from_http(&error).detail))?;
        if let Ok(bytes) = frame.into_data() {
            return Ok((bytes, now));
        }
    }
}

/// Registers an open stream with the delivery tracker of its board for as long as it exists.
struct TrackedStream {
    board: Arc<Board>,
    position: i64,
}

impl TrackedStream {
    fn new(board: &Arc<Board>, position: i64) -> TrackedStream {
        board.delivery().add_stream(position);
        TrackedStream {
            board: board.clone(),
            position,
        }
    }

    fn advance(&mut self, to: i64, now: Instant) {
        if to > self.position {
            self.board.delivery().advance_stream(self.position, to, now);
            self.position = to;
        }
    }
}

impl Drop for TrackedStream {
    fn drop(&mut self) {
        self.board.delivery().remove_stream(self.position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_names_the_epoch_of_its_page() {
        let shown = |epoch: Option<&str>| Shown {
            version: 7,
            epoch: epoch.map(str::to_owned),
        };
        let with_epoch = address("/b/x", &shown(Some("1f")));
        assert_eq!(with_epoch, "/b/x/events?since=7&epoch=1f");
        assert_eq!(address("", &shown(None)), "/events?since=7");
    }
}
