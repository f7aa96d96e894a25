//! A disk that is full: changes are refused in so many words, pages are shown, and with room all is as before.

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
    harness::{client::Person, postgres::Cluster, process::Process},
    place::SmallDisk,
    report::{Figures, Full},
    round::{Board, back_to_normal, compare},
};

/// What is left to write on, in bytes.
const LITTLE: u64 = 400_000;
/// How long it may take to be full.
const FILLED: Duration = Duration::from_secs(60);

/// Tries it on a disk of its own, where the tables of this server are, or a file if there is none.
pub async fn fill(server: Option<&Cluster>, figures: &mut Figures, rng: &mut StdRng) {
    let Some(disk) = SmallDisk::mount() else {
        return;
    };
    let url = disk.database(server).await;
    let process = Process::serve(&url);
    let person = process.person();
    let over = Arc::new(AtomicBool::new(false));
    let boards = vec![Board::begin(process.address, &over, rng).await];
    disk.fill_up_to(LITTLE);
    let mut refused = full(&person, figures).await;
    disk.make_room();
    back_to_normal(&person, figures).await;

    disk.fill_up_to(LITTLE);
    refused += full(&person, figures).await;
    over.store(true, Ordering::Relaxed);
    process.kill();
    let process = block_in_place(|| Process::serve(&url));
    let person = process.person();
    refused += full(&person, figures).await;
    disk.make_room();
    back_to_normal(&person, figures).await;
    compare(&url, &person, boards, figures).await;
    drop(process);
    disk.end(server).await;
    figures.full = Full::Refused(refused);
}

/// Writes until the disk is full, and some more. How often it was refused.
async fn full(person: &Person, figures: &mut Figures) -> u64 {
    let begun = Instant::now();
    let long = "x".repeat(80);
    let mut refused = 0;
    while refused < 20 {
        let answer = person.post("/create/item/", &[("name", &long)]).await;
        match answer.status {
            303 => {}
            503 if answer.headers.contains_key("retry-after") => refused += 1,
            status => {
                let wrong = format!("disk full: {status} {}", answer.body);
                figures.wrong.push(wrong);
                break;
            }
        }
        if begun.elapsed() > FILLED {
            figures.wrong.push("the disk does not get full".to_owned());
            break;
        }
    }
    // Out of memory, or out of a database that can be read.
    let page = person.get("").await;
    if page.status != 200 {
        figures
            .wrong
            .push(format!("disk full: the page is {}", page.status));
    }
    refused
}
