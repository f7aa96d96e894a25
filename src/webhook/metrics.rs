//! The metrics of one endpoint, and of all.

use prometheus::{IntCounter, IntCounterVec, IntGauge, IntGaugeVec};

use super::endpoint::Endpoint;
use crate::metrics::{Collectors, counters, gauges};

const LABELS: [&str; 2] = ["endpoint", "host"];

/// The metrics of all endpoints.
pub(super) struct Metrics {
    deliveries: IntCounterVec,
    failures: IntCounterVec,
    backlog: IntGaugeVec,
    oldest: IntGaugeVec,
    disabled: IntGaugeVec,
}

/// The metrics of one endpoint.
#[derive(Clone)]
pub(super) struct EndpointMetrics {
    /// Messages that this process delivered.
    pub(super) deliveries: IntCounter,
    /// Attempts of this process that failed.
    pub(super) failures: IntCounter,
    /// Events that no process delivered yet.
    pub(super) backlog: IntGauge,
    /// The age of the oldest of them, in seconds.
    pub(super) oldest: IntGauge,
    pub(super) disabled: IntGauge,
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        Metrics {
            deliveries: counters(
                "savt_webhook_deliveries_total",
                "Messages that this process delivered to an endpoint.",
                &LABELS,
            ),
            failures: counters(
                "savt_webhook_failures_total",
                "Attempts of this process to deliver a message that failed.",
                &LABELS,
            ),
            backlog: gauges(
                "savt_webhook_backlog_events",
                "Events that are not delivered to an endpoint yet.",
                &LABELS,
            ),
            oldest: gauges(
                "savt_webhook_oldest_seconds",
                "Age of the oldest event that is not delivered to an endpoint yet, or 0.",
                &LABELS,
            ),
            disabled: gauges(
                "savt_webhook_disabled",
                "1 if an endpoint is switched off, else 0.",
                &LABELS,
            ),
        }
    }

    pub(super) fn of(&self, endpoint: &Endpoint) -> EndpointMetrics {
        let labels = [endpoint.id(), endpoint.host()];
        EndpointMetrics {
            deliveries: self.deliveries.with_label_values(&labels),
            failures: self.failures.with_label_values(&labels),
            backlog: self.backlog.with_label_values(&labels),
            oldest: self.oldest.with_label_values(&labels),
            disabled: self.disabled.with_label_values(&labels),
        }
    }

    pub(super) fn collectors(&self) -> Collectors {
        vec![
            Box::new(self.deliveries.clone()),
            Box::new(self.failures.clone()),
            Box::new(self.backlog.clone()),
            Box::new(self.oldest.clone()),
            Box::new(self.disabled.clone()),
        ]
    }
}
