//! Splits the URL of a PostgreSQL database into its parts, as libpq does, without repeating any of it in an error.
//!
//! Syntax: PostgreSQL documentation, "Connection URIs" (section 34.1.1.2 of version 15). Different from libpq, a password may
//! contain `/`, `?`, `#` and `%` as they are, as long as it is clear where it ends; a second `@` never is.

use percent_encoding::percent_decode_str;

use super::invalid::invalid_address;
use crate::db::error::Error;

/// The decoded parts of a URL. Absent parts are `None` or empty.
#[derive(Default)]
pub(super) struct Uri {
    pub(super) user: Option<String>,
    pub(super) password: Option<Vec<u8>>,
    /// Host names or socket folders, each with its port.
    pub(super) hosts: Vec<(String, Option<u16>)>,
    pub(super) database: Option<String>,
    /// The options after the question mark, in order.
    pub(super) options: Vec<(String, String)>,
}

impl Uri {
    /// Parses what follows `postgres://`.
    pub(super) fn parse(text: &str) -> Result<Uri, Error> {
        let (credentials, rest) = split_credentials(text)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, query),
            None => (rest, ""),
        };
        let mut uri = Uri {
            hosts: parse_hosts(authority)?,
            database: non_empty(decode(path.trim_start_matches('/'), "the database name")?),
            options: parse_options(query)?,
            ..Uri::default()
        };
        if let Some(credentials) = credentials {
            let (user, password) = match credentials.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (credentials, None),
            };
            uri.user = non_empty(decode(user, "the user name")?);
            let password = password.filter(|password| !password.is_empty());
            uri.password = password.map(decode_bytes).transpose()?;
        }
        Ok(uri)
    }
}

/// The user information before the `@`, if any, and what follows it.
fn split_credentials(text: &str) -> Result<(Option<&str>, &str), Error> {
    if text.starts_with(['/', '?']) {
        return Ok((None, text));
    }
    let Some((credentials, rest)) = text.split_once('@') else {
        return Ok((None, text));
    };
    if rest.contains('@') {
        return Err(invalid_address(
            "it contains more than one @: write an @ in the user name, the password or an option as %40",
        ));
    }
    if may_be_host_and_more(credentials) {
        return Err(invalid_address(
            "it is unclear where the host begins: write / ? and @ in the user name, the password or an option as %2F, %3F and %40",
        ));
    }
    Ok((Some(credentials), rest))
}

/// Whether the text before an `@` could also be a host and the beginning of a path or of an option: `h/d?password=p`.
fn may_be_host_and_more(credentials: &str) -> bool {
    let Some(end) = credentials.find(['/', '?']) else {
        return false;
    };
    match credentials[..end].split_once(':') {
        None => true,
        Some((_, port)) => port.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

fn parse_hosts(authority: &str) -> Result<Vec<(String, Option<u16>)>, Error> {
    if authority.is_empty() {
        return Ok(Vec::new());
    }
    authority.split(',').map(parse_host).collect()
}

fn parse_host(text: &str) -> Result<(String, Option<u16>), Error> {
    let (host, port) = match text.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed
                .split_once(']')
                .ok_or_else(|| invalid_address("a [ before a host has no ]"))?;
            let port = match rest {
                "" => None,
                rest => Some(rest.strip_prefix(':').ok_or_else(invalid_port)?),
            };
            (host, port)
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let host = decode(host, "the host")?;
    if host.is_empty() {
        return Err(invalid_address("a host is empty"));
    }
    let port = port.filter(|port| !port.is_empty());
    Ok((host, port.map(parse_port).transpose()?))
}

pub(super) fn parse_port(text: &str) -> Result<u16, Error> {
    match text.parse() {
        Ok(0) | Err(_) => Err(invalid_port()),
        Ok(port) => Ok(port),
    }
}

fn invalid_port() -> Error {
    invalid_address(
        "the port is not a number from 1 to 65535; an IPv6 address must be in brackets, and : / ? # @ in a user name or a password as %3A %2F %3F %23 %40",
    )
}

fn parse_options(query: &str) -> Result<Vec<(String, String)>, Error> {
    let options = query.split('&').filter(|option| !option.is_empty());
    let parsed = options.map(|option| {
        let (key, value) = option
            .split_once('=')
            .ok_or_else(|| invalid_address("an option after the ? has no ="))?;
        Ok((key.to_owned(), decode(value, "an option after the ?")?))
    });
    parsed.collect()
}

fn decode(text: &str, part: &str) -> Result<String, Error> {
    let bytes = decode_bytes(text)?;
    String::from_utf8(bytes).map_err(|_| invalid_address(&format!("{part} is not UTF-8")))
}

/// Replaces percent-encoded bytes. A percent sign that encodes nothing stays.
fn decode_bytes(text: &str) -> Result<Vec<u8>, Error> {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    match bytes.contains(&0) {
        true => Err(invalid_address("it contains %00")),
        false => Ok(bytes),
    }
}

fn non_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Uri {
        Uri::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_url_has_up_to_five_parts() {
        let uri = parse("u%40x:p%3A%C3%A4@h1:1,[::1]:2,%2Frun/d%20b?a=1&&b=%26&");
        assert_eq!(uri.user.as_deref(), Some("u@x"));
        assert_eq!(uri.password.as_deref(), Some("p:ä".as_bytes()));
        let hosts = [("h1", Some(1)), ("::1", Some(2)), ("/run", None)];
        assert_eq!(uri.hosts, hosts.map(|(host, port)| (host.to_owned(), port)));
        assert_eq!(uri.database.as_deref(), Some("d b"));
        let options = [("a", "1"), ("b", "&")];
        assert_eq!(
            uri.options,
            options.map(|(key, value)| (key.to_owned(), value.to_owned()))
        );
        for empty in ["", "/", "?", "/?", "/?&"] {
            let uri = parse(empty);
            assert!(uri.user.is_none() && uri.password.is_none(), "{empty}");
            assert!(uri.hosts.is_empty() && uri.database.is_none(), "{empty}");
            assert!(uri.options.is_empty(), "{empty}");
        }
        let socket = parse("/d?host=/run&user=a@b");
        assert_eq!(socket.options[1].1, "a@b");
    }

    #[test]
    fn a_password_may_contain_anything_but_an_at_sign_if_its_end_is_clear() {
        for password in ["a?b=c", "a/b", "a#b", "100%", "a:b", "a,b", "a[b", "a&b=c"] {
            let uri = parse(&format!("u:{password}@h/d?x=y"));
            assert_eq!(uri.password.as_deref(), Some(password.as_bytes()));
            assert_eq!(uri.hosts[0].0, "h", "{password}");
            assert_eq!(uri.database.as_deref(), Some("d"), "{password}");
        }
    }

    #[test]
    fn an_ambiguous_or_invalid_url_is_rejected() {
        for text in [
            "u:p@ss/w0rd@h/d",
            "h/d?password=p@ss",
            "h:5432/d?password=p@ss",
            "h?password=p@ss",
            "u:p@h:x/d",
            "u:p@h:0/d",
            "u:p@h:65536/d",
            "u:p@::1/d",
            "u:p@[::1/d",
            "u:p@[::1]5/d",
            "u:p@h,/d",
            "%ff@h/d",
            "u:%00@h/d",
            "u:p@h/d?x",
            "u:p@h/d?x=%ff",
        ] {
            let error = Uri::parse(text).err().map(|error| error.to_string());
            let error = error.unwrap_or_else(|| panic!("{text} is accepted"));
            assert!(!error.contains('\n') && !error.contains("ss/"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn an_encoded_url_is_decoded(
            user in "[^\\x00]{1,12}", password in "[^\\x00]{1,12}", database in "[^\\x00]{1,12}", port in 1u16..
        ) {
            let encode = |text: &str| {
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
            };
            let text = format!("{}:{}@h:{port}/{}", encode(&user), encode(&password), encode(&database));
            let uri = parse(&text);
            prop_assert_eq!(uri.user, Some(user));
            prop_assert_eq!(uri.password, Some(password.into_bytes()));
            prop_assert_eq!(uri.hosts, vec![("h".to_owned(), Some(port))]);
            prop_assert_eq!(uri.database, Some(database));
        }
    }
}
