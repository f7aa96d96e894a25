//! Limits the number of open streams of each client.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    limits::RateLimit,
    quota::{Quota, Remaining},
    rate_limited::RateLimited,
};

/// How long a client with too many streams should wait. Nobody knows when one of them will end.
const RETRY_AFTER: Duration = Duration::from_secs(10);

type OpenStreams = Arc<Mutex<HashMap<IpAddr, u32>>>;

pub(super) struct StreamLimiter {
    limit: Option<NonZeroU32>,
    /// Number of open streams by network.
    open: OpenStreams,
}

impl StreamLimiter {
    pub(super) fn new(limit: RateLimit) -> StreamLimiter {
        StreamLimiter {
            limit: limit.get(),
            open: Arc::default(),
        }
    }

    /// What this network may still open; `None` without a limit.
    pub(super) fn quota(&self, network: IpAddr) -> Option<Quota> {
        let limit = self.limit?;
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&network).copied().unwrap_or_default();
        Some(Quota {
            name: "streams",
            limit,
            window: None,
            remaining: Remaining {
                requests: limit.get().saturating_sub(count),
                renewed_in: Duration::ZERO,
            },
        })
    }

    /// Counts a stream of this network until the permit is dropped.
    pub(super) fn acquire(&self, network: IpAddr) -> Result<StreamPermit, RateLimited> {
        let Some(limit) = self.limit else {
            return Ok(StreamPermit::unlimited());
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= limit.get() {
            return Err(RateLimited { wait: RETRY_AFTER });
        }
        *count += 1;
        Ok(StreamPermit(Some((self.open.clone(), network))))
    }
}

/// A stream counts for its client until this is dropped.
pub struct StreamPermit(Option<(OpenStreams, IpAddr)>);

impl StreamPermit {
    /// A permit that counts for nobody.
    pub(super) fn unlimited() -> StreamPermit {
        StreamPermit(None)
    }
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let Some((open, network)) = &self.0 else {
            return;
        };
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(*network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_counts_until_its_permit_is_dropped() {
        let limiter = StreamLimiter::new(RateLimit::new(2));
        let (own, other) = (
            IpAddr::from([203, 0, 113, 7]),
            IpAddr::from([203, 0, 113, 8]),
        );
        let remaining = |network| limiter.quota(network).unwrap().remaining.requests;
        let first = limiter.acquire(own).unwrap();
        assert_eq!((remaining(own), remaining(other)), (1, 2));
        let _second = limiter.acquire(own).unwrap();
        assert!(limiter.acquire(own).is_err());
        assert_eq!(remaining(own), 0);
        assert!(limiter.acquire(other).is_ok());
        drop(first);
        assert!(limiter.acquire(own).is_ok());
    }
}
