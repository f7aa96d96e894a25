//! How many connections may be open: of each client, and in total. Only counts them; the listener closes those beyond a limit.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use ipnet::IpNet;

use crate::{http::client_address::client_network, log::LogThrottle};

/// Counts open connections and those that were refused.
#[derive(Default)]
pub struct ConnectionLimits {
    per_client: Option<NonZeroU32>,
    total: Option<NonZeroU32>,
    /// Clients without a limit of their own. They count towards the total.
    exempt: Vec<IpNet>,
    open: Mutex<OpenConnections>,
    refused: ByReason,
}

#[derive(Default)]
struct OpenConnections {
    total: u32,
    /// By the network of the client; those without connections are removed, so there are at most as many entries as connections.
    by_client: HashMap<IpAddr, u32>,
}

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The client has as many connections as one client may have.
    Client,
    /// There are as many connections as there may be in total.
    Total,
}

#[derive(Default)]
struct ByReason {
    client: Refused,
    total: Refused,
}

#[derive(Default)]
struct Refused {
    count: AtomicU64,
    log: LogThrottle,
}

impl ConnectionLimits {
    /// Limits for each client network and in total; `None` is no limit. The networks in `exempt` have no limit of their own.
    pub fn new(
        per_client: Option<NonZeroU32>,
        total: Option<NonZeroU32>,
        exempt: Vec<IpNet>,
    ) -> ConnectionLimits {
        ConnectionLimits {
            per_client,
            total,
            exempt,
            ..ConnectionLimits::default()
        }
    }

    /// The number of open connections.
    pub fn open(&self) -> u32 {
        self.lock().total
    }

    /// How many connections were refused for this reason.
    pub fn refused(&self, reason: Refusal) -> u64 {
        self.refused.of(reason).count.load(Ordering::Relaxed)
    }

    /// Counts a connection of this client until the permit is dropped. Counts and logs a refusal.
    pub(super) fn admit(self: &Arc<Self>, client: IpAddr) -> Result<ConnectionPermit, Refusal> {
        let network = self.limited_network(client);
        let added = self.lock().add(network, self.per_client, self.total);
        match added {
            Ok(()) => Ok(ConnectionPermit {
                limits: self.clone(),
                network,
            }),
            Err(reason) => {
                self.record_refusal(client, reason);
                Err(reason)
            }
        }
    }

    /// The network whose connections are limited; `None` if there is no limit for this client.
    fn limited_network(&self, client: IpAddr) -> Option<IpAddr> {
        let client = client.to_canonical();
        let is_exempt = self.exempt.iter().any(|network| network.contains(&client));
        (self.per_client.is_some() && !is_exempt).then(|| client_network(client))
    }

    fn record_refusal(&self, client: IpAddr, reason: Refusal) {
        let refused = self.refused.of(reason);
        refused.count.fetch_add(1, Ordering::Relaxed);
        let Some(suppressed) = refused.log.record() else {
            return;
        };
        let limit = |limit: Option<NonZeroU32>| limit.map(NonZeroU32::get);
        match reason {
            Refusal::Client => tracing::warn!(
                client = %client_network(client.to_canonical()),
                limit = limit(self.per_client),
                suppressed,
                "a client has too many connections; closing its new ones"
            ),
            Refusal::Total => tracing::warn!(
                limit = limit(self.total),
                suppressed,
                "there are too many connections; closing new ones"
            ),
        }
    }

    fn lock(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenConnections {
    fn add(
        &mut self,
        network: Option<IpAddr>,
        per_client: Option<NonZeroU32>,
        total: Option<NonZeroU32>,
    ) -> Result<(), Refusal> {
        let is_reached = |count, limit: Option<NonZeroU32>| limit.is_some_and(|n| count >= n.get());
        let of_client = network.and_then(|network| self.by_client.get(&network));
        if is_reached(of_client.copied().unwrap_or_default(), per_client) {
            return Err(Refusal::Client);
        }
        if is_reached(self.total, total) {
            return Err(Refusal::Total);
        }
        self.total += 1;
        if let Some(network) = network {
            *self.by_client.entry(network).or_default() += 1;
        }
        Ok(())
    }

    fn remove(&mut self, network: Option<IpAddr>) {
        self.total -= 1;
        let Some(network) = network else {
            return;
        };
        if let Entry::Occupied(mut count) = self.by_client.entry(network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl ByReason {
    fn of(&self, reason: Refusal) -> &Refused {
        match reason {
            Refusal::Client => &self.client,
            Refusal::Total => &self.total,
        }
    }
}

/// A connection counts until this is dropped.
pub(super) struct ConnectionPermit {
    limits: Arc<ConnectionLimits>,
    network: Option<IpAddr>,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.limits.lock().remove(self.network);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log::{Format, testing::Captured};

    fn limits(per_client: u32, total: u32) -> Arc<ConnectionLimits> {
        let exempt = ["127.0.0.0/8", "::1/128", "10.0.0.0/8"].map(|net| net.parse().unwrap());
        Arc::new(ConnectionLimits::new(
            NonZeroU32::new(per_client),
            NonZeroU32::new(total),
            exempt.into(),
        ))
    }

    /// How many of ten more connections from this address are admitted while all stay open.
    fn admitted(
        limits: &Arc<ConnectionLimits>,
        address: &str,
        open: &mut Vec<ConnectionPermit>,
    ) -> usize {
        let address = address.parse().unwrap();
        let before = open.len();
        open.extend((0..10).filter_map(|_| limits.admit(address).ok()));
        open.len() - before
    }

    #[test]
    fn a_client_is_an_ipv4_address_or_an_ipv6_network() {
        let (limits, mut open) = (limits(3, 0), Vec::new());
        for (address, expected) in [
            ("192.0.2.1", 3),
            ("::ffff:192.0.2.1", 0),
            ("192.0.2.2", 3),
            ("2001:db8::1", 3),
            ("2001:db8::2", 0),
            ("2001:db8:0:1::1", 3),
        ] {
            assert_eq!(admitted(&limits, address, &mut open), expected, "{address}");
        }
        assert_eq!(limits.open(), 12);
        assert_eq!(limits.refused(Refusal::Client), 48);
        assert_eq!(limits.refused(Refusal::Total), 0);
    }

    #[test]
    fn exempt_clients_count_only_towards_the_total() {
        let (limits, mut open) = (limits(3, 33), Vec::new());
        for (address, expected) in [
            ("127.0.0.1", 10),
            ("::1", 10),
            ("::ffff:10.0.0.2", 10),
            ("192.0.2.1", 3),
            ("192.0.2.2", 0),
            ("127.0.0.1", 0),
        ] {
            assert_eq!(admitted(&limits, address, &mut open), expected, "{address}");
        }
        assert_eq!(limits.refused(Refusal::Total), 20);
        drop(open.split_off(32));
        assert_eq!(admitted(&limits, "192.0.2.2", &mut open), 1);
    }

    #[test]
    fn each_reason_is_logged_with_its_limit_and_throttled() {
        let log = Captured::start(Format::Text, "info");
        let (limits, mut open) = (limits(3, 4), Vec::new());
        admitted(&limits, "192.0.2.1", &mut open);
        admitted(&limits, "192.0.2.2", &mut open);
        let text = log.text();
        for line in [
            "a client has too many connections; closing its new ones client=192.0.2.1 limit=3 suppressed=0",
            "there are too many connections; closing new ones limit=4 suppressed=0",
        ] {
            assert!(text.contains(line), "{text}");
        }
        // A slow machine may log a second one.
        assert!(text.lines().count() < 6, "{text}");
    }

    proptest! {
        /// Whatever opens and closes, the counts are those of the open connections, and no limit is exceeded.
        #[test]
        fn counts_are_exact(
            steps in prop::collection::vec((any::<bool>(), 0_u8..4, any::<prop::sample::Index>()), 0..200),
            per_client in 0_u32..5,
            total in 0_u32..9,
        ) {
            let limits = limits(per_client, total);
            let mut open: Vec<(u8, ConnectionPermit)> = Vec::new();
            for (opens, client, index) in steps {
                if opens {
                    // The client 0 is exempt.
                    let address = match client {
                        0 => IpAddr::from([127, 0, 0, 1]),
                        client => IpAddr::from([192, 0, 2, client]),
                    };
                    let own = open.iter().filter(|(other, _)| *other == client).count() as u32;
                    let client_full = client != 0 && per_client != 0 && own >= per_client;
                    let full = total != 0 && open.len() as u32 >= total;
                    match limits.admit(address) {
                        Ok(permit) => {
                            prop_assert!(!client_full && !full);
                            open.push((client, permit));
                        }
                        Err(Refusal::Client) => prop_assert!(client_full),
                        Err(Refusal::Total) => prop_assert!(full && !client_full),
                    }
                } else if !open.is_empty() {
                    open.swap_remove(index.index(open.len()));
                }
                prop_assert_eq!(limits.open() as usize, open.len());
            }
            open.clear();
            prop_assert_eq!(limits.open(), 0);
            prop_assert!(limits.lock().by_client.is_empty());
        }
    }
}
