//! The service targets that the page compares with the current values.

use super::{
    format::{duration, percent},
    window::Window,
};

/// What a metric should be.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) limit: &'static str,
    pub(super) value: f64,
    is_met: fn(f64, f64) -> bool,
    format: fn(f64) -> String,
}

/// A target compared with the current value.
pub(super) struct Evaluation {
    pub(super) target: Target,
    /// The formatted current value; `None` without data.
    pub(super) value: Option<String>,
    /// A target without data counts as met.
    pub(super) is_met: bool,
}

pub(super) const AVERAGE_DURATION: Target = Target {
    name: "Request duration, average",
    limit: "< 500 ms",
    value: 0.5,
    is_met: is_below,
    format: duration,
};

pub(super) const P95_DURATION: Target = Target {
    name: "Request duration, 95th percentile",
    limit: "< 1,500 ms",
    value: 1.5,
    is_met: is_below,
    format: duration,
};

pub(super) const ERROR_RATE: Target = Target {
    name: "Error rate (429 and 5xx)",
    limit: "< 0.5 %",
    value: 0.005,
    is_met: is_below,
    format: percent,
};

pub(super) const CONNECTIONS: Target = Target {
    name: "DB connections open",
    limit: "< 25",
    value: 25.0,
    is_met: is_below,
    format: whole,
};

const CACHE_HIT_RATE: Target = Target {
    name: "Cache hit rate",
    limit: "> 70 %",
    value: 0.7,
    is_met: |value, limit| value > limit,
    format: percent,
};

const FRAGMENT_SAVINGS: Target = Target {
    name: "Fragment size below page size",
    limit: "≥ 80 %",
    value: 0.8,
    is_met: |value, limit| value >= limit,
    format: percent,
};

impl Target {
    fn evaluate(self, value: Option<f64>) -> Evaluation {
        Evaluation {
            is_met: value.is_none_or(|value| (self.is_met)(value, self.value)),
            value: value.map(self.format),
            target: self,
        }
    }
}

fn is_below(value: f64, limit: f64) -> bool {
    value < limit
}

fn whole(number: f64) -> String {
    format!("{number:.0}")
}

pub(super) fn evaluate(window: &Window) -> [Evaluation; 6] {
    let responses = window.histogram(|s| &s.responses);
    [
        AVERAGE_DURATION.evaluate(responses.mean()),
        P95_DURATION.evaluate(responses.quantile(0.95)),
        ERROR_RATE.evaluate(window.error_rate()),
        CONNECTIONS.evaluate(Some(window.to.connections as f64)),
        CACHE_HIT_RATE.evaluate(window.cache_hit_rate()),
        FRAGMENT_SAVINGS.evaluate(window.fragment_savings()),
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
