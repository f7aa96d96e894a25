//! The origin through which a client reached the server; links for other devices start with it.

use std::{net::IpAddr, str::FromStr};

use poem::{
    Request,
    http::{Uri, header, uri::Authority},
};

use super::client_address::{TrustedProxies, is_forwarded_with_tls};

/// How the origin of a request is found. Attached to every request as data; without it, nothing is configured.
#[derive(Clone, Debug, Default)]
pub struct OriginPolicy {
    /// The origin at which people reach the server, whatever the headers of a request say.
    pub public: Option<Origin>,
    /// The proxies whose statement of the scheme counts; if there are none, that of anyone counts.
    pub proxies: TrustedProxies,
}

/// The scheme, the host and the port of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    secure: bool,
    /// In lower case.
    host: String,
    port: Option<u16>,
}

impl Origin {
    /// The public origin or, if there is none, the origin by the request's authority or `Host` header; `None` if the host is missing or invalid. Ignores
    /// `X-Forwarded-Host`, which anybody can send, because people pass such links on.
    pub fn from_request(request: &Request) -> Option<Origin> {
        if let Some(public) = public_origin(request) {
            return Some(public.clone());
        }
        let authority = requested_authority(request)?;
        Some(Origin::new(is_secure(request), &authority))
    }

    fn new(secure: bool, authority: &Authority) -> Origin {
        Origin {
            secure,
            host: authority.host().to_ascii_lowercase(),
            port: authority.port_u16(),
        }
    }

    /// In lower case; an IPv6 address has brackets.
    pub fn host(&self) -> &str {
        &self.host
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

impl FromStr for Origin {
    type Err = &'static str;

    /// Parses the URL of a server, such as `https://savt.example/`.
    fn from_str(text: &str) -> Result<Origin, &'static str> {
        let text = text.trim();
        let invalid = "must be a URL such as https://savt.example/";
        let uri: Uri = text.parse().map_err(|_| invalid)?;
        let secure = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err("must start with http:// or https://"),
        };
        let authority = uri.authority().ok_or(invalid)?;
        if authority.as_str().contains('@') {
            return Err("must not contain a user name or password");
        }
        if !is_valid(authority) {
            return Err("must name a valid host and port, such as https://savt.example:8443/");
        }
        if uri.path() != "/" || uri.query().is_some() || text.contains('#') {
            return Err("must not have a path: SAVT can only be served at the root of a host");
        }
        Ok(Origin::new(secure, authority))
    }
}

/// Whether the client connected to this server, or to a proxy in front of it, with TLS; decided by the public URL if it is
/// known. If trusted proxies are named, only their statement counts, otherwise that of anyone: no page can make a browser send
/// such a header to another site, so a client that forges it harms only itself.
pub fn is_secure(request: &Request) -> bool {
    let Some(policy) = request.data::<OriginPolicy>() else {
        return is_forwarded_with_tls(request.headers());
    };
    if let Some(public) = &policy.public {
        return public.secure;
    }
    let peer = request.remote_addr().as_socket_addr();
    let trusted =
        policy.proxies.is_empty() || peer.is_some_and(|peer| policy.proxies.trusts(peer.ip()));
    trusted && is_forwarded_with_tls(request.headers())
}

/// The public origin, if it is known.
pub fn public_origin(request: &Request) -> Option<&Origin> {
    request.data::<OriginPolicy>()?.public.as_ref()
}

/// The host and port that the client requested; `None` if they are missing or invalid.
pub fn requested_authority(request: &Request) -> Option<Authority> {
    let host = request.headers().get(header::HOST);
    let authority: Authority = match request.uri().authority() {
        Some(authority) => authority.clone(),
        None => host?.to_str().ok()?.parse().ok()?,
    };
    is_valid(&authority).then_some(authority)
}

/// A host name of at most 253 characters (RFC 1035, section 2.3.4) or an address, with an optional port: no user name and no
/// characters that need escaping.
fn is_valid(authority: &Authority) -> bool {
    let host = authority.host();
    let is_host_character = |c: u8| c.is_ascii_alphanumeric() || b".-_:[]".contains(&c);
    // An empty port stands for the default (RFC 3986, section 3.2.3).
    let rest = authority.as_str().strip_prefix(host);
    let has_valid_port =
        rest.is_some_and(|rest| rest.is_empty() || rest == ":" || authority.port_u16().is_some());
    (1..=253).contains(&host.len())
        && authority.as_str().bytes().all(is_host_character)
        && has_valid_port
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
    fn the_first_proxy_tells_the_scheme() {
        let secure = |headers: &[(&str, &str)]| {
            let host = [("Host", "savt.example")];
            link(&[&host, headers].concat())
                .unwrap()
                .starts_with("https://")
        };
        for headers in [
            &[("X-Forwarded-Proto", "https,http")][..],
            &[("X-Forwarded-Proto", " HTTPS , http")],
            &[
                ("X-Forwarded-Proto", "https"),
                ("X-Forwarded-Proto", "http"),
            ],
            &[("X-Forwarded-Proto", ""), ("X-Forwarded-Proto", "https")],
            &[("X-Forwarded-Ssl", "on")],
            &[(
                "Forwarded",
                "for=1.1.1.1;Proto=\"https\", for=2.2.2.2;proto=http",
            )],
        ] {
            assert!(secure(headers), "{headers:?}");
        }
        for headers in [
            &[][..],
            &[("X-Forwarded-Proto", "http,https")],
            &[
                ("X-Forwarded-Proto", "http"),
                ("X-Forwarded-Proto", "https"),
            ],
            &[("X-Forwarded-Proto", "httpsx")],
            &[("X-Forwarded-Ssl", "off")],
            &[("Forwarded", "for=1.1.1.1;proto=http, proto=https")],
            &[("Forwarded", "for=\"x;proto=https\"")],
        ] {
            assert!(!secure(headers), "{headers:?}");
        }
    }

    #[test]
    fn the_public_url_takes_precedence_over_headers() {
        for (public, expected) in [
            ("https://savt.example/", "https://savt.example/b/x"),
            ("http://SAVT.example:8080", "http://savt.example:8080/b/x"),
            (" https://[2001:db8::7]:443/\n", "https://[2001:db8::7]/b/x"),
        ] {
            let mut request = Request::builder()
                .header("Host", "10.0.0.1")
                .header("X-Forwarded-Proto", "https")
                .finish();
            request.set_data(OriginPolicy {
                public: Some(public.parse().unwrap()),
                ..OriginPolicy::default()
            });
            assert_eq!(
                Origin::from_request(&request).unwrap().url("/b/x"),
                expected
            );
            assert_eq!(is_secure(&request), expected.starts_with("https"));
        }
    }

    #[test]
    fn with_trusted_proxies_nobody_else_tells_the_scheme() {
        let mut request = Request::builder()
            .header("X-Forwarded-Proto", "https")
            .finish();
        request.set_data(OriginPolicy {
            public: None,
            proxies: TrustedProxies::new(vec![TrustedProxies::parse("10.0.0.1").unwrap()]),
        });
        assert!(!is_secure(&request));
    }

    #[test]
    fn an_unusable_public_url_is_rejected_with_the_reason() {
        for (url, reason) in [
            ("", "https://savt.example/"),
            ("savt.example", "http://"),
            ("ftp://savt.example", "http://"),
            ("https://me@savt.example", "user name"),
            ("https://savt.example:99999", "port"),
            ("https://savt.example/boards", "path"),
            ("https://savt.example/?x", "path"),
            ("https://savt.example/#x", "path"),
        ] {
            let error = url.parse::<Origin>().unwrap_err();
            assert!(error.contains(reason), "{url}: {error}");
        }
    }

    #[test]
    fn an_invalid_host_makes_no_link() {
        assert_eq!(link(&[]), None);
        let long = "a".repeat(254);
        for host in [
            "",
            ":8000",
            "savt.example:99999",
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
