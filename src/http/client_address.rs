//! The address of the client behind a request: the peer, or the client that a trusted proxy forwards for.

mod forwarded;

pub use forwarded::{is_forwarded, is_forwarded_with_tls};

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use poem::http::HeaderMap;

/// Prefix length of the IPv6 network that one customer gets: a client can choose any address within it.
const CUSTOMER_PREFIX: u32 = 64;

/// The address a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress {
    address: IpAddr,
    /// The request did not come through a trusted proxy.
    direct: bool,
}

impl ClientAddress {
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// What a client cannot change easily: the IPv4 address, or the IPv6 network of a customer.
    pub fn network(&self) -> IpAddr {
        client_network(self.address)
    }

    /// Whether a program on this machine sent the request for itself.
    pub fn is_local(&self) -> bool {
        self.direct && self.address.is_loopback()
    }
}

/// What a client cannot change easily: its IPv4 address, or its IPv6 network.
pub fn client_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => {
            let mask = u128::MAX << (128 - CUSTOMER_PREFIX);
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
        }
        address => address,
    }
}

/// The proxies whose forwarding headers are trusted. From any other peer these headers are ignored.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub fn new(networks: Vec<IpNet>) -> TrustedProxies {
        TrustedProxies(networks)
    }

    /// Parses an address, or a network such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// Describes the expected form.
    pub fn parse(text: &str) -> Result<IpNet, &'static str> {
        let network = match text.contains('/') {
            true => text.parse().ok(),
            false => text.parse::<IpAddr>().ok().map(IpNet::from),
        };
        network.ok_or("must be an address such as 10.0.0.2 or a network such as 10.0.0.0/8")
    }

    /// No proxy is trusted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this peer is a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client that sent a request: the peer or, if that is a trusted proxy, the last untrusted address on the request's path.
    ///
    /// A proxy appends to one of the two headers and may pass on the other as the client wrote it. If they disagree, or name no
    /// address, the client is unknown and the proxy counts as the client.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        let paths = match self.trusts(peer) {
            true => forwarded::paths(headers),
            false => [None, None],
        };
        let [one, other] = paths.map(|path| path.map(|path| self.last_untrusted(&path)));
        let address = match (one, other) {
            (None, None) => {
                return ClientAddress {
                    address: peer,
                    direct: true,
                };
            }
            (Some(address), None) | (None, Some(address)) => address,
            (Some(one), Some(other)) => one.filter(|_| one == other),
        };
        ClientAddress {
            address: address.unwrap_or(peer),
            direct: false,
        }
    }

    /// The last untrusted address of a path, or the first if all are trusted; `None` if an invalid entry follows it.
    fn last_untrusted(&self, path: &[Option<IpAddr>]) -> Option<IpAddr> {
        let mut last = None;
        for address in path.iter().rev() {
            last = Some((*address)?);
            if !last.is_some_and(|address| self.trusts(address)) {
                break;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderName;
    use proptest::prelude::*;

    use super::*;

    const PEER: &str = "10.0.0.1";

    /// The client for these headers from this peer, with 10.0.0.0/8 and 2001:db8:ffff::1 trusted.
    fn client_for(peer: &str, lines: &[(&str, &str)]) -> ClientAddress {
        let trusted = ["10.0.0.0/8", "2001:db8:ffff::1"].map(TrustedProxies::parse);
        let trusted = TrustedProxies::new(trusted.into_iter().map(Result::unwrap).collect());
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::try_from(*name).unwrap();
            headers.append(name, value.parse().unwrap());
        }
        trusted.client(peer.parse().unwrap(), &headers)
    }

    #[track_caller]
    fn assert_address(client: ClientAddress, address: &str) {
        assert_eq!(client.address, address.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn headers_from_untrusted_peers_are_ignored() {
        for peer in ["192.0.2.1", "::ffff:192.0.2.1", "127.0.0.1"] {
            let lines = [
                ("X-Forwarded-For", "203.0.113.7"),
                ("Forwarded", "for=203.0.113.7"),
            ];
            let client = client_for(peer, &lines);
            assert_address(client, peer.trim_start_matches("::ffff:"));
            assert!(client.direct);
        }
    }

    #[test]
    fn a_trusted_proxy_names_the_client() {
        for (header, value, expected) in [
            ("X-Forwarded-For", "203.0.113.7", "203.0.113.7"),
            ("X-Forwarded-For", " 203.0.113.7 ", "203.0.113.7"),
            ("X-Forwarded-For", "203.0.113.7:4711", "203.0.113.7"),
            ("X-Forwarded-For", "2001:db8::7", "2001:db8::7"),
            ("X-Forwarded-For", "[2001:db8::7]:4711", "2001:db8::7"),
            ("X-Forwarded-For", "::ffff:203.0.113.7", "203.0.113.7"),
            // The client's own entries come before the one the proxy appended.
            ("X-Forwarded-For", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
            ("X-Forwarded-For", "nonsense, 203.0.113.7", "203.0.113.7"),
            (
                "X-Forwarded-For",
                "1.1.1.1,203.0.113.7,10.0.0.3",
                "203.0.113.7",
            ),
            (
                "X-Forwarded-For",
                "203.0.113.7, 2001:db8:ffff::1",
                "203.0.113.7",
            ),
            // Only proxies on the path: the first one is the client.
            ("X-Forwarded-For", "10.0.0.9, 10.0.0.3", "10.0.0.9"),
            ("Forwarded", "for=203.0.113.7", "203.0.113.7"),
            (
                "Forwarded",
                "proto=https; For=\"203.0.113.7:4711\" ;by=_x",
                "203.0.113.7",
            ),
            ("Forwarded", "for=\"[2001:db8::7]:_port\"", "2001:db8::7"),
            (
                "Forwarded",
                "for=1.1.1.1, for=203.0.113.7;by=10.0.0.3, for=10.0.0.3",
                "203.0.113.7",
            ),
            // A quoted comma or an escaped quote does not separate elements.
            (
                "Forwarded",
                "host=\"a, for=1.1.1.1\\\", for=1.1.1.1\";for=203.0.113.7",
                "203.0.113.7",
            ),
        ] {
            let client = client_for(PEER, &[(header, value)]);
            assert_eq!(client.address.to_string(), expected, "{header}: {value}");
            assert!(!client.direct);
        }
    }

    #[test]
    fn repeated_headers_are_joined() {
        let lines = [
            ("X-Forwarded-For", "1.1.1.1"),
            ("X-Forwarded-For", "203.0.113.7, 10.0.0.2"),
        ];
        assert_address(client_for(PEER, &lines), "203.0.113.7");
    }

    #[test]
    fn the_peer_counts_if_the_header_is_invalid() {
        for (header, value) in [
            ("X-Forwarded-For", ""),
            ("X-Forwarded-For", ","),
            ("X-Forwarded-For", "unknown"),
            ("X-Forwarded-For", "203.0.113.7,"),
            ("X-Forwarded-For", "203.0.113.7 10.0.0.2"),
            ("X-Forwarded-For", "203.0.113.7:port"),
            ("X-Forwarded-For", "203.0.113"),
            ("X-Forwarded-For", "[2001:db8::7"),
            ("X-Forwarded-For", "[2001:db8::7]4711"),
            ("X-Forwarded-For", "fe80::1%eth0"),
            ("X-Forwarded-For", "203.0.113.7, nonsense, 10.0.0.2"),
            ("Forwarded", ""),
            ("Forwarded", "203.0.113.7"),
            ("Forwarded", "for"),
            ("Forwarded", "for="),
            ("Forwarded", "for=unknown"),
            ("Forwarded", "for=_hidden"),
            ("Forwarded", "by=203.0.113.7"),
            ("Forwarded", "for=203.0.113.7;for=203.0.113.8"),
            ("Forwarded", "for=\"203.0.113.7"),
            ("Forwarded", "for=1.1.1.1;x=\", for=203.0.113.7"),
            ("Forwarded", "for=1.1.1.1;x=\"\\, for=\"203.0.113.7:1\""),
            ("Forwarded", "for=203.0.113.7, proto=https"),
        ] {
            let client = client_for(PEER, &[(header, value)]);
            assert_eq!(client.address.to_string(), PEER, "{header}: {value}");
            assert!(!client.direct, "{header}: {value}");
        }
    }

    #[test]
    fn the_peer_counts_if_the_two_headers_disagree() {
        let both = |one, other| client_for(PEER, &[("Forwarded", one), ("X-Forwarded-For", other)]);
        assert_address(both("for=1.1.1.1", "203.0.113.7"), PEER);
        assert_address(both("for=unknown", "203.0.113.7"), PEER);
        assert_address(both("for=203.0.113.7", "203.0.113.7"), "203.0.113.7");
    }

    #[test]
    fn a_forwarded_request_is_never_local() {
        let trusted = TrustedProxies::new(vec![TrustedProxies::parse("127.0.0.1").unwrap()]);
        let client_for = |line: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(line) = line {
                headers.insert("X-Forwarded-For", line.parse().unwrap());
            }
            trusted.client("127.0.0.1".parse().unwrap(), &headers)
        };
        assert!(client_for(None).is_local());
        for line in ["203.0.113.7", "127.0.0.1", "127.0.0.2", "nonsense"] {
            assert!(!client_for(Some(line)).is_local(), "{line}");
        }
    }

    #[test]
    fn all_addresses_of_one_ipv6_customer_are_one_network() {
        let network = |peer| client_for(peer, &[]).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::1"), "2001:db8:1:2::");
        assert_ne!(network("2001:db8:1:3::1"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn a_proxy_is_parsed_from_an_address_or_a_network() {
        for (text, network) in [
            ("10.0.0.1", "10.0.0.1/32"),
            ("10.0.0.1/8", "10.0.0.1/8"),
            ("::1", "::1/128"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            let expected: IpNet = network.parse().unwrap();
            assert_eq!(TrustedProxies::parse(text), Ok(expected));
        }
        for text in ["", "proxy.example", "10.0.0.0/33", "10.0.0.1:80", "/8"] {
            assert!(TrustedProxies::parse(text).is_err(), "{text}");
        }
    }

    fn any_header() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<IpAddr>().prop_map(|address| address.to_string()),
            "[ -~]{0,12}",
            Just("for=".to_owned()),
            Just("\"".to_owned()),
            Just(";".to_owned()),
            Just(", ".to_owned()),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        /// The entry that the proxy appends decides, no matter what the client sends.
        #[test]
        fn a_client_cannot_forge_its_address(written in any_header(), client: IpAddr, port: u16) {
            let client = client.to_canonical();
            prop_assume!(!matches!(client, IpAddr::V4(address) if address.octets()[0] == 10));
            let added = format!("{written}, {client}");
            assert_address(client_for(PEER, &[("X-Forwarded-For", &added)]), &client.to_string());
            let node = match client {
                IpAddr::V4(address) => format!("{address}:{port}"),
                IpAddr::V6(address) => format!("\"[{address}]:{port}\""),
            };
            let lines = [("Forwarded", written.as_str()), ("Forwarded", &format!("for={node}"))];
            assert_address(client_for(PEER, &lines), &client.to_string());
            // An unclosed quotation in the same line can hide the entry, but cannot replace it.
            let added = format!("{written}, for={node}");
            let found = client_for(PEER, &[("Forwarded", &added)]).address.to_string();
            prop_assert!(found == client.to_string() || found == PEER, "{found}: {added}");
        }

        /// Headers from untrusted peers have no effect, and no input causes a panic.
        #[test]
        fn no_input_from_an_untrusted_peer_changes_its_address(one in any_header(), other in any_header()) {
            let lines = [("Forwarded", one.as_str()), ("X-Forwarded-For", &other)];
            assert_address(client_for("192.0.2.1", &lines), "192.0.2.1");
            let _ = client_for(PEER, &lines);
        }
    }
}
