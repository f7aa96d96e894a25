//! The session cookie of a browser that has logged in.

use poem::Request;

use super::site_password::SitePassword;
use crate::{
    board::now,
    http::{cookies::Cookies, origin::is_secure},
    web::{
        error::HttpError,
        request::cookies::{SESSION, YEAR, cookie, cookies_of},
    },
};

/// The header in which a program sends its session.
const ACCESS: &str = "SAVT-Access";

/// Whether this browser has a valid session.
pub(in crate::web) fn is_logged_in(site_password: &SitePassword, request: &Request) -> bool {
    let Some(cookies) = Cookies::from_request(request) else {
        return false;
    };
    let now = seconds_now();
    SESSION.to_read().into_iter().any(|name| {
        let mut values = cookies.received().values(name);
        values.any(|session| site_password.accepts(&session, now))
    })
}

/// The value of a new session, for a program.
pub(crate) fn value(site_password: &SitePassword) -> String {
    site_password.session(seconds_now() + YEAR.as_secs() as i64)
}

/// Whether a program sent a valid session.
pub(in crate::web) fn has_access(site_password: &SitePassword, request: &Request) -> bool {
    let session = request.header(ACCESS);
    session.is_some_and(|session| site_password.accepts(session, seconds_now()))
}

/// Starts a session for this browser.
///
/// # Errors
/// The middleware that sets cookies is missing.
pub(in crate::web) fn start(
    site_password: &SitePassword,
    request: &Request,
) -> Result<(), HttpError> {
    let session = value(site_password);
    let secure = is_secure(request);
    cookies_of(request)?.set(cookie(SESSION.to_set(secure), session, YEAR, secure));
    Ok(())
}

/// Ends the session of this browser only: removes the cookie for this connection, and whatever session cookies it has sent.
///
/// # Errors
/// The middleware that sets cookies is missing.
pub(in crate::web) fn end(request: &Request) -> Result<(), HttpError> {
    let (cookies, secure) = (cookies_of(request)?, is_secure(request));
    for name in SESSION.to_read() {
        if name == SESSION.to_set(secure) || cookies.received().contains(name) {
            // A browser accepts the prefixed name only together with `Secure`.
            let mut removal = cookie(name, "", YEAR, secure || name == SESSION.host);
            removal.make_removal();
            cookies.set(removal);
        }
    }
    Ok(())
}

fn seconds_now() -> i64 {
    now().and_utc().timestamp()
}
