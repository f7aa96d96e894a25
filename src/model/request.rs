//! Requests that take effect once, however often they are sent: what identifies one, and for how long.

use std::{ops::RangeInclusive, sync::Arc};

use chrono::TimeDelta;

use super::id::Timestamp;

/// How long a request is remembered.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Random bytes of the first request with a key. A repeated request gets them too, so that a secret derived from them and from what only
/// the client knows is the same each time without being stored.
pub type RequestSalt = [u8; 16];

/// Identifies a request that takes effect once. Holds only hashes of what the client sent.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestKey {
    key: Arc<str>,
    body_hash: Arc<str>,
    pub salt: RequestSalt,
}

impl RequestKey {
    /// `key` is a hash of who sends the request, of the operation, and of the key that the client chose; `body_hash` one of the
    /// whole request. `salt` is random.
    pub fn from_hashes(key: String, body_hash: String, salt: RequestSalt) -> RequestKey {
        RequestKey {
            key: key.into(),
            body_hash: body_hash.into(),
            salt,
        }
    }

    pub fn key(&self) -> &Arc<str> {
        &self.key
    }

    pub fn body_hash(&self) -> &str {
        &self.body_hash
    }

    /// Requests from before this time are forgotten.
    pub fn remembered_since(now: Timestamp) -> Timestamp {
        now - LIFETIME
    }
}

/// A request that took effect.
pub struct RecordedRequest {
    pub request: RequestKey,
    pub at: Timestamp,
    /// The numbers of its events.
    pub events: RangeInclusive<i64>,
}
