//! What the plan asks of SAVT, beside what is. The limits are the plan's; nobody else has them.

use super::{
    sample::Span,
    words::{percent, time},
};

/// One target, and how it stands.
pub(super) struct Target {
    pub(super) name: &'static str,
    pub(super) limit: &'static str,
    /// The figure of now, in words; none as long as there is nothing to judge.
    pub(super) now: Option<String>,
    pub(super) met: bool,
}

impl Target {
    fn new(
        name: &'static str,
        limit: &'static str,
        now: Option<f64>,
        met: impl Fn(f64) -> bool,
        words: impl Fn(f64) -> String,
    ) -> Target {
        Target {
            name,
            limit,
            met: now.is_none_or(met),
            now: now.map(words),
        }
    }
}

/// All of them, over a span.
pub(super) fn judged(span: &Span) -> [Target; 6] {
    let answers = span.tally(|s| &s.answers);
    [
        Target::new(
            "Average answer",
            "< 500 ms",
            answers.mean(),
            |s| s < 0.5,
            time,
        ),
        Target::new(
            "95th percentile",
            "< 1,500 ms",
            answers.quantile(0.95),
            |s| s < 1.5,
            time,
        ),
        Target::new("Failures", "< 0.5 %", span.failed(), |p| p < 0.005, percent),
        Target::new(
            "Database connections",
            "< 25",
            Some(span.to.connections as f64),
            |n| n < 25.0,
            |n| format!("{n}"),
        ),
        Target::new("Cache hits", "> 70 %", span.hits(), |p| p > 0.7, percent),
        Target::new(
            "Fragments smaller than the page by",
            "≥ 80 %",
            span.saved(),
            |p| p >= 0.8,
            percent,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::{
        super::sample::{
            Sample,
            tests::{nothing, tally},
        },
        *,
    };

    fn met(to: Sample) -> Vec<bool> {
        let from = nothing(to.at);
        let span = Span {
            from: &from,
            to: &to,
        };
        judged(&span).iter().map(|target| target.met).collect()
    }

    #[test]
    fn who_did_nothing_missed_nothing() {
        assert_eq!(met(nothing(Instant::now())), [true; 6]);
    }

    #[test]
    fn each_is_missed_at_its_limit() {
        let missed = Sample {
            answers: tally(&[2.0; 200]),
            failures: 1,
            connections: 25,
            hits: 7,
            misses: 3,
            pages: tally(&[100.0]),
            fragments: tally(&[21.0]),
            ..nothing(Instant::now())
        };
        assert_eq!(met(missed), [false; 6]);
    }

    #[test]
    fn each_is_met_within_it() {
        let good = Sample {
            answers: tally(&[0.4; 201]),
            failures: 1,
            connections: 24,
            hits: 71,
            misses: 29,
            pages: tally(&[100.0]),
            fragments: tally(&[20.0]),
            ..nothing(Instant::now())
        };
        assert_eq!(met(good), [true; 6]);
    }
}
