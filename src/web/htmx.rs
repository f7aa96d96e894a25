//! How htmx says that it asks.

use poem::Request;

/// Whether the answer should be fragments.
pub(super) fn wants_fragments(request: &Request) -> bool {
    request.header("HX-Request") == Some("true")
}
