//! A program that acts as one participant through the JSON API, and single requests to the API.

use std::net::SocketAddr;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use super::client::{Answer, send};

/// A participant's program on one board.
pub struct Program {
    server: SocketAddr,
    /// The address of the board.
    board: String,
    pub token: String,
    /// Sent with every request, besides the token.
    headers: Vec<(String, String)>,
}

/// Sends a request to the API. A body is sent as JSON, whether it is or not.
pub async fn request(
    server: SocketAddr,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let client = Client::builder().no_proxy().build().unwrap();
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = client.request(method, format!("http://{server}/api/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if !body.is_empty() {
        request = request
            .header("Content-Type", "application/json")
            .body(body.to_owned());
    }
    send(request).await.unwrap()
}

/// The body of an answer.
#[track_caller]
pub fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

/// Asserts the status of a problem, and returns it.
#[track_caller]
pub fn problem_of(answer: Answer, status: u16) -> Value {
    let answer = answer.is(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = json_of(&answer);
    assert_eq!(problem["status"], status);
    problem
}

impl Program {
    /// Joins a board under a name that the board chooses.
    pub async fn join(server: SocketAddr, slug: &str) -> Program {
        Program::join_with(server, slug, &[]).await
    }

    /// The same; these headers are sent with every request.
    pub async fn join_with(server: SocketAddr, slug: &str, headers: &[(&str, &str)]) -> Program {
        let board = format!("/boards/{slug}");
        let path = format!("{board}/participants");
        let joined = request(server, ("POST", &path), headers, "{}")
            .await
            .is(201);
        let token = json_of(&joined)["token"].as_str().unwrap().to_owned();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Program {
            server,
            board,
            token,
            headers: headers.iter().map(owned).collect(),
        }
    }

    /// Sends a request for a path below the board.
    pub async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_with(method, path, body, &[]).await
    }

    pub async fn send_with(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let own = self.headers.iter();
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        let mut all: Vec<_> = own.chain([("Authorization", &*bearer)]).collect();
        all.extend(headers);
        let path = format!("{}{path}", self.board);
        request(self.server, (method, &path), &all, body).await
    }

    /// Adds an item and returns its id.
    pub async fn add_item(&self, name: &str) -> i64 {
        let body = json!({ "name": name }).to_string();
        let added = self.send("POST", "/items", &body).await.is(201);
        json_of(&added)["id"].as_i64().unwrap()
    }
}
