//! One round: clients write to several boards, a process is killed meanwhile, and the data is compared afterwards.

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
    client::{SHARED, TortureClient, object_id},
    environment::Environment,
    harness::{
        client::{Answer, TestClient},
        page::BoardContent,
        process::run,
    },
    ledger::{Ledger, ReportedOutcome},
    report::Results,
};

/// Boards that are written at the same time, each with its own writer.
const BOARDS: usize = 3;
const CLIENTS: usize = 4;
/// The longest time until a busy machine accepts changes, at the start of a round and after a fault. The report contains the
/// measured time.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(60);

/// A board is idle if its version does not change for this long.
const IDLE_TIME: Duration = Duration::from_millis(50);

/// A board with its clients.
pub struct TortureBoard {
    /// The path prefix of the board, `/b/{slug}`.
    pub base: String,
    clients: Vec<JoinHandle<Ledger>>,
}

impl TortureBoard {
    /// Creates a board and starts its clients, with retries while SAVT is unavailable. The clients stop when `stop` is set.
    pub async fn start(
        address: SocketAddr,
        stop: &Arc<AtomicBool>,
        rng: &mut StdRng,
    ) -> TortureBoard {
        let deadline = Instant::now() + RECOVERY_TIMEOUT;
        loop {
            match TortureBoard::try_start(address, stop, rng).await {
                Some(board) => return board,
                None => assert!(Instant::now() < deadline, "SAVT accepts no changes"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// None if a request was answered with 503.
    async fn try_start(
        address: SocketAddr,
        stop: &Arc<AtomicBool>,
        rng: &mut StdRng,
    ) -> Option<TortureBoard> {
        let person = TestClient::at(address);
        let board = person.post("/boards", &[("name", "Torture")]).await;
        let base = accepted(board)?.header("location").to_owned();
        let setup = person.on_board(&base);
        accepted(setup.post("/participant", &[("name", "Setup")]).await)?;
        let fields = [("name", SHARED), ("amount", "1"), ("item_id", "")];
        let suggestion = setup.post("/create/feature/", &fields).await;
        let shared = object_id(&accepted(suggestion)?, "feature").expect("a link to the feature");
        let mut clients = Vec::new();
        for n in 0..CLIENTS {
            let rng = StdRng::seed_from_u64(rng.random());
            let person = TestClient::at(address).on_board(&base);
            let name = format!("c{n}");
            accepted(person.post("/participant", &[("name", &name)]).await)?;
            clients.push(TortureClient::new(person, name, shared, rng, stop.clone()));
        }
        Some(TortureBoard {
            base,
            clients: clients
                .into_iter()
                .map(|client| tokio::spawn(client.run()))
                .collect(),
        })
    }

    /// Waits until all clients have stopped, and returns their responses.
    pub async fn join_clients(&mut self, results: &mut Results) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.add(&format!("Setup suggest {SHARED}"), ReportedOutcome::Applied);
        for client in self.clients.drain(..) {
            match client.await {
                Ok(own) => ledger.merge(own),
                Err(error) => results.errors.push(format!("a client failed: {error}")),
            }
        }
        ledger
    }
}

/// The response if the change was accepted; none for 503.
fn accepted(response: Answer) -> Option<Answer> {
    (response.status != 503).then(|| response.is(303))
}

pub async fn run_round(environment: &mut Environment, results: &mut Results, rng: &mut StdRng) {
    results.rounds += 1;
    let address = environment.savt(results).address;
    let stop = Arc::new(AtomicBool::new(false));
    let mut boards = Vec::new();
    for _ in 0..BOARDS {
        boards.push(TortureBoard::start(address, &stop, rng).await);
    }
    tokio::time::sleep(Duration::from_millis(rng.random_range(20..500))).await;
    let fault = match results.backend {
        Backend::Sqlite => 0,
        Backend::Postgres => rng.random_range(0..3),
    };
    let pause = Duration::from_millis(rng.random_range(0..300));
    block_in_place(|| match (fault, environment.server()) {
        (1, Some(server)) => {
            results.server_stopped += 1;
            server.stop();
            std::thread::sleep(pause);
            server.start_again();
        }
        (2, Some(server)) => {
            results.server_killed += 1;
            server.crash();
            std::thread::sleep(pause);
            server.start_again();
        }
        _ => {
            results.savt_killed += 1;
            environment.kill_savt();
        }
    });
    let person = block_in_place(|| environment.savt(results)).person();
    wait_for_recovery(&person, results).await;
    stop.store(true, Ordering::Relaxed);
    compare(&environment.url, &person, boards, results).await;
}

/// Waits until changes are accepted again.
pub async fn wait_for_recovery(person: &TestClient, results: &mut Results) {
    let begin = Instant::now();
    loop {
        let response = person.post("/create/item/", &[("name", "")]).await;
        if response.status == 303 {
            results.slowest_recovery = results.slowest_recovery.max(begin.elapsed());
            return;
        }
        if begin.elapsed() > RECOVERY_TIMEOUT {
            let status = response.status;
            let error = format!("no recovery after {RECOVERY_TIMEOUT:?}: {status}");
            return results.errors.push(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Compares the responses with the log, the log with the tables, and the tables with the page.
pub async fn compare(
    url: &str,
    person: &TestClient,
    boards: Vec<TortureBoard>,
    results: &mut Results,
) {
    let settings = Settings::new(url.parse().unwrap());
    let database = Database::open(&settings).await.unwrap();
    for mut board in boards {
        let ledger = board.join_clients(results).await;
        let slug = Slug::parse(board.base.trim_start_matches("/b/")).unwrap();
        let Some(stored) = load_when_idle(&database, &slug).await else {
            results.lost += 1;
            results
                .errors
                .push(format!("lost: the board {}", board.base));
            continue;
        };
        let log = store::events_after(&database, stored.id, 0, usize::MAX);
        let log = log.await.unwrap().unwrap();
        results.commands += ledger.compare_with_log(&log, &mut results.errors, &mut results.lost);
        let page = person.on_board(&board.base).page().await;
        if page.version != stored.version() || page.shown != BoardContent::from_board(&stored) {
            let error = format!(
                "board {}: the page at version {} differs from the tables at version {}",
                stored.id,
                page.version,
                stored.version()
            );
            results.errors.push(error);
        }
    }
    check_database(url, results);
}

/// Runs `savt check`.
pub fn check_database(url: &str, results: &mut Results) {
    let check = block_in_place(|| run(&["check", "--database-url", url]));
    if check.code != Some(0) {
        let findings = check.out.lines().map(str::to_owned);
        results.errors.extend(findings.chain([check.err]));
    }
}

/// Loads a board once its version no longer changes: commands may finish after their clients have timed out.
async fn load_when_idle(database: &Database, slug: &Slug) -> Option<savt::model::Board> {
    let mut board = store::load(database, slug).await.unwrap()?;
    loop {
        tokio::time::sleep(IDLE_TIME).await;
        let latest = store::load(database, slug).await.unwrap()?;
        if latest.version() == board.version() {
            return Some(latest);
        }
        board = latest;
    }
}
