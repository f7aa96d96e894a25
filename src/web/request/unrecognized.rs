//! A form of a page of SAVT that arrives without the cookie that the page set: the browser keeps no cookies, or has lost this one
//! while the page was open. Without this check each form would come from another participant.

use std::sync::Arc;

use poem::{
    FromRequest, Request, RequestBody,
    http::{HeaderName, StatusCode, header},
};

use super::{form_fields::FormFields, htmx::wants_fragments};
use crate::{
    board::{BoardHandle, Rendering},
    http::middleware::cross_site::is_unsafe,
    model::Name,
    view::{
        self, Fragment, Language, Swap, Texts,
        error::{SentForm, send_again},
    },
    web::error::HttpError,
};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a page of SAVT sent this form. Browsers state it over TLS and to localhost; elsewhere only forms that htmx sends can
/// be told from those of a program, which may act without having loaded a page. Other sites are refused before.
pub(in crate::web) fn is_form_of_page(request: &Request) -> bool {
    if !is_unsafe(request.method()) {
        return false;
    }
    match request.header(SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => wants_fragments(request) && request.headers().contains_key(header::ORIGIN),
    }
}

/// The reason, which says what to do.
pub(in crate::web) fn error() -> HttpError {
    HttpError::new(StatusCode::FORBIDDEN, "no-cookies")
}

/// What the error's page and fragments need.
pub(super) struct Unrecognized<'a> {
    pub(super) handle: &'a Arc<BoardHandle>,
    pub(super) language: Language,
    pub(super) texts: &'a Texts,
    /// The path of the board's page.
    pub(super) home: &'a str,
    pub(super) remembered: Option<&'a Name>,
}

impl Unrecognized<'_> {
    /// The error with the form again, to be sent with the cookie that the response sets. For htmx, the form is still in the
    /// page, which learns that this browser is nobody on the board.
    pub(super) async fn reject(&self, request: &Request, body: &mut RequestBody) -> HttpError {
        let snapshot = self.handle.read().await.rendering(self.language);
        let error = error().at_version(snapshot.board.version());
        // A form that cannot be read is not offered again.
        let Ok(fields) = FormFields::from_request(request, body).await else {
            return error;
        };
        let form = SentForm {
            action: request.uri().path(),
            fields: fields.iter().collect(),
        };
        let title = self.texts.text("status-403");
        let page = send_again(&title, error.reason.clone(), &form, self.home, self.texts);
        error.in_form(page.into_string(), vec![self.nobody(&snapshot)])
    }

    fn nobody(&self, snapshot: &Rendering) -> Fragment {
        let remembered = self.remembered.map(Name::as_str);
        let me = view::participant::me(None, remembered, None, &snapshot.context);
        Fragment::new("#me", Swap::Morph, me.into_string())
    }
}
