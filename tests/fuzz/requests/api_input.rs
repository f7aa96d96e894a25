//! Requests that a program might send to the API, to its own paths, with valid and invalid JSON.

use arbitrary::Arbitrary;

use super::fuzz_server::{API_TOKENS, FuzzBoard, FuzzServer};
use crate::{pick, text_input::TextInput};

/// Headers per request, besides the usual ones.
const MAX_HEADERS: usize = 3;

const METHODS: [&str; 12] = [
    "GET", "GET", "HEAD", "POST", "POST", "POST", "PUT", "PUT", "PATCH", "PATCH", "DELETE",
    "OPTIONS",
];

/// Every path of the API; `@` stands for the slug of a board, `#` for an id.
const PATHS: [&str; 30] = [
    "/boards/@",
    "/boards/@",
    "/boards/@/participants",
    "/boards/@/participants?after=#&limit=#",
    "/boards/@/participants/me",
    "/boards/@/participants/#",
    "/boards/@/participants/#/aside",
    "/boards/@/items",
    "/boards/@/items",
    "/boards/@/items?after=#",
    "/boards/@/items/#",
    "/boards/@/items/#",
    "/boards/@/items/#/merge",
    "/boards/@/items/#/split",
    "/boards/@/features",
    "/boards/@/features",
    "/boards/@/features?limit=#",
    "/boards/@/features/#",
    "/boards/@/features/#",
    "/boards/@/features/#/veto",
    "/boards/@/features/#/veto",
    "/boards/@/consent",
    "/boards/@/close",
    "/boards/@/reopen",
    "/boards/@/reopen",
    "/boards/@/result",
    "/boards/@/events?after=#",
    "/boards/@/events/#/undo",
    "/boards",
    "/#",
];

/// `@` stands for the slug of this input's board.
const SLUGS: [&str; 8] = ["@", "@", "@", "@", "@", "main", "none", "%00"];

const IDS: [&str; 20] = [
    "1",
    "1",
    "1",
    "2",
    "2",
    "2",
    "3",
    "4",
    "5",
    "99",
    "0",
    "-1",
    "+1",
    "9223372036854775807",
    "9223372036854775808",
    "1e3",
    "%31",
    "%00",
    "me",
    "..%2f",
];

/// Bodies; `#` stands for a number, `$` for a text as JSON, `@` for the slug of this input's board.
const BODIES: [&str; 40] = [
    "",
    "{}",
    r#"{"name":$}"#,
    r#"{"name":$}"#,
    r#"{"name":$}"#,
    r#"{"name":$,"claim":true}"#,
    r#"{"name":"Ann","claim":true}"#,
    r#"{"name":$,"kind":$,"note":$}"#,
    r#"{"kind":null,"note":null}"#,
    r#"{"name":$,"amount":#,"item_id":#}"#,
    r#"{"name":"Basil","item_id":#}"#,
    r#"{"name":$,"item_id":null}"#,
    r#"{"item_id":#}"#,
    r#"{"item_id":null}"#,
    r#"{"amount":#}"#,
    r#"{"into":#}"#,
    r#"{"into":2}"#,
    r#"{"reason":$}"#,
    r#"{"reason":null}"#,
    r#"{"version":#}"#,
    r#"{"outcome":$,"chosen":[#,2]}"#,
    r#"{"chosen":[1]}"#,
    r#"{"deadline":"2099-01-02T03:04:05Z"}"#,
    r#"{"deadline":null}"#,
    r#"{"deadline":$}"#,
    r#"{"purpose":$,"reasons":"required"}"#,
    r#"{"reasons":"optional"}"#,
    r#"{"terminology":{"item":$,"items":$,"feature":$,"features":$}}"#,
    r#"{"terminology":null}"#,
    r#"{"name":$,"from":"@"}"#,
    r#"{"password":"sesame"}"#,
    r#"{"name":$,"name":$}"#,
    r#"{"name":null,"unknown":{"a":[1]}}"#,
    r#"{"name":7,"amount":"x","item_id":1.5}"#,
    r#"{"amount":1e400}"#,
    "[]",
    "null",
    "$",
    r#"{"name":"\ud800"}"#,
    r#"{"name":"#,
];

const CONTENT_TYPES: [&str; 8] = [
    "application/json",
    "application/json",
    "application/json",
    "application/json; charset=utf-8",
    "application/merge-patch+json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
];

const HEADER_NAMES: [&str; 14] = [
    "Accept",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "If-Match",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Last-Event-ID",
    "Origin",
    "Access-Control-Request-Method",
    "Authorization",
    "SAVT-Access",
    "X-Forwarded-For",
];

const HEADER_VALUES: [&str; 12] = [
    "*",
    "*/*",
    "application/json",
    "application/problem+json;q=0.5, */*;q=0",
    "text/html",
    "text/event-stream",
    "gzip, zstd",
    "de",
    "\"0\"",
    "7",
    "https://app.example",
    "PATCH",
];

/// A request of a program.
#[derive(Arbitrary, Debug)]
pub struct ApiCall {
    method: u8,
    slug: u8,
    path: u8,
    id: u8,
    /// Selects the token and the peer.
    sender: u8,
    headers: Vec<(u8, HeaderValue)>,
    content_type: u8,
    body: Body,
}

#[derive(Arbitrary, Debug)]
enum HeaderValue {
    Known(u8),
    /// The `etag` of an item.
    Tag,
    Text(TextInput),
}

#[derive(Arbitrary, Debug)]
enum Body {
    Known(u8, u8, TextInput),
    Also(u8, u8, TextInput),
    Deep(u8),
    Raw(TextInput),
}

impl ApiCall {
    /// Selects the address of the client.
    pub fn peer(&self) -> u8 {
        self.sender / 16
    }

    pub fn method(&self) -> &'static str {
        pick(&METHODS, self.method)
    }

    pub fn may_change_data(&self) -> bool {
        !["GET", "HEAD", "OPTIONS"].contains(&self.method())
    }

    /// The bytes that the client sends.
    pub fn bytes(&self, server: &FuzzServer, board: &FuzzBoard) -> Vec<u8> {
        let body = self.body.bytes(board);
        let slug = pick(&SLUGS, self.slug).replace('@', board.slug.as_str());
        let path = pick(&PATHS, self.path).replace('@', &slug);
        let path = path.replace('#', pick(&IDS, self.id));
        let mut bytes = Vec::new();
        let method = self.method();
        bytes.extend(format!("{method} /api/v1{path} HTTP/1.1\r\n").bytes());
        bytes.extend(b"Connection: close\r\nHost: savt.example\r\n");
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        bytes.extend(format!("SAVT-Access: {}\r\n", server.session()).bytes());
        if let Some(token) = API_TOKENS.get(usize::from(self.sender) % 8) {
            bytes.extend(format!("Authorization: Bearer {token}\r\n").bytes());
        }
        let content_type = pick(&CONTENT_TYPES, self.content_type);
        if !content_type.is_empty() {
            bytes.extend(format!("Content-Type: {content_type}\r\n").bytes());
        }
        for (name, value) in self.headers.iter().take(MAX_HEADERS) {
            let name = pick(&HEADER_NAMES, *name);
            let mut value = match value {
                HeaderValue::Known(value) => pick(&HEADER_VALUES, *value).into(),
                HeaderValue::Tag => board.item_tag.clone().into_bytes(),
                HeaderValue::Text(text) => text.0.clone(),
            };
            // Other control characters would be no request any more.
            value.retain(|byte| (b' '..0x7f).contains(byte));
            bytes.extend([name.as_bytes(), b": ", &value, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    }
}

impl Body {
    fn bytes(&self, board: &FuzzBoard) -> Vec<u8> {
        match self {
            Body::Known(body, number, text) | Body::Also(body, number, text) => {
                let text = String::from_utf8_lossy(&text.0);
                let text = serde_json::to_string(&*text).unwrap();
                // The text comes last, because it may contain the other signs.
                let body = pick(&BODIES, *body).replace('@', board.slug.as_str());
                let body = body.replace('#', &(number % 8).to_string());
                body.replace('$', &text).into_bytes()
            }
            Body::Deep(depth) => "[".repeat(usize::from(*depth) * 8).into_bytes(),
            Body::Raw(text) => text.0.clone(),
        }
    }
}
