//! The result of a run as plain data, for the table, the JSON file and the HTML page. The names of JSON keys are stable.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    action::Action,
    failure::FailureSummary,
    options::Options,
    run_stats::{ActionStats, LatencySummary, RunStats, Sample},
    server_metrics::ServerMetrics,
    target::{Metric, TargetResult, Targets},
};
use crate::model::Slug;

/// What the runner measured apart from the statistics.
pub(super) struct Measurements {
    /// The URLs of the boards.
    pub(super) boards: Vec<String>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) duration: Duration,
    pub(super) interrupted: bool,
    /// The processor time of the load generator.
    pub(super) cpu_time: Duration,
    pub(super) server_metrics_before: ServerMetrics,
    pub(super) samples: Vec<Sample>,
}

#[derive(Debug, Serialize)]
pub struct Report {
    /// The version of the load generator.
    #[serde(rename = "savt")]
    pub(super) version: &'static str,
    pub(super) url: String,
    /// The URLs of the boards.
    pub(super) boards: Vec<String>,
    /// Whether the boards were created for this run.
    #[serde(rename = "own_boards")]
    pub(super) has_new_boards: bool,
    /// Whether they are deleted after the run.
    #[serde(skip)]
    pub(super) is_cleaned: bool,
    /// In UTC.
    #[serde(rename = "began")]
    pub(super) started_at: String,
    pub(super) behaviour: &'static str,
    #[serde(rename = "people")]
    pub(super) users: usize,
    #[serde(rename = "think")]
    pub(super) think_time: String,
    pub(super) ramp_s: f64,
    /// The actual duration.
    pub(super) duration_s: f64,
    pub(super) interrupted: bool,
    pub(super) requests: u64,
    pub(super) requests_per_second: f64,
    pub(super) failures_percent: f64,
    /// The response times of all actions that count as responses.
    #[serde(rename = "answers")]
    pub(super) responses: LatencySummary,
    pub(super) actions: Vec<ActionReport>,
    /// From the response to a veto until the last stream shows it.
    #[serde(rename = "shown")]
    pub(super) delivery: LatencySummary,
    /// From the last consent until the last stream shows that the board is agreed, once for each decision.
    #[serde(rename = "agreed")]
    pub(super) agreement: LatencySummary,
    pub(super) failures: Vec<FailureSummary>,
    pub(super) server: ServerReport,
    pub(super) generator: GeneratorReport,
    pub(super) targets: Vec<TargetResult>,
    /// Whether no target was missed.
    #[serde(rename = "met")]
    pub(super) is_met: bool,
    #[serde(rename = "curve")]
    pub(super) samples: Vec<Sample>,
}

/// One kind of action.
#[derive(Debug, Serialize)]
pub(super) struct ActionReport {
    pub(super) action: &'static str,
    pub(super) failures: u64,
    /// The total length of response bodies as sent, after compression.
    pub(super) bytes: u64,
    #[serde(flatten)]
    pub(super) response_time: LatencySummary,
    /// The response time without the delay of the start.
    #[serde(rename = "from_sending")]
    pub(super) service_time: LatencySummary,
}

impl ActionReport {
    /// `None` if there was no such action.
    fn new(action: Action, stats: &ActionStats) -> Option<ActionReport> {
        let response_time = stats.response_time.summary();
        (response_time.count + stats.failures > 0).then(|| ActionReport {
            action: action.name(),
            failures: stats.failures,
            bytes: stats.bytes,
            response_time,
            service_time: stats.service_time.summary(),
        })
    }
}

/// Metrics from the server's monitor.
#[derive(Debug, Default, Serialize)]
pub(super) struct ServerReport {
    pub(super) connections_max: Option<f64>,
    pub(super) cache_hits_percent: Option<f64>,
}

impl ServerReport {
    fn new(before: &ServerMetrics, samples: &[Sample]) -> ServerReport {
        let last = samples.last().map(|sample| sample.server);
        ServerReport {
            connections_max: samples
                .iter()
                .filter_map(|sample| sample.server.connections)
                .reduce(f64::max),
            cache_hits_percent: last.unwrap_or_default().cache_hits_percent_since(before),
        }
    }
}

/// The resource usage of the load generator itself.
#[derive(Debug, Default, Serialize)]
pub(super) struct GeneratorReport {
    /// In percent of one core.
    pub(super) cpu_percent: f64,
    pub(super) cpu_ms_per_1000_requests: f64,
    /// By how much actions of idle users started late.
    #[serde(rename = "own_delay")]
    pub(super) start_delay: LatencySummary,
}

impl GeneratorReport {
    /// A warning if the load generator may have distorted the results.
    pub(super) fn warning(&self) -> Option<String> {
        let is_busy = self.cpu_percent > 80.0;
        let is_late = self.start_delay.p99_ms > 20.0;
        (is_busy || is_late).then(|| {
            format!(
                "the load generator was overloaded ({:.0} % of a core, 99th percentile of its start delay {:.0} ms), so part of the measured times is its own",
                self.cpu_percent, self.start_delay.p99_ms
            )
        })
    }
}

impl Report {
    pub(super) fn new(options: &Options, stats: &RunStats, measured: Measurements) -> Report {
        let seconds = measured.duration.as_secs_f64().max(1e-9);
        let cpu_seconds = measured.cpu_time.as_secs_f64();
        let actions = Action::ALL.iter();
        let mut report = Report {
            version: env!("CARGO_PKG_VERSION"),
            url: options.url.clone(),
            boards: measured.boards,
            has_new_boards: options.board.is_none(),
            is_cleaned: options.clean,
            started_at: measured
                .started_at
                .format("%Y-%m-%d %H:%M:%S UTC")
                .to_string(),
            behaviour: options.behaviour.name(),
            users: options.users,
            think_time: options.think_time.to_string(),
            ramp_s: options.ramp.as_secs_f64(),
            duration_s: measured.duration.as_secs_f64(),
            interrupted: measured.interrupted,
            requests: stats.requests,
            requests_per_second: stats.requests as f64 / seconds,
            failures_percent: stats.failures_percent(),
            responses: stats.responses.summary(),
            actions: actions
                .filter_map(|action| ActionReport::new(*action, stats.action(*action)))
                .collect(),
            delivery: stats.delivery.summary(),
            agreement: stats.agreement.summary(),
            failures: stats.failure_counts.summaries(),
            server: ServerReport::new(&measured.server_metrics_before, &measured.samples),
            generator: GeneratorReport {
                cpu_percent: cpu_seconds * 100.0 / seconds,
                cpu_ms_per_1000_requests: cpu_seconds * 1e6 / (stats.requests.max(1) as f64),
                start_delay: stats.start_delay.summary(),
            },
            targets: Vec::new(),
            is_met: false,
            samples: measured.samples,
        };
        let targets = options.targets.clone();
        let targets = targets.unwrap_or_else(|| options.behaviour.targets());
        report.evaluate(&targets);
        report
    }

    fn evaluate(&mut self, targets: &Targets) {
        self.targets = targets.evaluate(|metric| self.metric(metric));
        self.is_met = self.targets.iter().all(|target| !target.is_missed());
    }

    fn metric(&self, metric: Metric) -> Option<f64> {
        let known = |summary: &LatencySummary, value: f64| (summary.count > 0).then_some(value);
        let (responses, delivery) = (&self.responses, &self.delivery);
        let agreement = &self.agreement;
        match metric {
            Metric::Average => known(responses, responses.average_ms),
            Metric::P50 => known(responses, responses.p50_ms),
            Metric::P95 => known(responses, responses.p95_ms),
            Metric::P99 => known(responses, responses.p99_ms),
            Metric::Max => known(responses, responses.max_ms),
            Metric::DeliveryP95 => known(delivery, delivery.p95_ms),
            Metric::DeliveryP99 => known(delivery, delivery.p99_ms),
            Metric::AgreementP95 => known(agreement, agreement.p95_ms),
            Metric::FailureRate => Some(self.failures_percent),
            Metric::RequestRate => Some(self.requests_per_second),
            Metric::Connections => self.server.connections_max,
            Metric::CacheHits => self.server.cache_hits_percent,
        }
    }

    /// The missed targets, with the measured values.
    pub(super) fn missed_targets(&self) -> Vec<String> {
        let missed = self.targets.iter().filter(|target| target.is_missed());
        missed.map(TargetResult::to_string).collect()
    }

    /// The last parts of the addresses of the boards that were created for this run.
    pub fn new_boards(&self) -> Vec<Slug> {
        let boards = self.boards.iter().filter(|_| self.has_new_boards);
        let slug = |address: &String| Slug::parse(address.rsplit('/').next()?);
        boards.filter_map(slug).collect()
    }

    /// What the run left on the server, and how to remove it.
    pub(super) fn cleanup_hint(&self) -> String {
        let boards = match self.boards.as_slice() {
            [board] => board.clone(),
            [first, .., last] => format!("{} boards from {first} to {last}", self.boards.len()),
            [] => String::new(),
        };
        match self.has_new_boards {
            true if self.is_cleaned => format!("The test data is deleted: {boards}"),
            true => format!(
                "Test data left on the server: {boards}\nNo page links to it, and its address cannot be guessed. To delete it, run `savt boards delete` with the \
                 last part of each address, which `savt boards` lists; --clean deletes it after the test."
            ),
            false => {
                format!(
                    "The test data stays on {boards}. To undo it, use the history of the board, event by event."
                )
            }
        }
    }
}
