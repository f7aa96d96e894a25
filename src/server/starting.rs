//! What the server answers while the database is not up yet.

use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response,
    endpoint::make,
    http::{StatusCode, header},
};

use crate::{
    api,
    http::{
        allowed_origins::AllowedOrigins,
        middleware::{cors, security_headers},
    },
    view::{Languages, url},
    web::{ErrorPages, HttpError},
};

/// 200 for the check that the process is alive, 503 for everything else.
pub(super) fn endpoint(
    languages: &Languages,
    api_origins: &AllowedOrigins,
) -> impl Endpoint<Output = Response> + use<> {
    let api_origins = api_origins.clone();
    make(answer)
        .with(ErrorPages::new(languages.clone(), api::render_error))
        .around(move |inner, request| cors::share(inner, request, api_origins.clone(), url::is_api))
        .around(security_headers::add)
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
