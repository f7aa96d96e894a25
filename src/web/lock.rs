//! What closes the whole installation to strangers: one password, and the sessions of those who knew it. Nothing of it is kept:
//! every process that is given the same password knows the same sessions, and another password ends them all.

use std::{
    collections::HashMap,
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::Arc,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::{Mutex, Semaphore};
use unicode_normalization::UnicodeNormalization;

/// What whoever wants in has to know.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// A password as it is typed; the same letters are the same, in whichever way a device writes them.
    fn typed(text: &str) -> Password {
        Password(text.nfc().collect())
    }
}

impl FromStr for Password {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Password, &'static str> {
        match text.is_empty() {
            true => Err("must not be empty"),
            false => Ok(Password::typed(text)),
        }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The lock on the door of the house.
pub struct Lock {
    /// Half of what comes of the password. Neither half tells the other.
    proof: [u8; 32],
    /// The other half, with which sessions are sealed.
    key: [u8; 32],
    wrong: Arc<Mutex<Wrong>>,
    waiting: Arc<Semaphore>,
}

/// What OWASP recommends for Argon2id, in KiB and passes: 19 MiB, as a phone has them and a guesser's thousand cores have not.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Nothing but the password may make a difference, or processes would not share their sessions. So it is to be long, and one's
/// own: equal passwords of two installations come to the same.
const SALT: &[u8] = b"savt: who may come in";

/// How many may wait until theirs is looked at.
const WAITING: usize = 64;

/// What came of a try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tried {
    Right,
    Wrong,
    /// Not looked at: too many were wrong, or too many are being tried.
    TooOften(Duration),
}

impl Lock {
    /// Takes as long as a try.
    ///
    /// # Errors
    /// There is not enough memory for it.
    pub fn new(password: &Password) -> Result<Lock, argon2::Error> {
        let (proof, key) = halves(password)?;
        Ok(Lock {
            proof,
            key,
            wrong: Arc::default(),
            waiting: Arc::new(Semaphore::new(WAITING)),
        })
    }

    /// Looks at what somebody typed. One after the other, whoever asks and goes again included, so that trying costs one
    /// processor and 19 MiB at most; and what is wrong counts before the next is looked at.
    pub(super) async fn try_out(&self, typed: &str, client: Option<IpAddr>) -> Tried {
        let Ok(waiting) = self.waiting.clone().try_acquire_owned() else {
            return Tried::TooOften(Duration::from_secs(1));
        };
        let mut wrong = self.wrong.clone().lock_owned().await;
        if let Some(wait) = wrong.wait(client, Instant::now()) {
            return Tried::TooOften(wait);
        }
        let (typed, proof) = (Password::typed(typed), self.proof);
        let looked_at = tokio::task::spawn_blocking(move || {
            let _waiting = waiting;
            let tried = halves(&typed);
            let right = tried.is_ok_and(|(tried, _)| tried.ct_eq(&proof).into());
            if !right {
                wrong.count(client, Instant::now());
            }
            right
        });
        match looked_at.await {
            Ok(true) => Tried::Right,
            _ => Tried::Wrong,
        }
    }

    /// A session until then, in seconds since 1970: what its cookie holds.
    pub(super) fn session(&self, until: i64) -> String {
        let seal: [u8; 32] = self.sealed(until).finalize().into_bytes().into();
        format!("{until}-{}", hex::encode(seal))
    }

    /// Whether a cookie holds a session that has not ended.
    pub(super) fn knows(&self, session: &str, now: i64) -> bool {
        let Some((until, seal)) = session.split_once('-') else {
            return false;
        };
        let mut bytes = [0; 32];
        let (Ok(until), Ok(())) = (until.parse(), hex::decode_to_slice(seal, &mut bytes)) else {
            return false;
        };
        self.sealed(until).verify_slice(&bytes).is_ok() && now < until
    }

    fn sealed(&self, until: i64) -> Hmac<Sha256> {
        // A key may have any length.
        let mut seal = Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of 32 bytes");
        seal.update(b"session");
        seal.update(&until.to_be_bytes());
        seal
    }
}

fn halves(password: &Password) -> Result<([u8; 32], [u8; 32]), argon2::Error> {
    let (mut proof, mut key) = ([0; 32], [0; 32]);
    let mut both = [0; 64];
    let params = Params::new(MEMORY, PASSES, 1, Some(both.len()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
        password.0.as_bytes(),
        SALT,
        &mut both,
    )?;
    proof.copy_from_slice(&both[..32]);
    key.copy_from_slice(&both[32..]);
    Ok((proof, key))
}

/// How often it was wrong of late. What is right does not count: a whole room may come at once, from one address. Not by the
/// `governor` crate: it takes from the quota whenever it is asked, and cannot tell how long to wait without that.
#[derive(Default)]
struct Wrong {
    of_all: Tries,
    of_client: HashMap<IpAddr, Tries>,
}

/// So many at once, and then one in this time.
struct Patience {
    at_once: u32,
    one_in: Duration,
}

const WITH_A_CLIENT: Patience = Patience {
    at_once: 5,
    one_in: Duration::from_secs(12),
};
/// Enough that no single client uses it up.
const WITH_ALL: Patience = Patience {
    at_once: 50,
    one_in: Duration::from_secs(1),
};

/// How many clients are remembered before those are forgotten that may try as if they never had.
const REMEMBERED: usize = 1_000;

impl Wrong {
    /// How long nothing of this client is looked at, if so.
    fn wait(&self, client: Option<IpAddr>, now: Instant) -> Option<Duration> {
        let of_client = client.and_then(|client| self.of_client.get(&client));
        let of_client = of_client.and_then(|tries| tries.wait(&WITH_A_CLIENT, now));
        of_client.max(self.of_all.wait(&WITH_ALL, now))
    }

    fn count(&mut self, client: Option<IpAddr>, now: Instant) {
        self.of_all.count(&WITH_ALL, now);
        if self.of_client.len() >= REMEMBERED {
            self.of_client.retain(|_, tries| !tries.are_forgotten(now));
        }
        if let Some(client) = client {
            let tries = self.of_client.entry(client).or_default();
            tries.count(&WITH_A_CLIENT, now);
        }
    }
}

/// Each wrong try puts off the moment at which all are forgotten.
#[derive(Default)]
struct Tries {
    forgotten: Option<Instant>,
}

impl Tries {
    fn wait(&self, patience: &Patience, now: Instant) -> Option<Duration> {
        let left = self.forgotten?.saturating_duration_since(now);
        let most = patience.one_in * (patience.at_once - 1);
        left.checked_sub(most).filter(|wait| !wait.is_zero())
    }

    fn count(&mut self, patience: &Patience, now: Instant) {
        let from = self.forgotten.map_or(now, |forgotten| forgotten.max(now));
        self.forgotten = Some(from + patience.one_in);
    }

    fn are_forgotten(&self, now: Instant) -> bool {
        self.forgotten.is_none_or(|forgotten| forgotten <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(password: &str) -> Lock {
        Lock::new(&password.parse().unwrap()).unwrap()
    }

    const SOMEBODY: Option<IpAddr> = Some(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST));

    #[tokio::test]
    async fn only_the_password_is_right() {
        let lock = lock("Käsekuchen");
        assert_eq!(lock.try_out("Käsekuchen", SOMEBODY).await, Tried::Right);
        let apart = "Ka\u{308}sekuchen";
        assert_eq!(lock.try_out(apart, SOMEBODY).await, Tried::Right);
        for wrong in ["", "käsekuchen", "Käsekuchen ", "Käsekuche"] {
            assert_eq!(lock.try_out(wrong, None).await, Tried::Wrong, "{wrong}");
        }
    }

    #[tokio::test]
    async fn whoever_guesses_has_to_wait_and_nobody_else() {
        let lock = lock("right");
        for _ in 0..WITH_A_CLIENT.at_once {
            assert_eq!(lock.try_out("right", SOMEBODY).await, Tried::Right);
            assert_eq!(lock.try_out("wrong", SOMEBODY).await, Tried::Wrong);
        }
        let Tried::TooOften(wait) = lock.try_out("right", SOMEBODY).await else {
            panic!("looked at");
        };
        assert!(wait <= WITH_A_CLIENT.one_in, "{wait:?}");
        let other = Some("192.0.2.1".parse().unwrap());
        assert_eq!(lock.try_out("right", other).await, Tried::Right);
    }

    #[test]
    fn who_waits_may_try_again_and_at_last_as_before() {
        let (mut wrong, begin) = (Wrong::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(wrong.wait(SOMEBODY, begin), None);
            wrong.count(SOMEBODY, begin);
        }
        let one_in = WITH_A_CLIENT.one_in;
        assert_eq!(wrong.wait(SOMEBODY, begin), Some(one_in));
        assert_eq!(wrong.wait(SOMEBODY, begin + one_in), None);
        wrong.count(SOMEBODY, begin + one_in);
        assert_eq!(wrong.wait(SOMEBODY, begin + one_in), Some(one_in));
        assert!(wrong.of_client[&SOMEBODY.unwrap()].are_forgotten(begin + one_in * 6));
    }

    #[test]
    fn many_clients_together_have_to_wait_as_well() {
        let (mut wrong, now) = (Wrong::default(), Instant::now());
        for n in 0..50 {
            let client = Some(IpAddr::from([192, 0, 2, n]));
            assert_eq!(wrong.wait(client, now), None, "{n}");
            wrong.count(client, now);
        }
        let client = Some(IpAddr::from([192, 0, 2, 200]));
        assert_eq!(wrong.wait(client, now), Some(WITH_ALL.one_in));
    }

    #[test]
    fn a_session_is_of_one_password_and_ends() {
        let (lock, other) = (lock("one"), lock("another"));
        let session = lock.session(1_000);
        assert!(lock.knows(&session, 999));
        assert!(self::lock("one").knows(&session, 0), "at another process");
        assert!(!lock.knows(&session, 1_000));
        assert!(!other.knows(&session, 999));
        let later = session.replacen("1000", "2000", 1);
        for forged in [
            "",
            "-",
            "1000-",
            &later,
            &session[..68],
            &format!("{session}0"),
        ] {
            assert!(!lock.knows(forged, 999), "{forged}");
        }
    }

    /// Browsers keep their sessions for a year, over updates.
    #[test]
    fn sessions_of_earlier_versions_are_understood() {
        let lock = lock("a password");
        let session = "4102444800-dd24541ca66003fc527b2c492062983e4b57a85022f5c6e6cd7cf5d71cb51b2d";
        assert_eq!(lock.session(4_102_444_800), session);
        assert!(lock.knows(session, 0));
    }

    #[test]
    fn a_password_is_not_told() {
        let password: Password = "Käsekuchen".parse().unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert!("".parse::<Password>().is_err());
    }
}
