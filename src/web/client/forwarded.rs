//! The way of a request through proxies, as they tell it in `X-Forwarded-For` or `Forwarded`. Whether they are believed is not
//! known here.

use std::net::IpAddr;

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who a request came by, the client first. What is no address stands as none.
pub(super) type Way = Vec<Option<IpAddr>>;

/// Whether a request says that it is made for somebody else, as a proxy's does.
pub(in crate::web) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED)
}

/// The ways that the two headers tell; none where there is no such header.
pub(super) fn ways(headers: &HeaderMap) -> [Option<Way>; 2] {
    [forwarded(headers), forwarded_for(headers)]
}

/// The way by `X-Forwarded-For`.
fn forwarded_for(headers: &HeaderMap) -> Option<Way> {
    way(headers, &X_FORWARDED_FOR, |value| {
        value.split(',').map(address).collect()
    })
}

/// The same by `Forwarded` (RFC 7239).
fn forwarded(headers: &HeaderMap) -> Option<Way> {
    way(headers, &header::FORWARDED, |value| {
        let mut elements: Vec<_> = split(value, ',').map(client_of).collect();
        // A client may begin a quotation so that what the proxy adds seems to be part of it.
        if ends_quoted(value) {
            elements.push(None);
        }
        elements
    })
}

/// All lines of a header one after the other; one that is no text tells of nobody.
fn way(headers: &HeaderMap, name: &HeaderName, read: impl Fn(&str) -> Way) -> Option<Way> {
    let lines = headers.get_all(name).iter();
    let read = |line: &HeaderValue| line.to_str().map_or_else(|_| vec![None], &read);
    let way: Vec<_> = lines.flat_map(read).collect();
    (!way.is_empty()).then_some(way)
}

/// Whom one proxy says it speaks for: `for="[2001:db8::7]:4711";proto=https`.
fn client_of(element: &str) -> Option<IpAddr> {
    let pairs = split(element, ';').filter_map(|pair| pair.split_once('='));
    let mut clients = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (_, value) = clients.next()?;
    let value = value.trim();
    let quoted = value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match clients.next() {
        None => address(quoted.unwrap_or(value)),
        Some(_) => None,
    }
}

/// Splits where nothing is quoted.
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

/// Reads along, and knows what is quoted.
#[derive(Default)]
struct Quotation {
    open: bool,
    escaped: bool,
}

impl Quotation {
    /// Whether the next character is part of one, its quotes included.
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

/// An address, with a port or without.
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

/// RFC 7239 allows a hidden one as well, which begins with an underscore.
fn is_port(text: &str) -> bool {
    let shown = text.parse::<u16>().is_ok();
    shown || text.starts_with('_')
}
