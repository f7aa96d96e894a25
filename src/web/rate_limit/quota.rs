//! How much of a limit a client has left, as the headers of draft-ietf-httpapi-ratelimit-headers-10 tell it.

use std::{
    num::NonZeroU32,
    sync::{Arc, OnceLock},
    time::Duration,
};

use poem::http::{HeaderMap, HeaderName, HeaderValue};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// What is left of a limit after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remaining {
    pub(super) requests: u32,
    /// At most this long until the client may send one more request than now; zero if it has its full limit.
    pub(super) renewed_in: Duration,
}

/// A limit of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quota {
    pub(super) name: &'static str,
    pub(super) limit: NonZeroU32,
    /// The time that the limit refers to; none for what is open at the same time.
    pub(super) window: Option<Duration>,
    pub(super) remaining: Remaining,
}

/// The limit that a request was checked against. Attached to requests whose answer tells it.
#[derive(Clone, Debug, Default)]
pub(super) struct CheckedQuota(Arc<OnceLock<Quota>>);

impl CheckedQuota {
    pub(super) fn set(&self, quota: Quota) {
        // A request is checked once.
        let _ = self.0.set(quota);
    }

    pub(super) fn get(&self) -> Option<Quota> {
        self.0.get().copied()
    }
}

impl Quota {
    /// An item of `RateLimit-Policy`.
    fn policy(&self) -> String {
        let window = self.window.map(|window| format!(";w={}", window.as_secs()));
        let (name, limit) = (self.name, self.limit);
        format!("\"{name}\";q={limit}{}", window.unwrap_or_default())
    }

    /// An item of `RateLimit`. A number that is open at the same time is not renewed by waiting.
    fn state(&self) -> String {
        let Remaining {
            requests,
            renewed_in,
        } = self.remaining;
        let renewed = self
            .window
            .map(|_| format!(";t={}", whole_seconds(renewed_in)));
        let name = self.name;
        format!("\"{name}\";r={requests}{}", renewed.unwrap_or_default())
    }
}

/// Rounded up.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    (time.as_millis() as u64).div_ceil(1_000)
}

/// Adds the headers; none without a limit.
pub(super) fn insert(headers: &mut HeaderMap, quotas: &[Quota]) {
    if quotas.is_empty() {
        return;
    }
    for (name, item) in [
        (POLICY, Quota::policy as fn(&Quota) -> String),
        (STATE, Quota::state),
    ] {
        let items: Vec<String> = quotas.iter().map(item).collect();
        if let Ok(value) = HeaderValue::try_from(items.join(", ")) {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_structured_fields() {
        let changes = Quota {
            name: "changes",
            limit: NonZeroU32::new(12_000).unwrap(),
            window: Some(Duration::from_secs(60)),
            remaining: Remaining {
                requests: 11_999,
                renewed_in: Duration::from_millis(5),
            },
        };
        let streams = Quota {
            name: "streams",
            limit: NonZeroU32::new(2_000).unwrap(),
            window: None,
            remaining: Remaining {
                requests: 1_999,
                renewed_in: Duration::ZERO,
            },
        };
        let mut headers = HeaderMap::new();
        insert(&mut headers, &[]);
        assert!(headers.is_empty());
        insert(&mut headers, &[changes, streams]);
        let policy = "\"changes\";q=12000;w=60, \"streams\";q=2000";
        assert_eq!(headers[POLICY], policy);
        let state = "\"changes\";r=11999;t=1, \"streams\";r=1999";
        assert_eq!(headers[STATE], state);
    }
}
