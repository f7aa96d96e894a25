//! Whether a veto, a new item, a page and a consent take longer on larger boards and databases. One client sends the same requests
//! to all of them in turn.

mod consents;

use std::{io, time::Instant};

use savt::db::Backend;

use crate::harness::{
    bench::{BACKENDS, Bench, backend_name},
    connection::Connection,
    database,
    percentiles::Percentiles,
    process::{BoardSize, Process},
    test_client::{TestClient, cookie_header},
};

const ROUNDS: usize = 200;
/// New items per server. Items stay on the board, so too many of them would change its size.
const CREATED: usize = 40;
const BOARDS: usize = 10_000;

/// A server with a board of some size, and its client.
struct Scenario {
    name: &'static str,
    savt: Process,
    client: TestClient,
    browser: Connection,
    page_bytes: f64,
    /// Milliseconds of each veto, new item and page.
    times: [Vec<f64>; 3],
    failures: usize,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "growth",
        "one client on boards with 10, 100 and 1,000 items x 5 features in turn; and on a board with 1 item x 5 features, \
         among 10,000 such boards and alone; one of 1,000 people who are fine on a board with 5,000 features, and one of 10 on a \
         board with 50",
        "the smallest board, alone; the target is a ratio below 1.5 for a veto, a new item, a consent, and the page per byte",
    );
    for backend in BACKENDS {
        let mut scenarios = Vec::new();
        for (name, items) in [("10 items", 10), ("100 items", 100), ("1,000 items", 1_000)] {
            let board = BoardSize(items);
            let url = bench.seeded(backend, board).await;
            scenarios.push(Scenario::start(name, board, &url).await);
        }
        compare(bench, backend, &mut scenarios).await;

        let mut scenarios = Vec::new();
        for (name, copies) in [("1 board", 0), ("10,000 boards", BOARDS - 1)] {
            let url = bench.seeded(backend, BoardSize(1)).await;
            if copies > 0 {
                database::copy_board(&url, copies).await;
            }
            scenarios.push(Scenario::start(name, BoardSize(1), &url).await);
        }
        compare(bench, backend, &mut scenarios).await;

        consents::compare(bench, backend).await;
    }
}

/// Sends requests to all servers in turn and compares each with the first.
async fn compare(bench: &mut Bench, backend: Backend, scenarios: &mut [Scenario]) {
    for round in 0..ROUNDS {
        for turn in 0..scenarios.len() {
            let at = (round + turn) % scenarios.len();
            scenarios[at].run_round(round).await;
        }
    }
    let mut section = bench.report.section(backend_name(backend));
    let rows: Vec<_> = scenarios.iter().map(Scenario::medians).collect();
    for (scenario, medians) in scenarios.iter().zip(&rows).skip(1) {
        for (limit, (name, value, unit)) in rows[0].iter().zip(medians) {
            let name = format!("{name}, {}", scenario.name);
            section.measurement(&name, *value, unit, Some(limit.1));
        }
    }
    let failures: usize = scenarios.iter().map(|scenario| scenario.failures).sum();
    section.errors((failures > 0).then(|| format!("{failures} requests failed")));
}

impl Scenario {
    async fn start(name: &'static str, board: BoardSize, url: &str) -> Scenario {
        let savt = Process::savt(url);
        let mut browser = Connection::open(savt.address).await.unwrap();
        browser
            .request("GET", "/", &cookie_header(0))
            .await
            .unwrap();
        Scenario {
            name,
            client: TestClient::connect(savt.address, 0, board.features()).await,
            page_bytes: browser.body().len() as f64,
            browser,
            savt,
            times: Default::default(),
            failures: 0,
        }
    }

    async fn run_round(&mut self, round: usize) {
        let begin = Instant::now();
        let result = self.client.toggle_veto().await.map(drop);
        self.record(0, begin, result);
        if round.is_multiple_of(ROUNDS / CREATED) {
            let headers = cookie_header(0)
                + "HX-Request: true\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
            let begin = Instant::now();
            let response = self.browser.request("POST", "/create/item", &headers).await;
            self.record(
                1,
                begin,
                response.and_then(|response| require_ok(response.status)),
            );
        }
        let begin = Instant::now();
        let response = self.browser.request("GET", "/", &cookie_header(0)).await;
        self.record(
            2,
            begin,
            response.and_then(|response| require_ok(response.status)),
        );
    }

    fn record(&mut self, operation: usize, begin: Instant, result: io::Result<()>) {
        self.times[operation].push(begin.elapsed().as_secs_f64() * 1_000.0);
        if let Err(error) = result {
            eprintln!("{}: {error}", self.savt.address);
            self.failures += 1;
        }
    }

    /// Name, value and unit of each measurement.
    fn medians(&self) -> [(&'static str, f64, &'static str); 4] {
        let [veto, create, page] = &self.times;
        let median = |times: &Vec<f64>| Percentiles::new(times.iter().copied()).median();
        [
            ("veto, median", median(veto), "ms"),
            ("new item, median", median(create), "ms"),
            ("page, median", median(page), "ms"),
            (
                "page, median per 1,000 bytes",
                median(page) * 1e6 / self.page_bytes,
                "µs",
            ),
        ]
    }
}

fn require_ok(status: u16) -> io::Result<()> {
    match status {
        200 => Ok(()),
        status => Err(io::Error::other(status.to_string())),
    }
}
