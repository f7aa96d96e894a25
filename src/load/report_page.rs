//! The report as a self-contained HTML page, without scripts or external resources.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    duration::format_ms,
    report::Report,
    report_table::format_bytes,
    run_stats::{LatencySummary, Sample},
    target::{Metric, TargetResult},
};
use crate::chart::{Chart, Limit, Series};

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child, td.text { text-align: left; }
.met { color: light-dark(#176b2c, #6fdc8c); } .missed { color: light-dark(#b3122a, #ff8b95); font-weight: bold; }
.charts { display: grid; gap: 1rem; } @media (min-width: 60rem) { .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
figure { margin: 0; } figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .875rem; }
.plot { padding: .75rem 1.25rem 1.75rem 4.5rem; } .plot svg { display: block; }
.grid { stroke: #8883; } .axis { stroke: #8888; } .mark { fill: currentColor; font-size: .8125rem; }
path { fill: none; stroke-width: 2; stroke-linecap: round; stroke: var(--ink); } .key::before { content: '● '; color: var(--ink); }
.limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 6 4; }
.limit-label { fill: var(--limit); paint-order: stroke; stroke: Canvas; stroke-width: 4; }
:root { --limit: light-dark(#b3122a, #ff8b95); }
.line-0 { --ink: light-dark(#1560bd, #74b3ff); } .line-1 { --ink: light-dark(#b35900, #ffb454); }
.line-2 { --ink: light-dark(#8a8a8a, #9a9a9a); }
";

pub(super) fn report_page(report: &Report) -> Markup {
    let title = format!("Load test at {}", report.started_at);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p {
                    (report.users) " virtual users at " (report.url) ", behaviour " (report.behaviour) ", think time "
                    (report.think_time) ", for " (format!("{:.0}", report.duration_s)) " s"
                    @if report.interrupted { " (interrupted)" }
                    ": " (report.requests) " requests, " (format!("{:.1}", report.requests_per_second)) " per second."
                }
                (targets(report))
                (charts(&report.samples, &report.targets))
                (actions(report))
                (failures(report))
                h2 { "Load generator" }
                p {
                    "savt " (report.version) " used " (format!("{:.1}", report.generator.cpu_percent)) " % of a core, "
                    (format!("{:.0}", report.generator.cpu_ms_per_1000_requests)) " ms per 1,000 requests. The 99th percentile of its start delay was "
                    (format_ms(report.generator.start_delay.p99_ms)) " ms."
                    @if let Some(warning) = report.generator.warning() { " Warning: " (warning) "." }
                }
                p { (report.cleanup_hint()) }
            }
        }
    }
}

fn targets(report: &Report) -> Markup {
    html! {
        h2 { "Targets" }
        table {
            tr { th { "target" } th { "measured" } th { "" } }
            @for target in &report.targets {
                tr {
                    td { (target.target) }
                    td { (target.measured) }
                    @match target.is_met {
                        Some(true) => td.met { "met" },
                        Some(false) => td.missed { "missed" },
                        None => td { "skipped" },
                    }
                }
            }
        }
    }
}

fn charts(samples: &[Sample], targets: &[TargetResult]) -> Markup {
    fn known(summary: &LatencySummary, value: f64) -> Option<f64> {
        (summary.count > 0).then_some(value)
    }
    let ms = |value: f64| format!("{} ms", number(value));
    let run = Run { samples, targets };
    let rate = |value: f64| format!("{}/s", number(value));
    let any =
        |value: fn(&Sample) -> Option<f64>| samples.iter().any(|sample| value(sample).is_some());
    html! {
        h2 { "Over time" }
        div.charts {
            (run.chart("Request duration", &ms, Some(Metric::P95), &[
                ("p50", |sample| known(&sample.responses, sample.responses.p50_ms)),
                ("p95", |sample| known(&sample.responses, sample.responses.p95_ms)),
                ("max", |sample| known(&sample.responses, sample.responses.max_ms)),
            ]))
            @if any(|sample| known(&sample.delivery, sample.delivery.p50_ms)) {
                (run.chart("Veto delivery, from the response to the last stream", &ms, Some(Metric::DeliveryP95), &[
                    ("p50", |sample| known(&sample.delivery, sample.delivery.p50_ms)),
                    ("p95", |sample| known(&sample.delivery, sample.delivery.p95_ms)),
                ]))
            }
            @if any(|sample| known(&sample.agreement, sample.agreement.p50_ms)) {
                (run.chart("Agreed, from the last consent to the last stream", &ms, Some(Metric::AgreementP95), &[
                    ("p50", |sample| known(&sample.agreement, sample.agreement.p50_ms)),
                    ("p95", |sample| known(&sample.agreement, sample.agreement.p95_ms)),
                ]))
            }
            (run.chart("Requests per second", &rate, Some(Metric::RequestRate), &[
                ("requests", |sample| Some(sample.requests_per_second)),
            ]))
            (run.chart("Requests failed", &number, None, &[("failed", |sample| Some(sample.failures as f64))]))
            (run.chart("Virtual users", &number, None, &[("started", |sample| Some(sample.users as f64))]))
            @if any(|sample| sample.server.connections) {
                (run.chart("DB connections", &number, Some(Metric::Connections), &[
                    ("open", |sample| sample.server.connections),
                    ("in use", |sample| sample.server.connections_in_use),
                ]))
            }
        }
    }
}

/// A line of a chart: its label, and its value in a sample.
type Line = (&'static str, fn(&Sample) -> Option<f64>);

/// What all charts have in common.
struct Run<'a> {
    samples: &'a [Sample],
    targets: &'a [TargetResult],
}

impl Run<'_> {
    /// A chart of the whole run. The target for `metric`, if there is one, is a line.
    fn chart(
        &self,
        title: &str,
        format: &dyn Fn(f64) -> String,
        metric: Option<Metric>,
        lines: &[Line],
    ) -> Markup {
        let target = metric.and_then(|metric| {
            let mut limits = self
                .targets
                .iter()
                .filter_map(|target| Some((target.limit_of(metric)?, target)));
            limits.next()
        });
        let label = target.map(|(_, target)| format!("Target {}", target.target));
        let end = self
            .samples
            .iter()
            .map(|sample| sample.at_s)
            .fold(1.0, f64::max);
        let series = lines.iter().map(|(label, value)| Series {
            label,
            points: self
                .samples
                .iter()
                .map(|sample| (sample.at_s, value(sample)))
                .collect(),
        });
        Chart {
            title,
            series: series.collect(),
            x_range: (0.0, end),
            x_labels: [0.0, 0.25, 0.5, 0.75, 1.0]
                .map(|share| (share * end, format!("{} s", number(share * end))))
                .into(),
            min_top: 4.0,
            format,
            limit: target
                .zip(label.as_deref())
                .map(|((value, _), label)| Limit { value, label }),
        }
        .render()
    }
}

/// A number with at most one decimal place.
fn number(number: f64) -> String {
    match number {
        n if n.fract() == 0.0 || n >= 100.0 => format!("{n:.0}"),
        n => format!("{n:.1}"),
    }
}

fn actions(report: &Report) -> Markup {
    let latencies = |summary: &LatencySummary| {
        let latencies = [
            summary.average_ms,
            summary.p50_ms,
            summary.p95_ms,
            summary.p99_ms,
            summary.max_ms,
        ];
        html! { @for latency in latencies { td { (format_ms(latency)) } } }
    };
    html! {
        h2 { "By action" }
        div.wide {
            table {
                tr { @for head in ["ms", "count", "failed", "average", "p50", "p95", "p99", "max", "bytes"] { th { (head) } } }
                @for row in &report.actions {
                    tr {
                        td { (row.action) } td { (row.response_time.count) } td { (row.failures) }
                        (latencies(&row.response_time))
                        td { (format_bytes(row.bytes)) }
                    }
                }
                tr { td { "all responses" } td { (report.responses.count) } td {} (latencies(&report.responses)) td {} }
                @if report.delivery.count > 0 {
                    tr { td { "veto delivery" } td { (report.delivery.count) } td {} (latencies(&report.delivery)) td {} }
                }
                @if report.agreement.count > 0 {
                    tr { td { "agreed on all" } td { (report.agreement.count) } td {} (latencies(&report.agreement)) td {} }
                }
            }
        }
    }
}

fn failures(report: &Report) -> Markup {
    html! {
        h2 { "Failures" }
        @if report.failures.is_empty() { p { "None." } } @else {
            table {
                tr { th { "kind" } th { "count" } th { "example" } }
                @for failure in &report.failures {
                    tr { td { (failure.kind) } td { (failure.count) } td.text { (failure.example) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::target::Targets;

    #[test]
    fn the_charts_have_axes_and_the_targets_as_lines() {
        let samples = [0.0, 20.0, 40.0].map(|at_s| Sample {
            at_s,
            ..Sample::default()
        });
        let targets: Targets = "p95<8ms".parse().unwrap();
        let page = charts(&samples, &targets.evaluate(|_| Some(3.0))).into_string();
        for text in [
            ">10 s</text>",
            ">40 s</text>",
            ">8 ms</text>",
            ">Target p95&lt;8ms</text>",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert_eq!(
            page.matches("class=\"limit\"").count(),
            1,
            "only one metric has a target"
        );
    }
}
