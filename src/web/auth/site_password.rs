//! The password of an installation and the sessions of browsers that know it. Nothing is stored: all processes with the same
//! password accept the same sessions, and a new password ends them all.

use std::{
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

use super::login_throttle::LoginThrottle;

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
    queue: Arc<Semaphore>,
}

/// The OWASP recommendation for Argon2id, in KiB and passes: little for one login, too much for many guesses in parallel.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Constant, because processes share sessions only if the hash depends on nothing but the password. Equal passwords of two
/// installations therefore have equal hashes, so the password should be long and unique.
const SALT: &[u8] = b"savt: who may come in";

/// How many attempts may wait to be checked.
const QUEUE_LENGTH: usize = 64;

/// The result of a login attempt.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) enum Attempt {
    Correct,
    Wrong,
    /// Not checked: too many attempts failed, or too many are queued.
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
            queue: Arc::new(Semaphore::new(QUEUE_LENGTH)),
        })
    }

    /// Checks a typed password. Attempts run one at a time, even those whose client has disconnected: this bounds the cost to one
    /// processor and 19 MiB, and each failure counts before the next attempt is checked.
    pub(in crate::web) async fn attempt(&self, typed: &str, client: Option<IpAddr>) -> Attempt {
        let Ok(permit) = self.queue.clone().try_acquire_owned() else {
            return Attempt::Throttled(Duration::from_secs(1));
        };
        let mut throttle = self.throttle.clone().lock_owned().await;
        if let Some(wait) = throttle.wait(client, Instant::now()) {
            return Attempt::Throttled(wait);
        }
        let (typed, verifier) = (Password::from_typed(typed), self.verifier);
        let check = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let derived = derive(&typed);
            let is_correct = derived.is_ok_and(|(derived, _)| derived.ct_eq(&verifier).into());
            if !is_correct {
                throttle.record_failure(client, Instant::now());
            }
            is_correct
        });
        match check.await {
            Ok(true) => Attempt::Correct,
            _ => Attempt::Wrong,
        }
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
        // HMAC accepts keys of any length.
        let mut seal =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC accepts a key of 32 bytes");
        seal.update(b"session");
        seal.update(&until.to_be_bytes());
        seal
    }
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
            assert_eq!(
                site_password.attempt(wrong, None).await,
                Attempt::Wrong,
                "{wrong}"
            );
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
            assert_eq!(site_password.attempt("wrong", CLIENT).await, Attempt::Wrong);
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
