//! A request with a key, always sent with the same bytes apart from the name of the host.

use std::net::SocketAddr;

use serde_json::Value;

/// A POST with an `Idempotency-Key`.
#[derive(Clone)]
pub struct KeyedRequest {
    pub key: String,
    /// The path below `/api/v1`.
    pub path: String,
    /// The token of the participant who acts.
    pub token: Option<String>,
    pub body: String,
}

impl KeyedRequest {
    pub fn new(key: u128, path: &str, token: Option<&str>, body: &Value) -> KeyedRequest {
        KeyedRequest {
            key: format!("{key:032x}"),
            path: path.to_owned(),
            token: token.map(str::to_owned),
            body: body.to_string(),
        }
    }

    /// What is sent to a server, which closes the connection after its answer.
    pub fn bytes(&self, server: SocketAddr) -> Vec<u8> {
        let authorization = match &self.token {
            Some(token) => format!("Authorization: Bearer {token}\r\n"),
            None => String::new(),
        };
        format!(
            "POST /api/v1{} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nIdempotency-Key: {}\r\n{authorization}\r\n{}",
            self.path,
            self.body.len(),
            self.key,
            self.body
        )
        .into_bytes()
    }
}
