//! What all virtual users of a run share: the statistics, whether the run has ended, and the response timeout.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, timeout},
};

use super::{
    action::Action,
    browser::{Browser, RequestSpec, ServerResponse},
    failure::{Failure, FailureKind},
    run_stats::RunStats,
};

/// The response timeout of the page's script.
pub(super) const RESPONSE_TIMEOUT: Duration = Duration::from_secs(15);

pub(super) struct RunState {
    stats: Mutex<RunStats>,
    ended: watch::Sender<bool>,
}

impl RunState {
    pub(super) fn new() -> RunState {
        RunState {
            stats: Mutex::default(),
            ended: watch::Sender::new(false),
        }
    }

    pub(super) fn stats(&self) -> MutexGuard<'_, RunStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the run: virtual users start no further action.
    pub(super) fn end(&self) {
        self.ended.send_replace(true);
    }

    pub(super) fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// Completes when the run has ended.
    pub(super) async fn wait_for_end(&self) {
        // Fails only if the sender is dropped, which `self` owns.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    /// Sends a request and records the outcome. The request succeeds if `validate` accepts the response. `start` is the intended
    /// start of the action.
    pub(super) async fn measure<T>(
        &self,
        action: Action,
        start: Instant,
        browser: &Browser,
        request: RequestSpec<'_>,
        validate: impl FnOnce(&ServerResponse) -> Result<T, Failure>,
    ) -> Option<(ServerResponse, T)> {
        let description = format!("{} {}", request.method(), request.path);
        let sent_at = Instant::now();
        let response = timeout(RESPONSE_TIMEOUT, browser.send(request)).await;
        let response = response.unwrap_or_else(|_| Err(timeout_failure()));
        let outcome =
            response.and_then(|response| validate(&response).map(|value| (response, value)));
        let mut stats = self.stats();
        match outcome {
            Ok((response, value)) => {
                stats.record_success(action, start, sent_at, response.bytes);
                Some((response, value))
            }
            Err(failure) => {
                stats.record_failure(action, &failure, || description);
                None
            }
        }
    }
}

pub(super) fn timeout_failure() -> Failure {
    Failure::new(
        FailureKind::Timeout,
        format!("no response within {} s", RESPONSE_TIMEOUT.as_secs()),
    )
}
