//! Everyone loses the connection at once and comes back at once, as after a restart of a proxy, while people go on.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::Bench,
    clock,
    crowd::Crowd,
    person::{Person, play},
    process::{Process, SMALL},
    spread::Spread,
};

const STREAMS: usize = 1_000;
const RATE: u32 = 50;

/// Milliseconds.
struct Run {
    /// Until each had what it missed.
    back: Spread,
    /// The slowest answer to a change meanwhile.
    slowest: f64,
    wrong: Vec<String>,
}

pub async fn measure(bench: &mut Bench) {
    let (runs, bare) = bench.everywhere(SMALL, run).await;
    bench.report.begin(
        "storm",
        format!(
            "{STREAMS} streams dropped at once come back at once, {RATE} changes a second meanwhile"
        ),
        "a bare poem server, which tells where it is and knows nothing of what was missed",
    );
    for (on, run) in runs {
        let mut part = bench.report.on(on);
        part.times("back with all that was missed", &run.back, Some(&bare.back));
        let what = "slowest answer to a change";
        part.figure(what, run.slowest, "ms", Some(bare.slowest));
        part.wrong(run.wrong);
    }
    bench.report.on("bare").wrong(bare.wrong);
}

async fn run(server: &Process) -> Run {
    let mut people = Person::several(server.address, 10).await;
    let mut crowd = Crowd::open(server.address, STREAMS).await;
    play(&mut people, RATE, Duration::from_secs(1)).await;

    let playing = play(&mut people, RATE, Duration::from_secs(3));
    let returning = async {
        sleep(Duration::from_secs(1)).await;
        let dropped = clock::now();
        crowd.come_back();
        crowd.is_there(|_| true).await;
        dropped
    };
    let (played, dropped) = tokio::join!(playing, returning);
    let mut wrong = crowd.settle(&played).await;
    let back = Spread::of(crowd.known().map(|known| clock::ms(dropped, known)));
    // And they hear as before.
    let after = play(&mut people, RATE, Duration::from_millis(400)).await;
    wrong.extend(crowd.settle(&after).await);
    wrong.extend(crowd.missed(&after));
    crowd.close();
    Run {
        back,
        slowest: played.answers().max(),
        wrong,
    }
}
