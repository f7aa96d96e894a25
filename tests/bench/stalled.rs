//! Stalled streams, whose clients stopped reading (for example a closed laptop): how much they slow down other streams, and
//! how much memory they need.

use std::time::Duration;

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    process::{Process, SMALL},
    stream_clients::{StreamClients, open_stalled},
    test_client::{TestClient, run_at_rate},
};

const STREAMS: usize = 200;
const STALLED: usize = 20;
/// Changes per second.
const RATE: u32 = 200;
const DURATION: Duration = Duration::from_secs(10);

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "stalled",
        format!("{STREAMS} streams, and {STALLED} that are not read, {RATE} changes per second for {DURATION:?}"),
        "the same streams for 3 s without stalled ones",
    );
    for backend in BACKENDS {
        let savt = bench.savt(backend, SMALL).await;
        run(bench, &savt, backend_name(backend)).await;
    }
}

async fn run(bench: &mut Bench, savt: &Process, database: &str) {
    let mut clients = TestClient::connect_many(savt.address, 20).await;
    let streams = StreamClients::open(savt.address, STREAMS).await;
    run_at_rate(&mut clients, RATE, Duration::from_secs(1)).await;
    let without_stalled = run_at_rate(&mut clients, RATE, Duration::from_secs(3)).await;

    let before = savt.resident_kib();
    let stalled = open_stalled(savt.address, STALLED, "/events", "").await;
    let with_stalled = run_at_rate(&mut clients, RATE, DURATION).await;
    let errors = streams.wait_for_all(&with_stalled).await;
    let memory_growth = savt.resident_kib() - before;

    let mut section = bench.report.section(database);
    let limit = streams.receipt_times(&without_stalled);
    section.times(
        "last receipt after the response",
        &streams.receipt_times(&with_stalled),
        Some(&limit),
    );
    section.measurement(
        "memory growth per stalled stream",
        memory_growth / STALLED as f64,
        "KiB",
        None,
    );
    section.errors(errors);
    section.errors(streams.missed(&with_stalled));
    drop(stalled);
    streams.close();
}
