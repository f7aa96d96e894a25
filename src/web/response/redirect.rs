//! Redirects within SAVT.

use poem::{
    IntoResponse, Response,
    http::{StatusCode, header},
};

/// 303 to a path of SAVT.
pub(in crate::web) fn see_other(path: &str) -> Response {
    StatusCode::SEE_OTHER
        .with_header(header::LOCATION, path)
        .into_response()
}

/// 308 to a path of SAVT: the address was never right, and will not be.
pub(in crate::web) fn permanent(path: &str) -> Response {
    StatusCode::PERMANENT_REDIRECT
        .with_header(header::LOCATION, path)
        .into_response()
}

/// Returns `to` if every browser resolves it to a path on this host. Rejects addresses of other hosts, which start with two slashes,
/// and variants with backslashes or with characters that browsers strip.
pub(in crate::web) fn local_path(to: &str) -> Option<&str> {
    let is_plain = to.bytes().all(|c| c.is_ascii_graphic() && c != b'\\');
    let is_path = to.starts_with('/') && !to.starts_with("//");
    (is_plain && is_path).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_on_this_host_are_accepted() {
        for to in ["/", "/b/x?view=wall", "/history?before=7#event-3", "/%5C/x"] {
            assert_eq!(local_path(to), Some(to));
        }
        for to in [
            "",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/b\\x",
            "https://evil.example",
            "javascript:alert(1)",
            "evil.example",
            "/\t/evil.example",
            "\n//evil.example",
            "/\r\nSet-Cookie: x",
            " /",
            "/\u{7f}",
            "/é",
        ] {
            assert_eq!(local_path(to), None, "{to:?}");
        }
    }
}
