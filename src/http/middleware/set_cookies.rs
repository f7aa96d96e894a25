//! Gives each request its [`Cookies`] and adds those that were set to the response.

use std::sync::Arc;

use poem::{Request, Response, Result};

use super::wrap::Next;

use crate::http::cookies::Cookies;

/// Attaches the [`Cookies`] of a request to it. Has to be outside of everything that reads or sets cookies, and outside of what
/// renders errors: their responses may set cookies as well.
///
/// # Errors
/// Those of `inner`.
pub async fn attach<N: Next>(inner: Arc<N>, mut request: Box<Request>) -> Result<Response> {
    let cookies = Cookies::from_headers(request.headers());
    request.set_data(cookies.clone());
    let mut response = inner.run(request).await?;
    cookies.append_to(response.headers_mut());
    Ok(response)
}
