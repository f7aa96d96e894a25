//! How often each client did one thing.

use std::{
    net::IpAddr,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock},
};

use crate::web::client::Client;

/// How often each client did one thing, as far as it matters still.
pub(super) struct Count {
    limiter: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
    /// Since those were forgotten who did nothing for a while.
    added: AtomicU32,
}

/// After so many the idle are forgotten. What is remembered then is what SAVT was asked for in the moment a client needs to be
/// as if it had never come: some milliseconds for each thing it did, so however many clients come, they are few.
const SWEEP: u32 = 4_096;

impl Count {
    pub(super) fn of(quota: Option<Quota>) -> Count {
        Count {
            limiter: quota.map(DefaultKeyedRateLimiter::keyed),
            clock: DefaultClock::default(),
            added: AtomicU32::new(0),
        }
    }

    /// Counts one more, unless that is too much: then says when it no longer will be.
    pub(super) fn add(&self, client: &Client) -> Result<(), Duration> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.added.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
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
    use crate::web::client::TrustedProxies;

    #[test]
    fn the_idle_are_forgotten() {
        let count = Count::of(Some(Quota::per_second(NonZeroU32::new(1_000).unwrap())));
        let known = || count.limiter.as_ref().unwrap().len();
        let proxies = TrustedProxies::default();
        let mut most = 0;
        for n in 0..20 * SWEEP {
            let client = proxies.client(IpAddr::from(n.to_be_bytes()), &Default::default());
            count.add(&client).unwrap();
            if n % SWEEP == SWEEP - 1 {
                std::thread::sleep(Duration::from_millis(3));
            }
            most = most.max(known());
        }
        assert!(
            (SWEEP as usize..3 * SWEEP as usize).contains(&most),
            "{most}"
        );
    }
}
