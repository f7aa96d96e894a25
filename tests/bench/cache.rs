//! 33 clients that reload the page and occasionally change something: the hit rate of the board cache, and the share of
//! page loads answered with 304.

use std::{ops::AddAssign, time::Duration};

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    process::SMALL,
    test_client::TestClient,
};

const CLIENTS: usize = 33;
/// Time between two requests of a client. Every `CHANGE_INTERVAL`th request is a change: 6 or 7 changes per second in total.
const PAUSE: Duration = Duration::from_millis(100);
const CHANGE_INTERVAL: u32 = 50;
/// Requests per client: 5 seconds.
const ROUNDS: u32 = 50;

#[derive(Default)]
struct Loads {
    total: usize,
    not_modified: usize,
    failures: usize,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "cache",
        format!("{CLIENTS} clients load the page every {PAUSE:?} and make 6 or 7 changes per second in total"),
        "the hit rate that the first version of SAVT required",
    );
    for backend in BACKENDS {
        let savt = bench.savt(backend, SMALL).await;
        let clients = TestClient::connect_many(savt.address, CLIENTS).await;
        let begin = Instant::now();
        let reading = clients
            .into_iter()
            .zip(0..)
            .map(|(client, number)| read(client, number, begin));
        let mut loads = Loads::default();
        for client_loads in join_all(reading).await {
            loads += client_loads;
        }
        let log = savt.stop();

        let mut section = bench.report.section(backend_name(backend));
        let share = 100.0 * loads.not_modified as f64 / loads.total as f64;
        section.measurement("page not modified (304)", share, "%", None);
        match (count(&log, "hits="), count(&log, "misses=")) {
            (Some(hits), Some(misses)) => {
                section.measurement(
                    "board cache hits",
                    100.0 * hits / (hits + misses),
                    "%",
                    Some(70.0),
                );
                section.measurement("board cache misses", misses, "", None);
            }
            _ => section.errors(["the log lacks the cache statistics".to_owned()]),
        }
        if loads.failures > 0 {
            section.errors([format!("{} requests failed", loads.failures)]);
        }
    }
}

async fn read(mut client: TestClient, number: u32, begin: Instant) -> Loads {
    let mut loads = Loads::default();
    if client.load().await.is_err() {
        loads.failures += 1;
    }
    for round in 0..ROUNDS {
        // Distribute the clients over the interval.
        sleep_until(begin + PAUSE * round + PAUSE * number / CLIENTS as u32).await;
        if (round + number).is_multiple_of(CHANGE_INTERVAL) {
            loads.failures += usize::from(client.toggle_veto().await.is_err());
            continue;
        }
        match client.load().await {
            Ok(not_modified) => {
                loads.total += 1;
                loads.not_modified += usize::from(not_modified);
            }
            Err(_) => loads.failures += 1,
        }
    }
    loads
}

impl AddAssign for Loads {
    fn add_assign(&mut self, other: Loads) {
        self.total += other.total;
        self.not_modified += other.not_modified;
        self.failures += other.failures;
    }
}

/// A number in the last log line that contains `name`.
fn count(log: &str, name: &str) -> Option<f64> {
    let (_, rest) = log.rsplit_once(name)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
