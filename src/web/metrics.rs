//! Metrics of requests by route, method and status. Labels never contain client input such as a path.
//!
//! Counting a request costs a lock-free table lookup and a few atomic operations.

mod route;

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use poem::http::{Method, StatusCode};
use prometheus::{Histogram, HistogramVec, IntCounter, IntCounterVec};

pub(super) use route::NO_ROUTE;
pub use route::RouteStats;
use route::{RouteMetrics, route_name};

use crate::{
    log::LogThrottle,
    metrics::{
        Collectors, HistogramSnapshot, LATENCY_BUCKETS, counter, counters, histogram, histograms,
    },
    model::BoardId,
};

/// Histogram bounds for sizes, in bytes.
const SIZE_BOUNDS: [f64; 10] = [
    256.0,
    1_024.0,
    2_048.0,
    4_096.0,
    8_192.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
];

/// How many slow or failed requests are kept.
const MAX_NOTABLE: usize = 20;

/// The metrics of one [`App`](super::App).
pub struct Metrics {
    requests: IntCounterVec,
    durations: HistogramVec,
    receive: Histogram,
    rejected: IntCounterVec,
    rate_limited: IntCounter,
    unavailable: IntCounter,
    failed: IntCounter,
    pages: Histogram,
    fragments: Histogram,
    /// By the route pattern in poem. The router defines all patterns, so their number is bounded.
    routes: ArcSwap<HashMap<Arc<str>, Arc<RouteMetrics>>>,
    notable: Mutex<VecDeque<NotableRequest>>,
    /// Limit the log messages about rejected, failed and slow requests.
    pub(super) rejection_log: LogThrottle,
    pub(super) failure_log: LogThrottle,
    pub(super) slow_log: LogThrottle,
}

/// A request that was slow or failed.
#[derive(Clone, Debug)]
pub struct NotableRequest {
    pub at: DateTime<Utc>,
    pub method: Method,
    /// The pattern of the route, because the path contains the slug of the board, which is a secret.
    pub route: Arc<str>,
    /// The board, if it is known.
    pub board: Option<BoardId>,
    pub status: StatusCode,
    /// Without the time to receive the request.
    pub elapsed: Duration,
}

impl Metrics {
    pub(super) fn new() -> Metrics {
        let rejected = counters(
            "savt_http_refused_total",
            "Requests rejected temporarily: rate limit (429) or overload (503).",
            &["status"],
        );
        Metrics {
            requests: counters(
                "savt_http_requests_total",
                "Responses sent.",
                &["route", "method", "status"],
            ),
            durations: histograms(
                "savt_http_request_duration_seconds",
                "Time from the last byte of the request until the response; for a stream, until its start.",
                &["route", "method"],
                &LATENCY_BUCKETS,
            ),
            receive: histogram(
                "savt_http_request_receive_seconds",
                "Time to receive the body of a request, for requests that have one.",
                &LATENCY_BUCKETS,
            ),
            rate_limited: rejected.with_label_values(&["429"]),
            unavailable: rejected.with_label_values(&["503"]),
            rejected,
            failed: counter("savt_http_failed_total", "Requests that failed (5xx)."),
            pages: histogram(
                "savt_page_size_bytes",
                "Size of full board pages, before compression.",
                &SIZE_BOUNDS,
            ),
            fragments: histogram(
                "savt_fragments_size_bytes",
                "Size of fragment responses to actions, before compression.",
                &SIZE_BOUNDS,
            ),
            routes: ArcSwap::default(),
            notable: Mutex::default(),
            rejection_log: LogThrottle::default(),
            failure_log: LogThrottle::default(),
            slow_log: LogThrottle::default(),
        }
    }

    /// All collectors, for the registry.
    pub fn collectors(&self) -> Collectors {
        vec![
            Box::new(self.requests.clone()),
            Box::new(self.durations.clone()),
            Box::new(self.receive.clone()),
            Box::new(self.rejected.clone()),
            Box::new(self.failed.clone()),
            Box::new(self.pages.clone()),
            Box::new(self.fragments.clone()),
        ]
    }

    /// Records the time to receive the body of a request.
    pub(super) fn record_receive(&self, time: Duration) {
        self.receive.observe(time.as_secs_f64());
    }

    /// Counts a response. `pattern` is the pattern of the route; `None` if the request reached no route.
    pub(super) fn record(
        &self,
        pattern: Option<&Arc<str>>,
        method: &Method,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let routes = self.routes.load();
        match pattern.map_or_else(|| routes.get(NO_ROUTE), |pattern| routes.get(pattern)) {
            Some(route) => self.count(route, method, status, elapsed),
            None => {
                let pattern = pattern.cloned().unwrap_or_else(|| NO_ROUTE.into());
                self.count(&self.register(&pattern), method, status, elapsed);
            }
        }
    }

    fn count(&self, route: &RouteMetrics, method: &Method, status: StatusCode, elapsed: Duration) {
        let (method, metrics) = route.method(method);
        let name = route.name.as_str();
        let duration = metrics.duration.get_or_init(|| {
            let labels = [name, method];
            self.durations.with_label_values(&labels)
        });
        duration.observe(elapsed.as_secs_f64());
        let (counter, status_label) = metrics.status(status);
        let counter = counter.get_or_init(|| {
            let status_label = status_label.to_string();
            self.requests
                .with_label_values(&[name, method, &status_label])
        });
        counter.inc();
        match status {
            StatusCode::TOO_MANY_REQUESTS => self.rate_limited.inc(),
            StatusCode::SERVICE_UNAVAILABLE => self.unavailable.inc(),
            _ => {}
        }
        if status.is_server_error() {
            self.failed.inc();
        }
    }

    /// Adds a pattern to the table. Several patterns may belong to one route.
    fn register(&self, pattern: &Arc<str>) -> Arc<RouteMetrics> {
        let name = route_name(pattern);
        self.routes.rcu(|routes| {
            let mut routes = HashMap::clone(routes);
            if !routes.contains_key(pattern) {
                let existing = routes.values().find(|route| route.name == name).cloned();
                routes.insert(
                    pattern.clone(),
                    existing.unwrap_or_else(|| RouteMetrics::new(name)),
                );
            }
            routes
        });
        match self.routes.load().get(pattern) {
            Some(route) => route.clone(),
            None => RouteMetrics::new(name),
        }
    }

    /// Keeps a request that was slow or failed.
    pub(super) fn record_notable(
        &self,
        method: &Method,
        route: Option<&Arc<str>>,
        board: Option<BoardId>,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let request = NotableRequest {
            at: Utc::now(),
            method: method.clone(),
            route: route.cloned().unwrap_or_else(|| NO_ROUTE.into()),
            board,
            status,
            elapsed,
        };
        let mut notable = self.notable.lock().unwrap_or_else(PoisonError::into_inner);
        notable.truncate(MAX_NOTABLE - 1);
        notable.push_front(request);
    }

    /// The last requests that were slow or failed, newest first.
    pub fn notable_requests(&self) -> Vec<NotableRequest> {
        let notable = self.notable.lock().unwrap_or_else(PoisonError::into_inner);
        notable.iter().cloned().collect()
    }

    /// Records the size of a full board page.
    pub(super) fn record_page(&self, bytes: usize) {
        self.pages.observe(bytes as f64);
    }

    /// Records the size of a fragment response to an action.
    pub(super) fn record_fragments(&self, bytes: usize) {
        self.fragments.observe(bytes as f64);
    }

    /// The sizes of full pages and of fragment responses, in bytes.
    pub fn sizes(&self) -> (HistogramSnapshot, HistogramSnapshot) {
        (
            HistogramSnapshot::from_histogram(&self.pages),
            HistogramSnapshot::from_histogram(&self.fragments),
        )
    }

    /// The counts of each route and method that was requested.
    pub fn by_route(&self) -> Vec<RouteStats> {
        let by_pattern = self.routes.load();
        let mut routes: Vec<&Arc<RouteMetrics>> = by_pattern.values().collect();
        routes.sort_by(|one, other| one.name.cmp(&other.name));
        routes.dedup_by(|one, other| one.name == other.name);
        routes.into_iter().flat_map(|route| route.stats()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(2);

    fn record(metrics: &Metrics, pattern: &str, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        metrics.record(Some(&pattern.into()), &Method::GET, status, QUICK);
    }

    #[test]
    fn a_route_is_counted_once_for_all_boards() {
        let metrics = Metrics::new();
        record(&metrics, "/b/:board/", 200);
        record(&metrics, "/", 200);
        record(&metrics, "/", 503);
        let [route] = &metrics.by_route()[..] else {
            panic!("not one route");
        };
        assert_eq!((route.route.as_str(), route.method), ("/", "GET"));
        assert_eq!((route.durations.count(), route.failures), (3, 1));
        assert!(route.is_board_route);
    }

    #[test]
    fn requests_without_a_route_are_counted_together() {
        let metrics = Metrics::new();
        for _ in 0..3 {
            metrics.record(None, &Method::OPTIONS, StatusCode::NOT_FOUND, QUICK);
        }
        let [route] = &metrics.by_route()[..] else {
            panic!("not one route");
        };
        assert_eq!((route.route.as_str(), route.method), (NO_ROUTE, "other"));
        assert!(!route.is_board_route);
    }

    #[test]
    fn only_the_latest_notable_requests_are_kept() {
        let metrics = Metrics::new();
        for n in 0..30 {
            let board = Some(BoardId(n));
            metrics.record_notable(&Method::GET, None, board, StatusCode::OK, QUICK);
        }
        let notable = metrics.notable_requests();
        assert_eq!(notable.len(), MAX_NOTABLE);
        assert_eq!(notable[0].board, Some(BoardId(29)));
        assert_eq!(notable[19].board, Some(BoardId(10)));
    }
}
