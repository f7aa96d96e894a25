//! Tells programs how much of their limits is left. Pages are not told: nobody would read it, and it would cost them bytes.

use std::{net::IpAddr, sync::Arc};

use poem::{Request, Response, Result, http::header};

use super::{
    limiter::RateLimiter,
    quota::{self, CheckedQuota},
};
use crate::http::middleware::wrap::Next;
use crate::view::url;

/// Middleware, outside of what renders errors: adds `RateLimit` and `RateLimit-Policy` to the answers of the API for clients that have
/// limits.
///
/// # Errors
/// Those of `inner`.
pub async fn announce<N: Next>(
    inner: Arc<N>,
    mut request: Box<Request>,
    rate_limiter: Arc<RateLimiter>,
) -> Result<Response> {
    if !url::is_api(request.uri().path()) {
        return inner.run(request).await;
    }
    let client = rate_limiter.limited_network(&request);
    let checked = CheckedQuota::default();
    request.set_data(checked.clone());
    let mut response = inner.run(request).await?;
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
