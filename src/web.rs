//! SAVT over HTTP, built on poem: routes, middleware, handlers and error pages.
//!
//! A handler parses the request, sends a command to a board or reads its snapshot, and passes the result to the view. It contains
//! no SQL and no markup.

mod app;
pub(crate) mod auth;
pub(crate) mod error;
mod error_pages;
mod essential_paths;
pub(crate) mod handlers;
mod metrics;
pub(crate) mod middleware;
pub mod rate_limit;
pub(crate) mod request;
pub(crate) mod request_context;
mod response;
mod router;

pub use app::App;
pub use auth::{Password, SitePassword};
pub(crate) use error::HttpError;
pub(crate) use error_pages::{ErrorPages, render_errors};
pub use metrics::{Metrics, NotableRequest, RouteStats};
pub(crate) use router::add_routes;
