//! Renders every error in the reader's language: fragments for htmx, otherwise a page that links back to the board.

use std::sync::Arc;

use poem::{
    PathPattern, Request, Response, Result,
    http::{HeaderValue, StatusCode, header},
};

use super::{
    error::HttpError,
    request::{htmx::wants_fragments, language_preference::LanguagePreference},
    request_context::RequestContext,
    response::{html, version_header::VERSION},
};
use crate::{
    http::middleware::wrap::Next,
    http::{error_chain::error_chain, middleware::catch_panic::Panicked, pieces::Pieces},
    model::Slug,
    view::{
        self, Fragment, Languages, Texts, toast,
        url::{self, BoardUrls},
    },
};

/// Renders an error of the API, which knows no pages.
pub(crate) type RenderApiError = fn(HttpError, &Texts) -> Response;

/// What errors are rendered with.
pub(crate) struct ErrorPages {
    languages: Languages,
    render_api_error: RenderApiError,
}

impl ErrorPages {
    pub(crate) fn new(languages: Languages, render_api_error: RenderApiError) -> ErrorPages {
        ErrorPages {
            languages,
            render_api_error,
        }
    }
}

/// Turns the errors of `inner` into responses.
///
/// # Errors
/// None.
pub(crate) async fn render_errors<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    error_pages: Arc<ErrorPages>,
) -> Result<Response> {
    // Most requests succeed, so this only keeps what an error would need.
    let preference = LanguagePreference::from_headers(request.headers());
    let uri = request.uri().clone();
    let fragments_only = wants_fragments(&request);
    let context = request.data::<RequestContext>().cloned();
    let error = match inner.run(request).await {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let texts = match context.as_ref().and_then(RequestContext::texts) {
        Some(texts) => texts,
        None => error_pages.languages.texts(preference.language()),
    };
    let home = home_of(uri.path());
    let is_api = url::is_api(uri.path());
    let render = |error: HttpError| match is_api {
        true => (error_pages.render_api_error)(error, texts),
        false => render(error, fragments_only, &home, texts),
    };
    let status = error.status();
    let route = error.data::<PathPattern>().cloned();
    let mut response = match error.downcast::<HttpError>() {
        Ok(error) => render(error),
        Err(error) => {
            let mut own = from_status(status);
            if status.is_server_error() {
                own = own.caused_by(cause(&error));
            }
            let mut response = render(own);
            // These headers carry details that the page lacks.
            for (name, value) in error.into_response().headers() {
                if [header::ALLOW, header::RETRY_AFTER].contains(name) {
                    response.headers_mut().insert(name, value.clone());
                }
            }
            response
        }
    };
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    if let Some(route) = route {
        response.set_data(route);
    }
    Ok(response)
}

fn render(error: HttpError, fragments_only: bool, home: &str, texts: &Texts) -> Response {
    let body = match fragments_only {
        true => {
            let mut fragments = error.fragments;
            fragments.push(toast::fragment(toast::error(error.reason, texts)));
            Fragment::join(&fragments).into()
        }
        false => match error.page {
            Some(page) => *page,
            None => {
                let title = texts.text(title(error.status));
                let home = if error.is_board_missing { "/" } else { home };
                let page = view::error::page(&title, error.reason, home, texts);
                Pieces::from(page.into_string())
            }
        },
    };
    let mut response = html::response(body);
    response.set_status(error.status);
    if let Some(cause) = error.cause {
        response.set_data(*cause);
    }
    if let Some(seconds) = error.retry_after {
        let value = HeaderValue::from(seconds);
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    if let Some(version) = error.as_of {
        let value = HeaderValue::from(version);
        response.headers_mut().insert(VERSION, value);
    }
    response
}

/// The original reason of an error that poem or a middleware of `http` returned.
fn cause(error: &poem::Error) -> String {
    match error.is::<Panicked>() {
        true => "the endpoint panicked".to_owned(),
        false => error_chain(error),
    }
}

/// The error for a status that poem or a middleware of `http` returned.
fn from_status(status: StatusCode) -> HttpError {
    let reason = match status {
        StatusCode::NOT_FOUND => "no-such-page",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "headers-too-large",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        StatusCode::FORBIDDEN => "cross-site",
        StatusCode::MISDIRECTED_REQUEST => "host-not-allowed",
        StatusCode::TOO_MANY_REQUESTS => "too-fast",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "not-a-form",
        StatusCode::SERVICE_UNAVAILABLE => return HttpError::busy(),
        status if status.is_server_error() => {
            return HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error");
        }
        _ => "bad-request",
    };
    HttpError::new(status, reason)
}

/// The title of an error page.
fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "status-400",
        StatusCode::UNAUTHORIZED => "status-401",
        StatusCode::FORBIDDEN => "status-403",
        StatusCode::NOT_FOUND => "status-404",
        StatusCode::METHOD_NOT_ALLOWED => "status-405",
        StatusCode::REQUEST_TIMEOUT => "status-408",
        StatusCode::CONFLICT => "status-409",
        StatusCode::GONE => "status-410",
        StatusCode::PAYLOAD_TOO_LARGE => "status-413",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "status-415",
        StatusCode::MISDIRECTED_REQUEST => "status-421",
        StatusCode::UNPROCESSABLE_ENTITY => "status-422",
        StatusCode::LOCKED => "status-423",
        StatusCode::TOO_MANY_REQUESTS => "status-429",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "status-431",
        StatusCode::INTERNAL_SERVER_ERROR => "status-500",
        StatusCode::SERVICE_UNAVAILABLE => "status-503",
        _ => "status-other",
    }
}

/// The page of the board that an address belongs to.
fn home_of(path: &str) -> String {
    let board = path
        .strip_prefix("/b/")
        .and_then(|rest| rest.split('/').next())
        .and_then(Slug::parse);
    BoardUrls::new(&board.unwrap_or_else(Slug::main)).home()
}
