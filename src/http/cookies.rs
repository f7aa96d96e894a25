//! The cookies of a request, read from its bytes, and the cookies that its response sets.
//!
//! Kept by hand: poem's cookie jar drops a whole `Cookie` header if one byte in it is not ASCII. Browsers send the cookies of all
//! applications on a host in one header, and send such bytes as they are.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

use percent_encoding::percent_decode;
use poem::{
    Request,
    http::{HeaderMap, HeaderValue, header},
    web::cookie::Cookie,
};

/// The `Cookie` headers of a request. Nothing is parsed before it is needed.
#[derive(Clone, Debug)]
pub struct ReceivedCookies(Vec<HeaderValue>);

impl ReceivedCookies {
    /// Takes all `Cookie` headers: with HTTP/2 there may be several (RFC 9113, section 8.2.3).
    pub fn from_headers(headers: &HeaderMap) -> ReceivedCookies {
        ReceivedCookies(headers.get_all(header::COOKIE).iter().cloned().collect())
    }

    /// The readable values of the cookies with this name, in the order of the request: browsers send the cookie with the most
    /// specific path first (RFC 6265, section 5.4). The caller takes the first one that is valid, so that an invalid cookie hides
    /// no valid one.
    ///
    /// A value may be in double quotes (RFC 6265, section 4.1.1) and is percent-decoded; it is unreadable if the result is not
    /// UTF-8.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        self.raw_values(name).filter_map(decode)
    }

    /// Whether there is a cookie with this name, readable or not.
    pub fn contains(&self, name: &str) -> bool {
        self.raw_values(name).next().is_some()
    }

    fn raw_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let pairs = self
            .0
            .iter()
            .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
        pairs.filter_map(move |pair| {
            let equals = memchr::memchr(b'=', pair)?;
            let (key, value) = (pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii());
            (key == name.as_bytes()).then_some(value)
        })
    }
}

fn decode(value: &[u8]) -> Option<Cow<'_, str>> {
    let unquoted = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""));
    percent_decode(unquoted.unwrap_or(value)).decode_utf8().ok()
}

/// The cookies of one request and its response. A clone shares the cookies that are set.
#[derive(Clone, Debug)]
pub struct Cookies {
    received: ReceivedCookies,
    set: Arc<Mutex<Vec<Cookie>>>,
}

impl Cookies {
    pub fn from_headers(headers: &HeaderMap) -> Cookies {
        Cookies {
            received: ReceivedCookies::from_headers(headers),
            set: Arc::default(),
        }
    }

    /// The cookies that the middleware [`set_cookies`](super::middleware::set_cookies) has attached to a request.
    pub fn from_request(request: &Request) -> Option<&Cookies> {
        request.data()
    }

    pub fn received(&self) -> &ReceivedCookies {
        &self.received
    }

    /// Sets a cookie with the response; replaces one of the same name that this response already sets.
    pub fn set(&self, cookie: Cookie) {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.retain(|other| other.name() != cookie.name());
        set.push(cookie);
    }

    /// Adds a `Set-Cookie` header for each cookie that was set.
    pub fn append_to(&self, headers: &mut HeaderMap) {
        let set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        for cookie in set.iter() {
            // The name and the value are percent-encoded, so the header is always valid.
            if let Ok(value) = HeaderValue::try_from(cookie.to_string()) {
                headers.append(header::SET_COOKIE, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn received(lines: &[&[u8]]) -> ReceivedCookies {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        ReceivedCookies::from_headers(&headers)
    }

    fn values(lines: &[&[u8]]) -> Vec<String> {
        let cookies = received(lines);
        cookies.values("own").map(Cow::into_owned).collect()
    }

    #[test]
    fn a_cookie_is_found_whatever_else_is_in_the_header() {
        for line in [
            &b"own=1"[..],
            b" own = 1 ",
            b"own=\"1\"",
            b"own=%31",
            b"other=J\xc3\xbcrgen; own=1",
            b"own=1;other=J\xfcrgen",
            b"\xff\xfe; =; ==; ;;own=1;",
            b"Own=2; own2=2; x-own=2; own=1",
            b"quoted=\"a; own=1; b\"",
            b"novalue; own=1",
            b"other=a=b; own=1",
        ] {
            let text = String::from_utf8_lossy(line).into_owned();
            assert_eq!(values(&[line]), ["1"], "{text}");
        }
        let long = format!("other={}; own=1", "x".repeat(30_000));
        assert_eq!(values(&[long.as_bytes()]), ["1"]);
    }

    #[test]
    fn all_lines_and_duplicates_are_read_in_order() {
        assert_eq!(
            values(&[b"a=b", b"own=1; own=2", b"\xff", b"own=3"]),
            ["1", "2", "3"]
        );
        assert_eq!(
            values(&[b"own=\xff; own=%ff; own=2"]),
            ["2"],
            "unreadable values"
        );
        assert_eq!(values(&[b"own=; own=\"; own=a=b"]), ["", "\"", "a=b"]);
        assert!(values(&[]).is_empty());
        assert!(received(&[b"own=\xff"]).contains("own"));
        assert!(!received(&[b"owner=1; own"]).contains("own"));
    }

    proptest! {
        #[test]
        fn other_cookies_never_hide_a_cookie(
            before in proptest::collection::vec(any::<u8>(), 0..40),
            after in proptest::collection::vec(any::<u8>(), 0..40),
            value in "[0-9a-f]{0,32}",
        ) {
            let line = [&before[..], b";own=", value.as_bytes(), b";", &after].concat();
            // Only these bytes can reach an application in a header.
            let line: Vec<u8> = line.into_iter().filter(|byte| *byte == b'\t' || (*byte >= 32 && *byte != 127)).collect();
            prop_assert!(values(&[&line]).contains(&value));
        }

        #[test]
        fn a_value_that_is_set_is_read_back(value in any::<String>()) {
            let cookies = Cookies::from_headers(&HeaderMap::new());
            cookies.set(Cookie::new_with_str("own", "replaced"));
            cookies.set(Cookie::new_with_str("own", value.clone()));
            let mut headers = HeaderMap::new();
            cookies.append_to(&mut headers);
            prop_assert_eq!(headers.get_all(header::SET_COOKIE).iter().count(), 1);
            prop_assert_eq!(values(&[headers[header::SET_COOKIE].as_bytes()]), [value]);
        }
    }
}
