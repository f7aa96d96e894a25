//! The address of an endpoint. Its path is often a secret, so only the host is ever shown.

use std::{fmt, net::IpAddr};

use hyper::Uri;

/// Where to send to.
#[derive(Clone)]
pub(super) struct Target {
    is_tls: bool,
    /// In lower case; an IPv6 address has brackets.
    host: String,
    port: u16,
    /// With the query.
    path: String,
}

impl Target {
    /// Parses a URL. Without TLS, the links of boards would be readable on the way, so `http` is only for private networks.
    ///
    /// # Errors
    /// The reason, which does not contain the URL.
    pub(super) fn parse(url: &str, allow_private: bool) -> Result<Target, &'static str> {
        let invalid = "must be a URL such as https://chat.example/hooks/secret";
        let uri: Uri = url.parse().map_err(|_| invalid)?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if allow_private => false,
            Some("http") => return Err("must start with https://, unless --webhook-allow-private"),
            _ => return Err("must start with https://"),
        };
        let authority = uri.authority().ok_or(invalid)?;
        if authority.as_str().contains('@') {
            return Err("must not contain a user name or password");
        }
        if url.contains('#') {
            return Err("must not contain a #");
        }
        let host = authority.host().to_ascii_lowercase();
        // `port_u16` takes an invalid port for none.
        let port = match &authority.as_str()[host.len()..] {
            "" if is_tls => 443,
            "" => 80,
            rest => rest
                .strip_prefix(':')
                .and_then(|port| port.parse().ok())
                .unwrap_or(0),
        };
        if host.is_empty() || port == 0 {
            return Err(invalid);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Target {
            is_tls,
            port,
            host,
            path: path.to_owned(),
        })
    }

    pub(super) fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// The host as in the URL.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// The host without the brackets of an IPv6 address.
    pub(super) fn bare_host(&self) -> &str {
        self.host.trim_matches(['[', ']'])
    }

    /// The address that the URL names, if it names one instead of a host.
    pub(super) fn literal(&self) -> Option<IpAddr> {
        self.bare_host().parse().ok()
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The value of the header `Host`.
    pub(super) fn authority(&self) -> String {
        match (self.is_tls, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// A secret. It must not become part of a message.
    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({}…)", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target = Target::parse("https://Chat.example/hooks/x?y=1", false).unwrap();
        let parts = (target.host(), target.port(), target.path());
        assert_eq!(parts, ("chat.example", 443, "/hooks/x?y=1"));
        assert_eq!(target.authority(), "chat.example");
        assert!(target.is_tls() && target.literal().is_none());
        let target = Target::parse("http://[::1]:8080", true).unwrap();
        assert_eq!(
            (target.authority().as_str(), target.path()),
            ("[::1]:8080", "/")
        );
        assert_eq!(target.literal(), Some("::1".parse().unwrap()));
    }

    #[test]
    fn an_unusable_url_is_refused_without_being_repeated() {
        for url in [
            "",
            "secret",
            "/secret",
            "ftp://chat.example/secret",
            "http://chat.example/secret",
            "https://user:secret@chat.example/",
            "https:///secret",
            "https://chat.example:0/secret",
            "https://chat.example:99999/secret",
            "https://chat.example:/secret",
            "https://chat.example/secret#secret",
            "https://chat.example/sec ret",
            "https://chät.example/secret",
        ] {
            let Err(error) = Target::parse(url, false) else {
                panic!("{url} is accepted");
            };
            assert!(
                !error.replace("hooks/secret", "").contains("secret"),
                "{url}: {error}"
            );
        }
    }

    #[test]
    fn debug_output_hides_the_path() {
        let target = Target::parse("https://chat.example/hooks/x", false);
        assert_eq!(format!("{:?}", target.unwrap()), "Target(chat.example…)");
    }
}
