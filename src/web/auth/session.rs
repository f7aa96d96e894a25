//! The session cookie of a browser that has logged in.

use poem::{
    Request,
    web::cookie::{Cookie, CookieJar},
};

use super::site_password::SitePassword;
use crate::{
    board::now,
    http::origin::is_secure,
    web::request::cookies::{SESSION, YEAR, cookie},
};

/// Whether this browser has a valid session.
pub(in crate::web) fn is_logged_in(site_password: &SitePassword, request: &Request) -> bool {
    let session = request.cookie().get(SESSION);
    session.is_some_and(|session| site_password.accepts(session.value_str(), seconds_now()))
}

/// Starts a session for this browser.
pub(in crate::web) fn start(site_password: &SitePassword, request: &Request, jar: &CookieJar) {
    let session = site_password.session(seconds_now() + YEAR.as_secs() as i64);
    jar.add(cookie(SESSION, session, YEAR, is_secure(request)));
}

/// Ends the session of this browser only.
pub(in crate::web) fn end(request: &Request, jar: &CookieJar) {
    let mut removal: Cookie = cookie(SESSION, "", YEAR, is_secure(request));
    removal.make_removal();
    jar.add(removal);
}

fn seconds_now() -> i64 {
    now().and_utc().timestamp()
}
