//! How changes reach open pages: one channel per board, messages that are rendered once, and one subscription per stream.

pub(super) mod channel;
mod consent_change;
pub(super) mod delta;
pub(super) mod event_batch;
pub(super) mod log_cache;
pub(super) mod log_follower;
mod render_cache;
pub(super) mod resume;
pub(super) mod subscription;
