//! Whether a veto, a new item and a page take longer the more a board, or the database, holds. One person does the same at
//! all of them in turn.

use std::{io, time::Instant};

use savt::db::Backend;

use crate::harness::{
    bench::{BOTH, Bench, named},
    connection::Connection,
    database,
    person::{Person, token},
    process::{Board, Process},
    spread::Spread,
};

const ROUNDS: usize = 200;
/// Items are there to stay, so a board must not grow by too many.
const CREATED: usize = 40;
const BOARDS: usize = 10_000;

/// A SAVT of some size, and who acts there.
struct Place {
    name: &'static str,
    savt: Process,
    person: Person,
    browser: Connection,
    /// Bytes of the page.
    page: f64,
    /// Milliseconds of vetoes, new items and pages.
    times: [Vec<f64>; 3],
    failures: usize,
}

pub async fn measure(bench: &mut Bench) {
    bench.report.begin(
        "growth",
        "one person acts on boards of 10, 100 and 1,000 items x 5 features in turn; and on a board of 1 item x 5 among \
         10,000 such boards and alone",
        "on the smallest, alone; hoped for is a ratio below 1.5 for veto and new item, and for the page by its bytes",
    );
    for backend in BOTH {
        let mut places = Vec::new();
        for (name, items) in [("10 items", 10), ("100 items", 100), ("1,000 items", 1_000)] {
            let board = Board(items);
            let url = bench.seeded(backend, board).await;
            places.push(Place::of(name, board, &url).await);
        }
        compare(bench, backend, &mut places).await;

        let mut places = Vec::new();
        for (name, copies) in [("1 board", 0), ("10,000 boards", BOARDS - 1)] {
            let url = bench.seeded(backend, Board(1)).await;
            if copies > 0 {
                database::copy_board(&url, copies).await;
            }
            places.push(Place::of(name, Board(1), &url).await);
        }
        compare(bench, backend, &mut places).await;
    }
}

/// Acts at all places in turn; tells the others beside the first.
async fn compare(bench: &mut Bench, backend: Backend, places: &mut [Place]) {
    for round in 0..ROUNDS {
        for turn in 0..places.len() {
            let at = (round + turn) % places.len();
            places[at].act(round).await;
        }
    }
    let mut part = bench.report.on(named(backend));
    let told: Vec<_> = places.iter().map(Place::told).collect();
    for (place, figures) in places.iter().zip(&told).skip(1) {
        for (limit, (what, value, unit)) in told[0].iter().zip(figures) {
            let what = format!("{what}, {}", place.name);
            part.figure(&what, *value, unit, Some(limit.1));
        }
    }
    let failures: usize = places.iter().map(|place| place.failures).sum();
    part.wrong((failures > 0).then(|| format!("{failures} requests failed")));
}

impl Place {
    async fn of(name: &'static str, board: Board, url: &str) -> Place {
        let savt = Process::savt(url);
        let mut browser = Connection::to(savt.address).await.unwrap();
        browser.ask("GET", "/", &token(0)).await.unwrap();
        Place {
            name,
            person: Person::come(savt.address, 0, board.features()).await,
            page: browser.body().len() as f64,
            browser,
            savt,
            times: Default::default(),
            failures: 0,
        }
    }

    async fn act(&mut self, round: usize) {
        let begin = Instant::now();
        let done = self.person.act().await.map(drop);
        self.note(0, begin, done);
        if round.is_multiple_of(ROUNDS / CREATED) {
            let headers = token(0)
                + "HX-Request: true\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n";
            let begin = Instant::now();
            let asked = self.browser.ask("POST", "/create/item", &headers).await;
            self.note(1, begin, asked.and_then(|answer| fine(answer.status)));
        }
        let begin = Instant::now();
        let asked = self.browser.ask("GET", "/", &token(0)).await;
        self.note(2, begin, asked.and_then(|answer| fine(answer.status)));
    }

    fn note(&mut self, what: usize, begin: Instant, done: io::Result<()>) {
        self.times[what].push(begin.elapsed().as_secs_f64() * 1_000.0);
        if let Err(error) = done {
            eprintln!("{}: {error}", self.savt.address);
            self.failures += 1;
        }
    }

    /// The figures of it: what, how much, in which unit.
    fn told(&self) -> [(&'static str, f64, &'static str); 4] {
        let [veto, create, page] = &self.times;
        let median = |times: &Vec<f64>| Spread::of(times.iter().copied()).median();
        [
            ("veto, median", median(veto), "ms"),
            ("new item, median", median(create), "ms"),
            ("page, median", median(page), "ms"),
            (
                "page, median of 1,000 bytes",
                median(page) * 1e6 / self.page,
                "µs",
            ),
        ]
    }
}

fn fine(status: u16) -> io::Result<()> {
    match status {
        200 => Ok(()),
        status => Err(io::Error::other(status.to_string())),
    }
}
