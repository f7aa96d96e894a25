//! The service targets that the page compares with the current values.

use super::{
    format::{duration, percent},
    window::Window,
};

pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) limit: &'static str,
    /// The formatted current value; `None` without data.
    pub(super) value: Option<String>,
    /// A target without data counts as met.
    pub(super) is_met: bool,
}

impl Target {
    fn new(
        name: &'static str,
        limit: &'static str,
        value: Option<f64>,
        is_met: impl Fn(f64) -> bool,
        format: impl Fn(f64) -> String,
    ) -> Target {
        Target {
            name,
            limit,
            is_met: value.is_none_or(is_met),
            value: value.map(format),
        }
    }
}

pub(super) fn evaluate(window: &Window) -> [Target; 6] {
    let responses = window.histogram(|s| &s.responses);
    [
        Target::new(
            "Average response time",
            "< 500 ms",
            responses.mean(),
            |s| s < 0.5,
            duration,
        ),
        Target::new(
            "95th percentile",
            "< 1,500 ms",
            responses.quantile(0.95),
            |s| s < 1.5,
            duration,
        ),
        Target::new(
            "Failure rate",
            "< 0.5 %",
            window.failure_rate(),
            |p| p < 0.005,
            percent,
        ),
        Target::new(
            "Database connections",
            "< 25",
            Some(window.to.connections as f64),
            |n| n < 25.0,
            |n| format!("{n}"),
        ),
        Target::new(
            "Cache hit rate",
            "> 70 %",
            window.cache_hit_rate(),
            |p| p > 0.7,
            percent,
        ),
        Target::new(
            "Fragments smaller than pages by",
            "≥ 80 %",
            window.fragment_savings(),
            |p| p >= 0.8,
            percent,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::monitor::sample::{
        Sample,
        testing::{empty_sample, snapshot},
    };

    fn verdicts(to: Sample) -> Vec<bool> {
        let from = empty_sample(to.at);
        let window = Window {
            from: &from,
            to: &to,
        };
        evaluate(&window)
            .iter()
            .map(|target| target.is_met)
            .collect()
    }

    #[test]
    fn no_target_is_missed_without_data() {
        assert_eq!(verdicts(empty_sample(Instant::now())), [true; 6]);
    }

    #[test]
    fn a_value_beyond_its_limit_misses_the_target() {
        let bad = Sample {
            responses: snapshot(&[2.0; 200]),
            failures: 1,
            connections: 25,
            cache_hits: 7,
            cache_misses: 3,
            page_bytes: snapshot(&[100.0]),
            fragment_bytes: snapshot(&[21.0]),
            ..empty_sample(Instant::now())
        };
        assert_eq!(verdicts(bad), [false; 6]);
    }

    #[test]
    fn a_value_within_its_limit_meets_the_target() {
        let good = Sample {
            responses: snapshot(&[0.4; 201]),
            failures: 1,
            connections: 24,
            cache_hits: 71,
            cache_misses: 29,
            page_bytes: snapshot(&[100.0]),
            fragment_bytes: snapshot(&[20.0]),
            ..empty_sample(Instant::now())
        };
        assert_eq!(verdicts(good), [true; 6]);
    }
}
