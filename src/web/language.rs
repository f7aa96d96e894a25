//! In which language somebody reads: as chosen by hand, as the browser says, or English.

use std::sync::Arc;

use poem::{Request, Response, Result, handler, http::header};

use super::{App, answer, error::Problem, fields::Fields, login::ours, visit::Visit};
use crate::view::{Language, Texts};

/// The cookie with the language chosen by hand.
pub(super) const LANGUAGE: &str = "savt-language";

/// The language of who asks.
pub(super) fn language_of(request: &Request) -> Language {
    let chosen = request.cookie().get(LANGUAGE);
    chosen
        .and_then(|cookie| Language::tagged(cookie.value_str()))
        .or_else(|| Language::liked(request.header(header::ACCEPT_LANGUAGE)?))
        .unwrap_or_default()
}

/// What is said to who asks.
pub(super) fn texts_of(request: &Request) -> Result<Arc<Texts>> {
    let app: &App = request
        .data()
        .ok_or_else(|| Problem::fault("the routes are not given what they need"))?;
    Ok(app.languages().texts(language_of(request)).clone())
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
