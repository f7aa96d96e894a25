//! Serves the embedded assets. An path contains a content hash, so each response may be cached for a year.

use std::borrow::Cow;

use poem::{
    Body, Request, Response, Result,
    error::NotFoundError,
    handler,
    http::{StatusCode, header},
    web::{Path, Redirect},
};

use crate::{
    assets::{self, Asset},
    http::{accept_encoding::AcceptEncoding, etag},
};

const ONE_YEAR: &str = "public, max-age=31536000, immutable";

/// `GET /assets/:name`. Also handles HEAD, which poem's `get` turns into a GET.
///
/// # Errors
/// `NotFoundError` if there is no such asset.
#[handler]
pub(crate) fn serve(Path(name): Path<String>, request: &Request) -> Result<Response> {
    let asset = assets::find(&name).ok_or(NotFoundError)?;
    let content_type = asset.content_type;
    let (coding, bytes) = negotiate(asset, &AcceptEncoding::from_headers(request.headers()));
    // The encoded forms differ in bytes, so each needs its own tag.
    let etag = match coding {
        Some(coding) => format!("\"{name}.{coding}\""),
        None => format!("\"{name}\""),
    };

    let mut response = Response::builder()
        .header(header::CACHE_CONTROL, ONE_YEAR)
        .header(header::VARY, "Accept-Encoding")
        .header(header::ETAG, &etag);
    if etag::matches(request.headers(), &etag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(coding) = coding {
        response = response.header(header::CONTENT_ENCODING, coding);
    }
    Ok(response
        .header(header::CONTENT_TYPE, content_type)
        // Set explicitly, because the response to HEAD has no body.
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(to_body(bytes)))
}

/// `GET /favicon.ico`, which browsers request if no page names an icon.
#[handler]
pub(crate) fn favicon() -> Redirect {
    Redirect::temporary(assets::ICON)
}

/// The best form of the asset that the client accepts, and its content coding.
fn negotiate(
    asset: Asset,
    accepted: &AcceptEncoding,
) -> (Option<&'static str>, Cow<'static, [u8]>) {
    let forms = [("br", asset.brotli), ("gzip", asset.gzip)];
    let offered: Vec<_> = forms
        .iter()
        .filter_map(|(coding, bytes)| bytes.as_ref().and(Some(*coding)))
        .collect();
    let best = accepted.best(&offered);
    forms
        .into_iter()
        .find(|(coding, _)| Some(*coding) == best)
        .and_then(|(_, bytes)| bytes)
        .map_or((None, asset.plain), |bytes| (best, bytes))
}

/// Sends embedded bytes without a copy.
fn to_body(bytes: Cow<'static, [u8]>) -> Body {
    match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use poem::{Endpoint, Route, get, http::Method};

    use super::*;

    async fn send(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let routes = Route::new()
            .at("/assets/:name", get(serve))
            .at("/favicon.ico", get(favicon));
        let mut request = Request::builder().method(method).uri_str(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        routes.get_response(request.finish()).await
    }

    async fn fetch(path: &str, headers: &[(&str, &str)]) -> Response {
        send(Method::GET, path, headers).await
    }

    #[tokio::test]
    async fn a_style_sheet_is_cached_for_a_year() {
        let response = fetch(assets::STYLE, &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.header("Content-Type"),
            Some("text/css; charset=utf-8")
        );
        assert_eq!(response.header("Cache-Control"), Some(ONE_YEAR));
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(response.header("Content-Encoding"), None);
        let etag = response.header("ETag").unwrap();
        assert!(etag.starts_with('"') && etag.ends_with('"'));
        let style = response.into_body().into_string().await.unwrap();
        assert!(style.starts_with(":root {"), "{style}");
    }

    #[tokio::test]
    async fn a_client_gets_the_smallest_form_it_accepts() {
        let coding = async |accept| {
            let response = fetch(assets::SCRIPT, &[("Accept-Encoding", accept)]).await;
            response.header("Content-Encoding").map(str::to_owned)
        };
        assert_eq!(coding("gzip, deflate, br, zstd").await.unwrap(), "br");
        assert_eq!(coding("gzip, br;q=0").await.unwrap(), "gzip");
        assert_eq!(coding("zstd").await, None);
    }

    #[tokio::test]
    async fn encoded_forms_decode_to_the_same_asset() {
        let plain = fetch(assets::SCRIPT, &[]).await;
        let script = plain.into_body().into_string().await.unwrap();
        let response = fetch(assets::SCRIPT, &[("Accept-Encoding", "gzip")]).await;
        let bytes = response.into_body().into_vec().await.unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, script);

        let response = fetch(assets::SCRIPT, &[("Accept-Encoding", "br")]).await;
        let bytes = response.into_body().into_vec().await.unwrap();
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut &bytes[..], &mut text).unwrap();
        assert_eq!(text, script.as_bytes());
    }

    #[tokio::test]
    async fn a_cached_asset_is_not_sent_again() {
        for accept in ["br", "gzip", "identity"] {
            let accept = ("Accept-Encoding", accept);
            let first = fetch(assets::SCRIPT, &[accept]).await;
            let etag = first.header("ETag").unwrap();
            let again = fetch(assets::SCRIPT, &[accept, ("If-None-Match", etag)]).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.header("ETag"), Some(etag));
            assert_eq!(again.header("Cache-Control"), Some(ONE_YEAR));
            assert!(again.into_body().is_empty());

            let other = fetch(assets::SCRIPT, &[accept, ("If-None-Match", "\"other\"")]).await;
            assert_eq!(other.status(), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn each_form_has_its_own_tag() {
        let br = fetch(assets::SCRIPT, &[("Accept-Encoding", "br")]).await;
        let gzip = fetch(assets::SCRIPT, &[("Accept-Encoding", "gzip")]).await;
        let plain = fetch(assets::SCRIPT, &[]).await;
        assert_ne!(br.header("ETag"), gzip.header("ETag"));
        assert_ne!(gzip.header("ETag"), plain.header("ETag"));
    }

    #[tokio::test]
    async fn head_returns_the_headers_of_get() {
        let get = fetch(assets::SCRIPT, &[]).await;
        let head = send(Method::HEAD, assets::SCRIPT, &[]).await;
        assert_eq!(head.status(), StatusCode::OK);
        assert_eq!(head.headers(), get.headers());
        let length: usize = head.header("Content-Length").unwrap().parse().unwrap();
        assert_eq!(length, get.into_body().into_bytes().await.unwrap().len());
        assert!(head.into_body().is_empty());
    }

    #[tokio::test]
    async fn unknown_paths_are_not_found() {
        for path in ["/assets/savt.css", "/assets/", "/assets/..%2FCargo.toml"] {
            assert_eq!(fetch(path, &[]).await.status(), StatusCode::NOT_FOUND);
        }
        let compressed = fetch(&format!("{}.br", assets::SCRIPT), &[]).await;
        assert_eq!(compressed.status(), StatusCode::NOT_FOUND);
        let posted = send(Method::POST, assets::STYLE, &[]).await;
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn the_default_favicon_redirects_to_the_icon() {
        let response = fetch("/favicon.ico", &[]).await;
        assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(response.header("Location"), Some(assets::ICON));
    }
}
