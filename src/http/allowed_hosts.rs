//! The host names that a server answers to. A page of another site can give its own name the address of this server (DNS
//! rebinding) and then counts as the same site; its name is in `Host`, so a server that knows its names refuses it.

use std::{net::IpAddr, str::FromStr, sync::Arc};

use super::origin::Origin;

/// One name, or all names below a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPattern {
    /// In lower case, without a trailing dot.
    name: String,
    below: bool,
}

impl FromStr for HostPattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<HostPattern, &'static str> {
        let text = text.trim();
        let (name, below) = match text.strip_prefix("*.") {
            Some(name) => (name, true),
            None => (text, false),
        };
        let name = normalized(name);
        let is_name_character = |c: u8| c.is_ascii_alphanumeric() || b".-_".contains(&c);
        match (1..=253).contains(&name.len()) && name.bytes().all(is_name_character) {
            true => Ok(HostPattern { name, below }),
            false => Err(
                "must be a host name such as savt.example or *.example.org, without a scheme or port",
            ),
        }
    }
}

impl HostPattern {
    fn matches(&self, host: &str) -> bool {
        match self.below {
            true => is_below(host, &self.name),
            false => host == self.name,
        }
    }
}

/// The hosts that may be requested: any by default.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts(Option<Arc<[HostPattern]>>);

impl AllowedHosts {
    /// Allows the host of the public URL and these names, besides those that are always allowed; any host if both are absent.
    pub fn new(public: Option<&Origin>, mut patterns: Vec<HostPattern>) -> AllowedHosts {
        patterns.extend(public.map(|origin| HostPattern {
            name: normalized(origin.host()),
            below: false,
        }));
        AllowedHosts((!patterns.is_empty()).then(|| patterns.into()))
    }

    pub fn allows_any(&self) -> bool {
        self.0.is_none()
    }

    /// Addresses and `localhost` (RFC 6761, section 6.3) are always allowed: no site can make its name resolve from them.
    pub fn allows(&self, host: &str) -> bool {
        let Some(patterns) = &self.0 else {
            return true;
        };
        let host = normalized(host);
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        literal.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || is_below(&host, "localhost")
            || patterns.iter().any(|pattern| pattern.matches(&host))
    }
}

/// In lower case; `savt.example.` is the same name as `savt.example`.
fn normalized(host: &str) -> String {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.to_ascii_lowercase()
}

fn is_below(host: &str, domain: &str) -> bool {
    let label = host
        .strip_suffix(domain)
        .and_then(|rest| rest.strip_suffix('.'));
    label.is_some_and(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allowed(public: Option<&str>, patterns: &[&str]) -> AllowedHosts {
        let public = public.map(|url| url.parse::<Origin>().unwrap());
        let patterns = patterns.iter().map(|text| text.parse().unwrap());
        AllowedHosts::new(public.as_ref(), patterns.collect())
    }

    #[test]
    fn without_names_any_host_is_allowed() {
        assert!(allowed(None, &[]).allows("rebound.example"));
    }

    #[test]
    fn only_known_names_and_addresses_are_allowed() {
        let hosts = allowed(Some("https://savt.example/"), &["other", "*.example.org"]);
        for host in [
            "savt.example",
            "SAVT.Example.",
            "other",
            "a.example.org",
            "a.b.example.org",
            "localhost",
            "savt.localhost",
            "127.0.0.1",
            "192.168.1.7",
            "[::1]",
            "[fe80::1]",
        ] {
            assert!(hosts.allows(host), "{host}");
        }
        for host in [
            "",
            ".",
            "evil.example",
            "x.savt.example",
            "savt.example.evil.example",
            "example.org",
            ".example.org",
            "evilexample.org",
            "localhost.evil.example",
            ".localhost",
            "127.0.0.1.evil.example",
            "[evil.example]",
        ] {
            assert!(!hosts.allows(host), "{host}");
        }
    }

    #[test]
    fn a_pattern_is_a_name() {
        for text in [
            "",
            "*",
            "*.",
            "https://savt.example",
            "savt.example:80",
            "a.*.b",
            "a b",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_allowed_only_if_it_is_listed(host in "[a-z]{1,8}(\\.[a-z]{1,8}){0,3}") {
            let listed = host == "savt.example" || host.ends_with(".example.org");
            let local = host == "localhost" || host.ends_with(".localhost");
            let hosts = allowed(None, &["savt.example", "*.example.org"]);
            prop_assert_eq!(hosts.allows(&host), listed || local);
        }
    }
}
