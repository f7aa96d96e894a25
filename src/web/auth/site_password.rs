//! The password of an installation and the sessions of browsers that know it. Nothing is stored: all processes with the same
//! password and session epoch accept the same sessions, and a new password or epoch ends them all.

use std::{
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use ipnet::IpNet;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

use super::{
    failure_log::{Failure, FailureLog},
    fair_queue::FairQueue,
    login_throttle::{LoginThrottle, widest},
};

/// A password in plain text.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Normalizes typed text, because devices encode the same letters differently.
    fn from_typed(text: &str) -> Password {
        Password(text.nfc().collect())
    }
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Password, &'static str> {
        match text.is_empty() {
            true => Err("must not be empty"),
            false => Ok(Password::from_typed(text)),
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Checks passwords and sessions.
pub struct SitePassword {
    /// One half of the hash of the password, to compare with. Neither half reveals the other.
    verifier: [u8; 32],
    /// The other half, which signs sessions.
    key: [u8; 32],
    throttle: Arc<Mutex<LoginThrottle>>,
    /// By network; `None` for programs on this machine.
    queue: FairQueue<Option<IpNet>>,
    failures: FailureLog,
}

/// The OWASP recommendation for Argon2id, in KiB and passes: little for one login, too much for many guesses in parallel.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Constant, because processes share sessions only if the hash depends on nothing but the password. Equal passwords of two
/// installations therefore have equal hashes, so the password should be long and unique.
const SALT: &[u8] = b"savt: who may come in";

/// How many attempts of one network may wait to be checked: enough for a large group that logs in at once.
const MAX_WAITING: usize = 256;

/// The result of a login attempt.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    Correct,
    Wrong {
        /// How long the response has to be held back.
        delay: Duration,
    },
    /// Not checked: too many attempts of this client failed, or too many of its network are waiting.
    Throttled(Duration),
}

impl SitePassword {
    /// Takes as long as one attempt.
    ///
    /// # Errors
    /// Hashing the password fails for lack of memory.
    pub fn new(password: &Password) -> Result<SitePassword, argon2::Error> {
        let (verifier, key) = derive(password)?;
        Ok(SitePassword {
            verifier,
            key,
            throttle: Arc::default(),
            queue: FairQueue::default(),
            failures: FailureLog::default(),
        })
    }

    /// Ends all sessions of other epochs. The empty epoch is that of earlier versions.
    #[must_use]
    pub fn with_session_epoch(self, epoch: &str) -> SitePassword {
        if epoch.is_empty() {
            return self;
        }
        let mut mac = hmac(&self.key);
        mac.update(b"session epoch");
        mac.update(epoch.as_bytes());
        let key = mac.finalize().into_bytes().into();
        SitePassword { key, ..self }
    }

    /// Checks a typed password; `client` is `None` for programs on this machine, which have no limit. Attempts are checked one at a
    /// time, even those whose client has disconnected: this bounds the cost to one processor and 19 MiB, and each failure counts
    /// before the next attempt is checked. Networks take turns, so one with many attempts delays only itself.
    pub(crate) async fn attempt(&self, typed: &str, client: Option<IpAddr>) -> Attempt {
        // Once before the queue, where a refused attempt would take a place, and once after those before it were checked.
        if let Some(wait) = lock(&self.throttle).wait(client, Instant::now()) {
            return Attempt::Throttled(wait);
        }
        let limit = client.map_or(usize::MAX, |_| MAX_WAITING);
        let Ok(turn) = self.queue.turn(client.map(widest), limit).await else {
            return Attempt::Throttled(Duration::from_secs(1));
        };
        if let Some(wait) = lock(&self.throttle).wait(client, Instant::now()) {
            return Attempt::Throttled(wait);
        }
        let (typed, verifier) = (Password::from_typed(typed), self.verifier);
        let throttle = self.throttle.clone();
        let check = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let derived = derive(&typed);
            match derived.is_ok_and(|(derived, _)| derived.ct_eq(&verifier).into()) {
                true => Attempt::Correct,
                false => Attempt::Wrong {
                    delay: lock(&throttle).record_failure(client, Instant::now()),
                },
            }
        });
        let delay = Duration::ZERO;
        check.await.unwrap_or(Attempt::Wrong { delay })
    }

    /// Logs an attempt that failed, with the address of its client.
    pub(crate) fn log_failure(&self, attempt: &Attempt, client: IpAddr) {
        let failure = match attempt {
            Attempt::Correct => return,
            Attempt::Wrong { .. } => Failure::WrongPassword,
            Attempt::Throttled(_) => Failure::Refused,
        };
        self.failures.record(failure, client);
    }

    /// The value of a session cookie that is valid until this time, in seconds since 1970.
    pub(in crate::web) fn session(&self, until: i64) -> String {
        let seal: [u8; 32] = self.signature(until).finalize().into_bytes().into();
        format!("{until}-{}", hex::encode(seal))
    }

    /// Whether a session cookie is authentic and has not expired.
    pub(in crate::web) fn accepts(&self, session: &str, now: i64) -> bool {
        let Some((until, seal)) = session.split_once('-') else {
            return false;
        };
        let mut bytes = [0; 32];
        let (Ok(until), Ok(())) = (until.parse(), hex::decode_to_slice(seal, &mut bytes)) else {
            return false;
        };
        self.signature(until).verify_slice(&bytes).is_ok() && now < until
    }

    fn signature(&self, until: i64) -> Hmac<Sha256> {
        let mut seal = hmac(&self.key);
        seal.update(b"session");
        seal.update(&until.to_be_bytes());
        seal
    }
}

fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    // HMAC accepts keys of any length.
    Hmac::<Sha256>::new_from_slice(key).expect("HMAC accepts a key of 32 bytes")
}

fn lock(throttle: &Mutex<LoginThrottle>) -> MutexGuard<'_, LoginThrottle> {
    throttle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Hashes a password into a verifier and a session key.
fn derive(password: &Password) -> Result<([u8; 32], [u8; 32]), argon2::Error> {
    let (mut verifier, mut key) = ([0; 32], [0; 32]);
    let mut hash = [0; 64];
    let params = Params::new(MEMORY, PASSES, 1, Some(hash.len()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        password.0.as_bytes(),
        SALT,
        &mut hash,
    )?;
    verifier.copy_from_slice(&hash[..32]);
    key.copy_from_slice(&hash[32..]);
    Ok((verifier, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site_password(password: &str) -> SitePassword {
        SitePassword::new(&password.parse().unwrap()).unwrap()
    }

    const WRONG: Attempt = Attempt::Wrong {
        delay: Duration::ZERO,
    };
    const CLIENT: Option<IpAddr> = Some(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST));

    #[tokio::test]
    async fn only_the_exact_password_is_correct() {
        let site_password = site_password("Käsekuchen");
        assert_eq!(
            site_password.attempt("Käsekuchen", CLIENT).await,
            Attempt::Correct
        );
        let decomposed = "Ka\u{308}sekuchen";
        assert_eq!(
            site_password.attempt(decomposed, CLIENT).await,
            Attempt::Correct
        );
        for wrong in ["", "käsekuchen", "Käsekuchen ", "Käsekuche"] {
            assert_eq!(site_password.attempt(wrong, None).await, WRONG, "{wrong}");
        }
    }

    #[tokio::test]
    async fn failed_attempts_delay_only_the_client_that_made_them() {
        let site_password = site_password("right");
        for _ in 0..5 {
            assert_eq!(
                site_password.attempt("right", CLIENT).await,
                Attempt::Correct
            );
            assert_eq!(site_password.attempt("wrong", CLIENT).await, WRONG);
        }
        let Attempt::Throttled(wait) = site_password.attempt("right", CLIENT).await else {
            panic!("not throttled");
        };
        assert!(wait <= Duration::from_secs(12), "{wait:?}");
        let other = Some("192.0.2.1".parse().unwrap());
        assert_eq!(
            site_password.attempt("right", other).await,
            Attempt::Correct
        );
    }

    /// What others do delays a correct password, but never refuses it.
    #[tokio::test]
    async fn a_correct_password_is_not_refused_for_the_attempts_of_others() {
        let site_password = Arc::new(site_password("right"));
        let attempt = |password: &'static str, client: Option<IpAddr>| {
            let site_password = site_password.clone();
            tokio::spawn(async move { site_password.attempt(password, client).await })
        };
        // More at once than one network may have, from one machine and from many addresses of one IPv6 customer.
        let local: Vec<_> = (0..60).map(|_| attempt("wrong", None)).collect();
        let network = (0..=255)
            .map(|n| IpAddr::from([0x20, 1, 0xd, 0xb8, 0, 0, n, 0, 0, 0, 0, 0, 0, 0, 0, 1]));
        let crowd: Vec<_> = network
            .flat_map(|client| [client; 2])
            .map(|client| attempt("wrong", Some(client)))
            .collect();
        let honest = [
            None,
            Some(IpAddr::from([192, 0, 2, 1])),
            Some(IpAddr::from([
                0x20, 1, 0xd, 0xb9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
            ])),
        ];
        for client in honest {
            assert_eq!(attempt("right", client).await.unwrap(), Attempt::Correct);
        }
        let mut refused = 0;
        for attempt in crowd {
            refused += usize::from(matches!(attempt.await.unwrap(), Attempt::Throttled(_)));
        }
        assert!(refused >= 400, "{refused}");
        for attempt in local {
            assert!(matches!(attempt.await.unwrap(), Attempt::Wrong { .. }));
        }
        assert_eq!(attempt("right", None).await.unwrap(), Attempt::Correct);
    }

    #[test]
    fn a_session_belongs_to_one_epoch() {
        let [none, one, other] =
            ["", "1", "2"].map(|epoch| site_password("password").with_session_epoch(epoch));
        let session = one.session(1_000);
        assert!(
            site_password("password")
                .with_session_epoch("1")
                .accepts(&session, 0)
        );
        assert!(!none.accepts(&session, 0) && !other.accepts(&session, 0));
        let earlier = site_password("password").session(1_000);
        assert!(none.accepts(&earlier, 0) && !one.accepts(&earlier, 0));
    }

    #[test]
    fn a_session_belongs_to_one_password_and_expires() {
        let (own, other) = (site_password("one"), site_password("another"));
        let session = own.session(1_000);
        assert!(own.accepts(&session, 999));
        let another_process = site_password("one");
        assert!(another_process.accepts(&session, 0));
        assert!(!own.accepts(&session, 1_000));
        assert!(!other.accepts(&session, 999));
        let later = session.replacen("1000", "2000", 1);
        for forged in [
            "",
            "-",
            "1000-",
            &later,
            &session[..68],
            &format!("{session}0"),
        ] {
            assert!(!own.accepts(forged, 999), "{forged}");
        }
    }

    #[test]
    fn debug_output_hides_the_password() {
        let password: Password = "Käsekuchen".parse().unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert!("".parse::<Password>().is_err());
    }

    /// Browsers keep their sessions for a year, across updates.
    #[test]
    fn a_session_keeps_its_value() {
        let site_password = site_password("a password");
        let session = "4102444800-dd24541ca66003fc527b2c492062983e4b57a85022f5c6e6cd7cf5d71cb51b2d";
        assert_eq!(site_password.session(4_102_444_800), session);
        assert!(site_password.accepts(session, 0));
    }
}
