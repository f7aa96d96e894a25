//! The optional password of an installation: the password itself, sessions, and the login check.

pub(super) mod login_throttle;
pub(super) mod require_login;
pub(super) mod session;
pub(super) mod site_password;

pub use site_password::{Password, SitePassword};
