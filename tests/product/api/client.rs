//! A program that uses the API. Each answer is compared with the description of the API.

use std::{net::SocketAddr, ops::Index, sync::Arc, time::Duration};

use reqwest::{Client, Method, redirect::Policy};
use serde_json::Value;

use super::contract::{Contract, Sent};
use crate::harness::{
    app::Savt,
    client::{Answer, send},
};

/// A program, on one board, with the token of at most one participant.
#[derive(Clone)]
pub(super) struct ApiClient {
    client: Client,
    server: SocketAddr,
    contract: Arc<Contract>,
    slug: String,
    headers: Vec<(&'static str, String)>,
    /// The id of the participant whose token it has.
    id: i64,
}

/// An answer with its JSON, which is null if there is no body.
#[derive(Debug)]
pub(super) struct ApiAnswer {
    answer: Answer,
    json: Value,
}

impl ApiClient {
    /// A program without a token, on the board `main`.
    pub(super) async fn of(savt: &Savt) -> ApiClient {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build();
        ApiClient {
            client: client.unwrap(),
            server: savt.address(),
            contract: Contract::of(savt).await,
            slug: "main".to_owned(),
            headers: Vec::new(),
            id: 0,
        }
    }

    /// The program with the token of a new participant of this name.
    pub(super) async fn called(savt: &Savt, name: &str) -> ApiClient {
        ApiClient::of(savt).await.join(name).await
    }

    /// The same with the token of a new participant of this name, on the same board.
    pub(super) async fn join(&self, name: &str) -> ApiClient {
        let body = serde_json::json!({ "name": name });
        let joined = self.anonymous().post("/participants", body).await.is(201);
        let token = joined["token"].as_str().unwrap();
        ApiClient {
            id: joined["id"].as_i64().unwrap(),
            ..self.with_token(token)
        }
    }

    /// The same without a token.
    pub(super) fn anonymous(&self) -> ApiClient {
        let mut client = self.clone();
        client.headers.retain(|(name, _)| *name != "Authorization");
        client
    }

    pub(super) fn with_token(&self, token: &str) -> ApiClient {
        let bearer = format!("Bearer {token}");
        self.anonymous().with("Authorization", &bearer)
    }

    /// The same with one more header.
    pub(super) fn with(&self, name: &'static str, value: &str) -> ApiClient {
        let mut client = self.clone();
        client.headers.push((name, value.to_owned()));
        client
    }

    /// The same on another board.
    pub(super) fn on(&self, slug: &str) -> ApiClient {
        let slug = slug.to_owned();
        ApiClient {
            slug,
            ..self.clone()
        }
    }

    /// The same on another server.
    pub(super) fn moved_to(&self, savt: &Savt) -> ApiClient {
        let server = savt.address();
        ApiClient {
            server,
            ..self.clone()
        }
    }

    /// The id of the participant whose token it has.
    pub(super) fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Sends a request. A path below the board, or from the root if it starts with `/api`.
    pub(super) async fn send(&self, method: &str, path: &str, body: Option<&str>) -> ApiAnswer {
        let path = match path.starts_with("/api") {
            true => path.to_owned(),
            false => format!("/api/v1/boards/{}{path}", self.slug),
        };
        let name = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("http://{}{path}", self.server);
        let mut request = self.client.request(name, url);
        if let Some(body) = body {
            if !self.headers.iter().any(|(name, _)| *name == "Content-Type") {
                request = request.header("Content-Type", "application/json");
            }
            request = request.body(body.to_owned());
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = send(request).await.unwrap();
        let sent = Sent {
            method,
            path: &path,
            body,
        };
        self.contract.assert_describes(&sent, &answer);
        ApiAnswer::new(answer)
    }

    pub(super) async fn get(&self, path: &str) -> ApiAnswer {
        self.send("GET", path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> ApiAnswer {
        self.send("POST", path, Some(&body.to_string())).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> ApiAnswer {
        self.send("PUT", path, Some(&body.to_string())).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> ApiAnswer {
        self.send("PATCH", path, Some(&body.to_string())).await
    }

    /// A POST or PUT without a body.
    pub(super) async fn just(&self, method: &str, path: &str) -> ApiAnswer {
        self.send(method, path, None).await
    }

    pub(super) async fn delete(&self, path: &str) -> ApiAnswer {
        self.send("DELETE", path, None).await
    }

    /// Adds an item and returns its id.
    pub(super) async fn add_item(&self, name: &str) -> i64 {
        let item = self
            .post("/items", serde_json::json!({ "name": name }))
            .await;
        item.is(201).id()
    }

    /// Suggests a feature and returns its id.
    pub(super) async fn suggest(&self, name: &str, amount: i64, item: Option<i64>) -> i64 {
        let feature = serde_json::json!({ "name": name, "amount": amount, "item_id": item });
        self.post("/features", feature).await.is(201).id()
    }

    pub(super) async fn veto(&self, feature: i64) -> ApiAnswer {
        let path = format!("/features/{feature}/veto");
        self.just("PUT", &path).await.is(200)
    }

    /// The board.
    pub(super) async fn board(&self) -> ApiAnswer {
        self.get("").await.is(200)
    }

    /// The board in one line for each item, as `Margherita: Ham ×2 [Ann, Bob]`, then the free features.
    pub(super) async fn sees(&self) -> String {
        let board = self.board().await;
        let items = board["items"].as_array().unwrap().iter();
        let mut lines: Vec<String> = items
            .map(|item| {
                let features = in_short(&item["features"]);
                format!("{}: {features}", item["name"].as_str().unwrap())
            })
            .collect();
        lines.push(format!("free: {}", in_short(&board["free_features"])));
        lines.join("\n")
    }
}

/// Features in one line.
fn in_short(features: &Value) -> String {
    let features = features.as_array().unwrap().iter().map(|feature| {
        let name = feature["name"].as_str().unwrap().to_owned();
        let amount = match feature["amount"].as_i64().unwrap() {
            1 => String::new(),
            amount => format!(" ×{amount}"),
        };
        let vetoes = feature["vetoes"].as_array().unwrap().iter();
        let vetoers: Vec<&str> = vetoes.map(|veto| veto["name"].as_str().unwrap()).collect();
        let vetoers = match vetoers.is_empty() {
            true => String::new(),
            false => format!(" [{}]", vetoers.join(", ")),
        };
        name + &amount + &vetoers
    });
    features.collect::<Vec<_>>().join("; ")
}

impl ApiAnswer {
    fn new(answer: Answer) -> ApiAnswer {
        let json = serde_json::from_str(&answer.body).unwrap_or_default();
        ApiAnswer { answer, json }
    }

    /// Asserts the status.
    #[track_caller]
    pub(super) fn is(self, status: u16) -> ApiAnswer {
        assert_eq!(self.answer.status, status, "{}", self.answer.body);
        self
    }

    /// Asserts the status and the last part of the problem's type.
    #[track_caller]
    pub(super) fn problem(self, status: u16, slug: &str) -> ApiAnswer {
        let answer = self.is(status);
        assert_eq!(answer["type"], format!("/api#{slug}"), "{}", answer.json);
        answer
    }

    /// Asserts 422 for this member, and returns why.
    #[track_caller]
    pub(super) fn rejects(self, pointer: &str) -> String {
        let answer = self.problem(422, "invalid-member");
        assert_eq!(answer["errors"][0]["pointer"], pointer, "{}", answer.json);
        answer["errors"][0]["detail"].as_str().unwrap().to_owned()
    }

    pub(super) fn status(&self) -> u16 {
        self.answer.status
    }

    pub(super) fn text(&self) -> &str {
        &self.answer.body
    }

    pub(super) fn json(&self) -> &Value {
        &self.json
    }

    #[track_caller]
    pub(super) fn id(&self) -> i64 {
        self.json["id"].as_i64().unwrap()
    }

    #[track_caller]
    pub(super) fn etag(&self) -> String {
        self.json["etag"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(super) fn header(&self, name: &str) -> &str {
        self.answer.header(name)
    }

    pub(super) fn has_header(&self, name: &str) -> bool {
        self.answer.headers.contains_key(name)
    }
}

impl Index<&str> for ApiAnswer {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}
