//! SAVT over HTTP, built on poem: routes, middleware, handlers and error pages.
//!
//! A handler parses the request, sends a command to a board or reads its snapshot, and passes the result to the view. It contains
//! no SQL and no markup.

mod app;
mod auth;
mod error;
mod error_pages;
mod essential_paths;
pub(crate) mod handlers;
mod metrics;
mod middleware;
pub mod rate_limit;
mod request;
mod request_context;
mod response;
mod router;
mod server;
mod starting;

pub use app::App;
pub use auth::{Password, SitePassword};
pub use metrics::{Metrics, NotableRequest, RouteStats};
pub use router::routes;
pub use server::{Server, serve};
