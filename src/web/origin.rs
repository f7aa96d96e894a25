//! Where a browser reached SAVT: what an address begins with that is for other devices.

use std::net::IpAddr;

use poem::{
    Request,
    http::{header, uri::Authority},
};

/// The scheme, the host and the port of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    secure: bool,
    /// In lower case.
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// As the browser asked for it. Nothing else is believed, for such an address is handed on: none if it named no host, or
    /// one that cannot be.
    pub(super) fn of(request: &Request) -> Option<Origin> {
        let asked = request.headers().get(header::HOST);
        let authority: Authority = match request.uri().authority() {
            Some(authority) => authority.clone(),
            None => asked?.to_str().ok()?.parse().ok()?,
        };
        can_be(&authority).then(|| Origin {
            secure: is_secure(request),
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16(),
        })
    }

    /// The whole address of a path, without a port that goes without saying.
    pub(super) fn to(&self, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        let host = &self.host;
        match self.port() {
            port if port == self.usual_port() => format!("{scheme}://{host}{path}"),
            port => format!("{scheme}://{host}:{port}{path}"),
        }
    }

    /// The port, if the host means the very machine the address is read on, whichever that is.
    pub(super) fn local_port(&self) -> Option<u16> {
        let host = self.host.trim_matches(['[', ']']);
        let local = match host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback() || address.is_unspecified(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        local.then(|| self.port())
    }

    fn port(&self) -> u16 {
        self.port.unwrap_or(self.usual_port())
    }

    fn usual_port(&self) -> u16 {
        match self.secure {
            true => 443,
            false => 80,
        }
    }
}

/// Whether the browser reached us, or the proxy before us, by TLS. A client that lies about it harms only itself.
pub(super) fn is_secure(request: &Request) -> bool {
    let forwarded = request.header("X-Forwarded-Proto");
    let standard = request.header(header::FORWARDED);
    forwarded.is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
        || standard.is_some_and(|value| value.to_ascii_lowercase().contains("proto=https"))
}

/// A name of at most 253 characters (RFC 1035, section 2.3.4) or an address, and perhaps a port: no user, nothing to escape.
fn can_be(authority: &Authority) -> bool {
    let host = authority.host();
    let of_a_host = |c: u8| c.is_ascii_alphanumeric() || b".-_:[]".contains(&c);
    (1..=253).contains(&host.len()) && authority.as_str().bytes().all(of_a_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(headers: &[(&str, &str)]) -> Option<Origin> {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Origin::of(&request.finish())
    }

    fn link(headers: &[(&str, &str)]) -> Option<String> {
        origin(headers).map(|origin| origin.to("/b/x"))
    }

    #[test]
    fn an_address_is_as_it_was_asked_for() {
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
    fn a_proxy_may_tell_of_tls_but_of_no_other_host() {
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
    fn what_is_no_host_makes_no_address() {
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
    fn this_machine_is_known_by_its_names() {
        let here = |host| origin(&[("Host", host)]).unwrap().local_port();
        for host in [
            "localhost:8000",
            "LOCALHOST",
            "savt.localhost",
            "127.0.0.1:8000",
            "127.8.8.8",
            "[::1]:8000",
            "0.0.0.0",
        ] {
            assert!(here(host).is_some(), "{host}");
        }
        assert_eq!(here("localhost:8000"), Some(8000));
        for host in [
            "localhost.example",
            "192.168.1.7",
            "10.0.0.1:8000",
            "[fe80::1]",
            "127.example",
        ] {
            assert_eq!(here(host), None, "{host}");
        }
    }
}
