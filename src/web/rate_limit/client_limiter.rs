//! Rate limiting of one kind of request, by client.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};

use crate::http::client_address::ClientAddress;

/// A quota for each client.
pub(super) struct ClientLimiter {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    /// Number of requests counted so far.
    counted: AtomicU32,
}

/// Clients with their full quota are dropped once every this many requests. A client regains its quota within milliseconds per
/// request, so only the clients of the last moments remain, even if there are many.
const SWEEP_INTERVAL: u32 = 4_096;

impl ClientLimiter {
    pub(super) fn new(quota: Option<Quota>) -> ClientLimiter {
        ClientLimiter {
            limiter: quota.map(DefaultKeyedRateLimiter::keyed),
            clock: DefaultClock::default(),
            counted: AtomicU32::new(0),
        }
    }

    /// Counts a request of this client.
    ///
    /// # Errors
    /// The quota is used up; returns the time until the next request is allowed.
    pub(super) fn check(&self, client: &ClientAddress) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            limiter.retain_recent();
        }
        limiter
            .check_key(&client.network())
            .map_err(|early| early.wait_time_from(self.clock.now()))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::http::client_address::TrustedProxies;

    #[test]
    fn idle_clients_are_dropped() {
        let limiter = ClientLimiter::new(Some(Quota::per_second(NonZeroU32::new(1_000).unwrap())));
        let clients = || limiter.limiter.as_ref().unwrap().len();
        let proxies = TrustedProxies::default();
        let mut peak = 0;
        for n in 0..20 * SWEEP_INTERVAL {
            let client = proxies.client(IpAddr::from(n.to_be_bytes()), &Default::default());
            limiter.check(&client).unwrap();
            if n % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
                std::thread::sleep(Duration::from_millis(3));
            }
            peak = peak.max(clients());
        }
        assert!(
            (SWEEP_INTERVAL as usize..3 * SWEEP_INTERVAL as usize).contains(&peak),
            "{peak}"
        );
    }
}
