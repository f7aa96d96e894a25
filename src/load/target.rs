//! The pass/fail criteria of a run, such as `p95<1500ms`. Knows the names of metrics, not where their values come from.

use std::{fmt, str::FromStr};

use serde::Serialize;

use super::duration;

/// A metric that a target can limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    Average,
    P50,
    P95,
    P99,
    Max,
    FailureRate,
    DeliveryP95,
    DeliveryP99,
    AgreementP95,
    RequestRate,
    Connections,
    CacheHits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Ms,
    Percent,
    Number,
}

impl Metric {
    const ALL: [Metric; 12] = [
        Metric::Average,
        Metric::P50,
        Metric::P95,
        Metric::P99,
        Metric::Max,
        Metric::FailureRate,
        Metric::DeliveryP95,
        Metric::DeliveryP99,
        Metric::AgreementP95,
        Metric::RequestRate,
        Metric::Connections,
        Metric::CacheHits,
    ];

    fn name(self) -> &'static str {
        match self {
            Metric::Average => "average",
            Metric::P50 => "p50",
            Metric::P95 => "p95",
            Metric::P99 => "p99",
            Metric::Max => "max",
            Metric::FailureRate => "failures",
            Metric::DeliveryP95 => "shown-p95",
            Metric::DeliveryP99 => "shown-p99",
            Metric::AgreementP95 => "agreed-p95",
            Metric::RequestRate => "rate",
            Metric::Connections => "connections",
            Metric::CacheHits => "cache-hits",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Metric::FailureRate | Metric::CacheHits => Unit::Percent,
            Metric::RequestRate | Metric::Connections => Unit::Number,
            _ => Unit::Ms,
        }
    }

    /// The value with its unit.
    fn format(self, value: f64) -> String {
        match self.unit() {
            Unit::Ms => format!("{} ms", duration::format_ms(value)),
            Unit::Percent => format!("{value:.2} %"),
            Unit::Number => format!("{value:.0}"),
        }
    }
}

/// A limit for one metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    metric: Metric,
    /// Whether the metric must be below the limit; otherwise it must be above.
    is_upper_limit: bool,
    limit: f64,
    /// The target as it was given.
    text: String,
    /// Whether a target without a measured value is skipped. One that the user named is missed.
    is_optional: bool,
}

/// Targets that must all be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets(Vec<Target>);

/// The targets of the project.
const DEFAULT_TARGETS: &str =
    "average<500ms,p95<1500ms,failures<0.5%,connections<25,cache-hits>70%";

/// From the last consent until the last stream shows that the board is agreed.
const AGREEMENT_TARGET: &str = "agreed-p95<50ms";

impl Default for Targets {
    /// Targets for metrics that the server does not provide are skipped.
    fn default() -> Targets {
        let targets = DEFAULT_TARGETS
            .split(',')
            .filter_map(|text| text.parse().ok())
            .map(|target| Target {
                is_optional: true,
                ..target
            });
        Targets(targets.collect())
    }
}

impl Targets {
    /// These and the one of a group that decides. Without a decision it is missed.
    pub(super) fn with_agreement(mut self) -> Targets {
        self.0.extend(AGREEMENT_TARGET.parse::<Target>().ok());
        self
    }

    /// Compares the targets with the measured values.
    pub(super) fn evaluate(&self, measured: impl Fn(Metric) -> Option<f64>) -> Vec<TargetResult> {
        let results = self.0.iter().map(|target| {
            let value = measured(target.metric);
            let is_met = value.map(|value| match target.is_upper_limit {
                true => value < target.limit,
                false => value > target.limit,
            });
            TargetResult {
                target: target.text.clone(),
                value,
                measured: match value {
                    Some(value) => target.metric.format(value),
                    None => "unknown".to_owned(),
                },
                is_met: is_met.or((!target.is_optional).then_some(false)),
            }
        });
        results.collect()
    }
}

impl FromStr for Targets {
    type Err = String;

    fn from_str(text: &str) -> Result<Targets, String> {
        let targets: Result<_, _> = text.split(',').map(str::parse).collect();
        Ok(Targets(targets?))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let text = text.trim();
        let invalid = || {
            format!(
                "{text:?} is not a target; use a format such as p95<200ms, failures<0.5% or rate>100"
            )
        };
        let at = text.find(['<', '>']).ok_or_else(invalid)?;
        let (name, limit) = (text[..at].trim(), text[at + 1..].trim());
        let known = Metric::ALL.iter().find(|metric| metric.name() == name);
        let metric = *known.ok_or_else(|| {
            let names: Vec<_> = Metric::ALL.iter().map(|metric| metric.name()).collect();
            format!(
                "{name:?} is not a metric; the metrics are {}",
                names.join(", ")
            )
        })?;
        let limit: f64 = match metric.unit() {
            Unit::Ms => duration::parse(limit)?.as_secs_f64() * 1_000.0,
            Unit::Percent => limit
                .trim_end_matches('%')
                .trim()
                .parse()
                .map_err(|_| invalid())?,
            Unit::Number => limit.parse().map_err(|_| invalid())?,
        };
        Ok(Target {
            metric,
            is_upper_limit: text.as_bytes()[at] == b'<',
            limit,
            text: text.to_owned(),
            is_optional: false,
        })
    }
}

/// A target compared with the measured value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct TargetResult {
    pub(super) target: String,
    pub(super) value: Option<f64>,
    /// The formatted value.
    pub(super) measured: String,
    /// `None` if the target was skipped because its metric is unknown.
    #[serde(rename = "met")]
    pub(super) is_met: Option<bool>,
}

impl TargetResult {
    /// The value of the target, if it is one for this metric.
    pub(super) fn limit_of(&self, metric: Metric) -> Option<f64> {
        let target: Target = self.target.parse().ok()?;
        (target.metric == metric).then_some(target.limit)
    }

    pub(super) fn is_missed(&self) -> bool {
        self.is_met == Some(false)
    }
}

impl fmt::Display for TargetResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.target, self.measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(metric: Metric) -> Option<f64> {
        match metric {
            Metric::Average => Some(20.0),
            Metric::P95 => Some(1_600.0),
            Metric::FailureRate => Some(0.0),
            Metric::RequestRate => Some(150.0),
            _ => None,
        }
    }

    fn missed(results: &[TargetResult]) -> Vec<String> {
        let missed = results.iter().filter(|result| result.is_missed());
        missed.map(TargetResult::to_string).collect()
    }

    #[test]
    fn default_targets_for_unknown_metrics_are_skipped() {
        let results = Targets::default().evaluate(measured);
        let met: Vec<_> = results.iter().map(|result| result.is_met).collect();
        assert_eq!(met, [Some(true), Some(false), Some(true), None, None]);
        assert_eq!(missed(&results), ["p95<1500ms (1600 ms)"]);
    }

    #[test]
    fn without_a_decision_its_target_is_missed() {
        let results = Targets::default().with_agreement().evaluate(measured);
        let expected = ["p95<1500ms (1600 ms)", "agreed-p95<50ms (unknown)"];
        assert_eq!(missed(&results), expected);
    }

    #[test]
    fn given_targets_for_unknown_metrics_are_missed() {
        let targets: Targets = "rate>100, connections<25,average<20ms".parse().unwrap();
        let results = targets.evaluate(measured);
        assert_eq!(
            missed(&results),
            ["connections<25 (unknown)", "average<20ms (20.0 ms)"]
        );
    }

    #[test]
    fn an_invalid_target_is_rejected_with_the_reason() {
        for (text, reason) in [
            ("p95", "is not a target"),
            ("p42<1s", "is not a metric"),
            ("p95<fast", "is not a duration"),
            ("failures<few", "is not a target"),
            ("", "is not a target"),
        ] {
            let error = text.parse::<Targets>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
