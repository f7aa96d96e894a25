//! Tells programs how much of their limits is left. Pages are not told: nobody would read it, and it would cost them bytes.

use std::{net::IpAddr, sync::Arc};

use poem::{Endpoint, IntoResponse, Request, Response, Result, http::header};

use super::{
    limiter::RateLimiter,
    quota::{self, CheckedQuota},
};
use crate::view::url;

/// Middleware, outside of what renders errors: adds `RateLimit` and `RateLimit-Policy` to the answers of the API for clients that have
/// limits.
///
/// # Errors
/// Those of `inner`.
pub async fn announce<E: Endpoint>(
    inner: Arc<E>,
    mut request: Request,
    rate_limiter: Arc<RateLimiter>,
) -> Result<Response> {
    if !url::is_api(request.uri().path()) {
        return inner.call(request).await.map(IntoResponse::into_response);
    }
    let client = rate_limiter.limited_network(&request);
    let checked = CheckedQuota::default();
    request.set_data(checked.clone());
    let mut response = inner.call(request).await?.into_response();
    let mut quotas: Vec<_> = checked.get().into_iter().collect();
    quotas.extend(streams(&rate_limiter, client, &response));
    quota::insert(response.headers_mut(), &quotas);
    Ok(response)
}

/// What is left of the open streams, in the answer to a request for one.
fn streams(
    rate_limiter: &RateLimiter,
    client: Option<IpAddr>,
    response: &Response,
) -> Option<quota::Quota> {
    let content_type = response.headers().get(header::CONTENT_TYPE)?;
    let is_stream = content_type.as_bytes().starts_with(b"text/event-stream");
    rate_limiter.open_streams(client.filter(|_| is_stream)?)
}
