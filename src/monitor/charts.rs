//! The charts of the page: how the metrics developed over the time that samples are kept.

use chrono::{DateTime, TimeDelta, Utc};
use maud::{Markup, html};

use super::{
    format::percent,
    history::{History, RETENTION, SAMPLE_INTERVAL},
    sample::Sample,
    targets::{self, Target},
    window::Window,
};
use crate::chart::{Chart, Limit, Series};

/// The time between two labels of the time axis, in seconds.
const LABEL_INTERVAL: i64 = 5 * 60;

const BYTES_PER_MIB: f64 = 1024.0 * 1024.0;

/// A metric of one interval between two samples.
type Metric<'a> = &'a dyn Fn(Window) -> Option<f64>;

pub(super) fn charts(history: &History, now: &Sample, at: DateTime<Utc>) -> Markup {
    let charts = ChartRow { history, now, at };
    let responses = |window: Window| window.histogram(|s| &s.responses);
    let rate = |n: f64| format!("{}/s", short(n));
    let mebibytes = |n: f64| format!("{} MiB", short(n));
    html! {
        section aria-labelledby="charts" {
            h2 #charts { "Last 15 minutes" }
            p.faint { "One point per " (SAMPLE_INTERVAL.as_secs()) " seconds. Times are in UTC." }
            div.charts {
                (charts.one("Requests per second", 4.0, &rate, None, &|w| w.rate(|s| s.responses.count())))
                (charts.one("Error rate (429 and 5xx)", 0.004, &percent, Some(targets::ERROR_RATE), &|w| w.error_rate()))
                (charts.one("Request duration, 95th percentile", 0.004, &milliseconds, Some(targets::P95_DURATION),
                    &|w| responses(w).quantile(0.95)))
                (charts.one("Request duration, average", 0.004, &milliseconds, Some(targets::AVERAGE_DURATION),
                    &|w| responses(w).mean()))
                (charts.one("Commands queued", 4.0, &short, None, &|w| Some(w.to.queued_commands as f64)))
                (charts.many("DB connections", 4.0, &short, Some(targets::CONNECTIONS), &[
                    ("in use", &|w| Some(w.to.connections_in_use as f64)),
                    ("open", &|w| Some(w.to.connections as f64)),
                ]))
                (charts.one("Streams open", 4.0, &short, None, &|w| Some(w.to.streams as f64)))
                (charts.one("Streams resynchronized", 4.0, &short, None, &|w| Some(w.increase(|s| s.reloads) as f64)))
                (charts.one("Events written per second", 4.0, &rate, None, &|w| w.rate(|s| s.events)))
                (charts.one("Memory (RSS)", 1.0, &mebibytes, None,
                    &|w| w.to.resident_bytes.map(|bytes| bytes as f64 / BYTES_PER_MIB)))
            }
        }
    }
}

/// What all charts have in common.
struct ChartRow<'a> {
    history: &'a History,
    now: &'a Sample,
    at: DateTime<Utc>,
}

impl ChartRow<'_> {
    fn one(
        &self,
        title: &str,
        min_top: f64,
        format: &dyn Fn(f64) -> String,
        limit: Option<Target>,
        metric: Metric,
    ) -> Markup {
        self.many(title, min_top, format, limit, &[("", metric)])
    }

    fn many(
        &self,
        title: &str,
        min_top: f64,
        format: &dyn Fn(f64) -> String,
        limit: Option<Target>,
        metrics: &[(&str, Metric)],
    ) -> Markup {
        let end = self.at.timestamp_millis() as f64 / 1000.0;
        let label = limit.map(|target| format!("Target {}", target.limit));
        let series = metrics.iter().map(|(label, metric)| Series {
            label,
            points: self
                .history
                .series(self.now.at, metric)
                .into_iter()
                .map(|(age, value)| (end - age, value))
                .collect(),
        });
        Chart {
            title,
            series: series.collect(),
            x_range: (end - RETENTION.as_secs_f64(), end),
            x_labels: time_labels(self.at),
            min_top,
            format,
            limit: limit.zip(label.as_deref()).map(|(target, label)| Limit {
                value: target.value,
                label,
            }),
        }
        .render()
    }
}

/// The full five minutes within the time that the charts cover, as `14:05`.
fn time_labels(now: DateTime<Utc>) -> Vec<(f64, String)> {
    let end = now.timestamp();
    let start = end - RETENTION.as_secs() as i64;
    let first = start + (LABEL_INTERVAL - start.rem_euclid(LABEL_INTERVAL));
    (first..=end)
        .step_by(LABEL_INTERVAL as usize)
        .map(|at| {
            let time = now + TimeDelta::seconds(at - end);
            (at as f64, time.format("%H:%M").to_string())
        })
        .collect()
}

/// A duration in seconds, as round as the labels of an axis are.
fn milliseconds(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{} ms", short(s * 1e3)),
        s => format!("{} s", short(s)),
    }
}

/// A number with at most one decimal place.
fn short(number: f64) -> String {
    let rounded = (number * 10.0).round() / 10.0;
    match rounded {
        n if n.fract() == 0.0 || n >= 100.0 => format!("{n:.0}"),
        n => format!("{n:.1}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_axis_has_a_label_every_five_minutes() {
        let now: DateTime<Utc> = "2026-11-27T14:07:30Z".parse().unwrap();
        let labels = time_labels(now);
        let times: Vec<&str> = labels.iter().map(|(_, time)| time.as_str()).collect();
        assert_eq!(times, ["13:55", "14:00", "14:05"]);
        assert_eq!(now.timestamp() as f64 - labels[2].0, 150.0);
    }

    #[test]
    fn numbers_of_an_axis_are_short() {
        let numbers = [0.0, 0.5, 4.0, 12.26, 250.4].map(short);
        assert_eq!(numbers, ["0", "0.5", "4", "12.3", "250"]);
        let durations = [0.0, 0.003, 0.0125, 1.5].map(milliseconds);
        assert_eq!(durations, ["0 ms", "3 ms", "12.5 ms", "1.5 s"]);
    }
}
