//! Metrics of one route, by method and status.

use std::sync::{Arc, OnceLock};

use poem::http::{Method, StatusCode};
use prometheus::{Histogram, IntCounter};

use crate::{metrics::HistogramSnapshot, view};

/// Stands for requests that reached no route: unknown addresses and rejected requests.
pub(in crate::web) const NO_ROUTE: &str = "none";

/// Routes that are not part of a board; those of the API are none either.
const NON_BOARD_ROUTES: [&str; 8] = [
    "/assets/:name",
    view::url::FAVICON,
    view::url::MANIFEST,
    view::url::HEALTH,
    view::url::READY,
    view::url::LOGIN,
    view::url::LOGOUT,
    NO_ROUTE,
];

/// Every status that SAVT sends; any other is counted as 0.
const STATUSES: [u16; 30] = [
    200, 201, 204, 206, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412,
    413, 415, 421, 422, 423, 429, 431, 500, 503, 504, 0,
];

const METHODS: [&str; 7] = ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "other"];

/// The metrics of one route with all its patterns.
pub(super) struct RouteMetrics {
    pub(super) name: String,
    methods: [MethodMetrics; METHODS.len()],
}

/// Created on first use, so that only labels that occur are exported.
#[derive(Default)]
pub(super) struct MethodMetrics {
    pub(super) duration: OnceLock<Histogram>,
    statuses: [OnceLock<IntCounter>; STATUSES.len()],
}

/// The counts of one route and method.
#[derive(Clone, Debug)]
pub struct RouteStats {
    pub method: &'static str,
    pub route: String,
    /// Whether the route belongs to the pages of a board, so that a person waits for it.
    pub is_board_route: bool,
    /// Response times, in seconds.
    pub durations: HistogramSnapshot,
    /// Responses with 429 or 5xx.
    pub failures: u64,
}

impl RouteMetrics {
    pub(super) fn new(name: &str) -> Arc<RouteMetrics> {
        Arc::new(RouteMetrics {
            name: name.to_owned(),
            methods: Default::default(),
        })
    }

    pub(super) fn method(&self, method: &Method) -> (&'static str, &MethodMetrics) {
        let index = match *method {
            Method::GET => 0,
            Method::POST => 1,
            Method::HEAD => 2,
            Method::PUT => 3,
            Method::PATCH => 4,
            Method::DELETE => 5,
            _ => 6,
        };
        (METHODS[index], &self.methods[index])
    }

    pub(super) fn stats(&self) -> impl Iterator<Item = RouteStats> {
        METHODS
            .iter()
            .zip(&self.methods)
            .filter_map(|(method, metrics)| {
                Some(RouteStats {
                    method,
                    route: self.name.clone(),
                    is_board_route: is_board_route(&self.name),
                    durations: HistogramSnapshot::from_histogram(metrics.duration.get()?),
                    failures: metrics.failures(),
                })
            })
    }
}

impl MethodMetrics {
    /// The counter of a status, and the label for it.
    pub(super) fn status(&self, status: StatusCode) -> (&OnceLock<IntCounter>, u16) {
        let last = STATUSES.len() - 1;
        let index = STATUSES.iter().position(|known| *known == status.as_u16());
        let index = index.unwrap_or(last);
        (&self.statuses[index], STATUSES[index])
    }

    fn failures(&self) -> u64 {
        let counters = STATUSES.iter().zip(&self.statuses);
        let failures = counters.filter(|(status, _)| **status == 429 || **status >= 500);
        failures
            .filter_map(|(_, counter)| counter.get())
            .map(IntCounter::get)
            .sum()
    }
}

/// The targets are about people at pages: programs that read large boards must not change the figures.
fn is_board_route(name: &str) -> bool {
    !NON_BOARD_ROUTES.contains(&name) && !view::url::is_api(name)
}

/// The name of the route of a pattern: without the board and without a trailing slash.
pub(super) fn route_name(pattern: &str) -> &str {
    let path = pattern
        .strip_prefix(view::url::BOARD_ROUTE)
        .unwrap_or(pattern);
    match path.strip_suffix('/').unwrap_or(path) {
        "" => "/",
        route => route,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_one_route_have_one_name() {
        for (pattern, route) in [
            ("/", "/"),
            ("/b/:board", "/"),
            ("/b/:board/", "/"),
            ("/create/item/", "/create/item"),
            ("/b/:board/create/item", "/create/item"),
            ("/boards", "/boards"),
            (
                "/api/v1/boards/:slug/items/:id",
                "/api/v1/boards/:slug/items/:id",
            ),
        ] {
            assert_eq!(route_name(pattern), route);
        }
    }

    #[test]
    fn routes_of_the_api_are_no_board_routes() {
        for (name, is_board) in [
            ("/", true),
            ("/features/:id/veto", true),
            ("/api/v1/boards/:slug", false),
            ("/api/v1/boards/:slug/features/:id/veto", false),
            (NO_ROUTE, false),
        ] {
            assert_eq!(is_board_route(name), is_board, "{name}");
        }
    }

    #[test]
    fn methods_and_statuses_of_the_api_are_counted_by_name() {
        let route = RouteMetrics::new("/api/v1/boards/:slug/items/:id");
        for method in [Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(route.method(&method).0, method.as_str());
        }
        assert_eq!(route.method(&Method::OPTIONS).0, "other");
        for status in [201, 204, 206, 406, 412, 423] {
            let (_, metrics) = route.method(&Method::PATCH);
            let (_, label) = metrics.status(StatusCode::from_u16(status).unwrap());
            assert_eq!(label, status);
        }
    }

    #[test]
    fn a_response_to_oversized_headers_is_counted_by_its_status() {
        let metrics = MethodMetrics::default();
        let (_, label) = metrics.status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        assert_eq!(label, 431);
        let (_, label) = metrics.status(StatusCode::IM_A_TEAPOT);
        assert_eq!(label, 0);
    }
}
