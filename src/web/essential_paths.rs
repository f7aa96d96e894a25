//! Paths that every browser or health check needs. They are cheap and reveal nothing, so no limit and no login applies to them.

use crate::view;

/// Whether neither limits nor the login apply to this path.
pub(super) fn is_essential(path: &str) -> bool {
    let exact = ["/healthz", "/readyz", "/favicon.ico", view::url::MANIFEST];
    path.starts_with("/assets/") || exact.contains(&path)
}
