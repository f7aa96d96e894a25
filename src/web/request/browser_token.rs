//! The random token by which a board recognizes a browser. Only its hash leaves this file.
//!
//! Over TLS the token is in the cookie `__Host-savt`. The token of the cookie `savt`, which earlier versions set and plain HTTP
//! still uses, is taken over once; from then on `savt` is ignored, so that no other host of the domain can plant a token. The old
//! cookie stays: a return to an earlier version, or to plain HTTP, changes nobody's identity.
//!
//! Only a page, or the answer to a form, sets a new token: if another request did, forms of an open page would come from somebody
//! else than the page shows.
//!
//! A browser does not tell how old a cookie is. A second cookie, which lasts a month, is set with each renewal: while the browser
//! sends it, no response sets the token.

use poem::Request;
use sha2::{Digest, Sha256};

use super::cookies::{MONTH, PREFERENCES, RENEWED, TOKEN, YEAR, cookie, cookies_of};
use crate::{
    http::cookies::{Cookies, ReceivedCookies},
    model::BrowserId,
    web::error::HttpError,
};

/// A browser that has a token.
pub(in crate::web) struct TokenHolder {
    /// The hash of the token.
    pub(in crate::web) browser: BrowserId,
    /// Whether the request had no valid token, so that the response sets a new one.
    pub(in crate::web) is_new: bool,
}

/// Which response a request gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Response {
    /// A page, or the answer to a form.
    Page,
    /// Fragments or messages for a page that is open.
    PartOfPage,
}

/// The browser of a request. One without a valid token gets a new one with its first page, so that two actions sent at once
/// belong to one participant. The cookies of one that has a token are renewed once a month.
pub(in crate::web) fn get_or_create(
    cookies: &Cookies,
    secure: bool,
    response: Response,
) -> TokenHolder {
    let received = cookies.received();
    let [host, plain] = TOKEN.to_read().map(|name| valid_token(received, name));
    let is_stored = host.is_some() || (plain.is_some() && !secure);
    let is_new = host.is_none() && plain.is_none();
    let is_renewed = received.contains(RENEWED);
    let token = host.or(plain).unwrap_or_else(new_token);
    if is_new && response == Response::PartOfPage {
        let browser = hashed(&token);
        return TokenHolder { browser, is_new };
    }
    if !is_stored || !is_renewed {
        let name = TOKEN.to_set(secure);
        cookies.set(cookie(name, token.clone(), YEAR, secure));
    }
    if !is_renewed {
        renew_preferences(cookies, secure);
        cookies.set(cookie(RENEWED, "1", MONTH, secure));
    }
    TokenHolder {
        browser: hashed(&token),
        is_new,
    }
}

fn renew_preferences(cookies: &Cookies, secure: bool) {
    for name in PREFERENCES {
        if let Some(value) = cookies.received().values(name).next() {
            cookies.set(cookie(name, value, YEAR, secure));
        }
    }
}

/// The hash of the browser's token; `None` without a valid token.
///
/// # Errors
/// The middleware that reads cookies is missing.
pub(in crate::web) fn get(request: &Request) -> Result<Option<BrowserId>, HttpError> {
    let received = cookies_of(request)?.received();
    let mut names = TOKEN.to_read().into_iter();
    let token = names.find_map(|name| valid_token(received, name));
    Ok(token.map(|token| hashed(&token)))
}

/// The first valid token in a cookie with this name.
fn valid_token(received: &ReceivedCookies, name: &str) -> Option<String> {
    let mut values = received.values(name);
    let token = values.find(|token| is_valid(token))?;
    Some(token.into_owned())
}

fn new_token() -> String {
    format!("{:032x}", rand::random::<u128>())
}

fn hashed(token: &str) -> BrowserId {
    BrowserId::from_hash(hex::encode(Sha256::digest(token)))
}

fn is_valid(token: &str) -> bool {
    token.len() == 32
        && token
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
