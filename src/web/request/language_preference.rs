//! The reader's language: chosen by hand (cookie), else preferred by the browser (`Accept-Language`), else English.

use std::sync::Arc;

use poem::{
    Request, Result,
    http::{HeaderMap, HeaderValue, header},
};

use super::cookies::LANGUAGE;
use crate::{
    http::cookies::ReceivedCookies,
    view::{Language, Texts},
    web::app::App,
};

/// The headers that decide the language. Cheap to create and to keep after the request: nothing is parsed before it is needed,
/// and needs no middleware, so that even oversized headers get a localized error page.
pub(crate) struct LanguagePreference {
    cookies: ReceivedCookies,
    accept_language: Option<HeaderValue>,
}

impl LanguagePreference {
    pub(crate) fn from_headers(headers: &HeaderMap) -> LanguagePreference {
        LanguagePreference {
            cookies: ReceivedCookies::from_headers(headers),
            accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned(),
        }
    }

    pub(crate) fn language(&self) -> Language {
        let mut chosen = self.cookies.values(LANGUAGE);
        chosen
            .find_map(|tag| Language::from_tag(&tag))
            .or_else(|| {
                Language::from_accept_language(self.accept_language.as_ref()?.to_str().ok()?)
            })
            .unwrap_or_default()
    }
}

/// The texts in the reader's language.
pub(in crate::web) fn texts_for(request: &Request) -> Result<Arc<Texts>> {
    let app = App::from_request(request)?;
    let language = LanguagePreference::from_headers(request.headers()).language();
    Ok(app.languages().texts(language).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(headers: &[(header::HeaderName, &[u8])]) -> Language {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_bytes(value).unwrap());
        }
        LanguagePreference::from_headers(&map).language()
    }

    #[test]
    fn the_cookie_takes_precedence_over_accept_language() {
        let browser = (header::ACCEPT_LANGUAGE, &b"de"[..]);
        assert_eq!(language(&[]), Language::English);
        assert_eq!(language(std::slice::from_ref(&browser)), Language::German);
        for cookie in [
            &b"savt-language=en"[..],
            b"savt=x; savt-language=en; a=b",
            b"other=J\xfcrgen;savt-language=en",
        ] {
            assert_eq!(
                language(&[browser.clone(), (header::COOKIE, cookie)]),
                Language::English
            );
        }
        for cookie in [&b"savt-language=xx"[..], b"a-savt-language=en", b"\xff"] {
            assert_eq!(
                language(&[browser.clone(), (header::COOKIE, cookie)]),
                Language::German
            );
        }
    }
}
