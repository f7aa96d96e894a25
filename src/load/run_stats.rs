//! Latency histograms and counts of a run: in total, by action, and since the last sample. Knows no HTTP.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;
use tokio::time::Instant;

use super::{
    action::Action,
    failure::{Failure, FailureCounts},
    schedule::Start,
    server_metrics::ServerMetrics,
};

/// Latencies in microseconds, with three significant digits.
pub(super) struct LatencyHistogram(Histogram<u64>);

impl Default for LatencyHistogram {
    fn default() -> LatencyHistogram {
        #[expect(clippy::expect_used, reason = "the argument is a valid constant")]
        LatencyHistogram(Histogram::new(3).expect("three significant digits are valid"))
    }
}

impl LatencyHistogram {
    pub(super) fn record(&mut self, latency: Duration) {
        let us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX / 2);
        // A histogram that resizes itself accepts any value.
        let _ = self.0.record(us);
    }

    pub(super) fn summary(&self) -> LatencySummary {
        let at = |quantile| self.0.value_at_quantile(quantile) as f64 / 1_000.0;
        LatencySummary {
            count: self.0.len(),
            average_ms: self.0.mean() / 1_000.0,
            p50_ms: at(0.5),
            p95_ms: at(0.95),
            p99_ms: at(0.99),
            max_ms: self.0.max() as f64 / 1_000.0,
        }
    }

    /// The summary of the values so far, which are then cleared.
    fn take_summary(&mut self) -> LatencySummary {
        let summary = self.summary();
        self.0.reset();
        summary
    }
}

/// Average and percentiles of latencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct LatencySummary {
    pub(super) count: u64,
    pub(super) average_ms: f64,
    pub(super) p50_ms: f64,
    pub(super) p95_ms: f64,
    pub(super) p99_ms: f64,
    pub(super) max_ms: f64,
}

/// The statistics of one kind of action.
#[derive(Default)]
pub(super) struct ActionStats {
    pub(super) failures: u64,
    /// The total length of response bodies as sent.
    pub(super) bytes: u64,
    /// From the intended start to the end of the response.
    pub(super) response_time: LatencyHistogram,
    /// From sending the request to the end of the response.
    pub(super) service_time: LatencyHistogram,
}

/// One point of the time series. Apart from `at_s`, `users` and `server`, it covers the time since the previous sample.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Sample {
    /// Seconds since the start of the run.
    pub(super) at_s: f64,
    #[serde(rename = "people")]
    pub(super) users: usize,
    pub(super) requests_per_second: f64,
    pub(super) failures: u64,
    #[serde(rename = "answers")]
    pub(super) responses: LatencySummary,
    /// From the response to a veto until the last stream shows it.
    #[serde(rename = "shown")]
    pub(super) delivery: LatencySummary,
    /// From the last consent until the last stream shows that the board is agreed.
    #[serde(rename = "agreed")]
    pub(super) agreement: LatencySummary,
    #[serde(flatten)]
    pub(super) server: ServerMetrics,
}

#[derive(Default)]
pub(super) struct RunStats {
    actions: [ActionStats; Action::ALL.len()],
    /// Response times of all actions that count as responses.
    pub(super) responses: LatencyHistogram,
    pub(super) delivery: LatencyHistogram,
    pub(super) agreement: LatencyHistogram,
    /// By how much the load generator itself was late.
    pub(super) start_delay: LatencyHistogram,
    pub(super) failure_counts: FailureCounts,
    pub(super) failures: u64,
    pub(super) requests: u64,
    since_sample: SampleStats,
}

/// The statistics since the last sample.
#[derive(Default)]
struct SampleStats {
    requests: u64,
    failures: u64,
    responses: LatencyHistogram,
    delivery: LatencyHistogram,
    agreement: LatencyHistogram,
}

impl RunStats {
    pub(super) fn action(&self, action: Action) -> &ActionStats {
        &self.actions[action as usize]
    }

    /// Records a complete and valid response that has just arrived.
    pub(super) fn record_success(
        &mut self,
        action: Action,
        start: Instant,
        sent_at: Instant,
        bytes: u64,
    ) {
        let now = Instant::now();
        let response_time = now.saturating_duration_since(start);
        let stats = &mut self.actions[action as usize];
        stats.response_time.record(response_time);
        stats
            .service_time
            .record(now.saturating_duration_since(sent_at));
        stats.bytes += bytes;
        if action.counts_as_response() {
            self.responses.record(response_time);
            self.since_sample.responses.record(response_time);
        }
        self.requests += 1;
        self.since_sample.requests += 1;
    }

    /// Records a failed request. Its time does not count, because failing fast would look like speed.
    pub(super) fn record_failure(
        &mut self,
        action: Action,
        failure: &Failure,
        request: impl FnOnce() -> String,
    ) {
        self.actions[action as usize].failures += 1;
        self.requests += 1;
        self.since_sample.requests += 1;
        self.add_failure(failure, request);
    }

    /// Counts a failure that belongs to no single request.
    pub(super) fn add_failure(&mut self, failure: &Failure, context: impl FnOnce() -> String) {
        self.failure_counts.add(failure, context);
        self.failures += 1;
        self.since_sample.failures += 1;
    }

    pub(super) fn add_bytes(&mut self, action: Action, bytes: u64) {
        self.actions[action as usize].bytes += bytes;
    }

    pub(super) fn record_deliveries(&mut self, latencies: &[Duration]) {
        for latency in latencies {
            self.delivery.record(*latency);
            self.since_sample.delivery.record(*latency);
        }
    }

    pub(super) fn record_agreement(&mut self, latency: Duration) {
        self.agreement.record(latency);
        self.since_sample.agreement.record(latency);
    }

    pub(super) fn record_start(&mut self, start: Start) {
        if let Some(delay) = start.delay {
            self.start_delay.record(delay);
        }
    }

    /// Takes a sample. `elapsed` is the time since the previous one.
    pub(super) fn take_sample(&mut self, elapsed: Duration) -> Sample {
        let recent = &mut self.since_sample;
        let sample = Sample {
            requests_per_second: recent.requests as f64 / elapsed.as_secs_f64().max(1e-9),
            failures: recent.failures,
            responses: recent.responses.take_summary(),
            delivery: recent.delivery.take_summary(),
            agreement: recent.agreement.take_summary(),
            ..Sample::default()
        };
        recent.requests = 0;
        recent.failures = 0;
        sample
    }

    /// Failures in percent of all requests.
    pub(super) fn failures_percent(&self) -> f64 {
        match self.requests {
            0 => 0.0,
            requests => self.failures as f64 * 100.0 / requests as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::failure::FailureKind;

    #[test]
    fn successes_and_failures_are_counted_separately() {
        let mut stats = RunStats::default();
        let now = Instant::now();
        for _ in 0..3 {
            stats.record_success(Action::Veto, now, now, 10);
        }
        stats.record_success(Action::Asset, now, now, 1_000);
        let failure = Failure::new(FailureKind::Timeout, "");
        stats.record_failure(Action::Veto, &failure, String::new);
        assert_eq!(stats.action(Action::Veto).response_time.summary().count, 3);
        assert_eq!(stats.action(Action::Veto).failures, 1);
        assert_eq!(stats.action(Action::Asset).bytes, 1_000);
        assert_eq!(stats.responses.summary().count, 3, "assets do not count");
        assert_eq!(stats.failures_percent(), 20.0);
        let sample = stats.take_sample(Duration::from_secs(1));
        assert_eq!((sample.requests_per_second, sample.failures), (5.0, 1));
        let next = stats.take_sample(Duration::from_secs(1));
        assert_eq!((next.requests_per_second, next.responses.count), (0.0, 0));
    }

    #[test]
    fn latencies_are_summarized_in_milliseconds() {
        let mut histogram = LatencyHistogram::default();
        for ms in 1..=100 {
            histogram.record(Duration::from_millis(ms));
        }
        let summary = histogram.summary();
        assert!((summary.p50_ms - 50.0).abs() < 0.1, "{summary:?}");
        assert!((summary.p99_ms - 99.0).abs() < 0.1, "{summary:?}");
        assert!((summary.average_ms - 50.5).abs() < 0.1, "{summary:?}");
    }

    #[test]
    fn the_json_keys_of_a_sample_are_stable() {
        let json = serde_json::to_value(Sample::default()).unwrap();
        let keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        let expected = [
            "agreed",
            "answers",
            "at_s",
            "failures",
            "people",
            "requests_per_second",
            "shown",
        ];
        for key in expected {
            assert!(keys.iter().any(|known| known == key), "{key} in {keys:?}");
        }
        assert_eq!(keys.len(), expected.len(), "{keys:?}");
    }
}
