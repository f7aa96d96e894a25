//! All metrics in the Prometheus text format: those that modules update as they work, and those that are read on request.

use std::time::Instant;

use chrono::{DateTime, Utc};
use prometheus::{Gauge, Registry, TextEncoder, core::Collector, proto::MetricFamily};

use super::process;
use crate::{
    db::Backend,
    http::listener::{ConnectionLimits, Refusal},
    metrics::{Collectors, counter, counters, gauge, gauges},
    web::App,
    webhook::Webhooks,
};

/// The commit that was built, if the build set `SAVT_COMMIT`.
pub(super) const COMMIT: &str = match option_env!("SAVT_COMMIT") {
    Some(commit) if !commit.is_empty() => commit,
    _ => "unknown",
};

pub(super) struct StartTime {
    pub(super) instant: Instant,
    pub(super) utc: DateTime<Utc>,
}

/// Registers the metrics that modules update as they work.
pub(super) fn registry(app: &App, webhooks: Option<&Webhooks>) -> Registry {
    let registry = Registry::new();
    let modules: [Collectors; 5] = [
        app.metrics().collectors(),
        vec![Box::new(app.scheduling_delay().clone())],
        app.boards().metrics().collectors(),
        app.boards().database().metrics().collectors(),
        webhooks.map(Webhooks::collectors).unwrap_or_default(),
    ];
    for collector in modules.into_iter().flatten() {
        if let Err(error) = registry.register(collector) {
            tracing::error!(%error, "cannot register a metric");
        }
    }
    registry
}

pub(super) fn metrics_text(
    registry: &Registry,
    app: &App,
    started_at: &StartTime,
) -> prometheus::Result<String> {
    let mut families = registry.gather();
    families.extend(current_values(app, started_at));
    encode(families)
}

/// What is known before there is an application.
pub(super) fn metrics_text_while_starting() -> prometheus::Result<String> {
    let mut families = waiting_for_database(true);
    families.extend(process_values());
    encode(families)
}

fn encode(mut families: Vec<MetricFamily>) -> prometheus::Result<String> {
    families.sort_by(|one, other| one.name().cmp(other.name()));
    TextEncoder::new().encode_to_string(&families)
}

/// Metrics that are read on request only.
fn current_values(app: &App, started_at: &StartTime) -> Vec<MetricFamily> {
    let boards = app.boards();
    let pool = boards.database().pool_state();
    let cache = boards.cache_state();
    let mut families = connections(pool.in_use, pool.idle);
    families.extend(integer_gauge(
        "savt_db_connections_max",
        "Maximum number of connections in the database pool.",
        u64::from(pool.max),
    ));
    families.extend(total(
        "savt_cache_hits_total",
        "Board look-ups served from memory.",
        cache.hits,
    ));
    families.extend(total(
        "savt_cache_misses_total",
        "Board look-ups that had to load the board.",
        cache.misses,
    ));
    families.extend(integer_gauge(
        "savt_cache_boards",
        "Boards in memory.",
        cache.boards as u64,
    ));
    families.extend(integer_gauge(
        "savt_cache_bytes",
        "Estimated memory of the boards in the cache, at most --cache-mib, in bytes.",
        cache.bytes,
    ));
    families.extend(integer_gauge(
        "savt_writer_waiting",
        "Commands waiting in the queues of the writers.",
        boards.queued_commands() as u64,
    ));
    families.extend(http_connections(app.connection_limits()));
    families.extend(build_info(boards.database().backend()));
    families.extend(float_gauge(
        "savt_uptime_seconds",
        "Time since this process began to serve, in seconds.",
        started_at.instant.elapsed().as_secs_f64(),
    ));
    families.extend(float_gauge(
        "process_start_time_seconds",
        "Start time of the process, in seconds since the Unix epoch.",
        started_at.utc.timestamp_millis() as f64 / 1000.0,
    ));
    families.extend(waiting_for_database(false));
    families.extend(process_values());
    families
}

fn waiting_for_database(waits: bool) -> Vec<MetricFamily> {
    integer_gauge(
        "savt_waiting_for_database",
        "1 while SAVT starts and waits for a database that is not up yet, else 0.",
        u64::from(waits),
    )
}

fn process_values() -> Vec<MetricFamily> {
    let process = [
        (
            "process_resident_memory_bytes",
            "Resident memory of the process, in bytes.",
            process::resident_bytes(),
        ),
        (
            "process_open_fds",
            "Number of open file descriptors.",
            process::open_files(),
        ),
        (
            "process_max_fds",
            "Maximum number of open file descriptors.",
            process::max_open_files(),
        ),
    ];
    let known = process
        .into_iter()
        .filter_map(|(name, help, value)| Some(integer_gauge(name, help, value?)));
    known.flatten().collect()
}

fn connections(in_use: u32, idle: u32) -> Vec<MetricFamily> {
    let connections = gauges(
        "savt_db_connections",
        "Open connections of the database pool, by state.",
        &["state"],
    );
    for (state, number) in [("in_use", in_use), ("idle", idle)] {
        let gauge = connections.with_label_values(&[state]);
        gauge.set(i64::from(number));
    }
    connections.collect()
}

fn http_connections(limits: &ConnectionLimits) -> Vec<MetricFamily> {
    let refused = counters(
        "savt_http_connections_refused_total",
        "Connections closed at once, because the client has too many or because there are too many in total.",
        &["reason"],
    );
    for (reason, label) in [(Refusal::Client, "client"), (Refusal::Total, "total")] {
        let counter = refused.with_label_values(&[label]);
        counter.inc_by(limits.refused(reason));
    }
    let mut families = refused.collect();
    families.extend(integer_gauge(
        "savt_http_connections",
        "Open connections.",
        u64::from(limits.open()),
    ));
    families
}

/// The value is always 1; the labels carry the information.
fn build_info(backend: Backend) -> Vec<MetricFamily> {
    let build_info = gauges(
        "savt_build_info",
        "Version and commit of SAVT, and the kind of database it uses.",
        &["version", "commit", "database"],
    );
    let database = match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    };
    let labels = [env!("CARGO_PKG_VERSION"), COMMIT, database];
    build_info.with_label_values(&labels).set(1);
    build_info.collect()
}

fn total(name: &str, help: &str, value: u64) -> Vec<MetricFamily> {
    let counter = counter(name, help);
    counter.inc_by(value);
    counter.collect()
}

fn integer_gauge(name: &str, help: &str, value: u64) -> Vec<MetricFamily> {
    let gauge = gauge(name, help);
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    gauge.collect()
}

fn float_gauge(name: &str, help: &str, value: f64) -> Vec<MetricFamily> {
    let Ok(gauge) = Gauge::new(name, help) else {
        return Vec::new();
    };
    gauge.set(value);
    gauge.collect()
}
