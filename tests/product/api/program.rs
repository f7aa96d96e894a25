//! A program that uses the API on one board.

use std::net::SocketAddr;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::harness::{
    client::{Answer, TestClient, send},
    stream::{Message, Stream},
};

/// One participant, who acts by the API.
#[derive(Clone)]
pub struct Program {
    client: Client,
    server: SocketAddr,
    slug: String,
    token: Option<String>,
}

impl Program {
    /// A program that only reads the board `main`.
    pub fn at(server: SocketAddr) -> Program {
        Program {
            client: Client::builder().no_proxy().build().unwrap(),
            server,
            slug: "main".to_owned(),
            token: None,
        }
    }

    /// A program that has joined the board `main` under this name.
    pub async fn called(name: &str, server: SocketAddr) -> Program {
        Program::at(server).joined(&json!({ "name": name })).await
    }

    /// The same program as a new participant.
    pub async fn joined(&self, body: &Value) -> Program {
        let joined = self.does(Method::POST, "/participants", body).await;
        Program {
            token: Some(joined["token"].as_str().unwrap().to_owned()),
            ..self.clone()
        }
    }

    /// The same program on another board, as nobody.
    pub fn on_board(&self, slug: &str) -> Program {
        Program {
            slug: slug.to_owned(),
            token: None,
            ..self.clone()
        }
    }

    /// The address of something on the board, from the root.
    pub fn path(&self, path: &str) -> String {
        format!("/api/v1/boards/{}{path}", self.slug)
    }

    /// A request about the board, to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{}", self.server, self.path(path));
        let request = self.client.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request with a JSON body, if it is not null.
    pub async fn tries(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Value::Null => request,
            body => request.json(body),
        };
        send(request).await.unwrap()
    }

    /// The same, expecting success; returns the answer.
    pub async fn does(&self, method: Method, path: &str, body: &Value) -> Value {
        let answer = self.tries(method, path, body).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        match answer.body.as_str() {
            "" => Value::Null,
            body => serde_json::from_str(body).unwrap(),
        }
    }

    pub async fn reads(&self, path: &str) -> Value {
        self.does(Method::GET, path, &Value::Null).await
    }

    pub async fn posts(&self, path: &str, body: Value) -> Value {
        self.does(Method::POST, path, &body).await
    }

    /// Adds an item and returns its id.
    pub async fn adds(&self, item: &str) -> i64 {
        id(&self.posts("/items", json!({ "name": item })).await)
    }

    /// Suggests a feature of an item and returns its id.
    pub async fn suggests(&self, feature: &str, item: i64) -> i64 {
        let body = json!({ "name": feature, "item_id": item });
        id(&self.posts("/features", body).await)
    }

    /// All events, read page by page.
    pub async fn all_events(&self, limit: usize) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), Some(0));
        while let Some(number) = after {
            let path = format!("/events?after={number}&limit={limit}");
            let page = self.reads(&path).await;
            let events = page["events"].as_array().unwrap();
            assert!(events.len() <= limit);
            all.extend_from_slice(events);
            after = page["next"].as_i64();
        }
        all
    }

    /// Follows the events of the board, with these parameters and the number of the last event if it knows one.
    pub async fn follows(&self, query: &str, last: Option<i64>) -> Stream {
        let reader = TestClient::at(self.server);
        let last = last.map(|last| last.to_string());
        let path = self.path(&format!("/events{query}"));
        Stream::open(&reader, &path, last.as_deref()).await
    }
}

fn id(row: &Value) -> i64 {
    row["id"].as_i64().unwrap()
}

/// The next event of a stream: its number and the JSON.
pub async fn next_event(stream: &mut Stream) -> (i64, Value) {
    event_of(&stream.next_named("event").await)
}

pub fn event_of(message: &Message) -> (i64, Value) {
    let event: Value = serde_json::from_str(&message.data).unwrap();
    assert_eq!(event["number"].as_i64(), message.number(), "{message:?}");
    (message.number().unwrap(), event)
}

/// The numbers of the events up to this one.
pub async fn numbers_until(stream: &mut Stream, last: i64) -> Vec<i64> {
    let mut numbers = Vec::new();
    while numbers.last() != Some(&last) {
        numbers.push(next_event(stream).await.0);
    }
    numbers
}
