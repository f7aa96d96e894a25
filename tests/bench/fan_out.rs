//! Fan-out of a change to many streams: the time from its response until the last stream has received it, and that every
//! stream receives every change.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    percentiles::Percentiles,
    process::{Process, SMALL},
    report::Section,
    stream_clients::{Followed, StreamClients},
    test_client::{TestClient, run_at_rate},
};

const STREAMS: usize = 1_000;
const CLIENTS: usize = 10;
/// Changes per second.
const RATE: u32 = 50;
const DURATION: Duration = Duration::from_secs(10);

struct Run {
    /// Milliseconds from the response to the last receipt.
    last_receipts: Percentiles,
    /// Milliseconds from the request to the response.
    latencies: Percentiles,
    /// CPU time of the server per change, in milliseconds.
    cpu_ms: f64,
    /// Average length of a message on the wire.
    bytes: f64,
    errors: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let mut runs = Vec::new();
    for backend in BACKENDS {
        let savt = bench.savt(backend, SMALL).await;
        runs.push((backend_name(backend), run(&savt, Followed::Fragments).await));
    }
    let bare = Process::bare(runs[0].1.bytes as usize);
    let bare = run(&bare, Followed::Fragments).await;
    bench.report.begin(
        "fan-out",
        format!("{STREAMS} streams, {RATE} changes per second for {DURATION:?}"),
        "a bare poem server that sends as many messages of about the same length to as many streams",
    );
    for (backend, run) in runs {
        report(&mut bench.report.section(backend), run, &bare);
    }
    bench.report.section("bare").errors(bare.errors);
}

/// Programs that follow the events by the API, beside pages.
pub async fn measure_api(bench: &mut Bench) {
    bench.report.begin(
        "api-fan-out",
        format!("fan-out to {STREAMS} API followers, {RATE} changes per second for {DURATION:?}"),
        "as many streams of pages, to another process on the same kind of database; the target is a ratio of 1",
    );
    for backend in BACKENDS {
        let pages = run(&bench.savt(backend, SMALL).await, Followed::Fragments).await;
        let followers = run(&bench.savt(backend, SMALL).await, Followed::Events).await;
        let mut section = bench.report.section(backend_name(backend));
        report(&mut section, followers, &pages);
        section.errors(pages.errors);
    }
}

fn report(section: &mut Section<'_>, run: Run, limit: &Run) {
    section.times(
        "last receipt after the response",
        &run.last_receipts,
        Some(&limit.last_receipts),
    );
    section.times(
        "response to a change",
        &run.latencies,
        Some(&limit.latencies),
    );
    section.measurement("CPU time per change", run.cpu_ms, "ms", Some(limit.cpu_ms));
    section.measurement("message", run.bytes, "bytes", Some(limit.bytes));
    section.errors(run.errors);
}

async fn run(server: &Process, followed: Followed) -> Run {
    let mut clients = TestClient::connect_many(server.address, CLIENTS).await;
    let streams = StreamClients::open_to(followed, server.address, STREAMS).await;
    run_at_rate(&mut clients, RATE, Duration::from_secs(1)).await;

    let receipts = &streams.receipts;
    let sent = || [&receipts.bytes, &receipts.messages].map(|count| count.load(Relaxed) as f64);
    let (before, cpu_ms) = (sent(), server.cpu_ms());
    let results = run_at_rate(&mut clients, RATE, DURATION).await;
    let mut errors = streams.wait_for_all(&results).await;
    errors.extend(streams.missed(&results));
    let (after, cpu_ms) = (sent(), server.cpu_ms() - cpu_ms);
    let run = Run {
        last_receipts: streams.receipt_times(&results),
        latencies: results.latencies(),
        cpu_ms: cpu_ms / results.writes.len() as f64,
        bytes: (after[0] - before[0]) / (after[1] - before[1]),
        errors,
    };
    streams.close();
    run
}
