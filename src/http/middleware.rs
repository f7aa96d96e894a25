//! Middleware for [`wrap`]. Each file says what it needs to be outside or inside of; the application sets the order.

pub mod catch_panic;
pub mod compression;
pub mod cors;
pub mod cross_site;
pub mod delay;
mod gzip_body;
pub mod host;
pub mod load_shed;
pub mod request_limits;
pub mod security_headers;
pub mod set_cookies;
pub mod unread_body;
pub mod utf8_path;
pub mod wrap;

#[cfg(test)]
pub(crate) mod testing;
