//! Clients that disconnect during a request, and a killed process: no change is applied partially, no acknowledged
//! change is lost.

use std::{
    collections::BTreeSet,
    io::Write,
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use rand::RngExt;

use crate::harness::{
    app::Savt,
    consistency::{assert_consistent, load_and_replay},
    databases::{Fresh, db_test},
    process::Process,
};

/// Sends a request to add this item, without its last bytes, and disconnects after a delay.
fn send_and_disconnect(address: SocketAddr, name: &str, missing: usize, delay: Duration) {
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
    std::thread::sleep(delay);
    // Closing with unread data resets the connection.
    let _ = browser.shutdown(Shutdown::Both);
}

db_test!(a_request_whose_client_disconnects_is_applied_completely_or_not_at_all);
async fn a_request_whose_client_disconnects_is_applied_completely_or_not_at_all(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let address = savt.address();
    let disconnecting: Vec<_> = (0..60)
        .map(|n| {
            let delay = Duration::from_micros(rand::rng().random_range(0..3_000));
            let name = format!("gone-{n}");
            tokio::task::spawn_blocking(move || send_and_disconnect(address, &name, 0, delay))
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
    for browser in disconnecting {
        browser.await.unwrap();
    }
    stays.await.unwrap();
    // Requests in progress have completed by now.
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
    // Each disconnected client has both its participant and its item, or neither.
    assert_eq!(board.stats().people - 1, names.len() - 20);
    assert_consistent(&[&savt]).await;
}

db_test!(an_incomplete_request_changes_nothing);
async fn an_incomplete_request_changes_nothing(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = savt.stored().await;
    let address = savt.address();
    for missing in [1, 10, 50, 100, 140] {
        let half = move || send_and_disconnect(address, "half-a-request", missing, Duration::ZERO);
        tokio::task::spawn_blocking(half).await.unwrap();
    }
    assert_eq!(alice.sees().await, "");
    assert_eq!(savt.stored().await, before);
}

db_test!(acknowledged_changes_survive_a_killed_process);
async fn acknowledged_changes_survive_a_killed_process(fresh: Fresh) {
    let answered: Arc<Mutex<Vec<String>>> = Arc::default();
    for round in 0..12 {
        let process = Process::serve(fresh.url());
        let people: Vec<_> = (0..4)
            .map(|n| {
                let person = process.person();
                let answered = answered.clone();
                tokio::spawn(async move {
                    for command in 0.. {
                        let name = format!("{round}-{n}-{command}");
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
        // Kill the process at a random time after its first answers.
        let before = answered.lock().unwrap().len();
        while answered.lock().unwrap().len() < before + 5 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let delay = rand::rng().random_range(0..100);
        tokio::time::sleep(Duration::from_millis(delay)).await;
        process.kill();
        for person in people {
            person.await.unwrap();
        }
    }
    let answered = answered.lock().unwrap().clone();
    assert!(answered.len() > 50, "{} answers", answered.len());
    let stored = load_and_replay(&fresh.open().await).await;
    let stored_names: BTreeSet<String> = stored.items().map(|item| item.name.to_string()).collect();
    for name in answered {
        assert!(
            stored_names.contains(&name),
            "acknowledged item {name} is missing"
        );
    }
    // A new process continues from there.
    let process = Process::serve(fresh.url());
    let page = process.person().page().await;
    assert_eq!(page.shown.items.len(), stored_names.len());
}
