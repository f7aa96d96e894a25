//! The parsers of all other input: URLs, options, headers, event streams and stored events. Nothing panics, and a value that
//! is formatted and parsed again is the same.

mod event_log;

use std::{fmt::Display, str::FromStr};

use arbitrary::Arbitrary;
use clap::Parser;
use poem::http::{HeaderMap, HeaderValue, header};
use savt::{
    cli, db,
    http::{accept_encoding::AcceptEncoding, client_address::TrustedProxies, etag},
    load::{self, duration, message},
    model::{Action, Amount, Change, ItemId, Kind, Name, PersonalLink, Reason, Slug},
    view::Language,
    web::{Password, rate_limit::RateLimit},
    webhook::{Endpoint, EventFilter, Format, Secret},
};

use crate::text_input::TextInput;

#[derive(Arbitrary, Debug)]
pub enum ParserInput {
    Names(TextInput, TextInput),
    Values(TextInput),
    DatabaseUrl(String),
    Headers(TextInput),
    Options(u8, Vec<(u8, String)>),
    Durations(String),
    Stream(Vec<u8>, u8),
    Json(String),
    Log(Vec<event_log::Entry>),
}

pub fn run(input: ParserInput) {
    match input {
        ParserInput::Names(one, other) => names(&one.text(), &other.text()),
        ParserInput::Values(text) => values(&text.text()),
        ParserInput::DatabaseUrl(text) => database_url(&text),
        ParserInput::Headers(text) => headers(&text),
        ParserInput::Options(command, options) => command_line(command, &options),
        ParserInput::Durations(text) => durations(&text),
        ParserInput::Stream(bytes, size) => stream(&bytes, size),
        ParserInput::Json(text) => json(&text),
        ParserInput::Log(entries) => event_log::replay(entries),
    }
}

/// A parsed value that is formatted and parsed again is the same.
fn assert_round_trip<T: FromStr + Display + PartialEq>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        let formatted = value.to_string();
        let parsed = formatted.parse::<T>().ok();
        assert!(
            parsed == Some(value),
            "{text:?} is formatted as {formatted:?}"
        );
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
    for name in [one.joined(&other), other.numbered(u64::MAX), other, one] {
        assert!(name.as_str().chars().count() <= Name::MAX);
        assert_eq!(Name::parse(name.as_str()), Ok(name.clone()));
    }
}

fn values(text: &str) {
    assert_round_trip::<Amount>(text);
    assert_round_trip::<ItemId>(text);
    assert_round_trip::<RateLimit>(text);
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
    webhook(text);
}

/// What identifies an endpoint, and what is shown of it, has nothing of the path of its URL.
fn webhook(text: &str) {
    let filter = text.parse::<EventFilter>().unwrap_or_default();
    let secrets = Secret::parse(text).into_iter().collect();
    let url = format!("https://{text}/sesame");
    if let Ok(endpoint) = Endpoint::new(&url, Format::Text, filter, secrets, false)
        && !text.contains("sesame")
    {
        let shown = format!("{endpoint:?} {} {}", endpoint.id(), endpoint.host());
        assert!(!shown.contains("sesame"), "{shown}");
    }
}

/// The URL of a SQLite file survives a round trip. The password of a server URL is never shown, not even in an error.
fn database_url(text: &str) {
    for text in [text.to_owned(), format!("sqlite:{text}")] {
        if let Ok(url) = text.parse::<db::Url>()
            && url.file().is_some()
        {
            assert_round_trip::<db::Url>(&text);
        }
    }
    if !text.contains("sesame") {
        let shown = match format!("postgres://me:sesame@{text}").parse::<db::Url>() {
            Ok(url) => format!(
                "{url} {url:?} {}",
                url.postgres_conninfo().unwrap_or_default()
            ),
            Err(error) => error.to_string(),
        };
        assert!(!shown.contains("sesame"), "{shown}");
    }
}

fn headers(input: &TextInput) {
    let Ok(value) = HeaderValue::from_bytes(&input.0) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.append(header::ACCEPT_ENCODING, value.clone());
    headers.append(header::IF_NONE_MATCH, value.clone());
    let best = AcceptEncoding::from_headers(&headers).best(&["zstd", "br", "gzip"]);
    assert!(best.is_none_or(|best| ["zstd", "br", "gzip"].contains(&best)));
    let known = etag::matches(&headers, "\"5-1\"");
    assert!(!known || input.text().contains(['*', '5']));
    if let Ok(text) = value.to_str() {
        let _ = Language::from_accept_language(text);
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
    "export",
    "import",
    "webhook",
];

const OPTIONS: &[&str] = &[
    "listen",
    "monitor",
    "no-migrate",
    "cache-mib",
    "cache-boards",
    "connections-per-client",
    "max-connections",
    "write-timeout",
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
    "webhook",
    "webhook-format",
    "webhook-events",
    "webhook-secret-file",
    "items",
    "features",
    "users",
    "duration",
    "ramp",
    "think",
    "targets",
    "board",
    "boards",
    "all",
    "force",
    "dry-run",
    "new-address",
    "replace",
    "url",
    "log",
    "log-format",
    "help",
];

/// A command line is accepted, or rejected with an error message.
fn command_line(command: u8, options: &[(u8, String)]) {
    let command = COMMANDS[usize::from(command) % COMMANDS.len()];
    let mut arguments = vec!["savt".to_owned(), command.to_owned()];
    arguments.extend(options.iter().map(|(name, value)| match *name {
        // A positional argument.
        128.. => value.clone(),
        name => format!("--{}={value}", OPTIONS[usize::from(name) % OPTIONS.len()]),
    }));
    if let Err(error) = cli::Cli::try_parse_from(arguments) {
        assert!(!error.to_string().is_empty());
    }
}

/// The stored JSON of an event.
fn json(text: &str) {
    if let Ok(change) = serde_json::from_str::<Change>(text) {
        let json = serde_json::to_string(&change).unwrap();
        assert_eq!(serde_json::from_str::<Change>(&json).unwrap(), change);
    }
    if let Ok(action) = serde_json::from_str::<Action>(text) {
        let json = serde_json::to_string(&action).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&json).unwrap(), action);
    }
}

fn durations(text: &str) {
    if let Ok(read) = duration::parse(text) {
        // The output is rounded, so it may differ, but it can be parsed.
        let shown = duration::format_duration(read);
        assert!(
            duration::parse(&shown).is_ok(),
            "{text:?} is formatted as {shown:?}"
        );
    }
    let _ = text.parse::<load::Targets>();
    if let Ok(think) = text.parse::<load::ThinkTime>() {
        assert!(think.to_string().parse::<load::ThinkTime>().is_ok());
    }
}

/// The chunk size does not affect the messages of a stream.
fn stream(bytes: &[u8], size: u8) {
    let read = |chunks: &mut dyn Iterator<Item = &[u8]>| {
        let mut reader = message::Reader::with_panels();
        let mut messages = Vec::new();
        for chunk in chunks {
            reader.read(chunk, |message| messages.push(message));
        }
        messages
    };
    let unchunked = read(&mut [bytes].into_iter());
    assert_eq!(unchunked, read(&mut bytes.chunks(usize::from(size).max(1))));
}
