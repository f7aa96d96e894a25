//! What a stream costs in memory.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    crowd::Crowd,
    person::{Person, play},
    process::{Process, SMALL},
};

const STREAMS: usize = 1_000;

/// KiB for each stream.
struct Run {
    silent: f64,
    used: f64,
    wrong: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.everywhere(SMALL, run).await;
    bench.report.begin(
        "memory",
        format!("{STREAMS} streams; what the kernel holds for their sockets is not in it"),
        "the same streams at a bare poem server",
    );
    for (on, run) in runs {
        let mut part = bench.report.on(on);
        part.figure(
            "each stream, just open",
            run.silent,
            "KiB",
            Some(bare.silent),
        );
        part.figure(
            "each stream, after 50 changes",
            run.used,
            "KiB",
            Some(bare.used),
        );
        part.wrong(run.wrong);
    }
    bench.report.on("bare").wrong(bare.wrong);
}

async fn run(server: &Process) -> Run {
    let mut people = Person::several(server.address, 10).await;
    // What is needed once, for the first stream, is no stream's.
    let first = Crowd::open(server.address, 10).await;
    play(&mut people, 50, Duration::from_millis(400)).await;
    let before = server.resident();
    let crowd = Crowd::open(server.address, STREAMS).await;
    // Then it has been told who is here.
    sleep(Duration::from_millis(1_500)).await;
    let silent = server.resident();
    let played = play(&mut people, 50, Duration::from_secs(1)).await;
    let mut wrong = crowd.settle(&played).await;
    wrong.extend(crowd.missed(&played));
    let used = server.resident();
    crowd.close();
    first.close();
    let each = |after: f64| (after - before) / STREAMS as f64;
    Run {
        silent: each(silent),
        used: each(used),
        wrong,
    }
}
