//! All else that reads text from outside: addresses, options, headers, and a log of which nobody knows who wrote it. Nothing
//! panics, and what was read and is written down is read again as the same.

mod log;

use std::{fmt::Display, str::FromStr};

use arbitrary::Arbitrary;
use clap::Parser;
use poem::http::{HeaderMap, HeaderValue, header};
use savt::{
    cli, db,
    load::{self, message, time},
    model::{Action, Amount, Change, ItemId, Kind, Name, PersonalLink, Reason, Slug},
    view::Language,
    web::{Password, TrustedProxies, encoding::Accepted, etag, middleware::pace::Allowance},
};

use crate::typed::Typed;

#[derive(Arbitrary, Debug)]
pub enum Read {
    Names(Typed, Typed),
    Words(Typed),
    Address(String),
    Headers(Typed),
    Options(u8, Vec<(u8, String)>),
    Durations(String),
    Stream(Vec<u8>, u8),
    Json(String),
    Log(Vec<log::Entry>),
}

/// Reads it.
pub fn run(read: Read) {
    match read {
        Read::Names(one, other) => names(&one.text(), &other.text()),
        Read::Words(typed) => words(&typed.text()),
        Read::Address(text) => address(&text),
        Read::Headers(typed) => headers(&typed),
        Read::Options(command, options) => options_of(command, &options),
        Read::Durations(text) => durations(&text),
        Read::Stream(bytes, size) => stream(&bytes, size),
        Read::Json(text) => json(&text),
        Read::Log(entries) => log::replay(entries),
    }
}

/// What is written down is read as the same again.
fn same_again<T: FromStr + Display + PartialEq>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let written = read.to_string();
        let again = written.parse::<T>().ok();
        assert!(again == Some(read), "{text:?} is written as {written:?}");
    }
}

fn names(one: &str, other: &str) {
    if let Ok(Some(kind)) = Kind::parse(one) {
        assert_eq!(Kind::parse(kind.as_str()), Ok(Some(kind)));
    }
    if let Ok(Some(reason)) = Reason::parse(one) {
        assert_eq!(Reason::parse(reason.as_str()), Ok(Some(reason)));
    }
    let (Ok(one), Ok(other)) = (Name::parse(one), Name::parse(other)) else {
        return;
    };
    for made in [one.joined(&other), other.numbered(u64::MAX), other, one] {
        assert!(made.as_str().chars().count() <= Name::MAX);
        assert_eq!(Name::parse(made.as_str()), Ok(made.clone()));
    }
}

fn words(text: &str) {
    same_again::<Amount>(text);
    same_again::<ItemId>(text);
    same_again::<Allowance>(text);
    if let Some(slug) = Slug::parse(text) {
        assert_eq!(slug.as_str(), text);
    }
    if let Some(link) = PersonalLink::parse(text) {
        assert!(PersonalLink::parse(&link.secret()) == Some(link));
    }
    if let Ok(network) = TrustedProxies::parse(text) {
        assert_eq!(TrustedProxies::parse(&network.to_string()), Ok(network));
    }
    if let Ok(password) = text.parse::<Password>() {
        assert!(!text.is_empty() && format!("{password:?}") == "Password(…)");
    }
}

/// The database's address: a file is read again as the same, and of a server no password is shown, not even where it is
/// refused.
fn address(text: &str) {
    for text in [text.to_owned(), format!("sqlite:{text}")] {
        if let Ok(url) = text.parse::<db::Url>()
            && url.file().is_some()
        {
            same_again::<db::Url>(&text);
        }
    }
    if !text.contains("sesame") {
        let shown = match format!("postgres://me:sesame@{text}").parse::<db::Url>() {
            Ok(url) => format!("{url} {url:?} {}", url.dbname().unwrap_or_default()),
            Err(error) => error.to_string(),
        };
        assert!(!shown.contains("sesame"), "{shown}");
    }
}

fn headers(typed: &Typed) {
    let Ok(value) = HeaderValue::from_bytes(&typed.0) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.append(header::ACCEPT_ENCODING, value.clone());
    headers.append(header::IF_NONE_MATCH, value.clone());
    let best = Accepted::from_headers(&headers).best(&["zstd", "br", "gzip"]);
    assert!(best.is_none_or(|best| ["zstd", "br", "gzip"].contains(&best)));
    let known = etag::is_known(&headers, "\"5-1\"");
    assert!(!known || typed.text().contains(['*', '5']));
    if let Ok(text) = value.to_str() {
        let _ = Language::liked(text);
    }
}

const COMMANDS: &[&str] = &[
    "serve",
    "migrate",
    "seed",
    "load",
    "check",
    "healthcheck",
    "backup",
    "restore",
];

const OPTIONS: &[&str] = &[
    "listen",
    "monitor",
    "no-migrate",
    "cache-boards",
    "writes-per-minute",
    "reads-per-minute",
    "boards-per-hour",
    "streams-per-client",
    "trusted-proxy",
    "identity",
    "password",
    "password-file",
    "database-url",
    "db-connections",
    "db-wait-ms",
    "cpu-wait-ms",
    "item-word",
    "item-words",
    "feature-word",
    "item-word-de",
    "items",
    "features",
    "users",
    "duration",
    "ramp",
    "think",
    "targets",
    "board",
    "boards",
    "url",
    "log",
    "log-format",
    "help",
];

/// A command line; what is wrong with it is an error that can be shown.
fn options_of(command: u8, options: &[(u8, String)]) {
    let command = COMMANDS[usize::from(command) % COMMANDS.len()];
    let mut words = vec!["savt".to_owned(), command.to_owned()];
    words.extend(options.iter().map(|(name, value)| match *name {
        // A word of its own, whatever it is.
        128.. => value.clone(),
        name => format!("--{}={value}", OPTIONS[usize::from(name) % OPTIONS.len()]),
    }));
    if let Err(error) = cli::Cli::try_parse_from(words) {
        assert!(!error.to_string().is_empty());
    }
}

/// What the log keeps of an event.
fn json(text: &str) {
    if let Ok(change) = serde_json::from_str::<Change>(text) {
        let written = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&written).unwrap(), change);
    }
    if let Ok(action) = serde_json::from_str::<Action>(text) {
        let written = serde_json::to_string(&action).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&written).unwrap(), action);
    }
}

fn durations(text: &str) {
    if let Ok(read) = time::parse(text) {
        // Shown in the digits that matter, so it need not be the same, but it can be read.
        let shown = time::short(read);
        assert!(
            time::parse(&shown).is_ok(),
            "{text:?} is shown as {shown:?}"
        );
    }
    let _ = text.parse::<load::Targets>();
    if let Ok(think) = text.parse::<load::Think>() {
        assert!(think.to_string().parse::<load::Think>().is_ok());
    }
}

/// However it is cut, it is the same stream.
fn stream(bytes: &[u8], size: u8) {
    let read = |chunks: &mut dyn Iterator<Item = &[u8]>| {
        let mut reader = message::Reader::default();
        let mut messages = Vec::new();
        for chunk in chunks {
            reader.read(chunk, |message| messages.push(message));
        }
        messages
    };
    let whole = read(&mut [bytes].into_iter());
    assert_eq!(whole, read(&mut bytes.chunks(usize::from(size).max(1))));
}
