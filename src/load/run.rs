//! What all who take part in a run share: when it began and when it is over, what is counted, how long anyone waits.

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
    browser::{Answer, Ask, Browser},
    failure::{Failure, Kind},
    tally::Tally,
};

/// How long an answer is waited for: as long as the page's script does.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

pub(super) struct Run {
    tally: Mutex<Tally>,
    over: watch::Sender<bool>,
}

impl Run {
    pub(super) fn new() -> Run {
        Run {
            tally: Mutex::default(),
            over: watch::Sender::new(false),
        }
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody starts anything any more.
    pub(super) fn end(&self) {
        self.over.send_replace(true);
    }

    pub(super) fn is_over(&self) -> bool {
        *self.over.borrow()
    }

    /// Waits until nobody starts anything any more.
    pub(super) async fn over(&self) {
        // The sender is kept beside, so there is an end to wait for.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    /// Does something and counts it: as answered if `right` finds in the answer what is wanted.
    pub(super) async fn measure<T>(
        &self,
        action: Action,
        start: Instant,
        browser: &Browser,
        ask: Ask<'_>,
        right: impl FnOnce(&Answer) -> Result<T, Failure>,
    ) -> Option<(Answer, T)> {
        let what = format!("{} {}", ask.method(), ask.path);
        let sent = Instant::now();
        let asked = timeout(PATIENCE, browser.ask(ask)).await;
        let asked = asked.unwrap_or_else(|_| Err(timed_out()));
        let judged = asked.and_then(|answer| right(&answer).map(|found| (answer, found)));
        let mut tally = self.tally();
        match judged {
            Ok((answer, found)) => {
                tally.answered(action, start, sent, answer.bytes);
                Some((answer, found))
            }
            Err(failure) => {
                tally.failed(action, &failure, || what);
                None
            }
        }
    }
}

pub(super) fn timed_out() -> Failure {
    Failure::new(
        Kind::Timeout,
        format!("no answer within {} s", PATIENCE.as_secs()),
    )
}
