//! The origin through which a client reached the server; links for other devices start with it.

use std::net::IpAddr;

use poem::{
    Request,
    http::{header, uri::Authority},
};

/// The scheme, the host and the port of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    secure: bool,
    /// In lower case.
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// The origin by the request's authority or `Host` header; `None` if the host is missing or invalid. Ignores
    /// `X-Forwarded-Host`, which anybody can send, because people pass such links on.
    pub fn from_request(request: &Request) -> Option<Origin> {
        let host = request.headers().get(header::HOST);
        let authority: Authority = match request.uri().authority() {
            Some(authority) => authority.clone(),
            None => host?.to_str().ok()?.parse().ok()?,
        };
        is_valid(&authority).then(|| Origin {
            secure: is_secure(request),
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16(),
        })
    }

    /// The absolute URL of a path, without the default port.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let host = &self.host;
        match self.port() {
            port if port == self.default_port() => format!("{scheme}://{host}{path}"),
            port => format!("{scheme}://{host}:{port}{path}"),
        }
    }

    /// The port, if the host is a loopback name or address, which every device resolves to itself.
    pub fn local_port(&self) -> Option<u16> {
        let host = self.host.trim_matches(['[', ']']);
        let local = match host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address.is_unspecified(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        local.then(|| self.port())
    }

    fn port(&self) -> u16 {
        self.port.unwrap_or(self.default_port())
    }

    fn default_port(&self) -> u16 {
        match self.secure {
            true => 443,
            false => 80,
        }
    }
}

/// Whether the client connected to this server, or to a proxy in front of it, with TLS. A client that forges the header harms
/// only itself.
pub fn is_secure(request: &Request) -> bool {
    let forwarded = request.header("X-Forwarded-Proto");
    let standard = request.header(header::FORWARDED);
    forwarded.is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
        || standard.is_some_and(|value| value.to_ascii_lowercase().contains("proto=https"))
}

/// A host name of at most 253 characters (RFC 1035, section 2.3.4) or an address, with an optional port: no user name and no
/// characters that need escaping.
fn is_valid(authority: &Authority) -> bool {
    let host = authority.host();
    let is_host_character = |c: u8| c.is_ascii_alphanumeric() || b".-_:[]".contains(&c);
    (1..=253).contains(&host.len()) && authority.as_str().bytes().all(is_host_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(headers: &[(&str, &str)]) -> Option<Origin> {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Origin::from_request(&request.finish())
    }

    fn link(headers: &[(&str, &str)]) -> Option<String> {
        origin(headers).map(|origin| origin.url("/b/x"))
    }

    #[test]
    fn a_link_uses_the_requested_host() {
        for (host, expected) in [
            ("savt.example", "http://savt.example/b/x"),
            ("SAVT.example:80", "http://savt.example/b/x"),
            ("192.168.1.7:8000", "http://192.168.1.7:8000/b/x"),
            ("[fe80::1]:8000", "http://[fe80::1]:8000/b/x"),
        ] {
            assert_eq!(link(&[("Host", host)]).unwrap(), expected);
        }
    }

    #[test]
    fn a_proxy_header_sets_the_scheme_but_not_the_host() {
        let proxied = [
            ("Host", "savt.example:443"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil.example"),
        ];
        assert_eq!(link(&proxied).unwrap(), "https://savt.example/b/x");
        let standard = [
            ("Host", "savt.example"),
            ("Forwarded", "proto=https;host=evil.example"),
        ];
        assert_eq!(link(&standard).unwrap(), "https://savt.example/b/x");
    }

    #[test]
    fn an_invalid_host_makes_no_link() {
        assert_eq!(link(&[]), None);
        let long = "a".repeat(254);
        for host in [
            "",
            ":8000",
            "you@evil.example",
            "a b",
            "a/b",
            "a'b",
            "a&b",
            &long,
        ] {
            assert_eq!(link(&[("Host", host)]), None, "{host}");
        }
    }

    #[test]
    fn loopback_hosts_have_a_local_port() {
        let local_port = |host| origin(&[("Host", host)]).unwrap().local_port();
        for host in [
            "localhost:8000",
            "LOCALHOST",
            "savt.localhost",
            "127.0.0.1:8000",
            "127.8.8.8",
            "[::1]:8000",
            "0.0.0.0",
        ] {
            assert!(local_port(host).is_some(), "{host}");
        }
        assert_eq!(local_port("localhost:8000"), Some(8000));
        for host in [
            "localhost.example",
            "192.168.1.7",
            "10.0.0.1:8000",
            "[fe80::1]",
            "127.example",
        ] {
            assert_eq!(local_port(host), None, "{host}");
        }
    }
}
