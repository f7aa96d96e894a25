//! Random load with streams: 33 participants submit random forms and follow each other's changes, on one server and on
//! several. Afterwards every page must match the tables.

use std::{net::SocketAddr, time::Duration};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::{
    db::Backend,
    model::{Board, Slug},
    store,
};

use crate::{
    harness::{
        app::Savt,
        client::TestClient,
        consistency::{assert_consistent, load_and_replay},
        databases::{Fresh, db_test},
        follower::Follower,
        page::BoardContent,
        process::Process,
        soak,
    },
    random_load::{EXPECTED_STATUSES, random_form},
};

const CLIENTS: usize = 33;

/// Fewer events would prove little.
const MIN_EVENTS: i64 = 151;

/// Runs 33 random clients, distributed over these servers, and returns their pages. A third of them lose their streams
/// at random.
async fn run_random_clients(
    seed: u64,
    servers: &[SocketAddr],
    fallback: Option<SocketAddr>,
) -> Vec<Follower> {
    let people = (0..CLIENTS).map(|n| {
        let person = TestClient::at(servers[n % servers.len()]);
        let rng = StdRng::seed_from_u64(seed * 1_000 + n as u64);
        tokio::spawn(async move {
            let mut page = Follower::open(&person).await;
            page.fallback = fallback;
            submit_and_follow(&mut page, n < CLIENTS / 3, rng).await;
            page
        })
    });
    let mut pages = Vec::new();
    for person in people.collect::<Vec<_>>() {
        pages.push(person.await.unwrap());
    }
    pages
}

async fn submit_and_follow(page: &mut Follower, disconnects: bool, mut rng: StdRng) {
    let mut sent = 0;
    // How many forms are refused depends on the order in which those of all people arrive: a closed board refuses nearly all.
    while sent < soak::size(12, 20) || page.last() < MIN_EVENTS {
        sent += 1;
        let (path, fields) = random_form(&page.page.shown, &mut rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        if let Some(answer) = page.try_submit(&path, &fields).await {
            let expected = answer.status == 200 || EXPECTED_STATUSES.contains(&answer.status);
            assert!(expected, "{path}: {} {}", answer.status, answer.body);
        }
        if disconnects && rng.random_bool(0.3) {
            page.drop_stream();
            // Some reconnect immediately, some later.
            if rng.random_bool(0.5) {
                page.resume().await;
            }
        } else {
            if !page.is_listening() {
                page.resume().await;
            }
            page.receive_pending().await;
        }
        let pause = Duration::from_millis(rng.random_range(0..20));
        tokio::time::sleep(pause).await;
    }
}

/// Asserts that every page received all events and matches both the tables and a fresh page.
async fn assert_pages_match(stored: &Board, pages: &mut [Follower]) {
    assert!(stored.version() >= MIN_EVENTS, "{}", stored.version());
    let expected = BoardContent::from_board(stored).to_string();
    for page in pages {
        if !page.is_listening() {
            page.resume().await;
        }
        page.receive_until(stored.version()).await;
        page.assert_matches_reload().await;
        assert_eq!(page.page.shown.to_string(), expected);
    }
}

db_test!(pages_of_33_participants_match_the_tables);
async fn pages_of_33_participants_match_the_tables(savt: Savt) {
    let mut pages = run_random_clients(1, &[savt.address()], None).await;
    assert_pages_match(&load_and_replay(savt.database()).await, &mut pages).await;
    assert_consistent(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_on_two_servers_match_the_tables() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    let mut pages = run_random_clients(2, &[savts[0].address(), savts[1].address()], None).await;
    assert_pages_match(&load_and_replay(savts[0].database()).await, &mut pages).await;
    assert_consistent(&[&savts[0], &savts[1]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_on_two_processes_match_the_tables() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let processes = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let servers = [processes[0].address, processes[1].address];
    let mut pages = run_random_clients(3, &servers, None).await;
    assert_pages_match(&load_and_replay(&fresh.open().await).await, &mut pages).await;
    for process in &processes {
        assert!(!process.log().contains("ERROR"), "{}", process.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_killed_process_match_the_tables_after_failover() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let [killed, stays] = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let servers = [killed.address, stays.address];
    let fallback = stays.address;
    let clients =
        tokio::spawn(async move { run_random_clients(4, &servers, Some(fallback)).await });
    let database = fresh.open().await;
    let version = async || {
        let board = store::load(&database, &Slug::main()).await.unwrap();
        board.unwrap().version()
    };
    while version().await < 100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    killed.kill();
    let mut pages = clients.await.unwrap();
    assert_pages_match(&load_and_replay(&database).await, &mut pages).await;
    assert!(!stays.log().contains("ERROR"), "{}", stays.log());
}
