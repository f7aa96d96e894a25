//! The samples of the last quarter of an hour.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::sample::{Sample, Span};

/// How far back the curves go.
pub(super) const KEPT: Duration = Duration::from_secs(15 * 60);

/// What the figures of now are over: as long as the plan's trial.
pub(super) const WINDOW: Duration = Duration::from_secs(5 * 60);

/// Samples in the order they were taken; never none.
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

    /// Takes in a sample, and forgets those that nobody needs any more.
    pub(super) fn push(&mut self, sample: Sample) {
        let now = sample.at;
        let age = |sample: &Sample| now.saturating_duration_since(sample.at);
        while age(&self.first) > KEPT {
            match self.later.pop_front() {
                Some(next) => self.first = next,
                None => break,
            }
        }
        // Single routes are told of the window alone, and are most of what a sample weighs.
        if age(&self.first) > WINDOW {
            self.first.routes = Vec::new();
        }
        for old in self.later.iter_mut().take_while(|old| age(old) > WINDOW) {
            old.routes = Vec::new();
        }
        self.later.push_back(sample);
    }

    fn samples(&self) -> impl Iterator<Item = &Sample> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// The last minutes up to a sample that was taken just now; less if there were not so many.
    pub(super) fn window<'a>(&'a self, now: &'a Sample) -> Span<'a> {
        let recent = |sample: &&Sample| now.at.saturating_duration_since(sample.at) <= WINDOW;
        Span {
            from: self.samples().find(recent).unwrap_or(now),
            to: now,
        }
    }

    /// A figure of each step, with the seconds between its end and `now`.
    pub(super) fn curve(
        &self,
        now: Instant,
        figure: impl Fn(Span) -> Option<f64>,
    ) -> Vec<(f64, Option<f64>)> {
        let steps = self.samples().zip(&self.later);
        steps
            .map(|(from, to)| {
                let age = now.saturating_duration_since(to.at).as_secs_f64();
                (age, figure(Span { from, to }))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::tests::nothing, *};
    use crate::{figures::Tally, web::OfRoute};

    fn after(begin: Instant, seconds: u64) -> Sample {
        Sample {
            at: begin + Duration::from_secs(seconds),
            events: seconds,
            routes: vec![OfRoute {
                method: "GET",
                route: "/".to_owned(),
                of_a_board: true,
                durations: Tally::default(),
                failures: 0,
            }],
            ..nothing(begin)
        }
    }

    fn of(seconds: u64) -> (History, Instant) {
        let begin = Instant::now();
        let mut history = History::new(after(begin, 0));
        for second in (5..=seconds).step_by(5) {
            history.push(after(begin, second));
        }
        (history, begin)
    }

    #[test]
    fn a_window_is_as_long_as_there_is_something_to_look_at() {
        let (history, begin) = of(20);
        let now = after(begin, 23);
        assert_eq!(history.window(&now).time().as_secs(), 23);
        assert_eq!(history.window(&now).count(|s| s.events), 23);
    }

    #[test]
    fn and_no_longer_than_five_minutes() {
        let (history, begin) = of(3_600);
        let now = after(begin, 3_602);
        let window = history.window(&now);
        assert_eq!(window.time().as_secs(), 297);
        assert_eq!(window.from.routes.len(), 1, "routes are kept as long");
    }

    #[test]
    fn what_is_older_than_a_quarter_of_an_hour_is_forgotten() {
        let (history, begin) = of(3_600);
        let now = begin + Duration::from_secs(3_600);
        let curve = history.curve(now, |step| step.rate(|s| s.events));
        assert_eq!(curve.len(), 180);
        assert_eq!(curve[0], (895.0, Some(1.0)));
        assert_eq!(curve[179], (0.0, Some(1.0)));
        assert!(history.first.routes.is_empty(), "single routes sooner");
    }
}
