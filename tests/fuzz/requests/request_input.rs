//! Requests built from the fuzzer's bytes: mostly requests that a browser might send, to SAVT's own paths, with arbitrary
//! values.

use arbitrary::{Arbitrary, Result, Unstructured};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::{
    api_input::ApiCall,
    fuzz_server::{BROWSERS, FuzzBoard, FuzzServer, PASSWORD},
};
use crate::{list_up_to, pick, text_input::TextInput};

/// Requests per input.
const MAX_REQUESTS: usize = 12;
/// Headers per request, besides the usual ones.
const MAX_HEADERS: usize = 4;
const MAX_FIELDS: usize = 4;

const METHODS: [&str; 16] = [
    "POST", "POST", "POST", "POST", "POST", "POST", "POST", "POST", "GET", "GET", "GET", "GET",
    "HEAD", "OPTIONS", "PUT", "VETO",
];

/// Every path of a board; `#` stands for a value.
const BOARD_PATHS: [&str; 52] = [
    "/",
    "/?view=wall",
    "/?view=#",
    "/create/item",
    "/create/item/",
    "/create/feature",
    "/create/feature",
    "/create/feature/",
    "/features/#",
    "/features/#/veto",
    "/features/#/veto",
    "/features/#/unveto",
    "/features/#/move",
    "/features/#/move",
    "/features/#/edit",
    "/features/#/delete",
    "/items/#",
    "/items/#/edit",
    "/items/#/merge",
    "/items/#/split",
    "/items/#/delete",
    "/undo/#",
    "/undo/#",
    "/participant",
    "/personal-link",
    "/personal-link/open",
    "/personal-link/open?key=#",
    "/language",
    "/presence",
    "/share",
    "/events",
    "/events?since=#",
    "/history",
    "/history?before=#",
    "/history.atom",
    "/export.json",
    "/redo/last",
    "/undo/last",
    "/create/items",
    "/close",
    "/close",
    "/reopen",
    "/reopen",
    "/consent",
    "/participants/#/aside",
    "/settings",
    "/copy",
    "/result",
    "/result.txt",
    "/result.md",
    "/result.csv",
    "/result.json",
];

/// Every path of the site.
const SITE_PATHS: [&str; 10] = [
    "/boards",
    "/login",
    "/login?to=#",
    "/logout",
    "/healthz",
    "/readyz",
    "/favicon.ico",
    "/manifest.webmanifest",
    "/assets/savt.css",
    "/assets/#",
];

/// Path prefixes of boards; `@` stands for the slug of this input's board.
const BASES: [&str; 8] = [
    "/b/@", "/b/@", "/b/@", "/b/@", "/b/@", "", "/b/none", "/b/%00",
];

const ODD_NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "+1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "1e3",
    "%31",
    "%00",
    "%F0%9F%8D%95",
    "..%2f",
];

const FIELD_NAMES: [&str; 32] = [
    "name",
    "name",
    "kind",
    "amount",
    "item_id",
    "into",
    "claim",
    "reason",
    "language",
    "to",
    "key",
    "password",
    "name[]",
    "",
    "names",
    "note",
    "was_name",
    "fine",
    "seen",
    "aside",
    "outcome",
    "chosen",
    "at",
    "deadline",
    "purpose",
    "reasons",
    "item_word",
    "item_words",
    "feature_word",
    "feature_words",
    "from",
    "terminology",
];

const HEADER_NAMES: [&str; 22] = [
    "Last-Event-ID",
    "HX-Request",
    "HX-Request",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "If-None-Match",
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "Origin",
    "Sec-Fetch-Site",
    "Host",
    "Content-Type",
    "Content-Encoding",
    "Range",
    "Expect",
    "Upgrade",
    "Cookie",
    "Cookie: savt-name=",
    "Cookie: savt-news=",
    "Cookie: savt-language=",
];

#[derive(Debug)]
pub struct RequestSequence {
    /// Selects the application.
    pub app: u8,
    pub requests: Vec<RequestInput>,
}

#[derive(Debug)]
pub enum RequestInput {
    Form(Form),
    Call(ApiCall),
    /// A peer, and arbitrary bytes.
    Raw(u8, Vec<u8>),
}

/// A request like those of a page's forms and links.
#[derive(Arbitrary, Debug)]
pub struct Form {
    method: u8,
    base: u8,
    path: u8,
    id: Value,
    /// Selects the browser and the peer.
    sender: u8,
    headers: Vec<(u8, Value)>,
    fields: Vec<(u8, Value)>,
    /// Selects whether the path and the body are percent-encoded; one of eight is not.
    encoding: u8,
}

/// A number, a valid secret, or arbitrary text.
#[derive(Arbitrary, Debug)]
enum Value {
    Small(u8),
    Number(u8),
    Odd(u8),
    PersonalLink,
    Password,
    Text(TextInput),
}

impl<'a> Arbitrary<'a> for RequestSequence {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<RequestSequence> {
        Ok(RequestSequence {
            app: input.arbitrary()?,
            requests: list_up_to(input, MAX_REQUESTS)?,
        })
    }
}

impl<'a> Arbitrary<'a> for RequestInput {
    fn arbitrary(input: &mut Unstructured<'a>) -> Result<RequestInput> {
        Ok(match input.arbitrary::<u8>()? {
            peer @ 0..16 => RequestInput::Raw(peer, input.arbitrary()?),
            16..96 => RequestInput::Call(input.arbitrary()?),
            _ => RequestInput::Form(input.arbitrary()?),
        })
    }
}

impl RequestInput {
    /// The bytes that the client sends.
    pub fn bytes(&self, server: &FuzzServer, board: &FuzzBoard) -> Vec<u8> {
        match self {
            RequestInput::Form(form) => form.bytes(server, board),
            RequestInput::Call(call) => call.bytes(server, board),
            RequestInput::Raw(_, bytes) => bytes.clone(),
        }
    }

    /// Selects the address of the client.
    pub fn peer(&self) -> u8 {
        match self {
            RequestInput::Form(form) => form.peer(),
            RequestInput::Call(call) => call.peer(),
            RequestInput::Raw(peer, _) => *peer,
        }
    }

    /// Whether a request that succeeds may change a board.
    pub fn may_change_data(&self) -> bool {
        match self {
            RequestInput::Form(form) => form.may_change_data(),
            RequestInput::Call(call) => call.may_change_data(),
            RequestInput::Raw(..) => true,
        }
    }
}

impl Form {
    fn peer(&self) -> u8 {
        self.sender / 16
    }

    fn may_change_data(&self) -> bool {
        self.method() == "POST"
    }

    fn method(&self) -> &'static str {
        pick(&METHODS, self.method)
    }

    fn bytes(&self, server: &FuzzServer, board: &FuzzBoard) -> Vec<u8> {
        let body = self.body(board);
        let mut bytes = Vec::new();
        let path = self.path(board);
        // The header is first, so that the server closes the connection whatever follows.
        bytes.extend(format!("{} {path} HTTP/1.1\r\nConnection: close\r\n", self.method()).bytes());
        bytes.extend(b"Host: savt.example\r\n");
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        bytes.extend(format!("Cookie: savt-session={}\r\n", server.session()).bytes());
        let browser = pick(&BROWSERS, self.sender);
        bytes.extend(format!("Cookie: savt={browser}\r\n").bytes());
        let mut has_content_type = false;
        for (name, value) in self.headers.iter().take(MAX_HEADERS) {
            let name = pick(&HEADER_NAMES, *name);
            has_content_type |= name == "Content-Type";
            let separator: &[u8] = if name.ends_with('=') { b"" } else { b": " };
            let mut value = value.bytes(board);
            value.retain(|byte| ![b'\r', b'\n'].contains(byte));
            bytes.extend([name.as_bytes(), separator, &value, b"\r\n"].concat());
        }
        if !has_content_type {
            bytes.extend(b"Content-Type: application/x-www-form-urlencoded\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    }

    fn path(&self, board: &FuzzBoard) -> String {
        let id = self.id.bytes(board);
        let id = match self.encoding % 8 {
            // Line breaks and spaces would end the request target.
            0 => String::from_utf8_lossy(&id).replace(['\r', '\n', ' '], ""),
            _ if matches!(self.id, Value::Odd(_)) => String::from_utf8_lossy(&id).into_owned(),
            _ => percent_encoded(&id),
        };
        let path = match usize::from(self.path) {
            path @ 0..240 => {
                let base = pick(&BASES, self.base).replace('@', board.slug.as_str());
                format!("{base}{}", BOARD_PATHS[path % BOARD_PATHS.len()])
            }
            path => SITE_PATHS[path % SITE_PATHS.len()].to_owned(),
        };
        path.replace('#', &id)
    }

    fn body(&self, board: &FuzzBoard) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in self.fields.iter().take(MAX_FIELDS) {
            let value = value.bytes(board);
            let value = match self.encoding / 8 % 8 {
                0 => value,
                _ => percent_encoded(&value).into_bytes(),
            };
            body.extend([b"&", pick(&FIELD_NAMES, *name).as_bytes(), b"=", &value].concat());
        }
        body
    }
}

impl Value {
    fn bytes(&self, board: &FuzzBoard) -> Vec<u8> {
        match self {
            Value::Small(number) => (number % 8).to_string().into(),
            Value::Number(number) => number.to_string().into(),
            Value::Odd(number) => pick(&ODD_NUMBERS, *number).into(),
            Value::PersonalLink => board.personal_link.clone().into(),
            Value::Password => PASSWORD.into(),
            Value::Text(text) => text.0.clone(),
        }
    }
}

fn percent_encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, NON_ALPHANUMERIC).to_string()
}
