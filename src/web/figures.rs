//! What is counted of requests: by route, method and status, never by what somebody may choose, such as a path.
//!
//! Whatever has been counted once costs a look into a table that is never locked and a few atomics.

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

pub use route::OfRoute;
use route::{NO_ROUTE, Route, route_of};

use crate::{
    figures::{Collected, SECONDS, Tally, counter, counters, histogram, histograms},
    log::Seldom,
};

/// Upper bounds for what is rendered, in bytes.
const BYTES: [f64; 10] = [
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

/// How many slow or failed requests are remembered.
const REMEMBERED: usize = 20;

/// The figures of one web side.
pub struct Figures {
    requests: IntCounterVec,
    durations: HistogramVec,
    refused: IntCounterVec,
    too_fast: IntCounter,
    unavailable: IntCounter,
    failed: IntCounter,
    pages: Histogram,
    fragments: Histogram,
    /// By the pattern poem knows a route by. Patterns are those of the table of routes, so there is an end to them.
    known: ArcSwap<HashMap<Arc<str>, Arc<Route>>>,
    noted: Mutex<VecDeque<Noted>>,
    /// Of which the log tells some.
    pub(super) refusals: Seldom,
}

/// One request that was slow, or failed.
#[derive(Clone, Debug)]
pub struct Noted {
    pub at: DateTime<Utc>,
    pub method: Method,
    /// Without the name of a board, which opens it, and without the query.
    pub path: String,
    pub status: StatusCode,
    pub took: Duration,
}

impl Figures {
    pub(super) fn new() -> Figures {
        let refused = counters(
            "savt_http_refused_total",
            "Requests refused for now: too fast (429), or too much at once (503).",
            &["status"],
        );
        Figures {
            requests: counters(
                "savt_http_requests_total",
                "Requests answered.",
                &["route", "method", "status"],
            ),
            durations: histograms(
                "savt_http_request_duration_seconds",
                "How long answers took; for a stream, to begin.",
                &["route", "method"],
                &SECONDS,
            ),
            too_fast: refused.with_label_values(&["429"]),
            unavailable: refused.with_label_values(&["503"]),
            refused,
            failed: counter("savt_http_failed_total", "Requests that failed (5xx)."),
            pages: histogram(
                "savt_page_size_bytes",
                "Size of whole pages of boards, before compression.",
                &BYTES,
            ),
            fragments: histogram(
                "savt_fragments_size_bytes",
                "Size of answers of fragments to actions, before compression.",
                &BYTES,
            ),
            known: ArcSwap::default(),
            noted: Mutex::default(),
            refusals: Seldom::default(),
        }
    }

    /// All of them, for whoever collects.
    pub fn collected(&self) -> Collected {
        vec![
            Box::new(self.requests.clone()),
            Box::new(self.durations.clone()),
            Box::new(self.refused.clone()),
            Box::new(self.failed.clone()),
            Box::new(self.pages.clone()),
            Box::new(self.fragments.clone()),
        ]
    }

    /// Counts an answer. `pattern` is the route's, none if the request reached none.
    pub(super) fn answered(
        &self,
        pattern: Option<&Arc<str>>,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let known = self.known.load();
        match pattern.map_or_else(|| known.get(NO_ROUTE), |pattern| known.get(pattern)) {
            Some(route) => self.count(route, method, status, took),
            None => {
                let pattern = pattern.cloned().unwrap_or_else(|| NO_ROUTE.into());
                self.count(&self.learn(&pattern), method, status, took);
            }
        }
    }

    fn count(&self, route: &Route, method: &Method, status: StatusCode, took: Duration) {
        let (method, of_method) = route.of(method);
        let name = route.name.as_str();
        let duration = of_method.duration.get_or_init(|| {
            let labels = [name, method];
            self.durations.with_label_values(&labels)
        });
        duration.observe(took.as_secs_f64());
        let (counter, told) = of_method.status(status);
        let counter = counter.get_or_init(|| {
            let told = told.to_string();
            self.requests.with_label_values(&[name, method, &told])
        });
        counter.inc();
        match status {
            StatusCode::TOO_MANY_REQUESTS => self.too_fast.inc(),
            StatusCode::SERVICE_UNAVAILABLE => self.unavailable.inc(),
            _ => {}
        }
        if status.is_server_error() {
            self.failed.inc();
        }
    }

    /// Takes a pattern into the table; one route stands under several of them.
    fn learn(&self, pattern: &Arc<str>) -> Arc<Route> {
        let name = route_of(pattern);
        self.known.rcu(|known| {
            let mut known = HashMap::clone(known);
            if !known.contains_key(pattern) {
                let same = known.values().find(|route| route.name == name).cloned();
                known.insert(pattern.clone(), same.unwrap_or_else(|| Route::new(name)));
            }
            known
        });
        match self.known.load().get(pattern) {
            Some(route) => route.clone(),
            None => Route::new(name),
        }
    }

    /// Remembers a request that was slow, or failed.
    pub(super) fn note(&self, method: &Method, path: &str, status: StatusCode, took: Duration) {
        let noted = Noted {
            at: Utc::now(),
            method: method.clone(),
            path: without_board(path),
            status,
            took,
        };
        let mut all = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        all.truncate(REMEMBERED - 1);
        all.push_front(noted);
    }

    /// The last requests that were slow or failed, the newest first.
    pub fn noted(&self) -> Vec<Noted> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.iter().cloned().collect()
    }

    /// A board's whole page of so many bytes was rendered.
    pub(super) fn page(&self, bytes: usize) {
        self.pages.observe(bytes as f64);
    }

    /// Fragments of so many bytes were rendered as the answer to an action.
    pub(super) fn fragments(&self, bytes: usize) {
        self.fragments.observe(bytes as f64);
    }

    /// The sizes of whole pages and of fragments, in bytes.
    pub fn sizes(&self) -> (Tally, Tally) {
        (Tally::of(&self.pages), Tally::of(&self.fragments))
    }

    /// What was counted so far of each route and method that was asked for.
    pub fn by_route(&self) -> Vec<OfRoute> {
        let known = self.known.load();
        let mut routes: Vec<&Arc<Route>> = known.values().collect();
        routes.sort_by(|one, other| one.name.cmp(&other.name));
        routes.dedup_by(|one, other| one.name == other.name);
        routes
            .into_iter()
            .flat_map(|route| route.counted())
            .collect()
    }
}

/// A path without the name of the board in it: whoever knows that may take part.
fn without_board(path: &str) -> String {
    match path.strip_prefix("/b/") {
        Some(rest) => match rest.split_once('/') {
            Some((_, within)) => format!("/b/…/{within}"),
            None => "/b/…".to_owned(),
        },
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_millis(2);

    fn answer(figures: &Figures, pattern: &str, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        figures.answered(Some(&pattern.into()), &Method::GET, status, QUICK);
    }

    #[test]
    fn a_route_is_one_under_every_board() {
        let figures = Figures::new();
        answer(&figures, "/b/:board/", 200);
        answer(&figures, "/", 200);
        answer(&figures, "/", 503);
        let [of] = &figures.by_route()[..] else {
            panic!("not one route");
        };
        assert_eq!((of.route.as_str(), of.method), ("/", "GET"));
        assert_eq!((of.durations.count(), of.failures), (3, 1));
        assert!(of.of_a_board);
    }

    #[test]
    fn what_reached_no_route_is_one() {
        let figures = Figures::new();
        for _ in 0..3 {
            figures.answered(None, &Method::DELETE, StatusCode::NOT_FOUND, QUICK);
        }
        let [of] = &figures.by_route()[..] else {
            panic!("not one route");
        };
        assert_eq!((of.route.as_str(), of.method), (NO_ROUTE, "other"));
        assert!(!of.of_a_board);
    }

    #[test]
    fn no_board_is_named() {
        assert_eq!(without_board("/b/secret"), "/b/…");
        assert_eq!(without_board("/b/secret/undo/7"), "/b/…/undo/7");
        assert_eq!(without_board("/undo/7"), "/undo/7");
    }

    #[test]
    fn only_the_last_are_remembered() {
        let figures = Figures::new();
        for n in 0..30 {
            figures.note(&Method::GET, &format!("/items/{n}"), StatusCode::OK, QUICK);
        }
        let noted = figures.noted();
        assert_eq!(noted.len(), REMEMBERED);
        assert_eq!(noted[0].path, "/items/29");
        assert_eq!(noted[19].path, "/items/10");
    }
}
