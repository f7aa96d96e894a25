//! The choice of a language by hand.

use poem::{Response, Result, handler};

use crate::{
    view::Language,
    web::{
        error::HttpError,
        request::{board_request::BoardRequest, form_fields::FormFields},
        response::redirect::{local_path, see_other},
    },
};

/// `POST /language`: stores the language for this browser.
#[handler]
pub(in crate::web) fn choose(request: BoardRequest, fields: FormFields) -> Result<Response> {
    let language = Language::from_tag(fields.text("language"))
        .ok_or_else(|| HttpError::invalid("bad-request"))?;
    request.remember_language(language);
    let to = local_path(fields.text("to"));
    Ok(see_other(to.unwrap_or(&request.home())))
}
