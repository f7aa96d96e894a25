//! Somebody who joins a board after everything, adds an item, and undoes that.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use rand::{RngExt, rngs::StdRng};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::call::{Called, call};
use crate::ledger::{Ledger, ReportedOutcome};

/// The longest time until a board accepts changes, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Returns what it did.
///
/// # Errors
/// What was not possible.
pub async fn probe(
    client: &Client,
    server: SocketAddr,
    slug: &str,
    mut rng: StdRng,
) -> Result<Ledger, String> {
    let name = format!("P {:x}", rng.random::<u64>());
    let base = format!("/boards/{slug}");
    let path = |path: &str| format!("{base}{path}");
    let send = async |method: Method, path: &str, token: &str, body: Value| {
        let begin = Instant::now();
        loop {
            match call(client, Some(server), (method.clone(), path), token, &body).await {
                Called::Done(answer) => return Ok(answer),
                Called::Refused(status, problem) => {
                    return Err(format!("{path} {body}: {status} {problem}"));
                }
                Called::Wrong(error) => return Err(error),
                Called::Unavailable if begin.elapsed() < TIMEOUT => {
                    sleep(Duration::from_millis(20)).await;
                }
                Called::Unavailable | Called::Unknown => {
                    return Err(format!("{path} {body}: not confirmed"));
                }
            }
        }
    };
    let joined = send(Method::POST, &path("/participants"), "", json!({})).await?;
    let token = joined["token"].as_str().unwrap_or_default();
    let board = send(Method::GET, &base, "", Value::Null).await?;
    if board["state"] == "closed" {
        send(Method::POST, &path("/reopen"), token, json!({})).await?;
    }
    let item = json!({ "name": name });
    send(Method::POST, &path("/items"), token, item).await?;
    let mut ledger = Ledger::default();
    ledger.add(&format!("create {name}"), ReportedOutcome::Applied);
    let board = send(Method::GET, &base, "", Value::Null).await?;
    let undo = path(&format!("/events/{}/undo", board["version"]));
    send(Method::POST, &undo, token, json!({})).await?;
    Ok(ledger)
}
