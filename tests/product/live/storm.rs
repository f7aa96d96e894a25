//! Everything at once, live: 33 people who press whatever they see and follow what the others do, on one SAVT and on several.
//! Afterwards every page is as the tables have it.

use std::{net::SocketAddr, time::Duration};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::{
    db::Backend,
    model::{Board, Slug},
    store,
};

use crate::{
    harness::{
        agreement::{agree, stored_whole},
        app::Savt,
        client::Person,
        databases::{Fresh, on_both},
        follower::Follower,
        page::Shown,
        process::Process,
        soak,
    },
    storm::{FINE, anything},
};

const PEOPLE: usize = 33;

/// Lets 33 people loose, spread over these servers, and gives their pages as they stand when all is done. The first ones
/// lose their streams now and then.
async fn storm(seed: u64, servers: &[SocketAddr], refuge: Option<SocketAddr>) -> Vec<Follower> {
    let people = (0..PEOPLE).map(|n| {
        let person = Person::at(servers[n % servers.len()]);
        let rng = StdRng::seed_from_u64(seed * 1_000 + n as u64);
        tokio::spawn(async move {
            let mut page = Follower::of(&person).await;
            page.refuge = refuge;
            presses_and_follows(&mut page, n < PEOPLE / 3, rng).await;
            page
        })
    });
    let mut pages = Vec::new();
    for person in people.collect::<Vec<_>>() {
        pages.push(person.await.unwrap());
    }
    pages
}

async fn presses_and_follows(page: &mut Follower, breaks_off: bool, mut rng: StdRng) {
    for _ in 0..soak::size(12, 20) {
        let (path, fields) = anything(&page.page.shown, &mut rng);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        if let Some(answer) = page.try_press(&path, &fields).await {
            let fine = answer.status == 200 || FINE.contains(&answer.status);
            assert!(fine, "{path}: {} {}", answer.status, answer.body);
        }
        if breaks_off && rng.random_bool(0.3) {
            page.drop_stream();
            // Some come back at once, some later.
            if rng.random_bool(0.5) {
                page.resume().await;
            }
        } else {
            if !page.is_listening() {
                page.resume().await;
            }
            page.hear_what_has_come().await;
        }
        let pause = Duration::from_millis(rng.random_range(0..20));
        tokio::time::sleep(pause).await;
    }
}

/// Every page has heard all that is stored, shows it, and is what its person would load.
async fn all_are_as(stored: &Board, pages: &mut [Follower]) {
    assert!(stored.version() > 150, "{}", stored.version());
    let expected = Shown::of(stored).to_string();
    for page in pages {
        if !page.is_listening() {
            page.resume().await;
        }
        page.hear_until(stored.version()).await;
        page.is_as_loaded().await;
        assert_eq!(page.page.shown.to_string(), expected);
    }
}

on_both!(every_page_of_33_is_as_the_tables);
async fn every_page_of_33_is_as_the_tables(savt: Savt) {
    let mut pages = storm(1, &[savt.address()], None).await;
    all_are_as(&stored_whole(savt.database()).await, &mut pages).await;
    agree(&[&savt]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_every_page_at_two_savts() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let savts = [Savt::at(fresh.url()).await, Savt::at(fresh.url()).await];
    let mut pages = storm(2, &[savts[0].address(), savts[1].address()], None).await;
    all_are_as(&stored_whole(savts[0].database()).await, &mut pages).await;
    agree(&[&savts[0], &savts[1]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_every_page_at_two_processes() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let processes = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let servers = [processes[0].address, processes[1].address];
    let mut pages = storm(3, &servers, None).await;
    all_are_as(&stored_whole(&fresh.open().await).await, &mut pages).await;
    for process in &processes {
        assert!(!process.log().contains("ERROR"), "{}", process.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_every_page_whose_process_was_killed() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    let [killed, stays] = [Process::serve(fresh.url()), Process::serve(fresh.url())];
    let servers = [killed.address, stays.address];
    let refuge = stays.address;
    let storm = tokio::spawn(async move { storm(4, &servers, Some(refuge)).await });
    let database = fresh.open().await;
    let version = async || {
        let board = store::load(&database, &Slug::main()).await.unwrap();
        board.unwrap().version()
    };
    while version().await < 100 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    killed.kill();
    let mut pages = storm.await.unwrap();
    all_are_as(&stored_whole(&database).await, &mut pages).await;
    assert!(!stays.log().contains("ERROR"), "{}", stays.log());
}
