//! Connections that do nothing, as a flood of them that somebody opens: what they cost the others, and what they hold in memory.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    connection::Connection,
    person::{Person, Played, play, token},
    process::{Process, SMALL},
};

const IDLE: usize = 10_000;
/// How many come at once.
const TOGETHER: usize = 500;
const RATE: u32 = 50;
const TIME: Duration = Duration::from_secs(5);

struct Run {
    alone: Played,
    beside: Played,
    /// KiB for each.
    grown: f64,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.everywhere(SMALL, run).await;
    bench.report.begin(
        "idle",
        format!("{RATE} changes a second beside {IDLE} connections that have asked for one thing and nothing since"),
        "the same changes before they came; for memory the same connections at a bare poem server",
    );
    for (on, run) in runs {
        let mut part = bench.report.on(on);
        let (alone, beside) = (run.alone.answers(), run.beside.answers());
        part.times("answer to a change", &beside, Some(&alone));
        part.figure("memory for each", run.grown, "KiB", Some(bare.grown));
        let failed = run.alone.failures + run.beside.failures;
        part.wrong((failed > 0).then(|| format!("{failed} changes failed")));
    }
}

async fn run(server: &Process) -> Run {
    let mut people = Person::several(server.address, 10).await;
    let alone = play(&mut people, RATE, TIME).await;
    let before = server.resident();
    let address = server.address;
    let idle: Vec<_> = stream::iter(0..IDLE)
        .map(|number| come(address, number))
        .buffer_unordered(TOGETHER)
        .collect()
        .await;
    let idle: Vec<Connection> = idle.into_iter().map(Result::unwrap).collect();
    sleep(Duration::from_millis(500)).await;
    let beside = play(&mut people, RATE, TIME).await;
    let grown = server.resident() - before;
    Run {
        alone,
        beside,
        grown: grown / idle.len() as f64,
    }
}

/// Somebody who asks for something small, and stays.
async fn come(address: SocketAddr, number: usize) -> io::Result<Connection> {
    let mut connection = Connection::to(address).await?;
    connection
        .ask("GET", "/healthz", &token(10_000 + number))
        .await?;
    Ok(connection)
}
