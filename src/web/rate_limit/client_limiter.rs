//! Rate limiting of one kind of request, by client.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
};

use super::quota::Remaining;
use crate::http::client_address::ClientAddress;

/// A quota for each client.
pub(super) struct ClientLimiter {
    quota: Option<Quota>,
    limiter: Option<DefaultKeyedRateLimiter<IpAddr, StateInformationMiddleware>>,
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
            quota,
            limiter: quota.map(|quota| DefaultKeyedRateLimiter::keyed(quota).with_middleware()),
            clock: DefaultClock::default(),
            counted: AtomicU32::new(0),
        }
    }

    /// The quota; `None` without a limit.
    pub(super) fn quota(&self) -> Option<Quota> {
        self.quota
    }

    /// Counts a request of this client. Returns what is left of the quota, if there is one.
    ///
    /// # Errors
    /// The quota is used up; returns the time until the next request is allowed.
    pub(super) fn check(&self, client: &ClientAddress) -> Result<Option<Remaining>, Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(None);
        };
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            limiter.retain_recent();
        }
        let checked = limiter.check_key(&client.network());
        let state = checked.map_err(|early| early.wait_time_from(self.clock.now()))?;
        let (quota, requests) = (state.quota(), state.remaining_burst_capacity());
        let is_full = requests >= quota.burst_size().get();
        Ok(Some(Remaining {
            requests,
            renewed_in: match is_full {
                true => Duration::ZERO,
                false => quota.replenish_interval(),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::http::client_address::TrustedProxies;

    #[test]
    fn what_is_left_shrinks_with_every_request() {
        let limiter = ClientLimiter::new(Some(Quota::per_hour(NonZeroU32::new(3).unwrap())));
        let client = TrustedProxies::default().client([203, 0, 113, 7].into(), &Default::default());
        for requests in [2, 1, 0] {
            let remaining = limiter.check(&client).unwrap().unwrap();
            let renewed_in = Duration::from_secs(20 * 60);
            assert_eq!(
                remaining,
                Remaining {
                    requests,
                    renewed_in
                }
            );
        }
        assert!(limiter.check(&client).is_err());
        let unlimited = ClientLimiter::new(None);
        assert_eq!(unlimited.check(&client), Ok(None));
    }

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
