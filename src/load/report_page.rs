//! The report as a self-contained HTML page, without scripts or external resources.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    duration::format_ms,
    report::Report,
    report_table::format_bytes,
    run_stats::{LatencySummary, Sample},
};
use crate::chart::{Series, line_chart};

const STYLE: &str = "
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child, td.text { text-align: left; }
.met { color: light-dark(#176b2c, #6fdc8c); } .missed { color: light-dark(#b3122a, #ff8b95); font-weight: bold; }
figure { margin: 1.5rem 0; } svg { width: 100%; height: auto; }
.grid { stroke: #8883; } .mark { fill: currentColor; font-size: 11px; opacity: .7; } .unit { opacity: .7; }
path { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke: var(--ink); } .key::before { content: '● '; color: var(--ink); }
.key { margin-left: .6rem; white-space: nowrap; }
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
                (charts(&report.samples))
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

fn charts(samples: &[Sample]) -> Markup {
    let series = |label, value: fn(&Sample) -> Option<f64>| Series {
        label,
        points: samples
            .iter()
            .map(|sample| (sample.at_s, value(sample)))
            .collect(),
    };
    fn known(summary: &LatencySummary, value: f64) -> Option<f64> {
        (summary.count > 0).then_some(value)
    }
    let any =
        |value: fn(&Sample) -> Option<f64>| samples.iter().any(|sample| value(sample).is_some());
    html! {
        h2 { "Over time" }
        (line_chart("Response times", "ms", &[
            series("p50", |sample| known(&sample.responses, sample.responses.p50_ms)),
            series("p95", |sample| known(&sample.responses, sample.responses.p95_ms)),
            series("max", |sample| known(&sample.responses, sample.responses.max_ms)),
        ]))
        @if any(|sample| known(&sample.delivery, sample.delivery.p50_ms)) {
            (line_chart("Veto delivery: from the response to the last stream", "ms", &[
                series("p50", |sample| known(&sample.delivery, sample.delivery.p50_ms)),
                series("p95", |sample| known(&sample.delivery, sample.delivery.p95_ms)),
            ]))
        }
        (line_chart("Requests and failures", "per second", &[
            series("requests", |sample| Some(sample.requests_per_second)),
            series("failures", |sample| Some(sample.failures as f64)),
        ]))
        (line_chart("Virtual users", "started", &[series("users", |sample| Some(sample.users as f64))]))
        @if any(|sample| sample.server.connections) {
            (line_chart("Database connections", "open", &[
                series("open", |sample| sample.server.connections),
                series("in use", |sample| sample.server.connections_in_use),
            ]))
        }
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
