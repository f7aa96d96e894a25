//! The health page: live metrics at a glance. It refreshes itself without a script.

use std::time::Duration;

use maud::{DOCTYPE, Markup, html};

use super::{
    collect,
    format::{duration, mebibytes, percent, thousands, uptime},
    history::{History, RETENTION, SAMPLE_INTERVAL, WINDOW_LENGTH},
    process,
    sample::Sample,
    targets,
    window::Window,
};
use crate::{
    assets,
    chart::{self, Point},
    db::Backend,
    http::listener::Refusal,
    metrics::HistogramSnapshot,
    web::{App, NotableRequest, RouteStats},
};

/// How many of the slowest routes are shown.
const MAX_ROUTES: usize = 8;
/// How often the page loads itself again while SAVT waits for its database.
const STARTING_INTERVAL: Duration = Duration::from_secs(2);

pub(super) fn page(app: &App, history: &History, now: &Sample, up: Duration) -> Markup {
    let window = history.window(now);
    let sections = html! {
        (targets_section(&window))
        (charts(history, now))
        (routes(&window))
        (notable_requests(&app.metrics().notable_requests()))
        div.columns {
            (database(app, &window))
            (boards(app, &window))
            (system(app, &window))
        }
    };
    layout(SAMPLE_INTERVAL, &about(app, up), &sections)
}

/// The page while SAVT waits for its database.
pub(super) fn page_while_starting() -> Markup {
    let waits = html! {
        p role="status" { strong { "SAVT waits for its database." } " The log says why." }
    };
    layout(STARTING_INTERVAL, &build(), &waits)
}

/// A page that loads itself again after `refresh`.
fn layout(refresh: Duration, about: &str, sections: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta http-equiv="refresh" content=(refresh.as_secs());
                title { "SAVT health" }
                link rel="icon" type="image/svg+xml" href=(assets::ICON);
                link rel="stylesheet" href=(assets::STYLE);
                link rel="stylesheet" href=(assets::MONITOR_STYLE);
            }
            body {
                div.page.monitor {
                    header {
                        h1 { "SAVT health" }
                        p.faint { (about) }
                    }
                    }
                    main { (sections) }
                    footer { p.faint { "Prometheus metrics: " a href="/metrics" { "/metrics" } } }
                }
            }
        }
    }
}

fn about(app: &App, up: Duration) -> String {
    let database = match app.boards().database().backend() {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    };
    format!("{} on {database}, up for {}", build(), uptime(up))
}

fn build() -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!("SAVT {version} ({})", collect::COMMIT)
}

fn targets_section(window: &Window) -> Markup {
    let targets = targets::evaluate(window);
    let missed = targets.iter().filter(|target| !target.is_met).count();
    html! {
        section aria-labelledby="targets" {
            h2 #targets {
                "Targets: "
                @match missed {
                    0 => "none missed",
                    _ => { (missed) " missed" },
                }
            }
            p.faint { "Over the last " (uptime(window.duration().min(WINDOW_LENGTH))) "; database connections: current number" }
            table.targets {
                thead { tr { th { "Target" } th.figure { "Value" } th { "" } } }
                tbody {
                    @for target in &targets {
                        tr.missed[!target.is_met] {
                            th scope="row" { (target.name) " " span.faint { (target.limit) } }
                            td.figure { (target.value.as_deref().unwrap_or("–")) }
                            td.verdict {
                                @match (&target.value, target.is_met) {
                                    (None, _) => span.faint { "no data" },
                                    (_, true) => span.met { "✓ met" },
                                    (_, false) => strong { "✗ missed" },
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn charts(history: &History, now: &Sample) -> Markup {
    let series = |value: &dyn Fn(Window) -> Option<f64>| history.series(now.at, value);
    let p95 = |window: Window| window.histogram(|s| &s.responses).quantile(0.95);
    let mean = |window: Window| window.histogram(|s| &s.responses).mean();
    let number = |n: f64| format!("{n:.0}");
    let rate = |n: f64| match n {
        n if n < 10.0 => format!("{n:.1} /s"),
        n => format!("{n:.0} /s"),
    };
    html! {
        section aria-labelledby="curves" {
            h2 #curves { "The last 15 minutes" }
            p.faint { "Each value covers the last " (SAMPLE_INTERVAL.as_secs()) " seconds, each chart the last 15 minutes" }
            div.curves {
                (chart("Requests", &series(&|w| w.rate(|s| s.responses.count())), 1.0, &rate))
                (chart("Average response time", &series(&mean), 0.001, &duration))
                (chart("95th percentile", &series(&p95), 0.001, &duration))
                (chart("Failure rate", &series(&|w| w.failure_rate()), 0.005, &percent))
                (chart("Events written", &series(&|w| w.rate(|s| s.events)), 1.0, &rate))
                (chart("Open streams", &series(&|w| Some(w.to.streams as f64)), 1.0, &number))
                (chart("Database connections", &series(&|w| Some(w.to.connections as f64)), 1.0, &number))
                (chart("Memory", &series(&|w| w.to.resident_bytes.map(|bytes| bytes as f64)), 1.0, &mebibytes))
            }
        }
    }
}

/// The current value, the maximum, and a sparkline whose y axis ends at `min_top` or above.
fn chart(name: &str, points: &[Point], min_top: f64, format: &dyn Fn(f64) -> String) -> Markup {
    let last = points.last().and_then(|(_, value)| *value);
    let now = value_or_dash(last, format);
    let max = chart::max_value(points).map(|max| format!("max {}", format(max)));
    let max = max.unwrap_or_default();
    let label = format!("{name}: {now}, {max}");
    html! {
        figure {
            figcaption {
                span.name { (name) }
                " " strong { (now) }
                " " span.faint { (max) }
            }
            (chart::sparkline(points, RETENTION.as_secs_f64(), min_top, &label))
        }
    }
}

fn routes(window: &Window) -> Markup {
    let slowest = window.slowest_routes();
    html! {
        section aria-labelledby="routes" {
            h2 #routes { "Slowest routes" }
            @if slowest.is_empty() {
                p.faint { "No requests yet." }
            } @else {
                table {
                    thead {
                        tr { th { "Route" } th.figure { "Average" } th.figure { "p95" } }
                    }
                    tbody {
                        @for route in slowest.iter().take(MAX_ROUTES) {
                            tr {
                                th scope="row" { (route.method) " " (route.route) " " span.faint { (request_count(route)) } }
                                td.figure { (value_or_dash(route.durations.mean(), duration)) }
                                td.figure { (value_or_dash(route.durations.quantile(0.95), duration)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn request_count(route: &RouteStats) -> String {
    let requests = thousands(route.durations.count());
    match route.failures {
        0 => format!("{requests} requests"),
        failures => format!("{requests} requests, {} failed", thousands(failures)),
    }
}

fn notable_requests(requests: &[NotableRequest]) -> Markup {
    html! {
        section aria-labelledby="noted" {
            h2 #noted { "Latest slow or failed requests" }
            @if requests.is_empty() {
                p.faint { "No request took longer than a second or failed." }
            } @else {
                ul.noted {
                    @for request in requests {
                        li {
                            time datetime=(request.at.to_rfc3339()) { (request.at.format("%H:%M:%S UTC").to_string()) }
                            " " code { (request.method.as_str()) " " (request.route) }
                            @if let Some(board) = request.board { " board " (board.to_string()) }
                            " " span.faint { (request.status.as_u16()) ", " (duration(request.elapsed.as_secs_f64())) }
                        }
                    }
                }
            }
        }
    }
}

fn database(app: &App, window: &Window) -> Markup {
    let database = app.boards().database();
    let pool = database.pool_state();
    html! {
        section aria-labelledby="database" {
            h2 #database { "Database" }
            dl {
                (entry("Connections in use", pool.in_use))
                (entry("Idle connections", pool.idle))
                (entry("Maximum connections", pool.max))
                (entry("Tasks waiting for a connection", database.metrics().waiting()))
                (times("Wait for a connection", &window.histogram(|s| &s.connection_wait)))
                (times("Statements", &window.histogram(|s| &s.query)))
                (times("Write transactions", &window.histogram(|s| &s.write)))
            }
        }
    }
}

fn boards(app: &App, window: &Window) -> Markup {
    let boards = app.boards();
    let batch_size = window.histogram(|s| &s.batch_size);
    html! {
        section aria-labelledby="boards" {
            h2 #boards { "Boards and streams" }
            dl {
                (entry("Boards in memory", boards.cache_state().boards))
                (entry("Open streams", window.to.streams))
                (entry("Streams told to reload", window.increase(|s| s.reloads)))
                (times("Commit to last stream", &window.histogram(|s| &s.fan_out)))
                (entry("Queued commands", boards.queued_commands()))
                (entry("Commands per transaction", value_or_dash(batch_size.mean(), |n| format!("{n:.1}"))))
                (entry("Events written", thousands(window.increase(|s| s.events))))
            }
        }
    }
}

fn system(app: &App, window: &Window) -> Markup {
    let connections = app.connection_limits();
    let refused = connections.refused(Refusal::Client) + connections.refused(Refusal::Total);
    let number = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), thousands);
    html! {
        section aria-labelledby="process" {
            h2 #process { "Process" }
            dl {
                (entry("Memory", value_or_dash(process::resident_bytes().map(|n| n as f64), mebibytes)))
                (entry("Open connections", connections.open()))
                (entry("Refused connections", thousands(refused)))
                (entry("Open files", number(process::open_files())))
                (entry("Maximum open files", number(process::max_open_files())))
                (times("Scheduling delay", &window.histogram(|s| &s.scheduling_delay)))
            }
        }
    }
}

fn entry(name: &str, value: impl std::fmt::Display) -> Markup {
    html! { div { dt { (name) } dd { (value.to_string()) } } }
}

/// The average and the 95th percentile of durations.
fn times(name: &str, durations: &HistogramSnapshot) -> Markup {
    let value = match (durations.mean(), durations.quantile(0.95)) {
        (Some(mean), Some(p95)) => format!("{}, p95 {}", duration(mean), duration(p95)),
        _ => "–".to_owned(),
    };
    entry(name, value)
}

fn value_or_dash(value: Option<f64>, format: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), format)
}
