//! Reconnect storm: all streams are dropped and reconnect at once, as after the restart of a proxy, during changes.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    clock,
    percentiles::Percentiles,
    process::{Process, SMALL},
    stream_clients::StreamClients,
    test_client::{TestClient, run_at_rate},
};

const STREAMS: usize = 1_000;
const RATE: u32 = 50;

/// Milliseconds.
struct Run {
    /// Until each stream has received what it missed.
    reconnected: Percentiles,
    /// The slowest response to a change meanwhile.
    slowest_response: f64,
    errors: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.run_on_all(SMALL, run).await;
    bench.report.begin(
        "storm",
        format!(
            "{STREAMS} streams are dropped and reconnect at once, during {RATE} changes per second"
        ),
        "a bare poem server, which sends its current number and one message instead of what was missed",
    );
    for (database, run) in runs {
        let mut section = bench.report.section(database);
        section.times(
            "reconnected with all that was missed",
            &run.reconnected,
            Some(&bare.reconnected),
        );
        let limit = Some(bare.slowest_response);
        section.measurement(
            "slowest response to a change",
            run.slowest_response,
            "ms",
            limit,
        );
        section.errors(run.errors);
    }
    bench.report.section("bare").errors(bare.errors);
}

async fn run(server: &Process) -> Run {
    let mut clients = TestClient::connect_many(server.address, 10).await;
    let mut streams = StreamClients::open(server.address, STREAMS).await;
    run_at_rate(&mut clients, RATE, Duration::from_secs(1)).await;

    let writing = run_at_rate(&mut clients, RATE, Duration::from_secs(3));
    let reconnecting = async {
        sleep(Duration::from_secs(1)).await;
        let dropped_at = clock::now();
        streams.reconnect();
        streams.wait_until(|_| true).await;
        dropped_at
    };
    let (results, dropped_at) = tokio::join!(writing, reconnecting);
    let mut errors = streams.wait_for_all(&results).await;
    let connected = streams.connected_at();
    let reconnected = Percentiles::new(connected.map(|at| clock::ms_between(dropped_at, at)));
    // All streams must receive later changes too.
    let after = run_at_rate(&mut clients, RATE, Duration::from_millis(400)).await;
    errors.extend(streams.wait_for_all(&after).await);
    errors.extend(streams.missed(&after));
    streams.close();
    Run {
        reconnected,
        slowest_response: results.latencies().max(),
        errors,
    }
}
