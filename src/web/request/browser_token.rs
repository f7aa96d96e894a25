//! The random token by which a board recognizes a browser. Only its hash leaves this file.
//!
//! Over TLS the token is in the cookie `__Host-savt`. The token of the cookie `savt`, which earlier versions set and plain HTTP
//! still uses, is taken over once; from then on `savt` is ignored, so that no other host of the domain can plant a token. The old
//! cookie stays: a return to an earlier version, or to plain HTTP, changes nobody's identity.

use poem::Request;
use sha2::{Digest, Sha256};

use super::cookies::{TOKEN, YEAR, cookie, cookies_of};
use crate::{
    http::cookies::{Cookies, ReceivedCookies},
    model::BrowserId,
    web::error::HttpError,
};

/// The hash of the browser's token. A browser without a valid token gets a new one with its first page, so that two actions sent
/// at once belong to one participant.
pub(in crate::web) fn get_or_create(cookies: &Cookies, secure: bool) -> BrowserId {
    let received = cookies.received();
    let [host, plain] = TOKEN.to_read().map(|name| valid_token(received, name));
    let is_stored = host.is_some() || (plain.is_some() && !secure);
    let token = host.or(plain).unwrap_or_else(new_token);
    if !is_stored {
        let name = TOKEN.to_set(secure);
        cookies.set(cookie(name, token.clone(), YEAR, secure));
    }
    hashed(&token)
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
