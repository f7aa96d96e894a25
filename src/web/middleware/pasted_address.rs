//! Leads a mistyped or badly pasted address to the board that it means.

use std::sync::Arc;

use poem::{
    PathPattern, Request, Response, Result,
    http::{Method, StatusCode},
};

use crate::http::middleware::wrap::Next;
use crate::web::{app::App, request::pasted::MeantAddress, response::redirect::permanent};

/// Redirects a page that does not exist to the one that its address probably means, if that board exists. Other requests are
/// left alone: the forms of a page never carry such an address.
///
/// # Errors
/// Those of the endpoint.
pub(in crate::web) async fn redirect<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
) -> Result<Response> {
    let is_page = [Method::GET, Method::HEAD].contains(request.method());
    let uri = request.uri().clone();
    let meant = is_page
        .then(|| MeantAddress::from_path(uri.path()))
        .flatten()
        .zip(request.data::<App>().cloned());
    let error = match inner.run(request).await {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    match meant {
        Some((meant, app)) if error.status() == StatusCode::NOT_FOUND => {
            // Boxed, because hardly a request comes here, and all would copy the large future.
            if Box::pin(app.boards.open(&meant.board)).await.is_err() {
                return Err(error);
            }
            let query = uri.query().map(|query| format!("?{query}"));
            let mut response = permanent(&(meant.path + &query.unwrap_or_default()));
            if let Some(route) = error.data::<PathPattern>() {
                response.set_data(route.clone());
            }
            Ok(response)
        }
        _ => Err(error),
    }
}
