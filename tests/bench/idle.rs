//! Many idle connections: how much they slow down other clients, and how much memory each needs.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    connection::Connection,
    process::{Process, SMALL},
    test_client::{TestClient, WriteResults, cookie_header, run_at_rate},
};

const IDLE: usize = 10_000;
/// Connections opened concurrently.
const CONCURRENCY: usize = 500;
const RATE: u32 = 50;
const DURATION: Duration = Duration::from_secs(5);

struct Run {
    without_idle: WriteResults,
    with_idle: WriteResults,
    /// KiB per idle connection.
    memory_growth: f64,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.run_on_all(SMALL, run).await;
    bench.report.begin(
        "idle",
        format!("{RATE} changes per second with {IDLE} connections that sent one request and are idle since"),
        "the same changes without idle connections; for memory, the same connections to a bare poem server",
    );
    for (database, run) in runs {
        let mut section = bench.report.section(database);
        let without_idle = run.without_idle.latencies();
        let with_idle = run.with_idle.latencies();
        section.times("response to a change", &with_idle, Some(&without_idle));
        section.measurement(
            "memory per connection",
            run.memory_growth,
            "KiB",
            Some(bare.memory_growth),
        );
        let failed = run.without_idle.failures + run.with_idle.failures;
        section.errors((failed > 0).then(|| format!("{failed} changes failed")));
    }
}

async fn run(server: &Process) -> Run {
    let mut clients = TestClient::connect_many(server.address, 10).await;
    let without_idle = run_at_rate(&mut clients, RATE, DURATION).await;
    let before = server.resident_kib();
    let address = server.address;
    let idle: Vec<_> = stream::iter(0..IDLE)
        .map(|number| open_idle(address, number))
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    let idle: Vec<Connection> = idle.into_iter().map(Result::unwrap).collect();
    sleep(Duration::from_millis(500)).await;
    let with_idle = run_at_rate(&mut clients, RATE, DURATION).await;
    let memory_growth = server.resident_kib() - before;
    Run {
        without_idle,
        with_idle,
        memory_growth: memory_growth / idle.len() as f64,
    }
}

/// Sends one small request and keeps the connection open.
async fn open_idle(address: SocketAddr, number: usize) -> io::Result<Connection> {
    let mut connection = Connection::open(address).await?;
    connection
        .request("GET", "/healthz", &cookie_header(10_000 + number))
        .await?;
    Ok(connection)
}
