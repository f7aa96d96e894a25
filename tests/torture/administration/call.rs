//! One request to the JSON API.

use std::{net::SocketAddr, time::Duration};

use reqwest::{Client, Method};
use serde_json::Value;

/// SAVT answers within three seconds; a busy machine needs longer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The statuses with which a request is refused that the rules, or a command of the operator, stand in the way of.
const REFUSED: [u16; 6] = [401, 404, 409, 410, 422, 423];

pub enum Called {
    Done(Value),
    /// The status and the problem.
    Refused(u16, Value),
    /// With a promise that nothing was changed.
    Unavailable,
    /// The connection was refused or ended, or the answer says that the change is not confirmed.
    Unknown,
    /// What no request may get.
    Wrong(String),
}

pub fn client() -> Client {
    let client = Client::builder().no_proxy().timeout(TIMEOUT);
    client.build().unwrap()
}

/// Calls a process, if there is one.
pub async fn call(
    client: &Client,
    server: Option<SocketAddr>,
    (method, path): (Method, &str),
    token: &str,
    body: &Value,
) -> Called {
    let Some(server) = server else {
        return Called::Unknown;
    };
    let what = format!("{method} {path} {body}");
    let mut request = client.request(method, format!("http://{server}/api/v1{path}"));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !body.is_null() {
        request = request.json(body);
    }
    let Ok(answer) = request.send().await else {
        return Called::Unknown;
    };
    let status = answer.status().as_u16();
    let asks_to_wait = answer.headers().contains_key("retry-after");
    let Ok(text) = answer.text().await else {
        return Called::Unknown;
    };
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    match status {
        200..300 => Called::Done(json),
        503 if json["type"] == "/api#unconfirmed" => Called::Unknown,
        503 if asks_to_wait => Called::Unavailable,
        status if REFUSED.contains(&status) => Called::Refused(status, json),
        status => Called::Wrong(format!("{what}: {status} {text}")),
    }
}
