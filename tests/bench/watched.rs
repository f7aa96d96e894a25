//! Whether a veto takes longer on a large board than on a small one while many look. One person acts on both in turn, so
//! that whatever else the machine does meets both.

use std::time::Duration;

use tokio::time::sleep;

use crate::harness::{
    bench::{BOTH, Bench, named},
    clock,
    crowd::Crowd,
    person::Person,
    process::{Board, LARGE, Process, SMALL},
    report::Part,
    spread::Spread,
};

/// Changes on each board.
const ROUNDS: usize = 80;
const STREAMS: usize = 1_000;
/// Long enough for all streams to have heard of the last change.
const PAUSE: Duration = Duration::from_millis(40);

/// A board, and who acts on it.
struct Place {
    savt: Process,
    person: Person,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "watched",
        "one person vetoes and takes back, on a board of 5,000 features and on one of 50 in turn, 1,000 look at each",
        "on the one of 50; hoped for is a ratio below 1.5",
    );
    for backend in BOTH {
        let mut places = Vec::new();
        for board in [SMALL, LARGE] {
            places.push(Place::on(board, bench.savt(backend, board).await).await);
        }
        let mut crowds = Vec::new();
        for place in &places {
            crowds.push(Crowd::open(place.savt.address, STREAMS).await);
        }
        compare(&mut bench.report.on(named(backend)), &mut places).await;
        crowds.into_iter().for_each(Crowd::close);
    }
}

/// Acts at all places in turn; the last beside the first.
async fn compare(part: &mut Part<'_>, places: &mut [Place]) {
    let mut times = vec![Vec::new(); places.len()];
    let busy: Vec<f64> = places.iter().map(|place| place.savt.busy()).collect();
    for round in 0..ROUNDS {
        for turn in 0..places.len() {
            let at = (round + turn) % places.len();
            sleep(PAUSE).await;
            match places[at].person.act().await {
                Ok(write) => times[at].push(clock::ms(write.sent, write.answered)),
                Err(error) => part.wrong([error.to_string()]),
            }
        }
    }
    let busy = places
        .iter()
        .zip(busy)
        .map(|(place, before)| place.savt.busy() - before);
    let busy: Vec<f64> = busy.map(|all| all / ROUNDS as f64).collect();
    let times: Vec<Spread> = times.into_iter().map(Spread::of).collect();
    if let ([small, .., large], [small_busy, .., large_busy]) = (&times[..], &busy[..]) {
        part.times("answer", large, Some(small));
        part.figure("processor time", *large_busy, "ms", Some(*small_busy));
    }
}

impl Place {
    async fn on(board: Board, savt: Process) -> Place {
        Place {
            person: Person::come(savt.address, 0, board.features()).await,
            savt,
        }
    }
}
