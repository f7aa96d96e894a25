//! Recognizes requests that htmx sends.

use poem::Request;

/// Whether the response should consist of fragments.
pub(in crate::web) fn wants_fragments(request: &Request) -> bool {
    request.header("HX-Request") == Some("true")
}
