//! Whether a veto takes longer on a large board than on a small one while many streams are open. One client changes both in
//! turn, so that other load on the machine affects both.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    clock,
    percentiles::Percentiles,
    process::{BoardSize, LARGE, Process, SMALL},
    report::Section,
    stream_clients::StreamClients,
    test_client::TestClient,
};

/// Changes on each board.
const ROUNDS: usize = 80;
const STREAMS: usize = 1_000;
/// Long enough for all streams to receive the last change.
const PAUSE: Duration = Duration::from_millis(40);

/// A server with a board, and its client.
struct Scenario {
    savt: Process,
    client: TestClient,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "watched",
        "one client vetoes and withdraws on a board with 5,000 features and on one with 50 in turn, 1,000 streams on each",
        "the board with 50 features; the target is a ratio below 1.5",
    );
    for backend in BACKENDS {
        let mut scenarios = Vec::new();
        for board in [SMALL, LARGE] {
            scenarios.push(Scenario::new(board, bench.savt(backend, board).await).await);
        }
        let mut streams = Vec::new();
        for scenario in &scenarios {
            streams.push(StreamClients::open(scenario.savt.address, STREAMS).await);
        }
        compare(
            &mut bench.report.section(backend_name(backend)),
            &mut scenarios,
        )
        .await;
        streams.into_iter().for_each(StreamClients::close);
    }
}

/// Sends changes to both servers in turn and compares the last with the first.
async fn compare(section: &mut Section<'_>, scenarios: &mut [Scenario]) {
    let mut times = vec![Vec::new(); scenarios.len()];
    let cpu_ms: Vec<f64> = scenarios
        .iter()
        .map(|scenario| scenario.savt.cpu_ms())
        .collect();
    for round in 0..ROUNDS {
        for turn in 0..scenarios.len() {
            let at = (round + turn) % scenarios.len();
            sleep(PAUSE).await;
            match scenarios[at].client.toggle_veto().await {
                Ok(write) => times[at].push(clock::ms_between(write.sent_at, write.responded_at)),
                Err(error) => section.errors([error.to_string()]),
            }
        }
    }
    let cpu_ms = scenarios
        .iter()
        .zip(cpu_ms)
        .map(|(scenario, before)| scenario.savt.cpu_ms() - before);
    let cpu_ms: Vec<f64> = cpu_ms.map(|total| total / ROUNDS as f64).collect();
    let times: Vec<Percentiles> = times.into_iter().map(Percentiles::new).collect();
    if let ([small, .., large], [small_cpu_ms, .., large_cpu_ms]) = (&times[..], &cpu_ms[..]) {
        section.times("response", large, Some(small));
        section.measurement(
            "CPU time per change",
            *large_cpu_ms,
            "ms",
            Some(*small_cpu_ms),
        );
    }
}

impl Scenario {
    async fn new(board: BoardSize, savt: Process) -> Scenario {
        Scenario {
            client: TestClient::connect(savt.address, 0, board.features()).await,
            savt,
        }
    }
}
