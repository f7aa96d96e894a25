//! In which language somebody reads: as chosen by hand, as the browser says, or English.

use std::sync::Arc;

use poem::{
    Request, Response, Result, handler,
    http::{HeaderValue, header},
    web::cookie::CookieJar,
};

use super::{App, answer, error::Problem, fields::Fields, login::ours, visit::Visit};
use crate::view::{Language, Texts};

/// The cookie with the language chosen by hand.
pub(super) const LANGUAGE: &str = "savt-language";

/// What tells the language of who asks. Cheap to keep after the request is gone: nothing is read before somebody wants to know.
pub(super) struct Reader {
    cookies: CookieJar,
    liked: Option<HeaderValue>,
}

impl Reader {
    pub(super) fn of(request: &Request) -> Reader {
        Reader {
            cookies: request.cookie().clone(),
            liked: request.headers().get(header::ACCEPT_LANGUAGE).cloned(),
        }
    }

    pub(super) fn language(&self) -> Language {
        let chosen = self.cookies.get(LANGUAGE);
        chosen
            .and_then(|cookie| Language::tagged(cookie.value_str()))
            .or_else(|| Language::liked(self.liked.as_ref()?.to_str().ok()?))
            .unwrap_or_default()
    }
}

/// What is said to who asks.
pub(super) fn texts_of(request: &Request) -> Result<Arc<Texts>> {
    let app: &App = request
        .data()
        .ok_or_else(|| Problem::fault("the routes are not given what they need"))?;
    let language = Reader::of(request).language();
    Ok(app.languages().texts(language).clone())
}

/// `POST /language`: from now on this browser reads that one.
#[handler]
pub(super) fn choose(visit: Visit, fields: Fields) -> Result<Response> {
    let language = Language::tagged(fields.text("language"))
        .ok_or_else(|| Problem::invalid("not-understood"))?;
    visit.speak(language);
    let to = ours(fields.text("to"));
    Ok(answer::see(to.unwrap_or(&visit.home())))
}
