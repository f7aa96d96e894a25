//! Rate limits for clients, as middleware and for open streams.

mod announce;
mod client_limiter;
mod limiter;
mod limits;
mod quota;
mod rate_limited;
mod stream_limiter;

pub use announce::announce;
pub use limiter::{RateLimiter, enforce};
pub use limits::{RateLimit, RateLimits};
pub use rate_limited::RateLimited;
pub use stream_limiter::StreamPermit;
