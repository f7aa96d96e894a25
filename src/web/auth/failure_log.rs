//! Logs failed logins, one line each, for people and for programs such as fail2ban that block clients:
//!
//! ```text
//! 2026-11-27T06:00:00.000000Z  WARN request{id=1f2e-7}: savt::login: login failed: wrong password suppressed=0 client=203.0.113.7
//! ```
//!
//! The text and the target `savt::login` are fixed, and the client's address is last. No other line contains them: paths have no
//! spaces. With `--log-format json` the fields are `message`, `suppressed` and `client`.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use ipnet::IpNet;

use super::{
    budget::{Budget, Quota},
    login_throttle::narrowest,
};

/// Limits the lines, so that an attack does not fill the disk.
#[derive(Default)]
pub(super) struct FailureLog(Mutex<State>);

#[derive(Default)]
struct State {
    total: Budget,
    clients: HashMap<IpNet, Client>,
}

#[derive(Default)]
struct Client {
    budget: Budget,
    /// Failures since the last line.
    suppressed: u64,
}

/// Lines for one client: as many at once as make fail2ban block it by default (`maxretry = 5`).
const PER_CLIENT: Quota = Quota {
    burst: 5,
    interval: Duration::from_secs(10),
};
/// Lines for all clients: about 1.3 KiB per second.
const TOTAL: Quota = Quota {
    burst: 100,
    interval: Duration::from_millis(100),
};

/// From this number of clients on, those with their full budget are dropped; if that is not enough, new ones are not logged.
const MAX_CLIENTS: usize = 10_000;

/// Why a login failed.
#[derive(Clone, Copy)]
pub(super) enum Failure {
    WrongPassword,
    /// The password was not checked.
    Refused,
}

impl FailureLog {
    /// Logs a failed login of this client, unless too many were logged of late. The next line of the client tells how many were not.
    pub(super) fn record(&self, failure: Failure, client: IpAddr) {
        if let Some(suppressed) = self.admit(client, Instant::now()) {
            match failure {
                Failure::WrongPassword => {
                    tracing::warn!(target: "savt::login", suppressed, %client, "login failed: wrong password");
                }
                Failure::Refused => {
                    tracing::warn!(target: "savt::login", suppressed, %client, "login failed: too many attempts");
                }
            }
        }
    }

    /// Whether to log a line; returns how many lines of this client were suppressed since its last one.
    fn admit(&self, client: IpAddr, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let State { total, clients } = &mut *state;
        if clients.len() >= MAX_CLIENTS {
            clients.retain(|_, client| !client.budget.is_reset(now));
        }
        let network = narrowest(client);
        if clients.len() >= MAX_CLIENTS && !clients.contains_key(&network) {
            return None;
        }
        let client = clients.entry(network).or_default();
        if client.budget.wait(PER_CLIENT, now).is_some() || total.wait(TOTAL, now).is_some() {
            client.suppressed += 1;
            return None;
        }
        client.budget.record(PER_CLIENT, now);
        total.record(TOTAL, now);
        Some(std::mem::take(&mut client.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Format, testing::Captured};

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

    #[test]
    fn the_address_is_last_and_the_text_is_fixed() {
        let log = Captured::start(Format::Text, "info");
        let failures = FailureLog::default();
        failures.record(Failure::WrongPassword, CLIENT);
        failures.record(Failure::Refused, "2001:db8::7".parse().unwrap());
        let text = log.text();
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.split_once(' ').unwrap().1.trim())
            .collect();
        assert_eq!(
            lines,
            [
                "WARN savt::login: login failed: wrong password suppressed=0 client=203.0.113.7",
                "WARN savt::login: login failed: too many attempts suppressed=0 client=2001:db8::7",
            ]
        );
    }

    #[test]
    fn the_lines_of_one_client_are_limited_and_the_rest_are_counted() {
        let (failures, start) = (FailureLog::default(), Instant::now());
        for n in 0..20 {
            let expected = (n < 5).then_some(0);
            assert_eq!(failures.admit(CLIENT, start), expected, "{n}");
        }
        let other = "203.0.113.8".parse().unwrap();
        assert_eq!(failures.admit(other, start), Some(0), "another client");
        assert_eq!(
            failures.admit(CLIENT, start + PER_CLIENT.interval),
            Some(15)
        );
        assert_eq!(failures.admit(CLIENT, start + PER_CLIENT.interval), None);
        let network =
            |n: u8| IpAddr::from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, n]);
        let later = start + PER_CLIENT.interval;
        let logged = (0..100).filter_map(|n| failures.admit(network(n), later));
        assert_eq!(logged.count(), 5, "one IPv6 network is one client");
    }

    #[test]
    fn the_lines_and_the_memory_of_many_clients_are_limited() {
        let (failures, now) = (FailureLog::default(), Instant::now());
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        let logged = (0..50_000).filter_map(|n| failures.admit(address(n), now));
        assert_eq!(logged.count(), TOTAL.burst as usize);
        assert!(failures.0.lock().unwrap().clients.len() <= MAX_CLIENTS);
        let later = now + Duration::from_secs(60);
        assert_eq!(failures.admit(address(60_000), later), Some(0));
    }
}
