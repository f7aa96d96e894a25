//! All figures at one moment, as they count up, and what lies between two moments.

use std::time::{Duration, Instant};

use super::process;
use crate::{
    db::Backend,
    figures::Tally,
    web::{App, OfRoute},
};

/// The figures at one moment.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) at: Instant,
    pub(super) routes: Vec<OfRoute>,
    /// All that people do on boards.
    pub(super) answers: Tally,
    pub(super) failures: u64,
    /// Sizes in bytes.
    pub(super) pages: Tally,
    pub(super) fragments: Tally,
    pub(super) hits: u64,
    pub(super) misses: u64,
    /// Open to the database, with the one that only listens.
    pub(super) connections: u64,
    pub(super) streams: u64,
    pub(super) reloads: u64,
    pub(super) events: u64,
    /// Times in seconds.
    pub(super) fan_out: Tally,
    pub(super) wait: Tally,
    pub(super) query: Tally,
    pub(super) write: Tally,
    /// Wishes that shared a transaction.
    pub(super) batch: Tally,
    /// Seconds.
    pub(super) lag: Tally,
    /// In bytes.
    pub(super) resident: Option<u64>,
}

impl Sample {
    pub(super) fn of(app: &App) -> Sample {
        let boards = app.boards();
        let database = boards.database();
        let routes = app.figures().by_route();
        let (pages, fragments) = app.figures().sizes();
        let cache = boards.cache_state();
        let pool = database.pool_state();
        let listening = match database.backend() {
            Backend::Sqlite => 0,
            Backend::Postgres => 1,
        };
        let mut answers = Tally::default();
        let mut failures = 0;
        for of in routes.iter().filter(|of| of.of_a_board) {
            answers.add(&of.durations);
            failures += of.failures;
        }
        Sample {
            at: Instant::now(),
            routes,
            answers,
            failures,
            pages,
            fragments,
            hits: cache.hits,
            misses: cache.misses,
            connections: u64::from(pool.in_use + pool.idle) + listening,
            streams: boards.figures().streams().max(0).unsigned_abs(),
            reloads: boards.figures().reloads(),
            events: boards.figures().events(),
            fan_out: Tally::of(boards.figures().fan_out()),
            wait: Tally::of(database.figures().wait()),
            query: Tally::of(database.figures().query()),
            write: Tally::of(database.figures().write()),
            batch: Tally::of(boards.figures().batch()),
            lag: Tally::of(app.lag()),
            resident: process::resident(),
        }
    }
}

/// The time between two samples.
#[derive(Clone, Copy)]
pub(super) struct Span<'a> {
    pub(super) from: &'a Sample,
    pub(super) to: &'a Sample,
}

impl Span<'_> {
    pub(super) fn time(&self) -> Duration {
        self.to.at.saturating_duration_since(self.from.at)
    }

    /// What a histogram counted within it.
    pub(super) fn tally(&self, of: impl Fn(&Sample) -> &Tally) -> Tally {
        of(self.to).since(of(self.from))
    }

    /// How far a counter came within it.
    pub(super) fn count(&self, of: impl Fn(&Sample) -> u64) -> u64 {
        of(self.to).saturating_sub(of(self.from))
    }

    /// The same for each second.
    pub(super) fn rate(&self, of: impl Fn(&Sample) -> u64) -> Option<f64> {
        let seconds = self.time().as_secs_f64();
        (seconds > 0.0).then(|| self.count(of) as f64 / seconds)
    }

    /// What part of the answers failed, 0 to 1.
    pub(super) fn failed(&self) -> Option<f64> {
        part(
            self.count(|s| s.failures),
            self.count(|s| s.answers.count()),
        )
    }

    /// What part of the boards asked for was in memory, 0 to 1.
    pub(super) fn hits(&self) -> Option<f64> {
        let hits = self.count(|s| s.hits);
        part(hits, hits + self.count(|s| s.misses))
    }

    /// How much smaller fragments are than pages, 0 to 1 (below 0 if they are larger).
    pub(super) fn saved(&self) -> Option<f64> {
        let page = self.tally(|s| &s.pages).mean()?;
        let fragments = self.tally(|s| &s.fragments).mean()?;
        (page > 0.0).then(|| 1.0 - fragments / page)
    }

    /// What happened on each route within it, the slowest first.
    pub(super) fn slowest(&self) -> Vec<OfRoute> {
        let mut routes: Vec<OfRoute> = self.to.routes.iter().map(|of| self.of_route(of)).collect();
        routes.retain(|of| of.durations.count() > 0);
        let p95 = |of: &OfRoute| of.durations.quantile(0.95).unwrap_or_default();
        routes.sort_by(|one, other| p95(other).total_cmp(&p95(one)));
        routes
    }

    fn of_route(&self, of: &OfRoute) -> OfRoute {
        let mut earlier = self.from.routes.iter();
        match earlier.find(|was| was.route == of.route && was.method == of.method) {
            Some(was) => OfRoute {
                durations: of.durations.since(&was.durations),
                failures: of.failures.saturating_sub(was.failures),
                ..of.clone()
            },
            None => of.clone(),
        }
    }
}

/// None of nothing.
fn part(some: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| some as f64 / all as f64)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::figures::histogram;

    /// Nothing has happened yet.
    pub(in crate::monitor) fn nothing(at: Instant) -> Sample {
        Sample {
            at,
            routes: Vec::new(),
            answers: Tally::default(),
            failures: 0,
            pages: Tally::default(),
            fragments: Tally::default(),
            hits: 0,
            misses: 0,
            connections: 0,
            streams: 0,
            reloads: 0,
            events: 0,
            fan_out: Tally::default(),
            wait: Tally::default(),
            query: Tally::default(),
            write: Tally::default(),
            batch: Tally::default(),
            lag: Tally::default(),
            resident: None,
        }
    }

    pub(in crate::monitor) fn tally(values: &[f64]) -> Tally {
        let histogram = histogram("h", "A histogram.", &crate::figures::SECONDS);
        for value in values {
            histogram.observe(*value);
        }
        Tally::of(&histogram)
    }

    fn of(route: &str, seconds: &[f64]) -> OfRoute {
        OfRoute {
            method: "GET",
            route: route.to_owned(),
            of_a_board: true,
            durations: tally(seconds),
            failures: 0,
        }
    }

    #[test]
    fn of_nothing_nothing_is_said() {
        let sample = nothing(Instant::now());
        let span = Span {
            from: &sample,
            to: &sample,
        };
        assert_eq!(span.failed(), None);
        assert_eq!(span.hits(), None);
        assert_eq!(span.saved(), None);
        assert_eq!(span.rate(|s| s.events), None);
    }

    #[test]
    fn parts_are_of_what_came_between() {
        let from = Sample {
            failures: 5,
            hits: 10,
            misses: 10,
            answers: tally(&[1.0; 10]),
            ..nothing(Instant::now())
        };
        let to = Sample {
            at: from.at + Duration::from_secs(10),
            failures: 6,
            hits: 19,
            misses: 11,
            answers: tally(&[1.0; 110]),
            pages: tally(&[1000.0, 3000.0]),
            fragments: tally(&[500.0]),
            events: 50,
            ..nothing(from.at)
        };
        let span = Span {
            from: &from,
            to: &to,
        };
        assert_eq!(span.failed(), Some(0.01));
        assert_eq!(span.hits(), Some(0.9));
        assert_eq!(span.saved(), Some(0.75));
        assert_eq!(span.rate(|s| s.events), Some(5.0));
    }

    #[test]
    fn the_slowest_route_of_the_span_is_first() {
        let from = Sample {
            routes: vec![of("/once", &[9.0]), of("/", &[9.0])],
            ..nothing(Instant::now())
        };
        let to = Sample {
            routes: vec![
                of("/once", &[9.0]),
                of("/", &[9.0, 0.001]),
                of("/history", &[0.2]),
            ],
            ..from.clone()
        };
        let span = Span {
            from: &from,
            to: &to,
        };
        let slowest = span.slowest();
        let routes: Vec<_> = slowest.iter().map(|of| of.route.as_str()).collect();
        assert_eq!(routes, ["/history", "/"]);
    }
}
