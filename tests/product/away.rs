//! People whose browser goes away in the middle, and a process that does: nothing is done by halves, nothing that was
//! answered is lost.

use std::{
    collections::BTreeSet,
    io::Write,
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::RngExt;

use crate::harness::{
    agreement::{agree, stored_whole},
    app::Savt,
    databases::{Fresh, on_both},
    process::Process,
};

/// Sends a request to add this item, but for its last bytes, and is gone after a moment.
fn leaves_after(address: SocketAddr, name: &str, missing: usize, moment: Duration) {
    let body = format!("name={name}");
    let request = format!(
        "POST /create/item/ HTTP/1.1\r\nHost: {address}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut browser = TcpStream::connect(address).unwrap();
    browser.set_nodelay(true).unwrap();
    let sent = request.len() - missing;
    browser.write_all(&request.as_bytes()[..sent]).unwrap();
    std::thread::sleep(moment);
    // Closing with the answer unread resets the connection.
    let _ = browser.shutdown(Shutdown::Both);
}

on_both!(what_a_browser_asked_that_went_away_happens_whole_or_not_at_all);
async fn what_a_browser_asked_that_went_away_happens_whole_or_not_at_all(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let address = savt.address();
    let gone: Vec<_> = (0..60)
        .map(|n| {
            let moment = Duration::from_micros(rand::rng().random_range(0..3_000));
            let name = format!("gone-{n}");
            tokio::task::spawn_blocking(move || leaves_after(address, &name, 0, moment))
        })
        .collect();
    let stays = tokio::spawn({
        let alice = alice.clone();
        async move {
            for n in 0..20 {
                alice.create_item(&format!("stays-{n}")).await;
            }
        }
    });
    for browser in gone {
        browser.await.unwrap();
    }
    stays.await.unwrap();
    // What was under way is done by now, or never will be.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let names: Vec<String> = alice
        .page()
        .await
        .shown
        .items
        .into_iter()
        .map(|item| item.name)
        .collect();
    let stayed = names.iter().filter(|name| name.starts_with("stays-"));
    assert_eq!(stayed.count(), 20);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    let board = savt.stored().await;
    // Whoever came to add one item is here with it, or was never here.
    assert_eq!(board.stats().people - 1, names.len() - 20);
    agree(&[&savt]).await;
}

on_both!(half_a_request_is_no_request);
async fn half_a_request_is_no_request(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await;
    let address = savt.address();
    for missing in [1, 10, 50, 100, 140] {
        let half = move || leaves_after(address, "half-a-request", missing, Duration::ZERO);
        tokio::task::spawn_blocking(half).await.unwrap();
    }
    assert_eq!(alice.sees().await, "");
    assert_eq!(savt.stored().await, before);
}

on_both!(what_was_answered_survives_a_killed_process);
async fn what_was_answered_survives_a_killed_process(fresh: Fresh) {
    let answered: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..12 {
        let process = Process::serve(fresh.url());
        let people: Vec<_> = (0..4)
            .map(|n| {
                let person = process.person();
                let answered = answered.clone();
                tokio::spawn(async move {
                    for wish in 0.. {
                        let name = format!("{round}-{n}-{wish}");
                        let fields = [("name", name.as_str())];
                        match person.try_post("/create/item/", &fields).await {
                            Ok(answer) => assert_eq!(answer.is(303).status, 303),
                            Err(_) => return,
                        }
                        answered.lock().unwrap().push(name);
                    }
                })
            })
            .collect();
        // Once it answers, at any moment.
        let before = answered.lock().unwrap().len();
        while answered.lock().unwrap().len() < before + 5 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let moment = rand::rng().random_range(0..100);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        process.kill();
        for person in people {
            person.await.unwrap();
        }
    }
    let answered = answered.lock().unwrap().clone();
    assert!(answered.len() > 50, "{} answers", answered.len());
    let stored = stored_whole(&fresh.open().await).await;
    let kept: BTreeSet<String> = stored.items().map(|item| item.name.to_string()).collect();
    for name in answered {
        assert!(kept.contains(&name), "{name} is lost");
    }
    // And it goes on from there.
    let person = Process::serve(fresh.url());
    let page = person.person().page().await;
    assert_eq!(page.shown.items.len(), kept.len());
}
