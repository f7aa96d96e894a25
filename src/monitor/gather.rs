//! The figures in Prometheus's text format: those the rooms count, and those that are read when somebody asks.

use std::time::Instant;

use chrono::{DateTime, Utc};
use prometheus::{Gauge, Registry, TextEncoder, core::Collector, proto::MetricFamily};

use super::process;
use crate::{
    figures::{Collected, counter, gauge},
    web::App,
};

/// What of the source this is, if whoever built it said so.
pub(super) const COMMIT: &str = match option_env!("SAVT_COMMIT") {
    Some(commit) if !commit.is_empty() => commit,
    _ => "unknown",
};

/// Everything that is counted where it happens.
pub(super) fn registry(app: &App) -> Registry {
    let registry = Registry::new();
    let rooms: [Collected; 4] = [
        app.figures().collected(),
        vec![Box::new(app.lag().clone())],
        app.boards().figures().collected(),
        app.boards().database().figures().collected(),
    ];
    for figure in rooms.into_iter().flatten() {
        if let Err(error) = registry.register(figure) {
            tracing::error!(%error, "a figure is missing");
        }
    }
    registry
}

/// All figures as text.
pub(super) fn text(
    registry: &Registry,
    app: &App,
    since: (Instant, DateTime<Utc>),
) -> prometheus::Result<String> {
    let mut families = registry.gather();
    families.extend(now(app, since));
    families.sort_by(|one, other| one.name().cmp(other.name()));
    TextEncoder::new().encode_to_string(&families)
}

/// What costs nothing until somebody asks.
fn now(app: &App, (began, at): (Instant, DateTime<Utc>)) -> Vec<MetricFamily> {
    let boards = app.boards();
    let pool = boards.database().pool_state();
    let cache = boards.cache_state();
    let mut all = connections(pool.in_use, pool.idle);
    all.extend(level(
        "savt_db_connections_max",
        "Connections of the pool at most.",
        u64::from(pool.at_most),
    ));
    all.extend(count(
        "savt_cache_hits_total",
        "How often a board was asked for and in memory.",
        cache.hits,
    ));
    all.extend(count(
        "savt_cache_misses_total",
        "How often a board was asked for and had to be loaded.",
        cache.misses,
    ));
    all.extend(level(
        "savt_cache_boards",
        "Boards in memory.",
        cache.boards as u64,
    ));
    all.extend(level(
        "savt_door_waiting",
        "Wishes that wait at the doors.",
        boards.waiting() as u64,
    ));
    all.extend(build(boards.database().backend()));
    all.extend(real(
        "savt_uptime_seconds",
        "How long this process has served.",
        began.elapsed().as_secs_f64(),
    ));
    all.extend(real(
        "process_start_time_seconds",
        "When it began to, in seconds since 1970.",
        at.timestamp_millis() as f64 / 1000.0,
    ));
    let of_the_system = [
        (
            "process_resident_memory_bytes",
            "What the process holds in memory.",
            process::resident(),
        ),
        (
            "process_open_fds",
            "Files and sockets the process has open.",
            process::open_files(),
        ),
        (
            "process_max_fds",
            "Files and sockets it may open.",
            process::most_files(),
        ),
    ];
    for (name, help, value) in of_the_system {
        all.extend(value.into_iter().flat_map(|value| level(name, help, value)));
    }
    all
}

fn connections(in_use: u32, idle: u32) -> Vec<MetricFamily> {
    let connections = crate::figures::gauges(
        "savt_db_connections",
        "Connections of the pool.",
        &["state"],
    );
    for (state, number) in [("in_use", in_use), ("idle", idle)] {
        let one = connections.with_label_values(&[state]);
        one.set(i64::from(number));
    }
    connections.collect()
}

/// The value says nothing; the labels do.
fn build(database: crate::db::Backend) -> Vec<MetricFamily> {
    let build = crate::figures::gauges(
        "savt_build_info",
        "Which SAVT this is, and on which database.",
        &["version", "commit", "database"],
    );
    let database = match database {
        crate::db::Backend::Sqlite => "sqlite",
        crate::db::Backend::Postgres => "postgres",
    };
    let labels = [env!("CARGO_PKG_VERSION"), COMMIT, database];
    build.with_label_values(&labels).set(1);
    build.collect()
}

fn count(name: &str, help: &str, value: u64) -> Vec<MetricFamily> {
    let counter = counter(name, help);
    counter.inc_by(value);
    counter.collect()
}

fn level(name: &str, help: &str, value: u64) -> Vec<MetricFamily> {
    let gauge = gauge(name, help);
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.collect()
}

fn real(name: &str, help: &str, value: f64) -> Vec<MetricFamily> {
    let Ok(gauge) = Gauge::new(name, help) else {
        return Vec::new();
    };
    gauge.set(value);
    gauge.collect()
}
