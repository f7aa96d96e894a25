//! The samples of the last 15 minutes.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{sample::Sample, window::Window};
use crate::chart::Point;

/// How often a sample is taken and the page refreshes.
pub(super) const SAMPLE_INTERVAL: Duration = Duration::from_secs(5);

/// How long samples are kept, and so the time that the charts cover.
pub(super) const RETENTION: Duration = Duration::from_secs(15 * 60);

/// The time over which targets and current values are calculated: the duration of the target load test.
pub(super) const WINDOW_LENGTH: Duration = Duration::from_secs(5 * 60);

/// Samples in chronological order; never empty.
pub(super) struct History {
    first: Sample,
    later: VecDeque<Sample>,
}

impl History {
    pub(super) fn new(first: Sample) -> History {
        History {
            first,
            later: VecDeque::new(),
        }
    }

    /// Adds a sample and drops expired data.
    pub(super) fn push(&mut self, sample: Sample) {
        let now = sample.at;
        let age = |sample: &Sample| now.saturating_duration_since(sample.at);
        while age(&self.first) > RETENTION {
            match self.later.pop_front() {
                Some(next) => self.first = next,
                None => break,
            }
        }
        // Per-route metrics are only shown for the window, and are the largest part of a sample.
        if age(&self.first) > WINDOW_LENGTH {
            self.first.routes = Vec::new();
        }
        let is_old = |sample: &&mut Sample| age(sample) > WINDOW_LENGTH;
        for old in self.later.iter_mut().take_while(is_old) {
            old.routes = Vec::new();
        }
        self.later.push_back(sample);
    }

    fn samples(&self) -> impl Iterator<Item = &Sample> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The window that ends at `now`; shorter than [`WINDOW_LENGTH`] if the history is.
    pub(super) fn window<'a>(&'a self, now: &'a Sample) -> Window<'a> {
        let is_recent =
            |sample: &&Sample| now.at.saturating_duration_since(sample.at) <= WINDOW_LENGTH;
        Window {
            from: self.samples().find(is_recent).unwrap_or(now),
            to: now,
        }
    }

    /// A value for each interval between two samples. The x of a point is its age in seconds.
    pub(super) fn series(&self, now: Instant, value: impl Fn(Window) -> Option<f64>) -> Vec<Point> {
        let intervals = self.samples().zip(&self.later);
        intervals
            .map(|(from, to)| {
                let age = now.saturating_duration_since(to.at).as_secs_f64();
                (age, value(Window { from, to }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metrics::HistogramSnapshot, monitor::sample::testing::empty_sample, web::RouteStats,
    };

    fn sample_at(start: Instant, seconds: u64) -> Sample {
        Sample {
            at: start + Duration::from_secs(seconds),
            events: seconds,
            routes: vec![RouteStats {
                method: "GET",
                route: "/".to_owned(),
                is_board_route: true,
                durations: HistogramSnapshot::default(),
                failures: 0,
            }],
            ..empty_sample(start)
        }
    }

    fn history(seconds: u64) -> (History, Instant) {
        let start = Instant::now();
        let mut history = History::new(sample_at(start, 0));
        for second in (5..=seconds).step_by(5) {
            history.push(sample_at(start, second));
        }
        (history, start)
    }

    #[test]
    fn a_window_covers_a_short_history_completely() {
        let (history, start) = history(20);
        let now = sample_at(start, 23);
        assert_eq!(history.window(&now).duration().as_secs(), 23);
        assert_eq!(history.window(&now).increase(|s| s.events), 23);
    }

    #[test]
    fn a_window_is_at_most_five_minutes_long() {
        let (history, start) = history(3_600);
        let now = sample_at(start, 3_602);
        let window = history.window(&now);
        assert_eq!(window.duration().as_secs(), 297);
        assert_eq!(window.from.routes.len(), 1, "per-route metrics are kept");
    }

    #[test]
    fn samples_expire_after_fifteen_minutes() {
        let (history, start) = history(3_600);
        let now = start + Duration::from_secs(3_600);
        let series = history.series(now, |interval| interval.rate(|s| s.events));
        assert_eq!(series.len(), 180);
        assert_eq!(series[0], (895.0, Some(1.0)));
        assert_eq!(series[179], (0.0, Some(1.0)));
        assert!(
            history.first.routes.is_empty(),
            "per-route metrics expire earlier"
        );
    }
}
