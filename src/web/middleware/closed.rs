//! Turns strangers away from an installation that has a password, before anything of the request is read.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    http::{Method, StatusCode, header},
};

use crate::{
    view::{login, manifest},
    web::{
        App, answer,
        error::Problem,
        htmx::wants_fragments,
        login::{LANGUAGE, is_let_in},
    },
};

/// Lets a request pass if there is no password, if its browser has a session, or if it asks for what tells nothing.
///
/// # Errors
/// 401, where no page was asked for.
pub(in crate::web) async fn to_strangers<E: Endpoint>(
    inner: Arc<E>,
    request: Request,
) -> Result<Response> {
    let lock = request.data::<App>().and_then(|app| app.lock.as_ref());
    if lock.is_some_and(|lock| !is_let_in(lock, &request)) && !is_for_all(request.uri().path()) {
        return turn_away(&request);
    }
    inner.call(request).await.map(IntoResponse::into_response)
}

/// The way in, what it looks like, and whether the process is well.
fn is_for_all(path: &str) -> bool {
    let exactly = [
        login::ADDRESS,
        LANGUAGE,
        manifest::ADDRESS,
        "/favicon.ico",
        "/healthz",
        "/readyz",
    ];
    exactly.contains(&path) || path.starts_with("/assets/")
}

/// Who asks for a page is led there by way of the login page; for all else there is a word.
fn turn_away(request: &Request) -> Result<Response> {
    let page = [Method::GET, Method::HEAD].contains(request.method())
        && !wants_fragments(request)
        && !wants_a_stream(request);
    if !page {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "closed").into());
    }
    let uri = request.uri();
    let to = uri.path_and_query().map_or("/", |whole| whole.as_str());
    let to = utf8_percent_encode(to, NON_ALPHANUMERIC);
    Ok(answer::see(&format!("{}?to={to}", login::ADDRESS)))
}

fn wants_a_stream(request: &Request) -> bool {
    let accept = request.header(header::ACCEPT);
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}
