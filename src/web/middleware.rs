//! The middleware stack: all of it in one function, in order, each line with its reason.

mod cross_site_log;
mod pasted_address;
pub(super) mod timing;

use std::sync::Arc;

use cross_site_log::CrossSiteLog;
use poem::{Endpoint, Response, Route};

use super::{
    app::App,
    auth::require_login,
    error_pages::{ErrorPages, RenderApiError, render_errors},
    essential_paths::is_essential,
    rate_limit::{announce, enforce},
};
use crate::{
    http::middleware::{
        catch_panic, compression, cors, cross_site, delay, host, load_shed,
        request_limits::{self, BodyLimits},
        security_headers, set_cookies, unread_body, utf8_path,
        wrap::{Next, Wrap},
    },
    view::url,
};

/// Wraps the routes in their middleware, from the innermost to the outermost: a request passes them from the bottom up.
/// Errors of the API are rendered by `render_api_error`.
pub(crate) fn apply(
    routes: Route,
    app: App,
    render_api_error: RenderApiError,
) -> impl Endpoint<Output = Response> + use<> {
    let metrics = app.metrics.clone();
    let rate_limiter = app.rate_limiter.clone();
    let scheduling_delay = app.scheduling_delay.clone();
    let origin_policy = app.origin_policy.clone();
    let allowed_hosts = app.allowed_hosts.clone();
    let api_origins = app.api_origins.clone();
    let announcing = app.rate_limiter.clone();
    let cross_site_log = Arc::new(CrossSiteLog::default());
    let error_pages = Arc::new(ErrorPages::new(app.languages().clone(), render_api_error));
    let outer_error_pages = error_pages.clone();
    let routes = routes
        // Innermost, because it is the first to wait for the client's body: all checks below run before that.
        .wrap(|inner, request| request_limits::read_body(inner, request, BodyLimits::default()))
        // Inside of the login check, because it reveals which boards exist.
        .wrap(pasted_address::redirect)
        // Nobody without a session gets further, if the installation has a password.
        .wrap(require_login::require_login)
        // Before the login check, which relies on a cookie that other sites' requests carry too.
        .wrap(move |inner, request| {
            let log = cross_site_log.clone();
            async move {
                // Programs are recognized by a token that no browser sends by itself.
                match url::is_api(request.uri().path()) {
                    true => inner.run(request).await,
                    false => {
                        cross_site::reject(inner, request, move |request| log.record(request)).await
                    }
                }
            }
        })
        // Before the checks above cost anything, and inside of load shedding: a shed request does not use up a limit.
        .wrap(move |inner, request| enforce(inner, request, rate_limiter.clone()))
        // The cheapest rejection comes first.
        .wrap(move |inner, request| {
            load_shed::shed(inner, request, scheduling_delay.clone(), is_essential)
        })
        // Before any route, and inside of the error pages: poem takes a parameter that is not UTF-8 for absent.
        .wrap(utf8_path::require)
        // Before anything looks at the request: another name of this machine could be part of an attack.
        .wrap(move |inner, request| host::check(inner, request, allowed_hosts.clone()))
        // Inside of the error pages, because it returns an error.
        .wrap(catch_panic::catch)
        // Renders the errors of everything above.
        .wrap(move |inner, request| render_errors(inner, request, error_pages.clone()))
        // Outside of the error pages: a response to an error may set cookies as well.
        .wrap(set_cookies::attach)
        // Outside of the error pages too: errors of the API tell it as well.
        .wrap(move |inner, request| announce(inner, request, announcing.clone()))
        // One concrete type for the full stack exceeds the compiler's recursion limit in optimized builds.
        .boxed();
    let routes = routes
        // Before cookies are looked up, which reads all of them.
        .wrap(request_limits::check_headers)
        // Once more, for the error of the line above.
        .wrap(move |inner, request| render_errors(inner, request, outer_error_pages.clone()))
        // Outside of the error pages: a page of another site has to read errors too.
        .wrap(move |inner, request| cors::share(inner, request, api_origins.clone(), url::is_api))
        // For the same reason as above.
        .boxed();
    routes
        // Needs the final body.
        .wrap(compression::compress)
        // On every response, including error pages.
        .wrap(security_headers::add)
        // Measures and logs the final response.
        .wrap(move |inner, request| timing::measure(inner, request, timing::SLOW, metrics.clone()))
        // Outside of the measurement: a wrong password may wait for its response.
        .wrap(delay::hold_back)
        // Outside of everything that refuses requests.
        .wrap(unread_body::discard)
        // Available to everything above.
        .wrap(move |inner, mut request| {
            request.set_data(origin_policy.clone());
            request.set_data(app.clone());
            async move { inner.run(request).await }
        })
}
