//! The only clock: UTC in whole microseconds, the finest resolution that both databases store.

use chrono::{SubsecRound, Utc};

use crate::model::Timestamp;

/// The current time.
pub fn now() -> Timestamp {
    Utc::now().naive_utc().trunc_subsecs(6)
}
