//! Requests with an `Idempotency-Key`, from clients that cut their connections at random and repeat each request until it is
//! answered, while SAVT and its database are killed. Afterwards every request has happened exactly once, as its answer says, and all
//! answers to one key are the same.

mod answer;
mod attempt;
mod client;
mod comparison;
pub mod counts;
mod effect;
mod quota;
mod request;
mod sender;

use std::{
    collections::BTreeMap,
    ops::Range,
    time::{Duration, Instant},
};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use savt::db::Backend;
use serde_json::json;
use tokio::task::{JoinHandle, block_in_place};

use crate::{
    environment::Environment, harness::postgres::Cluster, report::Results, round::check_database,
    servers::Servers,
};

use client::{ClientReport, KeyedClient};
use quota::Quota;
use sender::Sender;

/// Boards that are written at the same time, each with its own writer.
const BOARDS: usize = 3;
/// Clients of each board.
const CLIENTS: usize = 16;
/// Requests to one database. This limits the time of a comparison, and tests new databases too.
const REQUESTS_PER_DATABASE: u64 = 5_000;
/// After how many requests something is killed.
const REQUESTS_PER_FAULT: Range<u64> = 20..200;
/// One of so many requests is sent once more after the last restart.
const REPEATED_AT_END: usize = 10;

/// Sends this many requests, to several databases if there are many. Returns the server for reuse.
pub async fn test_keyed_requests(
    requests: u64,
    server: Option<Box<Cluster>>,
    results: &mut Results,
    rng: &mut StdRng,
) -> Option<Box<Cluster>> {
    let begin = Instant::now();
    let mut cluster = server;
    let mut left = requests;
    while left > 0 {
        let now = left.min(REQUESTS_PER_DATABASE);
        left -= now;
        let mut environment = Environment::new(results.backend, cluster).await;
        send_to_one_database(now, &mut environment, results, rng).await;
        cluster = environment.end(results.passed()).await;
        let errors = results.errors.len();
        eprintln!("torture: {left} requests with a key remain; {errors} errors so far");
    }
    results.keys.time = begin.elapsed();
    cluster
}

async fn send_to_one_database(
    requests: u64,
    environment: &mut Environment,
    results: &mut Results,
    rng: &mut StdRng,
) {
    let processes = match results.backend {
        Backend::Sqlite => 1,
        Backend::Postgres => 2,
    };
    let mut servers = block_in_place(|| Servers::start(processes, environment, results));
    let mut sender = Sender::new(
        servers.addresses.clone(),
        StdRng::seed_from_u64(rng.random()),
    );
    let mut effects = BTreeMap::new();
    for _ in 0..BOARDS {
        match make_board(&mut sender).await {
            Ok(slug) => effects.insert(slug, Vec::new()),
            Err(error) => return results.errors.push(error),
        };
    }
    let quota = Quota::new(requests.saturating_sub((BOARDS + BOARDS * CLIENTS) as u64));
    let clients = start_clients(effects.keys(), &quota, &servers, rng);
    loop {
        // None towards the end, so that the last requests are answered.
        let next_fault = quota
            .left()
            .checked_sub(rng.random_range(REQUESTS_PER_FAULT));
        let is_running = || clients.iter().any(|(_, client)| !client.is_finished());
        while is_running() && next_fault.is_none_or(|next| quota.left() > next) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if !is_running() {
            break;
        }
        block_in_place(|| servers.break_something(environment, results, rng));
    }
    let mut answered = Vec::new();
    let mut made = Vec::new();
    for (board, client) in clients {
        let report: ClientReport = match client.await {
            Ok(report) => report,
            Err(error) => {
                results.errors.push(format!("a client failed: {error}"));
                continue;
            }
        };
        results.errors.extend(report.error);
        results.keys += report.counts;
        answered.extend(report.answered);
        made.extend(report.boards);
        effects.entry(board).or_default().extend(report.effects);
    }
    block_in_place(|| servers.replace_all(environment, results));
    for _ in 0..answered.len() / REPEATED_AT_END {
        let (request, answer) = &answered[rng.random_range(0..answered.len())];
        if let Err(error) = sender.repeat(request, answer).await {
            results.errors.push(error);
        }
    }
    results.keys += sender.counts;
    results.keys += servers.kills;
    comparison::compare(&environment.url, &effects, made, &mut results.errors).await;
    check_database(&environment.url, results);
}

/// Makes a board for the clients; returns its slug.
async fn make_board(sender: &mut Sender) -> Result<String, String> {
    let request = sender.request("/boards", None, &json!({ "name": "Torture" }));
    let answer = sender.send(&request).await?;
    let slug = answer.json()["slug"].as_str().map(str::to_owned);
    slug.ok_or_else(|| format!("no board: {}", answer.text()))
}

fn start_clients<'a>(
    boards: impl Iterator<Item = &'a String>,
    quota: &Quota,
    servers: &Servers,
    rng: &mut StdRng,
) -> Vec<(String, JoinHandle<ClientReport>)> {
    let mut clients = Vec::new();
    for board in boards {
        for _ in 0..CLIENTS {
            let rng = StdRng::seed_from_u64(rng.random());
            let sender = Sender::new(servers.addresses.clone(), rng);
            let name = format!("c{}", clients.len());
            let client = KeyedClient::new(sender, quota.clone(), board.clone(), name);
            clients.push((board.clone(), tokio::spawn(client.run())));
        }
    }
    clients
}
