//! The names and attributes of all cookies.

use std::time::Duration;

use poem::web::cookie::{Cookie, SameSite};

/// The random token that identifies a browser.
pub(in crate::web) const TOKEN: &str = "savt";
/// The name last chosen on any board, which new boards offer.
pub(in crate::web) const NAME: &str = "savt-name";
/// The language chosen by hand.
pub(in crate::web) const LANGUAGE: &str = "savt-language";
/// The session of a browser that has logged in.
pub(in crate::web) const SESSION: &str = "savt-session";
/// A message for the next page, for browsers that are redirected instead of getting fragments.
pub(in crate::web) const FLASH: &str = "savt-news";

pub(in crate::web) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
pub(in crate::web) const MINUTE: Duration = Duration::from_secs(60);

/// A cookie with the attributes that all cookies share.
pub(in crate::web) fn cookie(
    name: &str,
    value: impl Into<String>,
    max_age: Duration,
    secure: bool,
) -> Cookie {
    let mut cookie = Cookie::new_with_str(name, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(secure);
    cookie.set_max_age(max_age);
    cookie
}
