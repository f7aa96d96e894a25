//! 33 people who look again and again and act now and then: how often the board is in memory, and how often a page is the
//! one the browser has.

use std::{ops::AddAssign, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};

use crate::harness::{
    bench::{BOTH, Bench, named},
    person::Person,
    process::SMALL,
};

const PEOPLE: usize = 33;
/// Each loads the page so often, and acts instead every so many times: 6 or 7 changes a second from all.
const PAUSE: Duration = Duration::from_millis(100);
const ACTS: u32 = 50;
/// How often each does one or the other: for 5 seconds.
const ROUNDS: u32 = 50;

#[derive(Default)]
struct Loads {
    all: usize,
    known: usize,
    failures: usize,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "cache",
        format!("{PEOPLE} people load the page every {PAUSE:?} and make 6 or 7 changes a second together"),
        "what the first SAVT wanted",
    );
    for backend in BOTH {
        let savt = bench.savt(backend, SMALL).await;
        let people = Person::several(savt.address, PEOPLE).await;
        let begin = Instant::now();
        let reading = people
            .into_iter()
            .zip(0..)
            .map(|(person, number)| read(person, number, begin));
        let mut loads = Loads::default();
        for one in join_all(reading).await {
            loads += one;
        }
        let log = savt.end();

        let mut part = bench.report.on(named(backend));
        let share = 100.0 * loads.known as f64 / loads.all as f64;
        part.figure("page loaded again and known (304)", share, "%", None);
        match (count(&log, "hits="), count(&log, "misses=")) {
            (Some(hits), Some(misses)) => {
                part.figure(
                    "board asked for and in memory",
                    100.0 * hits / (hits + misses),
                    "%",
                    Some(70.0),
                );
                part.figure("board loaded", misses, "times", None);
            }
            _ => part.wrong(["it does not say how well the memory served".to_owned()]),
        }
        if loads.failures > 0 {
            part.wrong([format!("{} requests failed", loads.failures)]);
        }
    }
}

async fn read(mut person: Person, number: u32, begin: Instant) -> Loads {
    let mut loads = Loads::default();
    if person.load().await.is_err() {
        loads.failures += 1;
    }
    for round in 0..ROUNDS {
        // Not all at once.
        sleep_until(begin + PAUSE * round + PAUSE * number / PEOPLE as u32).await;
        if (round + number).is_multiple_of(ACTS) {
            loads.failures += usize::from(person.act().await.is_err());
            continue;
        }
        match person.load().await {
            Ok(known) => {
                loads.all += 1;
                loads.known += usize::from(known);
            }
            Err(_) => loads.failures += 1,
        }
    }
    loads
}

impl AddAssign for Loads {
    fn add_assign(&mut self, other: Loads) {
        self.all += other.all;
        self.known += other.known;
        self.failures += other.failures;
    }
}

/// A figure in the last words of the program.
fn count(log: &str, name: &str) -> Option<f64> {
    let (_, rest) = log.rsplit_once(name)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
