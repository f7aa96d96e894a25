//! Middleware that requires a session if the installation has a password. Runs before the body is read.

use std::sync::Arc;

use poem::{
    Request, Response, Result,
    http::{Method, StatusCode, header},
};

use super::{
    session::{has_access, is_logged_in},
    site_password::SitePassword,
};
use crate::{
    http::middleware::wrap::Next,
    view::url,
    web::{
        app::App, error::HttpError, essential_paths::is_essential, request::htmx::wants_fragments,
        response::redirect::see_other,
    },
};

/// Passes a request if there is no password, if the browser has a session, or if the path is public.
///
/// # Errors
/// 401 for anything but a page; pages redirect to the login.
pub(in crate::web) async fn require_login<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
) -> Result<Response> {
    let app = request.data::<App>();
    let site_password = app.and_then(|app| app.site_password.as_ref());
    let path = request.uri().path();
    // A cookie does not count for the API, since any page could make a browser send it.
    let has_access = |password: &SitePassword| match url::is_api(path) {
        true => has_access(password, &request),
        false => is_logged_in(password, &request),
    };
    let is_allowed = site_password.is_none_or(|password| has_access(password))
        || is_public(path)
        || is_preflight(&request);
    match is_allowed {
        true => inner.run(request).await,
        false => deny(&request),
    }
}

fn is_public(path: &str) -> bool {
    // The language can be chosen on the login page too.
    let of_api = || [url::API_LOGIN, url::API_DOCUMENT, url::API_REFERENCE].contains(&path);
    is_essential(path) || [url::LOGIN, url::LANGUAGE].contains(&path) || of_api()
}

/// Whether a browser asks what a page of another origin may send to the API, which it does without any header of the page. The answer
/// names methods, and reveals no board.
fn is_preflight(request: &Request) -> bool {
    *request.method() == Method::OPTIONS && url::is_api(request.uri().path())
}

/// Redirects a page request to the login, which leads back; anything else fails.
fn deny(request: &Request) -> Result<Response> {
    let is_page = [Method::GET, Method::HEAD].contains(request.method())
        && !wants_fragments(request)
        && !wants_stream(request)
        && !url::is_api(request.uri().path());
    if !is_page {
        return Err(HttpError::new(StatusCode::UNAUTHORIZED, "not-logged-in").into());
    }
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    Ok(see_other(&url::login_then(target)))
}

fn wants_stream(request: &Request) -> bool {
    let accept = request.header(header::ACCEPT);
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}
