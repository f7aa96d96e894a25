//! What the server answers while the database is not up yet.

use std::sync::Arc;

use poem::{
    Endpoint, IntoResponse, Request, Response,
    endpoint::make,
    http::{StatusCode, header},
};

use crate::{
    api,
    http::{
        allowed_origins::AllowedOrigins,
        middleware::{cors, security_headers, wrap::Wrap},
    },
    view::{Languages, url},
    web::{ErrorPages, HttpError, render_errors},
};

/// 200 for the check that the process is alive, 503 for everything else.
pub(super) fn endpoint(
    languages: &Languages,
    api_origins: &AllowedOrigins,
) -> impl Endpoint<Output = Response> + use<> {
    let api_origins = api_origins.clone();
    let error_pages = Arc::new(ErrorPages::new(languages.clone(), api::render_error));
    make(answer)
        .wrap(move |inner, request| render_errors(inner, request, error_pages.clone()))
        .wrap(move |inner, request| cors::share(inner, request, api_origins.clone(), url::is_api))
        .wrap(security_headers::add)
}

async fn answer(request: Request) -> poem::Result<Response> {
    match request.uri().path() {
        url::HEALTH => Ok("ok\n".into_response()),
        url::READY => Ok("waiting for the database\n"
            .with_status(StatusCode::SERVICE_UNAVAILABLE)
            .with_header(header::RETRY_AFTER, "2")
            .into_response()),
        _ => Err(HttpError::unavailable().into()),
    }
}
