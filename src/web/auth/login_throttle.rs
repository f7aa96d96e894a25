//! Delays login attempts after wrong passwords, per client and in total. Correct ones do not count: a full room may log in at once
//! from one address. The `governor` crate does not fit: every check takes from the quota, and it cannot tell the waiting time
//! without one.

use std::{
    collections::HashMap,
    net::IpAddr,
    time::{Duration, Instant},
};

/// The failed attempts of late.
#[derive(Default)]
pub(super) struct LoginThrottle {
    total: FailedAttempts,
    by_client: HashMap<IpAddr, FailedAttempts>,
}

/// How many failed attempts are free, and how often another one is allowed after that.
struct Quota {
    burst: u32,
    interval: Duration,
}

const PER_CLIENT: Quota = Quota {
    burst: 5,
    interval: Duration::from_secs(12),
};
/// Large enough that no single client exhausts it.
const TOTAL: Quota = Quota {
    burst: 50,
    interval: Duration::from_secs(1),
};

/// From this number of clients on, those with their full quota are dropped.
const MAX_CLIENTS: usize = 1_000;

impl LoginThrottle {
    /// How long this client has to wait until its next attempt; `None` if it need not wait.
    pub(super) fn wait(&self, client: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let of_client = client.and_then(|client| self.by_client.get(&client));
        let of_client = of_client.and_then(|attempts| attempts.wait(&PER_CLIENT, now));
        of_client.max(self.total.wait(&TOTAL, now))
    }

    pub(super) fn record_failure(&mut self, client: Option<IpAddr>, now: Instant) {
        self.total.record(&TOTAL, now);
        if self.by_client.len() >= MAX_CLIENTS {
            self.by_client.retain(|_, attempts| !attempts.is_reset(now));
        }
        if let Some(client) = client {
            let attempts = self.by_client.entry(client).or_default();
            attempts.record(&PER_CLIENT, now);
        }
    }
}

/// Each failed attempt postpones the time at which the full quota is available again.
#[derive(Default)]
struct FailedAttempts {
    reset_at: Option<Instant>,
}

impl FailedAttempts {
    fn wait(&self, quota: &Quota, now: Instant) -> Option<Duration> {
        let until_reset = self.reset_at?.saturating_duration_since(now);
        let allowed = quota.interval * (quota.burst - 1);
        until_reset
            .checked_sub(allowed)
            .filter(|wait| !wait.is_zero())
    }

    fn record(&mut self, quota: &Quota, now: Instant) {
        let from = self.reset_at.map_or(now, |reset_at| reset_at.max(now));
        self.reset_at = Some(from + quota.interval);
    }

    fn is_reset(&self, now: Instant) -> bool {
        self.reset_at.is_none_or(|reset_at| reset_at <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: Option<IpAddr> = Some(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST));

    #[test]
    fn a_client_waits_after_its_burst_and_recovers_over_time() {
        let (mut throttle, start) = (LoginThrottle::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(throttle.wait(CLIENT, start), None);
            throttle.record_failure(CLIENT, start);
        }
        let interval = PER_CLIENT.interval;
        assert_eq!(throttle.wait(CLIENT, start), Some(interval));
        assert_eq!(throttle.wait(CLIENT, start + interval), None);
        throttle.record_failure(CLIENT, start + interval);
        assert_eq!(throttle.wait(CLIENT, start + interval), Some(interval));
        assert!(throttle.by_client[&CLIENT.unwrap()].is_reset(start + interval * 6));
    }

    #[test]
    fn many_clients_together_exhaust_the_total_quota() {
        let (mut throttle, now) = (LoginThrottle::default(), Instant::now());
        for n in 0..50 {
            let client = Some(IpAddr::from([192, 0, 2, n]));
            assert_eq!(throttle.wait(client, now), None, "{n}");
            throttle.record_failure(client, now);
        }
        let client = Some(IpAddr::from([192, 0, 2, 200]));
        assert_eq!(throttle.wait(client, now), Some(TOTAL.interval));
    }
}
