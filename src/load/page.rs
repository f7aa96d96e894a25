//! A report as a page of its own, without script and without anything from elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    curve::{Line, chart},
    report::Report,
    table::bytes,
    tally::{Sample, Spread},
    time::ms,
};

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
path { fill: none; stroke-width: 1.6; stroke: var(--ink); } .key::before { content: '● '; color: var(--ink); }
.key { margin-left: .6rem; white-space: nowrap; }
.line-0 { --ink: light-dark(#1560bd, #74b3ff); } .line-1 { --ink: light-dark(#b35900, #ffb454); }
.line-2 { --ink: light-dark(#8a8a8a, #9a9a9a); }
";

/// The whole page.
pub(super) fn page(report: &Report) -> Markup {
    let title = format!("Load test of {}", report.began);
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
                    (report.people) " people at " (report.url) ", behaviour " (report.behaviour) ", think " (report.think)
                    ", for " (format!("{:.0}", report.duration_s)) " s"
                    @if report.interrupted { " (interrupted)" }
                    ": " (report.requests) " requests, " (format!("{:.1}", report.requests_per_second)) " a second."
                }
                (targets(report))
                (curves(&report.curve))
                (actions(report))
                (failures(report))
                h2 { "This program" }
                p {
                    "savt " (report.savt) " took " (format!("{:.1}", report.generator.cpu_percent)) " % of a core, "
                    (format!("{:.0}", report.generator.cpu_ms_per_1000_requests)) " ms for 1,000 requests, and was "
                    (ms(report.generator.own_delay.p99_ms)) " ms late at the 99th percentile."
                    @if let Some(warning) = report.generator.warning() { " Beware: " (warning) "." }
                }
                p { (report.leftovers()) }
            }
        }
    }
}

fn targets(report: &Report) -> Markup {
    html! {
        h2 { "Targets" }
        table {
            tr { th { "target" } th { "measured" } th { "" } }
            @for judged in &report.targets {
                tr {
                    td { (judged.target) }
                    td { (judged.measured) }
                    @match judged.met {
                        Some(true) => td.met { "met" },
                        Some(false) => td.missed { "missed" },
                        None => td { "not judged" },
                    }
                }
            }
        }
    }
}

fn curves(samples: &[Sample]) -> Markup {
    let line = |label, value: fn(&Sample) -> Option<f64>| Line {
        label,
        points: samples
            .iter()
            .map(|sample| (sample.at_s, value(sample)))
            .collect(),
    };
    fn some(spread: &Spread, value: f64) -> Option<f64> {
        (spread.count > 0).then_some(value)
    }
    let known =
        |value: fn(&Sample) -> Option<f64>| samples.iter().any(|sample| value(sample).is_some());
    html! {
        h2 { "Over time" }
        (chart("Answers", "ms", &[
            line("p50", |sample| some(&sample.answers, sample.answers.p50_ms)),
            line("p95", |sample| some(&sample.answers, sample.answers.p95_ms)),
            line("max", |sample| some(&sample.answers, sample.answers.max_ms)),
        ]))
        @if known(|sample| some(&sample.shown, sample.shown.p50_ms)) {
            (chart("From a veto's answer to the last stream", "ms", &[
                line("p50", |sample| some(&sample.shown, sample.shown.p50_ms)),
                line("p95", |sample| some(&sample.shown, sample.shown.p95_ms)),
            ]))
        }
        (chart("Requests and failures", "a second", &[
            line("requests", |sample| Some(sample.requests_per_second)),
            line("failures", |sample| Some(sample.failures as f64)),
        ]))
        (chart("People", "here", &[line("people", |sample| Some(sample.people as f64))]))
        @if known(|sample| sample.server.connections) {
            (chart("Database connections", "open", &[
                line("open", |sample| sample.server.connections),
                line("in use", |sample| sample.server.connections_in_use),
            ]))
        }
    }
}

fn actions(report: &Report) -> Markup {
    let spread = |spread: &Spread| {
        let times = [
            spread.average_ms,
            spread.p50_ms,
            spread.p95_ms,
            spread.p99_ms,
            spread.max_ms,
        ];
        html! { @for time in times { td { (ms(time)) } } }
    };
    html! {
        h2 { "By action" }
        div.wide {
            table {
                tr { @for head in ["ms", "count", "failed", "average", "p50", "p95", "p99", "max", "bytes"] { th { (head) } } }
                @for row in &report.actions {
                    tr {
                        td { (row.action) } td { (row.times.count) } td { (row.failures) }
                        (spread(&row.times))
                        td { (bytes(row.bytes)) }
                    }
                }
                tr { td { "all waited for" } td { (report.answers.count) } td {} (spread(&report.answers)) td {} }
                @if report.shown.count > 0 {
                    tr { td { "veto to last stream" } td { (report.shown.count) } td {} (spread(&report.shown)) td {} }
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
                @for told in &report.failures {
                    tr { td { (told.kind) } td { (told.count) } td.text { (told.example) } }
                }
            }
        }
    }
}
