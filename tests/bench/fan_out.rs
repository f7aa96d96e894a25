//! A change and all who look: how long after its answer the last of many has it, and that everyone gets every one.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use crate::harness::{
    bench::{BOTH, Bench, named},
    crowd::Crowd,
    person::{Person, play},
    process::{Process, SMALL},
    spread::Spread,
};

const STREAMS: usize = 1_000;
const PEOPLE: usize = 10;
/// Changes per second, and for how long.
const RATE: u32 = 50;
const TIME: Duration = Duration::from_secs(10);

struct Run {
    /// Milliseconds from the answer to the last receipt.
    last: Spread,
    /// Milliseconds from the wish to the answer.
    answers: Spread,
    /// Processor time of the server for each change, in milliseconds.
    busy: f64,
    /// Length of a message as sent, on average.
    bytes: f64,
    wrong: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let mut runs = Vec::new();
    for backend in BOTH {
        let savt = bench.savt(backend, SMALL).await;
        runs.push((named(backend), run(&savt).await));
    }
    let bare = run(&Process::bare(runs[0].1.bytes as usize)).await;
    bench.report.begin(
        "fan-out",
        format!("{STREAMS} streams, {RATE} changes a second for {TIME:?}"),
        "a bare poem server that hands as many messages of about the same length to as many streams",
    );
    for (on, run) in runs {
        let mut part = bench.report.on(on);
        part.times("last receipt after the answer", &run.last, Some(&bare.last));
        part.times("answer to a change", &run.answers, Some(&bare.answers));
        let what = "processor time for each change";
        part.figure(what, run.busy, "ms", Some(bare.busy));
        part.figure("message", run.bytes, "bytes", Some(bare.bytes));
        part.wrong(run.wrong);
    }
    bench.report.on("bare").wrong(bare.wrong);
}

async fn run(server: &Process) -> Run {
    let mut people = Person::several(server.address, PEOPLE).await;
    let crowd = Crowd::open(server.address, STREAMS).await;
    play(&mut people, RATE, Duration::from_secs(1)).await;

    let receipts = &crowd.receipts;
    let sent = || [&receipts.bytes, &receipts.messages].map(|count| count.load(Relaxed) as f64);
    let (before, busy) = (sent(), server.busy());
    let played = play(&mut people, RATE, TIME).await;
    let mut wrong = crowd.settle(&played).await;
    wrong.extend(crowd.missed(&played));
    let (after, busy) = (sent(), server.busy() - busy);
    let run = Run {
        last: crowd.times(&played),
        answers: played.answers(),
        busy: busy / played.writes.len() as f64,
        bytes: (after[0] - before[0]) / (after[1] - before[1]),
        wrong,
    };
    crowd.close();
    run
}
