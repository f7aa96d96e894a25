//! Who asks, as far as the network knows: the peer, or whom a proxy that is trusted speaks for.

mod forwarded;

pub(super) use forwarded::is_forwarded;

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use poem::http::HeaderMap;

/// How many bits of an IPv6 address are a customer's: whoever has one has all that differ only in the rest.
const CUSTOMER: u32 = 64;

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Client {
    address: IpAddr,
    /// It reached us by itself, as far as can be told, not through a proxy that is trusted.
    direct: bool,
}

impl Client {
    /// What cannot be exchanged as easily as an address: for IPv6 the network that a customer gets.
    pub(super) fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V6(address) => {
                let theirs = u128::MAX << (128 - CUSTOMER);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & theirs))
            }
            address => address,
        }
    }

    /// Whether it is a program on our own machine that asks for itself.
    pub(super) fn is_this_machine(&self) -> bool {
        self.direct && self.address.is_loopback()
    }
}

/// The proxies whose word on who asks is taken. Anybody can send such headers, so nobody else's is.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub fn new(networks: Vec<IpNet>) -> TrustedProxies {
        TrustedProxies(networks)
    }

    /// An address, or a network such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// Says what it should be.
    pub fn parse(text: &str) -> Result<IpNet, &'static str> {
        let network = match text.contains('/') {
            true => text.parse().ok(),
            false => text.parse::<IpAddr>().ok().map(IpNet::from),
        };
        network.ok_or("is an address such as 10.0.0.2, or a network such as 10.0.0.0/8")
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Who sent a request: the peer, or if that is a proxy we trust, the last address on the request's way that is not one.
    ///
    /// A proxy adds to one of two headers and hands on the other as the client wrote it. So where they say different things
    /// nothing is known, as where they say what is no address, and the proxy itself counts.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Client {
        let peer = peer.to_canonical();
        let told = match self.trusts(peer) {
            true => forwarded::ways(headers),
            false => [None, None],
        };
        let [one, other] = told.map(|way| way.map(|way| self.last_stranger(&way)));
        let address = match (one, other) {
            (None, None) => {
                return Client {
                    address: peer,
                    direct: true,
                };
            }
            (Some(said), None) | (None, Some(said)) => said,
            (Some(one), Some(other)) => one.filter(|_| one == other),
        };
        Client {
            address: address.unwrap_or(peer),
            direct: false,
        }
    }

    /// The last on a way who is no proxy of ours, or the first if all are; none if what stands there instead is no address.
    fn last_stranger(&self, way: &[Option<IpAddr>]) -> Option<IpAddr> {
        let mut known = None;
        for address in way.iter().rev() {
            known = Some((*address)?);
            if !known.is_some_and(|address| self.trusts(address)) {
                break;
            }
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderName;
    use proptest::prelude::*;

    use super::*;

    const PEER: &str = "10.0.0.1";

    /// Who asks, by these headers from this peer, where 10.0.0.0/8 and 2001:db8:ffff::1 are trusted.
    fn asked_by(peer: &str, lines: &[(&str, &str)]) -> Client {
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
    fn is(client: Client, address: &str) {
        assert_eq!(client.address, address.parse::<IpAddr>().unwrap());
    }

    #[test]
    fn a_stranger_is_not_believed() {
        for peer in ["192.0.2.1", "::ffff:192.0.2.1", "127.0.0.1"] {
            let lines = [
                ("X-Forwarded-For", "203.0.113.7"),
                ("Forwarded", "for=203.0.113.7"),
            ];
            let client = asked_by(peer, &lines);
            is(client, peer.trim_start_matches("::ffff:"));
            assert!(client.direct);
        }
    }

    #[test]
    fn a_trusted_proxy_tells_who_asks() {
        for (header, value, expected) in [
            ("X-Forwarded-For", "203.0.113.7", "203.0.113.7"),
            ("X-Forwarded-For", " 203.0.113.7 ", "203.0.113.7"),
            ("X-Forwarded-For", "203.0.113.7:4711", "203.0.113.7"),
            ("X-Forwarded-For", "2001:db8::7", "2001:db8::7"),
            ("X-Forwarded-For", "[2001:db8::7]:4711", "2001:db8::7"),
            ("X-Forwarded-For", "::ffff:203.0.113.7", "203.0.113.7"),
            // What the client wrote itself stands before what was added.
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
            // Nobody but proxies on the way: the first of them asks for itself.
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
            // A comma and a quote within quotes part nothing.
            (
                "Forwarded",
                "host=\"a, for=1.1.1.1\\\", for=1.1.1.1\";for=203.0.113.7",
                "203.0.113.7",
            ),
        ] {
            let client = asked_by(PEER, &[(header, value)]);
            assert_eq!(client.address.to_string(), expected, "{header}: {value}");
            assert!(!client.direct);
        }
    }

    #[test]
    fn lines_are_read_one_after_the_other() {
        let lines = [
            ("X-Forwarded-For", "1.1.1.1"),
            ("X-Forwarded-For", "203.0.113.7, 10.0.0.2"),
        ];
        is(asked_by(PEER, &lines), "203.0.113.7");
    }

    #[test]
    fn garbage_leaves_the_peer() {
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
            let client = asked_by(PEER, &[(header, value)]);
            assert_eq!(client.address.to_string(), PEER, "{header}: {value}");
            assert!(!client.direct, "{header}: {value}");
        }
    }

    #[test]
    fn of_two_headers_one_may_be_the_clients_own() {
        let both = |one, other| asked_by(PEER, &[("Forwarded", one), ("X-Forwarded-For", other)]);
        is(both("for=1.1.1.1", "203.0.113.7"), PEER);
        is(both("for=unknown", "203.0.113.7"), PEER);
        is(both("for=203.0.113.7", "203.0.113.7"), "203.0.113.7");
    }

    #[test]
    fn only_who_asks_by_itself_is_this_machine() {
        let here = TrustedProxies::new(vec![TrustedProxies::parse("127.0.0.1").unwrap()]);
        let asked_by = |line: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(line) = line {
                headers.insert("X-Forwarded-For", line.parse().unwrap());
            }
            here.client("127.0.0.1".parse().unwrap(), &headers)
        };
        assert!(asked_by(None).is_this_machine());
        for line in ["203.0.113.7", "127.0.0.1", "127.0.0.2", "nonsense"] {
            assert!(!asked_by(Some(line)).is_this_machine(), "{line}");
        }
    }

    #[test]
    fn a_customer_is_one_however_many_addresses_they_have() {
        let network = |peer| asked_by(peer, &[]).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2::1"), "2001:db8:1:2::");
        assert_ne!(network("2001:db8:1:3::1"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
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
        /// Whatever the client writes, what the proxy adds at the end is what counts.
        #[test]
        fn what_a_client_writes_moves_nothing(written in any_header(), client: IpAddr, port: u16) {
            let client = client.to_canonical();
            prop_assume!(!matches!(client, IpAddr::V4(address) if address.octets()[0] == 10));
            let added = format!("{written}, {client}");
            is(asked_by(PEER, &[("X-Forwarded-For", &added)]), &client.to_string());
            let shown = match client {
                IpAddr::V4(address) => format!("{address}:{port}"),
                IpAddr::V6(address) => format!("\"[{address}]:{port}\""),
            };
            let lines = [("Forwarded", written.as_str()), ("Forwarded", &format!("for={shown}"))];
            is(asked_by(PEER, &lines), &client.to_string());
            // In the same line a quotation that was left open can hide it, but puts nobody else in its place.
            let added = format!("{written}, for={shown}");
            let found = asked_by(PEER, &[("Forwarded", &added)]).address.to_string();
            prop_assert!(found == client.to_string() || found == PEER, "{found}: {added}");
        }

        /// Nobody but a proxy can make us believe anything, and nothing makes us stumble.
        #[test]
        fn what_a_stranger_writes_is_not_read(one in any_header(), other in any_header()) {
            let lines = [("Forwarded", one.as_str()), ("X-Forwarded-For", &other)];
            is(asked_by("192.0.2.1", &lines), "192.0.2.1");
            let _ = asked_by(PEER, &lines);
        }
    }
}
