//! Webhooks: what receivers get, whatever fails.

mod commands;
mod crashes;
mod deadlines;
mod decisions;
mod failures;
mod forgetting;
mod giving_up;
mod history;
mod messages;
mod monitor;
mod options;
mod processes;
mod registration;
mod removal;
mod signatures;
mod targets;

use std::{collections::BTreeMap, time::Duration};

use rustls::RootCertStore;
use savt::{
    view::Language,
    webhook::{Client, Endpoint, EventFilter, Format, Secret, Settings, Timing, Webhooks},
};

use crate::harness::{app::Savt, receiver::Received, signature::SECRET};

/// Another process takes over soon, and boards that nobody reported are found soon.
const TIMING: Timing = Timing {
    lease: Duration::from_secs(4),
    renew: Duration::from_millis(300),
    save: Duration::from_millis(100),
    scan: Duration::from_millis(300),
};

/// A client that connects to loopback.
fn client() -> Client {
    Client::new(RootCertStore::empty(), true).unwrap()
}

fn settings() -> Settings {
    Settings {
        client: client(),
        public_url: Some("https://savt.example/".parse().unwrap()),
        language: Language::English,
        timing: TIMING,
    }
}

/// An endpoint that gets signed JSON.
fn endpoint(url: &str) -> Endpoint {
    with_format(url, Format::Json, EventFilter::default())
}

fn with_format(url: &str, format: Format, filter: EventFilter) -> Endpoint {
    let secret = Secret::parse(SECRET).unwrap();
    Endpoint::new(url, format, filter, vec![secret], true).unwrap()
}

/// Starts webhooks in the process of a server.
async fn start(savt: &Savt, urls: &[&str]) -> Webhooks {
    start_with(
        savt,
        urls.iter().map(|url| endpoint(url)).collect(),
        settings(),
    )
    .await
}

async fn start_with(savt: &Savt, endpoints: Vec<Endpoint>, settings: Settings) -> Webhooks {
    Webhooks::start(savt.boards(), endpoints, &settings)
        .await
        .unwrap()
}

/// Changes the database behind the back of the server.
async fn execute(savt: &Savt, sql: &'static str) {
    let mut conn = savt.database().write().await.unwrap();
    conn.execute(diesel::sql_query(sql)).await.unwrap();
    conn.commit().await.unwrap();
}

/// The types of messages.
fn types(messages: &[Received]) -> Vec<String> {
    let kind = |message: &Received| message.json()["type"].as_str().unwrap().to_owned();
    messages.iter().map(kind).collect()
}

/// The numbers of the events of each board, by its slug, in the order in which they came.
fn numbers_by_board(messages: &[Received]) -> BTreeMap<String, Vec<i64>> {
    let mut boards = BTreeMap::<String, Vec<i64>>::new();
    for message in messages {
        let data = &message.json()["data"];
        let slug = data["board"]["slug"].as_str().unwrap().to_owned();
        let number = data["event"]["number"].as_i64().unwrap();
        boards.entry(slug).or_default().push(number);
    }
    boards
}

/// Asserts that each board's events came in order, without gaps.
#[track_caller]
fn assert_in_order(messages: &[Received]) {
    for (board, numbers) in numbers_by_board(messages) {
        let first = numbers[0];
        let expected: Vec<i64> = (first..).take(numbers.len()).collect();
        assert_eq!(numbers, expected, "{board}");
    }
}
