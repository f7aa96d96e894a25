//! Memory per event stream.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    process::{Process, SMALL},
    stream_clients::StreamClients,
    test_client::{TestClient, run_at_rate},
};

const STREAMS: usize = 1_000;

/// KiB for each stream.
struct Run {
    unused: f64,
    used: f64,
    errors: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.run_on_all(SMALL, run).await;
    bench.report.begin(
        "memory",
        format!("{STREAMS} streams, without the kernel's socket buffers"),
        "the same streams to a bare poem server",
    );
    for (database, run) in runs {
        let mut section = bench.report.section(database);
        section.measurement(
            "per stream, just opened",
            run.unused,
            "KiB",
            Some(bare.unused),
        );
        section.measurement(
            "per stream, after 50 changes",
            run.used,
            "KiB",
            Some(bare.used),
        );
        section.errors(run.errors);
    }
    bench.report.section("bare").errors(bare.errors);
}

async fn run(server: &Process) -> Run {
    let mut clients = TestClient::connect_many(server.address, 10).await;
    // Exclude what the server allocates once, for the first stream.
    let first = StreamClients::open(server.address, 10).await;
    run_at_rate(&mut clients, 50, Duration::from_millis(400)).await;
    let before = server.resident_kib();
    let streams = StreamClients::open(server.address, STREAMS).await;
    // Wait until the presence list has been sent.
    sleep(Duration::from_millis(1_500)).await;
    let unused = server.resident_kib();
    let results = run_at_rate(&mut clients, 50, Duration::from_secs(1)).await;
    let mut errors = streams.wait_for_all(&results).await;
    errors.extend(streams.missed(&results));
    let used = server.resident_kib();
    streams.close();
    first.close();
    let per_stream = |after: f64| (after - before) / STREAMS as f64;
    Run {
        unused: per_stream(unused),
        used: per_stream(used),
        errors,
    }
}
