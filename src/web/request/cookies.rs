//! The names and attributes of all cookies.

use std::time::Duration;

use poem::{
    Request,
    web::cookie::{Cookie, SameSite},
};

use crate::{http::cookies::Cookies, web::error::HttpError};

/// The two names of a secret: browsers accept the prefixed name only over TLS, for this host and without a `Domain`
/// (RFC 6265bis, section 4.1.3.2), so no other host of the domain can set it. They reject it over plain HTTP.
pub(in crate::web) struct SecretName {
    /// For plain HTTP, and for all connections in earlier versions.
    pub(in crate::web) plain: &'static str,
    /// For TLS.
    pub(in crate::web) host: &'static str,
}

impl SecretName {
    /// The name to set over this kind of connection.
    pub(in crate::web) fn to_set(&self, secure: bool) -> &'static str {
        match secure {
            true => self.host,
            false => self.plain,
        }
    }

    /// The names in the order in which they count. The prefixed one comes first over any connection: a browser sends it only over
    /// TLS, even if the proxy no longer tells SAVT so.
    pub(in crate::web) fn to_read(&self) -> [&'static str; 2] {
        [self.host, self.plain]
    }
}

/// The random token that identifies a browser.
pub(in crate::web) const TOKEN: SecretName = SecretName {
    plain: "savt",
    host: "__Host-savt",
};
/// The session of a browser that has logged in.
pub(in crate::web) const SESSION: SecretName = SecretName {
    plain: "savt-session",
    host: "__Host-savt-session",
};
/// The name last chosen on any board, which new boards offer.
pub(in crate::web) const NAME: &str = "savt-name";
/// The language chosen by hand.
pub(in crate::web) const LANGUAGE: &str = "savt-language";
/// A message for the next page, for browsers that are redirected instead of getting fragments.
pub(in crate::web) const FLASH: &str = "savt-news";

/// Present if this browser's user was asked for a name, on any board.
pub(in crate::web) const ASKED: &str = "savt-asked";
/// Present while the cookies that last a year need no renewal.
pub(in crate::web) const RENEWED: &str = "savt-renewed";
/// The cookies that last a year and hold no secret.
pub(in crate::web) const PREFERENCES: [&str; 3] = [NAME, LANGUAGE, ASKED];

pub(in crate::web) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
pub(in crate::web) const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
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

/// The cookies that the middleware attaches to every request.
pub(in crate::web) fn cookies_of(request: &Request) -> Result<&Cookies, HttpError> {
    Cookies::from_request(request)
        .ok_or_else(|| HttpError::internal("the request has no cookies attached"))
}
