//! The optional password of an installation: the password itself, sessions, and the login check.
//!
//! A login attempt passes these steps:
//!
//! 1. `login_throttle`: an address with too many wrong passwords is refused, and so are its IPv6 networks (/64, /56 and /48), each
//!    with a budget of its own. What others did never counts.
//! 2. `fair_queue`: passwords are checked one at a time, because a check costs 19 MiB and tens of milliseconds of a processor.
//!    Networks take turns, so that a network with many attempts delays only itself.
//! 3. `site_password` checks the password. The response to a wrong one is held back if many were wrong of late, by anybody.
//! 4. `failure_log` logs a failed attempt.

mod budget;
mod failure_log;
mod fair_queue;
mod login_throttle;
pub(crate) mod require_login;
pub(crate) mod session;
pub(crate) mod site_password;

pub use site_password::{Password, SitePassword};
