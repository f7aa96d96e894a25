//! Browsers that stopped reading, as a closed laptop does: what they cost the others, and what they hold in memory.

use std::time::Duration;

use crate::harness::{
    bench::{BOTH, Bench, named},
    crowd::{Crowd, open_silent},
    person::{Person, play},
    process::{Process, SMALL},
};

const OTHERS: usize = 200;
const SILENT: usize = 20;
/// Changes per second, and for how long: 2,000.
const RATE: u32 = 200;
const TIME: Duration = Duration::from_secs(10);

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "silent",
        format!("{OTHERS} streams beside {SILENT} that read nothing, {RATE} changes a second for {TIME:?}"),
        "the same streams for 3 s before the silent ones came",
    );
    for backend in BOTH {
        let savt = bench.savt(backend, SMALL).await;
        run(bench, &savt, named(backend)).await;
    }
}

async fn run(bench: &mut Bench, savt: &Process, on: &str) {
    let mut people = Person::several(savt.address, 20).await;
    let crowd = Crowd::open(savt.address, OTHERS).await;
    play(&mut people, RATE, Duration::from_secs(1)).await;
    let alone = play(&mut people, RATE, Duration::from_secs(3)).await;

    let before = savt.resident();
    let silent = open_silent(savt.address, SILENT).await;
    let beside = play(&mut people, RATE, TIME).await;
    let wrong = crowd.settle(&beside).await;
    let grown = savt.resident() - before;

    let mut part = bench.report.on(on);
    let limit = crowd.times(&alone);
    part.times(
        "last receipt after the answer",
        &crowd.times(&beside),
        Some(&limit),
    );
    part.figure(
        "memory grown, for each silent one",
        grown / SILENT as f64,
        "KiB",
        None,
    );
    part.wrong(wrong);
    part.wrong(crowd.missed(&beside));
    drop(silent);
    crowd.close();
}
