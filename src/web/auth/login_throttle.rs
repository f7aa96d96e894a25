//! Slows down guessing: refuses clients after wrong passwords, and delays the response to a wrong one if many were wrong of late.
//! Correct passwords do not count: a full room may log in at once from one address.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

use ipnet::{IpNet, Ipv6Net};

use super::budget::{Budget, Quota};

/// The wrong passwords of late.
#[derive(Default)]
pub(super) struct LoginThrottle {
    total: Budget,
    by_network: HashMap<IpNet, Budget>,
}

/// For one IPv4 address, or one IPv6 network of /64.
const PER_CLIENT: Quota = Quota {
    burst: 5,
    interval: Duration::from_secs(12),
};

/// The IPv6 networks that one customer may get (RFC 6177): a client can use any address in them. A wider network has a larger
/// budget, so that none of its parts can use it up alone.
const PER_IPV6_NETWORK: [(u8, Quota); 3] = [
    (64, PER_CLIENT),
    (
        56,
        Quota {
            burst: 20,
            interval: Duration::from_secs(4),
        },
    ),
    (
        48,
        Quota {
            burst: 60,
            interval: Duration::from_millis(1_500),
        },
    ),
];

/// For everybody together. Never refuses anybody, because then a few attackers could lock everybody out.
const TOTAL: Quota = Quota {
    burst: 50,
    interval: Duration::from_secs(1),
};

/// Maximum delay of the response to a wrong password: well below the time limits of proxies.
const MAX_DELAY: Duration = Duration::from_secs(5);

/// From this number of networks on, those with their full budget are dropped.
const MAX_NETWORKS: usize = 1_000;

impl LoginThrottle {
    /// How long this client has to wait until its next attempt; `None` if it need not wait. Depends only on the client's own
    /// networks; `None` as the client stands for programs on this machine, which have no budget.
    pub(super) fn wait(&self, client: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let networks = client.into_iter().flat_map(networks);
        let waits =
            networks.map(|(network, quota)| self.by_network.get(&network)?.wait(quota, now));
        waits.max().flatten()
    }

    /// Records a wrong password. Returns how long its response has to be held back.
    pub(super) fn record_failure(&mut self, client: Option<IpAddr>, now: Instant) -> Duration {
        if self.by_network.len() >= MAX_NETWORKS {
            self.by_network.retain(|_, budget| !budget.is_reset(now));
        }
        for (network, quota) in client.into_iter().flat_map(networks) {
            self.by_network
                .entry(network)
                .or_default()
                .record(quota, now);
        }
        let delay = self.total.wait(TOTAL, now).unwrap_or_default();
        // An attack must not slow responses down long after its end.
        if delay < MAX_DELAY {
            self.total.record(TOTAL, now);
        }
        delay.min(MAX_DELAY)
    }
}

/// The networks of a client, from the narrowest to the widest, with their quotas.
fn networks(client: IpAddr) -> impl Iterator<Item = (IpNet, Quota)> {
    let (ipv4, ipv6) = match client {
        IpAddr::V4(_) => (Some((IpNet::from(client), PER_CLIENT)), None),
        IpAddr::V6(address) => (None, Some(address)),
    };
    let ipv6 = ipv6.into_iter().flat_map(|address| {
        let networks = PER_IPV6_NETWORK.into_iter();
        networks.filter_map(move |(prefix, quota)| {
            let network = Ipv6Net::new(address, prefix).ok()?.trunc();
            Some((IpNet::from(network), quota))
        })
    });
    ipv4.into_iter().chain(ipv6)
}

/// The network that a client counts as, for a line in the log: the narrowest.
pub(super) fn narrowest(client: IpAddr) -> IpNet {
    let first = networks(client).next();
    first.map_or(IpNet::from(client), |(network, _)| network)
}

/// The network that takes turns with others: the widest, because a single customer may have all of it.
pub(super) fn widest(client: IpAddr) -> IpNet {
    let last = networks(client).last();
    last.map_or(IpNet::from(client), |(network, _)| network)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn client(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    /// How many attempts with a wrong password, each from the next of these addresses, are checked.
    fn count_checked(
        throttle: &mut LoginThrottle,
        clients: impl Iterator<Item = IpAddr>,
        now: Instant,
    ) -> usize {
        let mut checked = 0;
        for client in clients.map(Some) {
            if throttle.wait(client, now).is_none() {
                throttle.record_failure(client, now);
                checked += 1;
            }
        }
        checked
    }

    #[test]
    fn each_ipv6_network_has_its_own_budget() {
        let (mut throttle, now) = (LoginThrottle::default(), Instant::now());
        let network = 0x2001_0db8_0001_0200_u128 << 64;
        let addresses = |bits: u32, shift: u32| {
            (0..1_u128 << bits).map(move |n| IpAddr::from((network | n << shift).to_be_bytes()))
        };
        assert_eq!(count_checked(&mut throttle, addresses(8, 0), now), 5, "/64");
        assert_eq!(
            count_checked(&mut throttle, addresses(8, 64), now),
            15,
            "/56"
        );
        assert_eq!(
            count_checked(&mut throttle, addresses(16, 64), now),
            40,
            "/48"
        );
        assert_eq!(
            throttle.wait(client("2001:db8:1:ffff::1"), now),
            Some(Duration::from_millis(1_500))
        );
        assert_eq!(throttle.wait(client("2001:db8:2::1"), now), None);
        assert_eq!(throttle.wait(client("192.0.2.1"), now), None);
    }

    #[test]
    fn a_part_of_a_network_cannot_use_up_the_budget_of_the_whole() {
        for [(_, part), (_, whole)] in PER_IPV6_NETWORK.windows(2).map(|pair| [pair[0], pair[1]]) {
            assert!(part.burst < whole.burst);
            assert!(part.interval > whole.interval);
        }
        assert!(PER_CLIENT.burst < TOTAL.burst && PER_CLIENT.interval > TOTAL.interval);
    }

    #[test]
    fn many_wrong_passwords_delay_responses_and_refuse_nobody() {
        let (mut throttle, now) = (LoginThrottle::default(), Instant::now());
        let wrong = |throttle: &mut LoginThrottle, n: u8, now| {
            let client = Some(IpAddr::from([192, 0, 2, n]));
            assert_eq!(throttle.wait(client, now), None, "{n}");
            throttle.record_failure(client, now)
        };
        for n in 0..50 {
            assert_eq!(wrong(&mut throttle, n, now), Duration::ZERO);
        }
        for n in 1..=5 {
            assert_eq!(wrong(&mut throttle, 50 + n, now).as_secs(), u64::from(n));
        }
        for n in 60..255 {
            assert_eq!(wrong(&mut throttle, n, now), MAX_DELAY);
        }
        assert_eq!(throttle.record_failure(None, now), MAX_DELAY);
        assert_eq!(throttle.wait(None, now), None);
        let later = now + MAX_DELAY;
        assert_eq!(throttle.record_failure(None, later), Duration::ZERO);
    }

    #[test]
    fn networks_with_their_full_budget_are_dropped() {
        let (mut throttle, mut now) = (LoginThrottle::default(), Instant::now());
        for n in 0..5_000_u32 {
            throttle.record_failure(Some(IpAddr::from(n.to_be_bytes())), now);
            now += Duration::from_millis(20);
        }
        assert!(throttle.by_network.len() <= MAX_NETWORKS);
    }

    proptest! {
        /// Whatever others do, a client that shares no network with them never waits.
        #[test]
        fn what_others_do_never_refuses_a_client(others in proptest::collection::vec(any::<(bool, u128, u16)>(), 0..300)) {
            let (mut throttle, mut now) = (LoginThrottle::default(), Instant::now());
            for (is_ipv4, address, ms) in others {
                let other = match is_ipv4 {
                    true => IpAddr::from([10, 0, 0, address as u8]),
                    false => IpAddr::from((address >> 16 | 0xfd00 << 112).to_be_bytes()),
                };
                throttle.record_failure(Some(other), now);
                now += Duration::from_millis(ms.into());
                prop_assert_eq!(throttle.wait(client("192.0.2.1"), now), None);
                prop_assert_eq!(throttle.wait(client("2001:db8::1"), now), None);
                prop_assert_eq!(throttle.wait(None, now), None);
            }
        }
    }
}
