//! Serves the assets: each may be kept for a year, since other content has another address.

use std::borrow::Cow;

use poem::{
    Body, Request, Response, Result,
    error::NotFoundError,
    handler,
    http::{StatusCode, header},
    web::{Path, Redirect},
};

use super::{encoding::Accepted, etag};
use crate::assets::{self, Asset};

const A_YEAR: &str = "public, max-age=31536000, immutable";

/// `GET /assets/:name`. Answers HEAD as well, since poem's `get` turns it into a GET.
///
/// # Errors
/// `NotFoundError` if there is no such file.
#[handler]
pub(crate) fn serve(Path(name): Path<String>, request: &Request) -> Result<Response> {
    let file = assets::find(&name).ok_or(NotFoundError)?;
    let content_type = file.content_type;
    let (coding, bytes) = chosen(file, &Accepted::from_headers(request.headers()));
    // Each form is another sequence of bytes, so it needs a tag of its own.
    let etag = match coding {
        Some(coding) => format!("\"{name}.{coding}\""),
        None => format!("\"{name}\""),
    };

    let mut answer = Response::builder()
        .header(header::CACHE_CONTROL, A_YEAR)
        .header(header::VARY, "Accept-Encoding")
        .header(header::ETAG, &etag);
    if etag::is_known(request.headers(), &etag) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(coding) = coding {
        answer = answer.header(header::CONTENT_ENCODING, coding);
    }
    Ok(answer
        .header(header::CONTENT_TYPE, content_type)
        // Said here, for the answer to HEAD has no body to count.
        .header(header::CONTENT_LENGTH, bytes.len())
        .body(payload(bytes)))
}

/// `GET /favicon.ico`, which browsers ask for where no page has told them better.
#[handler]
pub(crate) fn favicon() -> Redirect {
    Redirect::temporary(assets::ICON)
}

/// The form of the asset that suits the browser, and its coding.
fn chosen(file: Asset, accepted: &Accepted) -> (Option<&'static str>, Cow<'static, [u8]>) {
    let forms = [("br", file.brotli), ("gzip", file.gzip)];
    let offered: Vec<_> = forms
        .iter()
        .filter_map(|(coding, bytes)| bytes.as_ref().and(Some(*coding)))
        .collect();
    let best = accepted.best(&offered);
    forms
        .into_iter()
        .find(|(coding, _)| Some(*coding) == best)
        .and_then(|(_, bytes)| bytes)
        .map_or((None, file.plain), |bytes| (best, bytes))
}

/// Embedded bytes are sent from where they are.
fn payload(bytes: Cow<'static, [u8]>) -> Body {
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

    async fn ask(method: Method, address: &str, headers: &[(&str, &str)]) -> Response {
        let routes = Route::new()
            .at("/assets/:name", get(serve))
            .at("/favicon.ico", get(favicon));
        let mut request = Request::builder().method(method).uri_str(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        routes.get_response(request.finish()).await
    }

    async fn fetch(address: &str, headers: &[(&str, &str)]) -> Response {
        ask(Method::GET, address, headers).await
    }

    #[tokio::test]
    async fn a_style_sheet_comes_whole_and_for_a_year() {
        let answer = fetch(assets::STYLE, &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(
            answer.header("Content-Type"),
            Some("text/css; charset=utf-8")
        );
        assert_eq!(answer.header("Cache-Control"), Some(A_YEAR));
        assert_eq!(answer.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("Content-Encoding"), None);
        let etag = answer.header("ETag").unwrap();
        assert!(etag.starts_with('"') && etag.ends_with('"'));
        let style = answer.into_body().into_string().await.unwrap();
        assert_eq!(style, include_str!("../../assets/savt.css"));
    }

    #[tokio::test]
    async fn a_browser_gets_the_smallest_form_it_takes() {
        let coding = async |accept| {
            let answer = fetch(assets::SCRIPT, &[("Accept-Encoding", accept)]).await;
            answer.header("Content-Encoding").map(str::to_owned)
        };
        assert_eq!(coding("gzip, deflate, br, zstd").await.unwrap(), "br");
        assert_eq!(coding("gzip, br;q=0").await.unwrap(), "gzip");
        assert_eq!(coding("zstd").await, None);
    }

    #[tokio::test]
    async fn a_compressed_form_is_the_same_file() {
        let plain = fetch(assets::SCRIPT, &[]).await;
        let script = plain.into_body().into_string().await.unwrap();
        let answer = fetch(assets::SCRIPT, &[("Accept-Encoding", "gzip")]).await;
        let bytes = answer.into_body().into_vec().await.unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, script);

        let answer = fetch(assets::SCRIPT, &[("Accept-Encoding", "br")]).await;
        let bytes = answer.into_body().into_vec().await.unwrap();
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut &bytes[..], &mut text).unwrap();
        assert_eq!(text, script.as_bytes());
    }

    #[tokio::test]
    async fn what_a_browser_has_is_not_sent_again() {
        for accept in ["br", "gzip", "identity"] {
            let accept = ("Accept-Encoding", accept);
            let first = fetch(assets::SCRIPT, &[accept]).await;
            let etag = first.header("ETag").unwrap();
            let again = fetch(assets::SCRIPT, &[accept, ("If-None-Match", etag)]).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(again.header("ETag"), Some(etag));
            assert_eq!(again.header("Cache-Control"), Some(A_YEAR));
            assert!(again.into_body().is_empty());

            let other = fetch(assets::SCRIPT, &[accept, ("If-None-Match", "\"other\"")]).await;
            assert_eq!(other.status(), StatusCode::OK);
        }
    }

    #[tokio::test]
    async fn forms_have_tags_of_their_own() {
        let br = fetch(assets::SCRIPT, &[("Accept-Encoding", "br")]).await;
        let gzip = fetch(assets::SCRIPT, &[("Accept-Encoding", "gzip")]).await;
        let plain = fetch(assets::SCRIPT, &[]).await;
        assert_ne!(br.header("ETag"), gzip.header("ETag"));
        assert_ne!(gzip.header("ETag"), plain.header("ETag"));
    }

    #[tokio::test]
    async fn head_says_what_get_would_without_sending_it() {
        let get = fetch(assets::SCRIPT, &[]).await;
        let head = ask(Method::HEAD, assets::SCRIPT, &[]).await;
        assert_eq!(head.status(), StatusCode::OK);
        assert_eq!(head.headers(), get.headers());
        let length: usize = head.header("Content-Length").unwrap().parse().unwrap();
        assert_eq!(length, get.into_body().into_bytes().await.unwrap().len());
        assert!(head.into_body().is_empty());
    }

    #[tokio::test]
    async fn there_is_nothing_else() {
        for address in ["/assets/savt.css", "/assets/", "/assets/..%2FCargo.toml"] {
            assert_eq!(fetch(address, &[]).await.status(), StatusCode::NOT_FOUND);
        }
        let compressed = fetch(&format!("{}.br", assets::SCRIPT), &[]).await;
        assert_eq!(compressed.status(), StatusCode::NOT_FOUND);
        let posted = ask(Method::POST, assets::STYLE, &[]).await;
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn an_old_favicon_leads_to_ours() {
        let answer = fetch("/favicon.ico", &[]).await;
        assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(answer.header("Location"), Some(assets::ICON));
    }
}
