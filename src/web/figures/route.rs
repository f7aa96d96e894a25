//! What is counted of one route, by method and status.

use std::sync::{Arc, OnceLock};

use poem::http::{Method, StatusCode};
use prometheus::{Histogram, IntCounter};

use crate::{figures::Tally, view};

/// The route of what reached none: no such address, or refused before.
pub(super) const NO_ROUTE: &str = "none";

/// Routes that are no part of what people do on boards.
const ASIDE: [&str; 8] = [
    "/assets/:name",
    "/favicon.ico",
    view::manifest::ADDRESS,
    "/healthz",
    "/readyz",
    view::login::ADDRESS,
    "/logout",
    NO_ROUTE,
];

/// Every status SAVT answers with; another would be counted as 0.
const STATUSES: [u16; 21] = [
    200, 303, 304, 307, 400, 401, 403, 404, 405, 408, 409, 410, 411, 413, 415, 422, 429, 500, 503,
    504, 0,
];

const METHODS: [&str; 4] = ["GET", "POST", "HEAD", "other"];

/// One route, under whichever address it stands.
pub(super) struct Route {
    pub(super) name: String,
    methods: [OfMethod; METHODS.len()],
}

/// Made when first needed, so that only what happens is told.
#[derive(Default)]
pub(super) struct OfMethod {
    pub(super) duration: OnceLock<Histogram>,
    statuses: [OnceLock<IntCounter>; STATUSES.len()],
}

/// What was counted of a route and method.
#[derive(Clone, Debug)]
pub struct OfRoute {
    pub method: &'static str,
    pub route: String,
    /// Whether it is something people do on a board.
    pub of_a_board: bool,
    /// How long answers took, in seconds.
    pub durations: Tally,
    /// Answers that refused for now (429, 503) or failed (5xx).
    pub failures: u64,
}

impl Route {
    pub(super) fn new(name: &str) -> Arc<Route> {
        Arc::new(Route {
            name: name.to_owned(),
            methods: Default::default(),
        })
    }

    pub(super) fn of(&self, method: &Method) -> (&'static str, &OfMethod) {
        let place = match *method {
            Method::GET => 0,
            Method::POST => 1,
            Method::HEAD => 2,
            _ => 3,
        };
        (METHODS[place], &self.methods[place])
    }

    pub(super) fn counted(&self) -> impl Iterator<Item = OfRoute> {
        METHODS
            .iter()
            .zip(&self.methods)
            .filter_map(|(method, of)| {
                Some(OfRoute {
                    method,
                    route: self.name.clone(),
                    of_a_board: !ASIDE.contains(&self.name.as_str()),
                    durations: Tally::of(of.duration.get()?),
                    failures: of.failures(),
                })
            })
    }
}

impl OfMethod {
    /// The counter of a status, and what the status is told as if it has none yet.
    pub(super) fn status(&self, status: StatusCode) -> (&OnceLock<IntCounter>, u16) {
        let last = STATUSES.len() - 1;
        let place = STATUSES.iter().position(|known| *known == status.as_u16());
        let place = place.unwrap_or(last);
        (&self.statuses[place], STATUSES[place])
    }

    fn failures(&self) -> u64 {
        let counted = STATUSES.iter().zip(&self.statuses);
        let failed = counted.filter(|(status, _)| **status == 429 || **status >= 500);
        failed
            .filter_map(|(_, counter)| counter.get())
            .map(IntCounter::get)
            .sum()
    }
}

/// The route a pattern is of: the same under every board's address, with and without a slash at its end.
pub(super) fn route_of(pattern: &str) -> &str {
    let within = pattern.strip_prefix("/b/:board").unwrap_or(pattern);
    match within.strip_suffix('/').unwrap_or(within) {
        "" => "/",
        route => route,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_of_one_route() {
        for (pattern, route) in [
            ("/", "/"),
            ("/b/:board", "/"),
            ("/b/:board/", "/"),
            ("/create/item/", "/create/item"),
            ("/b/:board/create/item", "/create/item"),
            ("/boards", "/boards"),
        ] {
            assert_eq!(route_of(pattern), route);
        }
    }
}
