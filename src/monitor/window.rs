//! What happened between two samples.

use std::time::Duration;

use super::sample::Sample;
use crate::{metrics::HistogramSnapshot, web::RouteStats};

#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) from: &'a Sample,
    pub(super) to: &'a Sample,
}

impl Window<'_> {
    pub(super) fn duration(&self) -> Duration {
        self.to.at.saturating_duration_since(self.from.at)
    }

    /// The values that a histogram received.
    pub(super) fn histogram(
        &self,
        of: impl Fn(&Sample) -> &HistogramSnapshot,
    ) -> HistogramSnapshot {
        of(self.to).since(of(self.from))
    }

    /// The increase of a counter.
    pub(super) fn increase(&self, of: impl Fn(&Sample) -> u64) -> u64 {
        of(self.to).saturating_sub(of(self.from))
    }

    /// The increase of a counter per second.
    pub(super) fn rate(&self, of: impl Fn(&Sample) -> u64) -> Option<f64> {
        let seconds = self.duration().as_secs_f64();
        (seconds > 0.0).then(|| self.increase(of) as f64 / seconds)
    }

    /// The share of requests that were answered with 429 or 5xx, 0 to 1.
    pub(super) fn error_rate(&self) -> Option<f64> {
        ratio(
            self.increase(|s| s.failures),
            self.increase(|s| s.responses.count()),
        )
    }

    /// The share of board look-ups that were served from memory, 0 to 1.
    pub(super) fn cache_hit_rate(&self) -> Option<f64> {
        let hits = self.increase(|s| s.cache_hits);
        ratio(hits, hits + self.increase(|s| s.cache_misses))
    }

    /// By how much fragments are smaller than pages on average, 0 to 1 (negative if they are larger).
    pub(super) fn fragment_savings(&self) -> Option<f64> {
        let page = self.histogram(|s| &s.page_bytes).mean()?;
        let fragments = self.histogram(|s| &s.fragment_bytes).mean()?;
        (page > 0.0).then(|| 1.0 - fragments / page)
    }

    /// The routes with requests, the one with the highest 95th percentile first.
    pub(super) fn slowest_routes(&self) -> Vec<RouteStats> {
        let routes = self.to.routes.iter();
        let mut routes: Vec<RouteStats> = routes.map(|route| self.route_since(route)).collect();
        routes.retain(|route| route.durations.count() > 0);
        let p95 = |route: &RouteStats| route.durations.quantile(0.95).unwrap_or_default();
        routes.sort_by(|one, other| p95(other).total_cmp(&p95(one)));
        routes
    }

    fn route_since(&self, route: &RouteStats) -> RouteStats {
        let mut earlier = self.from.routes.iter();
        let is_same =
            |earlier: &&RouteStats| earlier.route == route.route && earlier.method == route.method;
        match earlier.find(is_same) {
            Some(earlier) => RouteStats {
                durations: route.durations.since(&earlier.durations),
                failures: route.failures.saturating_sub(earlier.failures),
                ..route.clone()
            },
            None => route.clone(),
        }
    }
}

/// `None` if the whole is zero.
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::monitor::sample::testing::{empty_sample, snapshot};

    fn route(route: &str, seconds: &[f64]) -> RouteStats {
        RouteStats {
            method: "GET",
            route: route.to_owned(),
            is_board_route: true,
            durations: snapshot(seconds),
            failures: 0,
        }
    }

    #[test]
    fn rates_of_an_empty_window_are_unknown() {
        let sample = empty_sample(Instant::now());
        let window = Window {
            from: &sample,
            to: &sample,
        };
        assert_eq!(window.error_rate(), None);
        assert_eq!(window.cache_hit_rate(), None);
        assert_eq!(window.fragment_savings(), None);
        assert_eq!(window.rate(|s| s.events), None);
    }

    #[test]
    fn rates_count_only_what_happened_in_the_window() {
        let from = Sample {
            failures: 5,
            cache_hits: 10,
            cache_misses: 10,
            responses: snapshot(&[1.0; 10]),
            ..empty_sample(Instant::now())
        };
        let to = Sample {
            at: from.at + Duration::from_secs(10),
            failures: 6,
            cache_hits: 19,
            cache_misses: 11,
            responses: snapshot(&[1.0; 110]),
            page_bytes: snapshot(&[1000.0, 3000.0]),
            fragment_bytes: snapshot(&[500.0]),
            events: 50,
            ..empty_sample(from.at)
        };
        let window = Window {
            from: &from,
            to: &to,
        };
        assert_eq!(window.error_rate(), Some(0.01));
        assert_eq!(window.cache_hit_rate(), Some(0.9));
        assert_eq!(window.fragment_savings(), Some(0.75));
        assert_eq!(window.rate(|s| s.events), Some(5.0));
    }

    #[test]
    fn the_slowest_route_of_the_window_is_first() {
        let from = Sample {
            routes: vec![route("/once", &[9.0]), route("/", &[9.0])],
            ..empty_sample(Instant::now())
        };
        let to = Sample {
            routes: vec![
                route("/once", &[9.0]),
                route("/", &[9.0, 0.001]),
                route("/history", &[0.2]),
            ],
            ..from.clone()
        };
        let window = Window {
            from: &from,
            to: &to,
        };
        let slowest = window.slowest_routes();
        let routes: Vec<_> = slowest.iter().map(|route| route.route.as_str()).collect();
        assert_eq!(routes, ["/history", "/"]);
    }
}
