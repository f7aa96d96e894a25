//! Clients that ask for as much as the default limits allow: how much the memory of the server grows at most. The limits are fixed
//! figures.

use std::time::Duration;

use futures_util::future::join_all;
use savt::db::Backend;
use tokio::time::{sleep, timeout};

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    connection::{Connection, parse_status},
    process::{BoardSize, Process},
    stream_clients::open_stalled,
    test_client::cookie_header,
};

/// The largest board: 2,000 items × 5 features.
const LARGEST: BoardSize = BoardSize(2_000);
const NON_READERS: usize = 150;
/// Long enough for the server to fill the buffers of all sockets; shorter than `--write-timeout`.
const STALL: Duration = Duration::from_secs(5);
const NON_READERS_LIMIT_KIB: f64 = 100.0 * 1_024.0;

/// The most features that an event with their names fits into, and more events than a page of the history shows.
const FEATURES: u32 = 700;
const MERGES: usize = 52;
const HISTORY_READERS: usize = 100;
const HISTORY_LIMIT_KIB: f64 = 50.0 * 1_024.0;

const TIMEOUT: Duration = Duration::from_secs(30);

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "hostile",
        format!(
            "{NON_READERS} clients request the largest board ({} items x 5 features) and do not read; {HISTORY_READERS} parallel \
             requests of the history after {MERGES} merges of {FEATURES} features. Default limits, peak of the resident memory",
            LARGEST.0
        ),
        "100 MiB and 50 MiB",
    );
    for backend in BACKENDS {
        let url = bench.seeded(backend, LARGEST).await;
        for (name, headers) in [
            ("growth, pages not read", ""),
            (
                "growth, compressed pages not read",
                "Accept-Encoding: gzip\r\n",
            ),
        ] {
            let savt = Process::savt_with_default_limits(&url);
            let (growth, errors) = non_readers(&savt, headers).await;
            record(bench, backend, name, growth, NON_READERS_LIMIT_KIB, errors);
        }

        let url = bench.empty(backend).await;
        BoardSize(1).seed_with_features(FEATURES, &url);
        let savt = Process::savt_with_default_limits(&url);
        let (growth, errors) = history_readers(&savt).await;
        let name = "growth, parallel histories";
        record(bench, backend, name, growth, HISTORY_LIMIT_KIB, errors);
    }
}

fn record(
    bench: &mut Bench,
    backend: Backend,
    name: &str,
    growth_kib: f64,
    limit_kib: f64,
    errors: Vec<String>,
) {
    let mut section = bench.report.section(backend_name(backend));
    let limit = Some(limit_kib / 1_024.0);
    section.measurement(name, growth_kib / 1_024.0, "MiB", limit);
    section.errors(errors);
}

/// The growth of the peak memory in KiB while many clients do not read their pages.
async fn non_readers(savt: &Process, headers: &str) -> (f64, Vec<String>) {
    // Excludes the board itself.
    let first = get(savt, "/").await;
    let mut errors: Vec<String> = first.err().into_iter().collect();
    let before = savt.resident_kib();
    savt.reset_peak();
    let stalled = open_stalled(savt.address, NON_READERS, "/", headers).await;
    sleep(STALL).await;
    let growth = savt.peak_kib() - before;
    for mut connection in stalled {
        let head = timeout(TIMEOUT, connection.read_head()).await;
        let status = head
            .ok()
            .and_then(Result::ok)
            .map(|head| parse_status(&head));
        if !matches!(status, Some(Ok(200))) {
            errors.push(format!("a page that is not read: {status:?}"));
        }
    }
    (growth, errors)
}

/// The growth of the peak memory in KiB while many clients request the history of large events.
async fn history_readers(savt: &Process) -> (f64, Vec<String>) {
    let mut errors = Vec::new();
    let mut connection = Connection::open(savt.address).await.unwrap();
    let headers = cookie_header(0) + "HX-Request: true\r\n";
    // The item with all features is the last one; each merge moves them into the next.
    for item in 1..=MERGES {
        let into = format!("into={}", item + 1);
        let merge = format!("/items/{item}/merge");
        for (path, body) in [("/create/item", ""), (&merge, &into)] {
            let response = connection.post(path, &headers, body).await.unwrap();
            if response.status != 200 {
                errors.push(format!("{path}: {}", response.status));
            }
        }
    }
    errors.extend(get(savt, "/history").await.err());
    let before = savt.resident_kib();
    savt.reset_peak();
    let readers = (0..HISTORY_READERS).map(|_| get(savt, "/history"));
    let results = join_all(readers).await;
    errors.extend(results.into_iter().filter_map(Result::err));
    (savt.peak_kib() - before, errors)
}

/// Requests a page over a new connection and reads it.
async fn get(savt: &Process, path: &str) -> Result<(), String> {
    let mut connection = Connection::open(savt.address).await.unwrap();
    let response = timeout(TIMEOUT, connection.request("GET", path, "")).await;
    match response {
        Ok(Ok(response)) if response.status == 200 => Ok(()),
        Ok(Ok(response)) => Err(format!("{path}: {}", response.status)),
        Ok(Err(error)) => Err(format!("{path}: {error}")),
        Err(_) => Err(format!("{path}: no response")),
    }
}
