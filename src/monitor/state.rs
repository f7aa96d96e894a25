//! What the monitor keeps between requests: the metrics registry and the history of samples.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;
use prometheus::Registry;
use tokio::time::MissedTickBehavior;

use super::{
    collect::{self, StartTime},
    history::{History, SAMPLE_INTERVAL},
    sample::Sample,
};
use crate::{
    web::App,
    webhook::{Status, Webhooks},
};

#[derive(Clone)]
pub(super) struct MonitorState(Arc<Shared>);

struct Shared {
    app: App,
    webhooks: Option<Webhooks>,
    /// When the monitor started, which is when the process began to serve.
    started_at: StartTime,
    registry: Registry,
    history: Mutex<History>,
}

impl MonitorState {
    pub(super) fn new(app: App, webhooks: Option<Webhooks>) -> MonitorState {
        MonitorState(Arc::new(Shared {
            registry: collect::registry(&app, webhooks.as_ref()),
            history: Mutex::new(History::new(Sample::take(&app))),
            started_at: StartTime {
                instant: Instant::now(),
                utc: Utc::now(),
            },
            app,
            webhooks,
        }))
    }

    pub(super) fn app(&self) -> &App {
        &self.0.app
    }

    /// What is known about each endpoint of webhooks.
    pub(super) fn webhooks(&self) -> Vec<Status> {
        let webhooks = self.0.webhooks.as_ref();
        webhooks.map(Webhooks::statuses).unwrap_or_default()
    }

    pub(super) fn uptime(&self) -> Duration {
        self.0.started_at.instant.elapsed()
    }

    pub(super) fn history(&self) -> MutexGuard<'_, History> {
        self.0
            .history
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// All metrics in the Prometheus text format.
    pub(super) fn metrics_text(&self) -> prometheus::Result<String> {
        let shared = &self.0;
        collect::metrics_text(&shared.registry, &shared.app, &shared.started_at)
    }

    /// Takes a sample at every interval; never returns.
    pub(super) async fn sample_forever(self) {
        let mut ticks = tokio::time::interval(SAMPLE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await; // completes at once; the first sample exists already
        loop {
            ticks.tick().await;
            let sample = Sample::take(self.app());
            self.history().push(sample);
        }
    }
}
