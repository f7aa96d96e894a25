//! A full disk: changes are rejected with 503, pages are still served, and changes are accepted again once there is space.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rand::rngs::StdRng;
use tokio::task::block_in_place;

use crate::{
    harness::{client::TestClient, postgres::Cluster, process::Process},
    report::{FullDisk, Results},
    round::{TortureBoard, compare, wait_for_recovery},
    small_disk::SmallDisk,
};

/// Bytes that stay free.
const FREE_BYTES: u64 = 400_000;
/// The longest time until the disk is full.
const FILL_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the test on a separate disk, with a tablespace of this server, or with a SQLite file if there is none.
pub async fn test_full_disk(server: Option<&Cluster>, results: &mut Results, rng: &mut StdRng) {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let url = disk.database(server).await;
    let process = Process::serve(&url);
    let person = process.person();
    let stop = Arc::new(AtomicBool::new(false));
    let boards = vec![TortureBoard::start(process.address, &stop, rng).await];
    disk.fill_up_to(FREE_BYTES);
    let mut rejected = write_until_full(&person, results).await;
    disk.free_space();
    wait_for_recovery(&person, results).await;

    disk.fill_up_to(FREE_BYTES);
    rejected += write_until_full(&person, results).await;
    stop.store(true, Ordering::Relaxed);
    process.kill();
    let process = block_in_place(|| Process::serve(&url));
    let person = process.person();
    rejected += write_until_full(&person, results).await;
    disk.free_space();
    wait_for_recovery(&person, results).await;
    compare(&url, &person, boards, results).await;
    drop(process);
    disk.end(server).await;
    results.full_disk = FullDisk::Rejected(rejected);
}

/// Sends changes until 20 of them are rejected. Returns the number of rejections.
async fn write_until_full(person: &TestClient, results: &mut Results) -> u64 {
    let begin = Instant::now();
    let long = "x".repeat(80);
    let mut rejected = 0;
    while rejected < 20 {
        let response = person.post("/create/item/", &[("name", &long)]).await;
        match response.status {
            303 => {}
            503 if response.headers.contains_key("retry-after") => rejected += 1,
            status => {
                let error = format!("disk full: {status} {}", response.body);
                results.errors.push(error);
                break;
            }
        }
        if begin.elapsed() > FILL_TIMEOUT {
            results
                .errors
                .push("the disk does not become full".to_owned());
            break;
        }
    }
    // Pages come from memory, or from the database, which is still readable.
    let page = person.get("").await;
    if page.status != 200 {
        results
            .errors
            .push(format!("disk full: the page has status {}", page.status));
    }
    rejected
}
