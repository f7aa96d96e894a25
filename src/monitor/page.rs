//! The health page: live metrics at a glance. It refreshes itself without a script.

use std::time::Duration;

use chrono::Utc;
use maud::{DOCTYPE, Markup, html};

use super::{
    charts::charts,
    collect,
    format::{duration, mebibytes, thousands, uptime},
    history::{History, SAMPLE_INTERVAL, WINDOW_LENGTH},
    process,
    sample::Sample,
    targets, webhooks,
    window::Window,
};
use crate::{
    assets,
    db::Backend,
    http::listener::Refusal,
    metrics::HistogramSnapshot,
    web::{App, NotableRequest, RouteStats},
    webhook::Status,
};

/// How many of the slowest routes are shown.
const MAX_ROUTES: usize = 8;
/// How often the page loads itself again while SAVT waits for its database.
pub(super) const STARTING_INTERVAL: Duration = Duration::from_secs(2);

/// The query of the page that does not refresh itself.
pub(super) const PAUSED: &str = "refresh=off";

pub(super) fn page(
    app: &App,
    history: &History,
    now: &Sample,
    up: Duration,
    endpoints: &[Status],
    is_paused: bool,
) -> Markup {
    let window = history.window(now);
    let sections = html! {
        (targets_section(&window))
        (charts(history, now, Utc::now()))
        (routes(&window))
        (notable_requests(&app.metrics().notable_requests()))
        (webhooks::section(endpoints))
        div.columns {
            (database(app, &window))
            (boards(app, &window))
            (system(app, &window))
        }
    };
    layout(&about(app, up), &refresh(is_paused), &sections)
}

/// The page while SAVT waits for its database.
pub(super) fn page_while_starting() -> Markup {
    let waits = html! {
        p role="status" { strong { "SAVT waits for its database." } " The log says why." }
    };
    layout(&build(), &html! {}, &waits)
}

/// A page; `refresh` says how it refreshes itself.
fn layout(about: &str, refresh: &Markup, sections: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
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
                        (refresh)
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

/// The link that stops or continues the refreshing, which would interrupt a screen reader.
fn refresh(is_paused: bool) -> Markup {
    html! {
        p.faint {
            @if is_paused {
                "Refreshing is paused. " a href="/" { "Refresh every " (SAMPLE_INTERVAL.as_secs()) " s" }
            } @else {
                "Refreshes every " (SAMPLE_INTERVAL.as_secs()) " s. " a href={ "/?" (PAUSED) } { "Pause" }
            }
        }
    }
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
            p.faint { "Over the last " (uptime(window.duration().min(WINDOW_LENGTH))) "; DB connections: current number" }
            table.targets {
                thead { tr { th { "Target" } th.figure { "Value" } th { "Status" } } }
                tbody {
                    @for target in &targets {
                        tr.missed[!target.is_met] {
                            th scope="row" { (target.target.name) " " span.faint { (target.target.limit) } }
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

fn routes(window: &Window) -> Markup {
    let slowest = window.slowest_routes();
    html! {
        section aria-labelledby="routes" {
            h2 #routes { "Slowest routes, by 95th percentile" }
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
                (entry("DB connections in use", pool.in_use))
                (entry("DB connections idle", pool.idle))
                (entry("DB connections, maximum", pool.max))
                (entry("Waiting for a DB connection", database.metrics().waiting()))
                (times("DB connection wait time", &window.histogram(|s| &s.connection_wait)))
                (times("Query duration", &window.histogram(|s| &s.query)))
                (times("Write transaction duration", &window.histogram(|s| &s.write)))
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
                (entry("Boards cached", boards.cache_state().boards))
                (entry("Streams open", window.to.streams))
                (entry("Streams resynchronized", window.increase(|s| s.reloads)))
                (times("Fan-out duration, commit to last stream", &window.histogram(|s| &s.fan_out)))
                (entry("Commands queued", boards.queued_commands()))
                (entry("Commands per transaction, average", value_or_dash(batch_size.mean(), |n| format!("{n:.1}"))))
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
                (entry("Memory (RSS)", value_or_dash(process::resident_bytes().map(|n| n as f64), mebibytes)))
                (entry("Connections open", connections.open()))
                (entry("Connections refused", thousands(refused)))
                (entry("File descriptors open", number(process::open_files())))
                (entry("File descriptors, maximum", number(process::max_open_files())))
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
