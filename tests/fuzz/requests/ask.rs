//! Requests out of the fuzzer's bytes: mostly such as a browser might send, of SAVT's own addresses, with anything in them.

use arbitrary::{Arbitrary, Result, Unstructured};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::house::{BROWSERS, House, Table};
use crate::{as_many, typed::Typed};

/// How many requests one visitor makes, how many headers each has besides the usual, and how many fields.
const REQUESTS: usize = 12;
const HEADERS: usize = 4;
const FIELDS: usize = 4;

const METHODS: [&str; 16] = [
    "POST", "POST", "POST", "POST", "POST", "POST", "POST", "POST", "GET", "GET", "GET", "GET",
    "HEAD", "OPTIONS", "PUT", "VETO",
];

/// Every address of a board, `#` for a number.
const OF_A_BOARD: [&str; 34] = [
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
];

/// And of the installation.
const OF_ALL: [&str; 10] = [
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

/// Where a board is, `@` for the visitor's own.
const BASES: [&str; 8] = [
    "/b/@", "/b/@", "/b/@", "/b/@", "/b/@", "", "/b/none", "/b/%00",
];

const NUMBERS: [&str; 12] = [
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

const NAMES: [&str; 14] = [
    "name", "name", "kind", "amount", "item_id", "into", "claim", "reason", "language", "to",
    "key", "password", "name[]", "",
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
pub struct Asks {
    pub door: u8,
    pub all: Vec<Ask>,
}

#[derive(Debug)]
pub enum Ask {
    Form(Form),
    /// Whatever it is.
    Scrawl(u8, Vec<u8>),
}

/// What a page's form or link sends, or might send.
#[derive(Arbitrary, Debug)]
pub struct Form {
    method: u8,
    base: u8,
    path: u8,
    id: Word,
    by: u8,
    headers: Vec<(u8, Word)>,
    fields: Vec<(u8, Word)>,
    /// Of eight, one is sent as it comes.
    plain: u8,
}

/// A number, a key that fits, or anything.
#[derive(Arbitrary, Debug)]
enum Word {
    Small(u8),
    Number(u8),
    Odd(u8),
    Link,
    Password,
    Typed(Typed),
}

impl<'a> Arbitrary<'a> for Asks {
    fn arbitrary(from: &mut Unstructured<'a>) -> Result<Asks> {
        let door = from.arbitrary()?;
        let all = as_many(from, REQUESTS)?;
        Ok(Asks { door, all })
    }
}

impl<'a> Arbitrary<'a> for Ask {
    fn arbitrary(from: &mut Unstructured<'a>) -> Result<Ask> {
        Ok(match from.arbitrary::<u8>()? {
            peer @ 0..16 => Ask::Scrawl(peer, from.arbitrary()?),
            _ => Ask::Form(from.arbitrary()?),
        })
    }
}

impl Ask {
    /// What a client writes.
    pub fn bytes(&self, house: &House, table: &Table) -> Vec<u8> {
        match self {
            Ask::Form(form) => form.bytes(house, table),
            Ask::Scrawl(_, bytes) => bytes.clone(),
        }
    }

    /// A number by which the peer is chosen.
    pub fn number(&self) -> u8 {
        match self {
            Ask::Form(form) => form.number(),
            Ask::Scrawl(peer, _) => *peer,
        }
    }
}

impl Form {
    pub fn number(&self) -> u8 {
        self.by / 16
    }

    pub fn may_change(&self) -> bool {
        self.method() == "POST"
    }

    fn method(&self) -> &'static str {
        of(&METHODS, self.method)
    }

    fn bytes(&self, house: &House, table: &Table) -> Vec<u8> {
        let body = self.body(table);
        let mut bytes = Vec::new();
        let path = self.path(table);
        // First, so that the server hangs up whatever else is said.
        bytes.extend(format!("{} {path} HTTP/1.1\r\nConnection: close\r\n", self.method()).bytes());
        bytes.extend(b"Host: savt.example\r\n");
        bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        bytes.extend(format!("Cookie: savt-session={}\r\n", house.session()).bytes());
        let browser = of(&BROWSERS, self.by);
        bytes.extend(format!("Cookie: savt={browser}\r\n").bytes());
        let mut typed = false;
        for (name, value) in self.headers.iter().take(HEADERS) {
            let name = of(&HEADER_NAMES, *name);
            typed |= name == "Content-Type";
            let between: &[u8] = if name.ends_with('=') { b"" } else { b": " };
            let mut value = value.bytes(table);
            value.retain(|byte| ![b'\r', b'\n'].contains(byte));
            bytes.extend([name.as_bytes(), between, &value, b"\r\n"].concat());
        }
        if !typed {
            bytes.extend(b"Content-Type: application/x-www-form-urlencoded\r\n");
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    }

    fn path(&self, table: &Table) -> String {
        let id = self.id.bytes(table);
        let id = match self.plain % 8 {
            // Of the address there is nothing left if it ends here.
            0 => String::from_utf8_lossy(&id).replace(['\r', '\n', ' '], ""),
            _ if matches!(self.id, Word::Odd(_)) => String::from_utf8_lossy(&id).into_owned(),
            _ => encoded(&id),
        };
        let path = match usize::from(self.path) {
            path @ 0..240 => {
                let base = of(&BASES, self.base).replace('@', table.board.as_str());
                format!("{base}{}", OF_A_BOARD[path % OF_A_BOARD.len()])
            }
            path => OF_ALL[path % OF_ALL.len()].to_owned(),
        };
        path.replace('#', &id)
    }

    fn body(&self, table: &Table) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in self.fields.iter().take(FIELDS) {
            let value = value.bytes(table);
            let value = match self.plain / 8 % 8 {
                0 => value,
                _ => encoded(&value).into_bytes(),
            };
            body.extend([b"&", of(&NAMES, *name).as_bytes(), b"=", &value].concat());
        }
        body
    }
}

impl Word {
    fn bytes(&self, table: &Table) -> Vec<u8> {
        match self {
            Word::Small(number) => (number % 8).to_string().into(),
            Word::Number(number) => number.to_string().into(),
            Word::Odd(number) => of(&NUMBERS, *number).into(),
            Word::Link => table.link.clone().into(),
            Word::Password => super::house::PASSWORD.into(),
            Word::Typed(typed) => typed.0.clone(),
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    percent_encode(bytes, NON_ALPHANUMERIC).to_string()
}

fn of(all: &[&'static str], number: u8) -> &'static str {
    all[usize::from(number) % all.len()]
}
