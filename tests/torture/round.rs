//! A storm, a fault in the middle of it, and the comparison afterwards.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::{
    db::{Backend, Database, Settings},
    model::Slug,
    store,
};
use tokio::task::{JoinHandle, block_in_place};

use crate::{
    harness::{
        client::{Answer, Person},
        page::Shown,
        process::run,
    },
    ledger::Ledger,
    place::Place,
    report::Figures,
    writer::{SHARED, Writer, thing},
};

/// Boards on which people write at the same time, each behind a door of its own.
const BOARDS: usize = 3;
const WRITERS: usize = 4;
/// How long a machine that is busy with other things may take to come back, or to let a storm begin. How long it took is among
/// the figures.
const BACK: Duration = Duration::from_secs(60);

/// How long nothing must have happened.
const REST: Duration = Duration::from_millis(50);

/// A board, by what its addresses begin with, and who writes there.
pub struct Board {
    pub base: String,
    writers: Vec<JoinHandle<Ledger>>,
}

impl Board {
    /// A new board on which so many begin to write, as soon as the machine is up to it.
    pub async fn begin(address: SocketAddr, over: &Arc<AtomicBool>, rng: &mut StdRng) -> Board {
        let until = Instant::now() + BACK;
        loop {
            match Board::try_begin(address, over, rng).await {
                Some(board) => return board,
                None => assert!(Instant::now() < until, "no storm can begin"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// None if something of it was put off.
    async fn try_begin(
        address: SocketAddr,
        over: &Arc<AtomicBool>,
        rng: &mut StdRng,
    ) -> Option<Board> {
        let person = Person::at(address);
        let board = person.post("/boards", &[("name", "Torture")]).await;
        let base = granted(board)?.header("location").to_owned();
        let setter = person.on_board(&base);
        granted(setter.post("/participant", &[("name", "Setter")]).await)?;
        let fields = [("name", SHARED), ("amount", "1"), ("item_id", "")];
        let suggestion = setter.post("/create/feature/", &fields).await;
        let shared = thing(&granted(suggestion)?, "feature").expect("it leads to the feature");
        let mut writers = Vec::new();
        for n in 0..WRITERS {
            let rng = StdRng::seed_from_u64(rng.random());
            let person = Person::at(address).on_board(&base);
            let name = format!("w{n}");
            granted(person.post("/participant", &[("name", &name)]).await)?;
            writers.push(Writer::new(person, name, shared, rng, over.clone()));
        }
        Some(Board {
            base,
            writers: writers
                .into_iter()
                .map(|writer| tokio::spawn(writer.write()))
                .collect(),
        })
    }

    /// What all of them were answered, once they have stopped.
    pub async fn answers(&mut self, figures: &mut Figures) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.add(
            &format!("Setter suggest {SHARED}"),
            crate::ledger::Answered::Done,
        );
        for writer in self.writers.drain(..) {
            match writer.await {
                Ok(answers) => ledger.merge(answers),
                Err(fault) => figures.wrong.push(format!("a writer: {fault}")),
            }
        }
        ledger
    }
}

/// The answer if it was granted; none if it was put off.
fn granted(answer: Answer) -> Option<Answer> {
    (answer.status != 503).then(|| answer.is(303))
}

pub async fn play(place: &mut Place, figures: &mut Figures, rng: &mut StdRng) {
    figures.rounds += 1;
    let address = place.savt(figures).address;
    let over = Arc::new(AtomicBool::new(false));
    let mut boards = Vec::new();
    for _ in 0..BOARDS {
        boards.push(Board::begin(address, &over, rng).await);
    }
    tokio::time::sleep(Duration::from_millis(rng.random_range(20..500))).await;
    let fault = match figures.backend {
        Backend::Sqlite => 0,
        Backend::Postgres => rng.random_range(0..3),
    };
    let pause = Duration::from_millis(rng.random_range(0..300));
    block_in_place(|| match (fault, place.server()) {
        (1, Some(server)) => {
            figures.server_stopped += 1;
            server.stop();
            std::thread::sleep(pause);
            server.start_again();
        }
        (2, Some(server)) => {
            figures.server_killed += 1;
            server.crash();
            std::thread::sleep(pause);
            server.start_again();
        }
        _ => {
            figures.savt_killed += 1;
            place.kill_savt();
        }
    });
    let person = block_in_place(|| place.savt(figures)).person();
    back_to_normal(&person, figures).await;
    over.store(true, Ordering::Relaxed);
    compare(&place.url, &person, boards, figures).await;
}

/// Waits until changes are granted again.
pub async fn back_to_normal(person: &Person, figures: &mut Figures) {
    let begun = Instant::now();
    loop {
        let answer = person.post("/create/item/", &[("name", "")]).await;
        if answer.status == 303 {
            figures.slowest_back = figures.slowest_back.max(begun.elapsed());
            return;
        }
        if begun.elapsed() > BACK {
            let wrong = format!("not back after {BACK:?}: {}", answer.status);
            return figures.wrong.push(wrong);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Compares what was answered with the log, the log with the tables, and the tables with the page.
pub async fn compare(url: &str, person: &Person, boards: Vec<Board>, figures: &mut Figures) {
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    for mut board in boards {
        let answers = board.answers(figures).await;
        let slug = Slug::parse(board.base.trim_start_matches("/b/")).unwrap();
        let Some(stored) = at_rest(&database, &slug).await else {
            figures.lost += 1;
            figures
                .wrong
                .push(format!("lost: the board {}", board.base));
            continue;
        };
        let log = store::events_after(&database, stored.id, 0).await.unwrap();
        figures.wishes += answers.judge(&log, &mut figures.wrong, &mut figures.lost);
        let page = person.on_board(&board.base).page().await;
        if page.version != stored.version() || page.shown != Shown::of(&stored) {
            let wrong = format!(
                "the page of board {} at {} is not the board at {}",
                stored.id,
                page.version,
                stored.version()
            );
            figures.wrong.push(wrong);
        }
    }
    let check = block_in_place(|| run(&["check", "--database-url", url]));
    if check.code != Some(0) {
        let found = check.out.lines().map(str::to_owned);
        figures.wrong.extend(found.chain([check.err]));
    }
}

/// A board on which nobody waits any more, when also what took longer than anybody waited is done.
async fn at_rest(database: &Database, slug: &Slug) -> Option<savt::model::Board> {
    let mut board = store::load(database, slug).await.unwrap()?;
    loop {
        tokio::time::sleep(REST).await;
        let now = store::load(database, slug).await.unwrap()?;
        if now.version() == board.version() {
            return Some(now);
        }
        board = now;
    }
}
