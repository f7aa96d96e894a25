//! The targets a run is judged by, such as `p95<1500ms`. Knows figures by name, not where they come from.

use std::{fmt, str::FromStr};

use serde::Serialize;

use super::time;

/// What can be judged, with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    Average,
    P50,
    P95,
    P99,
    Max,
    Failures,
    ShownP95,
    ShownP99,
    Rate,
    Connections,
    CacheHits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Ms,
    Percent,
    Number,
}

impl Figure {
    const ALL: [Figure; 11] = [
        Figure::Average,
        Figure::P50,
        Figure::P95,
        Figure::P99,
        Figure::Max,
        Figure::Failures,
        Figure::ShownP95,
        Figure::ShownP99,
        Figure::Rate,
        Figure::Connections,
        Figure::CacheHits,
    ];

    fn name(self) -> &'static str {
        match self {
            Figure::Average => "average",
            Figure::P50 => "p50",
            Figure::P95 => "p95",
            Figure::P99 => "p99",
            Figure::Max => "max",
            Figure::Failures => "failures",
            Figure::ShownP95 => "shown-p95",
            Figure::ShownP99 => "shown-p99",
            Figure::Rate => "rate",
            Figure::Connections => "connections",
            Figure::CacheHits => "cache-hits",
        }
    }

    fn unit(self) -> Unit {
        match self {
            Figure::Failures | Figure::CacheHits => Unit::Percent,
            Figure::Rate | Figure::Connections => Unit::Number,
            _ => Unit::Ms,
        }
    }

    /// A value of it, to be read.
    pub(super) fn show(self, value: f64) -> String {
        match self.unit() {
            Unit::Ms => format!("{} ms", time::ms(value)),
            Unit::Percent => format!("{value:.2} %"),
            Unit::Number => format!("{value:.0}"),
        }
    }
}

/// One target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    figure: Figure,
    /// Whether the figure must be below the limit, else above.
    below: bool,
    limit: f64,
    /// As it was written.
    text: String,
}

/// Several, all of which are to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    all: Vec<Target>,
    /// Whether a figure that is not to be had is a target missed: what somebody asked for by name is.
    strict: bool,
}

/// What the first SAVT set itself.
const PLAN: &str = "average<500ms,p95<1500ms,failures<0.5%,connections<25,cache-hits>70%";

impl Targets {
    /// Those of the plan. What the server does not say of itself is not judged.
    pub(super) fn plan() -> Targets {
        let all = PLAN.split(',').filter_map(|text| text.parse().ok());
        Targets {
            all: all.collect(),
            strict: false,
        }
    }

    /// Judges by what was measured, as far as it was.
    pub(super) fn judge(&self, measured: impl Fn(Figure) -> Option<f64>) -> Vec<Judged> {
        let judged = self.all.iter().map(|target| {
            let value = measured(target.figure);
            let met = value.map(|value| match target.below {
                true => value < target.limit,
                false => value > target.limit,
            });
            Judged {
                target: target.text.clone(),
                value,
                measured: match value {
                    Some(value) => target.figure.show(value),
                    None => "not known".to_owned(),
                },
                met: met.or(self.strict.then_some(false)),
            }
        });
        judged.collect()
    }
}

impl FromStr for Targets {
    type Err = String;

    fn from_str(text: &str) -> Result<Targets, String> {
        let all: Result<_, _> = text.split(',').map(str::parse).collect();
        Ok(Targets {
            all: all?,
            strict: true,
        })
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let text = text.trim();
        let wrong = || format!("{text:?} is no target; write p95<200ms, failures<0.5% or rate>100");
        let at = text.find(['<', '>']).ok_or_else(wrong)?;
        let (name, limit) = (text[..at].trim(), text[at + 1..].trim());
        let known = Figure::ALL.iter().find(|figure| figure.name() == name);
        let figure = *known.ok_or_else(|| {
            let names: Vec<_> = Figure::ALL.iter().map(|figure| figure.name()).collect();
            format!("{name:?} is not measured; there is {}", names.join(", "))
        })?;
        let limit: f64 = match figure.unit() {
            Unit::Ms => time::parse(limit)?.as_secs_f64() * 1_000.0,
            Unit::Percent => limit
                .trim_end_matches('%')
                .trim()
                .parse()
                .map_err(|_| wrong())?,
            Unit::Number => limit.parse().map_err(|_| wrong())?,
        };
        Ok(Target {
            figure,
            below: text.as_bytes()[at] == b'<',
            limit,
            text: text.to_owned(),
        })
    }
}

/// How a target stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Judged {
    pub(super) target: String,
    pub(super) value: Option<f64>,
    pub(super) measured: String,
    /// Not known if what it is about was not to be had.
    pub(super) met: Option<bool>,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.target, self.measured)
    }
}

/// The targets that were missed, in words.
pub(super) fn missed(judged: &[Judged]) -> Vec<String> {
    let missed = judged.iter().filter(|judged| judged.met == Some(false));
    missed.map(Judged::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(figure: Figure) -> Option<f64> {
        match figure {
            Figure::Average => Some(20.0),
            Figure::P95 => Some(1_600.0),
            Figure::Failures => Some(0.0),
            Figure::Rate => Some(150.0),
            _ => None,
        }
    }

    #[test]
    fn the_plan_is_judged_as_far_as_it_is_known() {
        let judged = Targets::plan().judge(figures);
        let met: Vec<_> = judged.iter().map(|judged| judged.met).collect();
        assert_eq!(met, [Some(true), Some(false), Some(true), None, None]);
        assert_eq!(missed(&judged), ["p95<1500ms (1600 ms)"]);
    }

    #[test]
    fn what_was_asked_for_must_be_known() {
        let targets: Targets = "rate>100, connections<25,average<20ms".parse().unwrap();
        let judged = targets.judge(figures);
        assert_eq!(
            missed(&judged),
            ["connections<25 (not known)", "average<20ms (20.0 ms)"]
        );
    }

    #[test]
    fn what_is_no_target_is_told() {
        for (text, told) in [
            ("p95", "is no target"),
            ("p42<1s", "is not measured"),
            ("p95<fast", "is no duration"),
            ("failures<few", "is no target"),
            ("", "is no target"),
        ] {
            let error = text.parse::<Targets>().unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
