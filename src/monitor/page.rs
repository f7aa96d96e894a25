//! The page for people: how SAVT does, at a glance. It loads itself again, without a script.

use std::time::Duration;

use maud::{DOCTYPE, Markup, html};

use super::{
    EVERY, chart, gather,
    history::{History, WINDOW},
    process,
    sample::{Sample, Span},
    targets,
    words::{bytes, percent, span, thousands, time},
};
use crate::{
    assets,
    db::Backend,
    figures::Tally,
    web::{App, Noted, OfRoute},
};

/// How many routes are told.
const ROUTES: usize = 8;

pub(super) fn page(app: &App, history: &History, now: &Sample, uptime: Duration) -> Markup {
    let window = history.window(now);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                meta http-equiv="refresh" content=(EVERY.as_secs());
                title { "SAVT: how it does" }
                link rel="icon" type="image/svg+xml" href=(assets::ICON);
                link rel="stylesheet" href=(assets::STYLE);
                link rel="stylesheet" href=(assets::MONITOR_STYLE);
            }
            body {
                div.page.monitor {
                    header {
                        h1 { "How SAVT does" }
                        p.faint { (about(app, uptime)) }
                    }
                    main {
                        (judged(&window))
                        (curves(history, now))
                        (routes(&window))
                        (noted(&app.figures().noted()))
                        div.columns {
                            (database(app, &window))
                            (boards(app, &window))
                            (system(&window))
                        }
                    }
                    footer { p.faint { "For Prometheus: " a href="/metrics" { "/metrics" } } }
                }
            }
        }
    }
}

fn about(app: &App, uptime: Duration) -> String {
    let database = match app.boards().database().backend() {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    };
    let version = env!("CARGO_PKG_VERSION");
    let commit = gather::COMMIT;
    format!(
        "SAVT {version} ({commit}) on {database}, up for {}",
        span(uptime)
    )
}

fn judged(window: &Span) -> Markup {
    let targets = targets::judged(window);
    let missed = targets.iter().filter(|target| !target.met).count();
    html! {
        section aria-labelledby="targets" {
            h2 #targets {
                "Targets: "
                @match missed {
                    0 => "none missed",
                    _ => { (missed) " missed" },
                }
            }
            p.faint { "Over the last " (span(window.time().min(WINDOW))) "; connections: of now" }
            table.targets {
                thead { tr { th { "Target" } th.figure { "Now" } th { "" } } }
                tbody {
                    @for target in &targets {
                        tr.missed[!target.met] {
                            th scope="row" { (target.name) " " span.faint { (target.limit) } }
                            td.figure { (target.now.as_deref().unwrap_or("–")) }
                            td.verdict {
                                @match (&target.now, target.met) {
                                    (None, _) => span.faint { "nothing yet" },
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

fn curves(history: &History, now: &Sample) -> Markup {
    let of = |figure: &dyn Fn(Span) -> Option<f64>| history.curve(now.at, figure);
    let p95 = |step: Span| step.tally(|s| &s.answers).quantile(0.95);
    let mean = |step: Span| step.tally(|s| &s.answers).mean();
    let number = |n: f64| format!("{n:.0}");
    let rate = |n: f64| match n {
        n if n < 10.0 => format!("{n:.1} /s"),
        n => format!("{n:.0} /s"),
    };
    html! {
        section aria-labelledby="curves" {
            h2 #curves { "The last 15 minutes" }
            p.faint { "Each figure is of the last " (EVERY.as_secs()) " seconds, its curve from 15 minutes ago to now" }
            div.curves {
                (curve("Answers", &of(&|step| step.rate(|s| s.answers.count())), 1.0, &rate))
                (curve("Average answer", &of(&mean), 0.001, &time))
                (curve("95th percentile", &of(&p95), 0.001, &time))
                (curve("Failures", &of(&|step| step.failed()), 0.005, &percent))
                (curve("Events written", &of(&|step| step.rate(|s| s.events)), 1.0, &rate))
                (curve("Streams open", &of(&|step| Some(step.to.streams as f64)), 1.0, &number))
                (curve("Database connections", &of(&|step| Some(step.to.connections as f64)), 1.0, &number))
                (curve("Memory", &of(&|step| step.to.resident.map(|bytes| bytes as f64)), 1.0, &|n| bytes(n)))
            }
        }
    }
}

/// One figure of now, its largest, and its curve.
fn curve(
    name: &str,
    points: &[(f64, Option<f64>)],
    least: f64,
    words: &dyn Fn(f64) -> String,
) -> Markup {
    let last = points.last().and_then(|(_, figure)| *figure);
    let now = last.map_or_else(|| "–".to_owned(), words);
    let most = chart::largest(points).map(|most| format!("at most {}", words(most)));
    let most = most.unwrap_or_default();
    html! {
        figure {
            figcaption {
                span.name { (name) }
                " " strong { (now) }
                " " span.faint { (most) }
            }
            (chart::curve(points, least, &format!("{name}: {now}, {most}")))
        }
    }
}

fn routes(window: &Span) -> Markup {
    let slowest = window.slowest();
    html! {
        section aria-labelledby="routes" {
            h2 #routes { "Slowest routes" }
            @if slowest.is_empty() {
                p.faint { "Nobody asked for anything." }
            } @else {
                table {
                    thead {
                        tr { th { "Route" } th.figure { "Average" } th.figure { "95 %" } }
                    }
                    tbody {
                        @for of in slowest.iter().take(ROUTES) {
                            tr {
                                th scope="row" { (of.method) " " (of.route) " " span.faint { (counted(of)) } }
                                td.figure { (or_none(of.durations.mean(), time)) }
                                td.figure { (or_none(of.durations.quantile(0.95), time)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn counted(of: &OfRoute) -> String {
    let answers = thousands(of.durations.count());
    match of.failures {
        0 => format!("{answers} answers"),
        failures => format!("{answers} answers, {} failed", thousands(failures)),
    }
}

fn noted(noted: &[Noted]) -> Markup {
    html! {
        section aria-labelledby="noted" {
            h2 #noted { "Last slow or failed requests" }
            @if noted.is_empty() {
                p.faint { "None took a second, none failed." }
            } @else {
                ul.noted {
                    @for one in noted {
                        li {
                            time datetime=(one.at.to_rfc3339()) { (one.at.format("%H:%M:%S UTC").to_string()) }
                            " " code { (one.method.as_str()) " " (one.path) }
                            " " span.faint { (one.status.as_u16()) ", " (time(one.took.as_secs_f64())) }
                        }
                    }
                }
            }
        }
    }
}

fn database(app: &App, window: &Span) -> Markup {
    let database = app.boards().database();
    let pool = database.pool_state();
    html! {
        section aria-labelledby="database" {
            h2 #database { "Database" }
            dl {
                (entry("Connections in use", pool.in_use))
                (entry("idle", pool.idle))
                (entry("at most", pool.at_most))
                (entry("Waiting for one", database.figures().waiting()))
                (spread("Waited", &window.tally(|s| &s.wait)))
                (spread("Statements", &window.tally(|s| &s.query)))
                (spread("Transactions that write", &window.tally(|s| &s.write)))
            }
        }
    }
}

fn boards(app: &App, window: &Span) -> Markup {
    let boards = app.boards();
    let batch = window.tally(|s| &s.batch);
    html! {
        section aria-labelledby="boards" {
            h2 #boards { "Boards and streams" }
            dl {
                (entry("Boards in memory", boards.cache_state().boards))
                (entry("Streams open", window.to.streams))
                (entry("told to load again", window.count(|s| s.reloads)))
                (spread("Commit to last stream", &window.tally(|s| &s.fan_out)))
                (entry("Wishes at the doors", boards.waiting()))
                (entry("Wishes a transaction", or_none(batch.mean(), |n| format!("{n:.1}"))))
                (entry("Events written", thousands(window.count(|s| s.events))))
            }
        }
    }
}

fn system(window: &Span) -> Markup {
    let number = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), thousands);
    html! {
        section aria-labelledby="process" {
            h2 #process { "Process" }
            dl {
                (entry("Memory", or_none(process::resident().map(|n| n as f64), bytes)))
                (entry("Open files", number(process::open_files())))
                (entry("at most", number(process::most_files())))
                (spread("Waited for a processor", &window.tally(|s| &s.lag)))
            }
        }
    }
}

fn entry(name: &str, value: impl std::fmt::Display) -> Markup {
    html! { div { dt { (name) } dd { (value.to_string()) } } }
}

/// The average and the 95th percentile of times.
fn spread(name: &str, tally: &Tally) -> Markup {
    let value = match (tally.mean(), tally.quantile(0.95)) {
        (Some(mean), Some(p95)) => format!("{}, 95 % {}", time(mean), time(p95)),
        _ => "–".to_owned(),
    };
    entry(name, value)
}

fn or_none(figure: Option<f64>, words: impl Fn(f64) -> String) -> String {
    figure.map_or_else(|| "–".to_owned(), words)
}
