//! Whether a consent takes longer on a large board where many people have consented. One person consents and takes it back in turn.

use std::{io, time::Instant};

use savt::db::Backend;

use super::require_ok;
use crate::harness::{
    bench::{Bench, backend_name},
    connection::Connection,
    percentiles::Percentiles,
    process::{BoardSize, Process},
    test_client::cookie_header,
};

/// Consents, and as many withdrawals.
const ROUNDS: usize = 200;

/// A server with a board whose people are all fine, and one of them.
struct Scenario {
    name: &'static str,
    savt: Process,
    person: Connection,
    /// Milliseconds of each consent and of each withdrawal.
    times: [Vec<f64>; 2],
    failures: usize,
}

/// Compares one of 1,000 people on a board with 5,000 features with one of 10 people on a board with 50 features.
pub async fn compare(bench: &mut Bench, backend: Backend) {
    let mut scenarios = Vec::new();
    for (name, people, items) in [
        ("10 people, 50 features", 10, 10),
        ("1,000 people, 5,000 features", 1_000, 1_000),
    ] {
        let url = bench.seeded(backend, BoardSize(items)).await;
        scenarios.push(Scenario::start(name, people, &url).await);
    }
    for round in 0..ROUNDS {
        for turn in 0..scenarios.len() {
            let at = (round + turn) % scenarios.len();
            scenarios[at].run_round().await;
        }
    }
    let mut section = bench.report.section(backend_name(backend));
    let [small, large] = &scenarios[..] else {
        return;
    };
    for (what, limit, value) in [
        ("consent, median", &small.times[0], &large.times[0]),
        (
            "consent taken back, median",
            &small.times[1],
            &large.times[1],
        ),
    ] {
        let median = |times: &Vec<f64>| Percentiles::new(times.iter().copied()).median();
        let name = format!("{what}, {}", large.name);
        section.measurement(&name, median(value), "ms", Some(median(limit)));
    }
    let failures: usize = scenarios.iter().map(|scenario| scenario.failures).sum();
    section.errors((failures > 0).then(|| format!("{failures} consents failed")));
}

impl Scenario {
    async fn start(name: &'static str, people: usize, url: &str) -> Scenario {
        let savt = Process::savt(url);
        let mut person = Connection::open(savt.address).await.unwrap();
        for number in 0..people {
            consent(&mut person, number, "fine=1").await.unwrap();
        }
        Scenario {
            name,
            savt,
            person,
            times: Default::default(),
            failures: 0,
        }
    }

    async fn run_round(&mut self) {
        // Everybody is fine at first.
        for (operation, form) in [(1, "fine=0"), (0, "fine=1")] {
            let begin = Instant::now();
            let result = consent(&mut self.person, 0, form).await;
            self.times[operation].push(begin.elapsed().as_secs_f64() * 1_000.0);
            if let Err(error) = result {
                eprintln!("{}: {error}", self.savt.address);
                self.failures += 1;
            }
        }
    }
}

/// What the button of the person with this number sends.
async fn consent(connection: &mut Connection, number: usize, form: &str) -> io::Result<()> {
    let headers = cookie_header(number) + "HX-Request: true\r\n";
    let response = connection.post("/consent", &headers, form).await?;
    require_ok(response.status)
}
