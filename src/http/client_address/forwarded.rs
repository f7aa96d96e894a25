//! Parses the client and proxy addresses in `X-Forwarded-For` and `Forwarded`. Does not decide whether they are trusted.

use std::net::IpAddr;

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_SSL: HeaderName = HeaderName::from_static("x-forwarded-ssl");

/// The client followed by the proxies that forwarded its request. `None` stands for an entry that is not an address.
pub(super) type Path = Vec<Option<IpAddr>>;

/// Whether a request has one of the two headers, as those sent by a proxy do.
pub fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED)
}

/// Whether the client used TLS to the first proxy, according to `Forwarded` (RFC 7239, section 5.4), `X-Forwarded-Proto` or
/// `X-Forwarded-Ssl`. Proxies join values to a list or add lines; the first value is that of the first proxy.
pub fn is_forwarded_with_tls(headers: &HeaderMap) -> bool {
    let first = |name: HeaderName| {
        let lines = headers.get_all(name).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .find_map(|line| {
                let mut values = split(line, ',').map(str::trim);
                values.find(|value| !value.is_empty())
            })
    };
    let is = |name, expected: &str| {
        first(name).is_some_and(|value| value.eq_ignore_ascii_case(expected))
    };
    let element = first(header::FORWARDED);
    let proto = element.and_then(|element| parameter(element, "proto"));
    is(X_FORWARDED_PROTO, "https")
        || is(X_FORWARDED_SSL, "on")
        || proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

/// The paths in `Forwarded` and `X-Forwarded-For`; `None` for a missing header.
pub(super) fn paths(headers: &HeaderMap) -> [Option<Path>; 2] {
    [forwarded(headers), forwarded_for(headers)]
}

/// The path in `X-Forwarded-For`.
fn forwarded_for(headers: &HeaderMap) -> Option<Path> {
    path(headers, &X_FORWARDED_FOR, |value| {
        value.split(',').map(address).collect()
    })
}

/// The path in `Forwarded` (RFC 7239).
fn forwarded(headers: &HeaderMap) -> Option<Path> {
    path(headers, &header::FORWARDED, |value| {
        let mut elements: Vec<_> = split(value, ',').map(for_address).collect();
        // A client may leave a quotation open so that the entry the proxy appends seems to be part of it.
        if ends_quoted(value) {
            elements.push(None);
        }
        elements
    })
}

/// Joins all lines of a header; a line that is not text counts as one invalid entry.
fn path(headers: &HeaderMap, name: &HeaderName, read: impl Fn(&str) -> Path) -> Option<Path> {
    let lines = headers.get_all(name).iter();
    let read = |line: &HeaderValue| line.to_str().map_or_else(|_| vec![None], &read);
    let path: Vec<_> = lines.flat_map(read).collect();
    (!path.is_empty()).then_some(path)
}

/// The `for` parameter of one element: `for="[2001:db8::7]:4711";proto=https`.
fn for_address(element: &str) -> Option<IpAddr> {
    address(parameter(element, "for")?)
}

/// The value of a parameter of one element, without quotes; `None` if it is missing or repeated.
fn parameter<'a>(element: &'a str, expected: &str) -> Option<&'a str> {
    let pairs = split(element, ';').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(expected));
    let (_, value) = found.next()?;
    let value = value.trim();
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match found.next() {
        None => Some(quoted.unwrap_or(value)),
        Some(_) => None,
    }
}

/// Splits at separators outside quotations.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quotation = Quotation::default();
    text.split(move |c| !quotation.contains(c) && c == separator)
}

fn ends_quoted(text: &str) -> bool {
    let mut quotation = Quotation::default();
    for c in text.chars() {
        quotation.contains(c);
    }
    quotation.open
}

/// Tracks whether the current character is quoted.
#[derive(Default)]
struct Quotation {
    open: bool,
    escaped: bool,
}

impl Quotation {
    /// Whether the next character is part of a quotation, including the quotes.
    fn contains(&mut self, c: char) -> bool {
        let quoted = self.open || c == '"';
        match c {
            _ if std::mem::take(&mut self.escaped) => {}
            '\\' => self.escaped = self.open,
            '"' => self.open = !self.open,
            _ => {}
        }
        quoted
    }
}

/// Parses an address with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            let port = port.strip_prefix(':');
            (port.is_some_and(is_port) || rest.ends_with(']')).then_some(address)?
        }
        None => match text.split_once(':') {
            Some((address, port)) if is_port(port) => address,
            _ => text,
        },
    };
    let address: IpAddr = bare.parse().ok()?;
    Some(address.to_canonical())
}

/// A port number, or an obfuscated port of RFC 7239, which starts with an underscore.
fn is_port(text: &str) -> bool {
    let is_number = text.parse::<u16>().is_ok();
    is_number || text.starts_with('_')
}
