//! The random token by which a board recognizes a browser. Only its hash leaves this file.

use poem::web::cookie::CookieJar;
use sha2::{Digest, Sha256};

use super::cookies::{TOKEN, YEAR, cookie};
use crate::model::BrowserId;

/// The hash of the browser's token. A browser without a valid token gets a new one with its first page, so that two actions sent
/// at once belong to one participant.
pub(in crate::web) fn get_or_create(jar: &CookieJar, secure: bool) -> BrowserId {
    get(jar).unwrap_or_else(|| {
        let token = format!("{:032x}", rand::random::<u128>());
        jar.add(cookie(TOKEN, token.clone(), YEAR, secure));
        hashed(&token)
    })
}

/// The hash of the browser's token; `None` without a valid token.
pub(in crate::web) fn get(jar: &CookieJar) -> Option<BrowserId> {
    let cookie = jar.get(TOKEN)?;
    let token = cookie.value_str();
    is_valid(token).then(|| hashed(token))
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
