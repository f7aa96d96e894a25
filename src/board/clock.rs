//! The one clock: UTC, whole microseconds, the finest that both databases keep.

use chrono::{SubsecRound, Utc};

use crate::model::Moment;

/// The time now.
pub fn now() -> Moment {
    Utc::now().naive_utc().trunc_subsecs(6)
}
