use std::io::Read;

use flate2::read::GzDecoder;
use poem::{Endpoint, EndpointExt, endpoint::make_sync, error::NotFoundError};

use super::{
    super::{
        testing::{get, send},
        wrap::Wrap,
    },
    *,
};

const BROWSER: [(&str, &str); 1] = [("Accept-Encoding", "gzip, deflate, br, zstd")];

fn text() -> String {
    "Margherita, vetoed by Alice. ".repeat(100)
}

/// The response of a page with these headers to a browser.
async fn response_with(headers: &'static [(&str, &str)]) -> Response {
    get(page(headers), &BROWSER).await
}

fn page(headers: &'static [(&str, &str)]) -> impl Endpoint {
    make_sync(move |_| {
        let mut page = Response::builder().content_type("text/html; charset=utf-8");
        for (name, value) in headers {
            page = page.header(*name, *value);
        }
        page.body(text())
    })
    .wrap(compress)
}

fn coding(response: &Response) -> Option<&str> {
    response.header("Content-Encoding")
}

fn assert_untouched(response: &Response) {
    assert_eq!(coding(response), None);
    assert_eq!(response.header("Vary"), None);
}

async fn decompressed(response: Response) -> String {
    let coding = coding(&response).unwrap().to_owned();
    let compressed = response.into_body().into_bytes().await.unwrap();
    let mut text = String::new();
    let read = match coding.as_str() {
        "zstd" => zstd::Decoder::new(&*compressed)
            .unwrap()
            .read_to_string(&mut text),
        _ => GzDecoder::new(&*compressed).read_to_string(&mut text),
    };
    read.unwrap();
    text
}

#[tokio::test]
async fn a_page_is_compressed_losslessly_in_each_coding() {
    for offered in OFFERED {
        let response = get(page(&[]), &[("Accept-Encoding", offered)]).await;
        assert_eq!(coding(&response), Some(offered));
        assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
        assert_eq!(decompressed(response).await, text(), "{offered}");

        let response = get(page(&[]), &[("Accept-Encoding", offered)]).await;
        let bytes = response.into_body().into_bytes().await.unwrap();
        assert!(bytes.len() * 10 < text().len(), "{offered}");
    }
}

#[tokio::test]
async fn a_large_body_is_compressed_while_it_is_read() {
    let large = text().repeat(200);
    let body = large.clone();
    let page = make_sync(move |_| {
        Response::builder()
            .content_type("text/html")
            .body(body.clone())
    });
    let response = get(page.wrap(compress), &BROWSER).await;
    assert_eq!(coding(&response), Some("gzip"));
    assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    assert_eq!(decompressed(response).await, large);
}

#[tokio::test]
async fn without_accept_encoding_the_page_is_plain_and_varies() {
    let response = get(page(&[]), &[]).await;
    assert_eq!(coding(&response), None);
    assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    assert_eq!(response.into_body().into_string().await.unwrap(), text());
}

#[tokio::test]
async fn tiny_bodies_are_not_compressed() {
    let tiny = make_sync(|_| "x".repeat(859)).wrap(compress);
    let response = get(tiny, &BROWSER).await;
    assert_eq!(coding(&response), None);
    assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    let larger = make_sync(|_| "x".repeat(860)).wrap(compress);
    assert_eq!(coding(&get(larger, &BROWSER).await), Some("zstd"));
}

#[tokio::test]
async fn only_text_is_compressed() {
    for kind in ["image/png", "application/octet-stream", "text/event-stream"] {
        let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
        assert_untouched(&get(body.wrap(compress), &BROWSER).await);
    }
    for kind in [
        "Application/JSON",
        "image/svg+xml",
        "application/problem+json",
    ] {
        let body = make_sync(move |_| Response::builder().content_type(kind).body(text()));
        let response = get(body.wrap(compress), &BROWSER).await;
        assert_eq!(coding(&response), Some("zstd"), "{kind}");
    }
}

#[tokio::test]
async fn a_response_that_chose_its_coding_is_unchanged() {
    let compressed = response_with(&[("Content-Encoding", "br")]).await;
    assert_eq!(coding(&compressed), Some("br"));
    assert_eq!(compressed.header("Vary"), None);
    let chosen = response_with(&[("Vary", "Accept-Encoding")]).await;
    assert_eq!(coding(&chosen), None);
    assert_eq!(chosen.headers().get_all("Vary").iter().count(), 1);
    assert_untouched(&response_with(&[("Cache-Control", "no-transform")]).await);
}

#[tokio::test]
async fn other_vary_values_are_kept() {
    let response = response_with(&[("Vary", "HX-Request")]).await;
    let vary: Vec<_> = response.headers().get_all("Vary").iter().collect();
    assert_eq!(vary, ["HX-Request", "Accept-Encoding"]);
}

#[tokio::test]
async fn the_etag_of_a_compressed_response_is_weak() {
    assert_eq!(
        response_with(&[("ETag", "\"v7\"")]).await.header("ETag"),
        Some("W/\"v7\"")
    );
    assert_eq!(
        response_with(&[("ETag", "W/\"v7\"")]).await.header("ETag"),
        Some("W/\"v7\"")
    );
    let plain = get(page(&[("ETag", "\"v7\"")]), &[]).await;
    assert_eq!(plain.header("ETag"), Some("\"v7\""));
}

#[tokio::test]
async fn not_modified_has_the_headers_of_the_compressed_page() {
    let not_modified = make_sync(|_| {
        Response::builder()
            .status(StatusCode::NOT_MODIFIED)
            .header("ETag", "\"v7\"")
            .finish()
    });
    let response = get(not_modified.wrap(compress), &BROWSER).await;
    assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    assert_eq!(response.header("ETag"), Some("W/\"v7\""));
    assert_eq!(coding(&response), None);
}

#[tokio::test]
async fn responses_without_a_body_are_not_compressed() {
    let head = send(page(&[]), Method::HEAD, &BROWSER, ()).await;
    assert_eq!(coding(&head), None);
    assert_eq!(head.header("Vary"), Some("Accept-Encoding"));
    let nothing = make_sync(|_| StatusCode::NO_CONTENT).wrap(compress);
    assert_untouched(&get(nothing, &BROWSER).await);
}

#[tokio::test]
async fn errors_pass_through_unchanged() {
    let failing = poem::endpoint::make(|_| async { Err::<(), _>(NotFoundError) })
        .wrap(compress)
        .catch_error(|_: NotFoundError| async { "a page that explains" });
    let response = get(failing, &BROWSER).await;
    let page = response.into_body().into_string().await.unwrap();
    assert_eq!(page, "a page that explains");
}

#[tokio::test]
async fn a_reused_compressor_does_not_mix_responses() {
    let pages = (0..64).map(|number| async move {
        let text = format!("{} {number}", text());
        let body = text.clone();
        let page = make_sync(move |_| {
            Response::builder()
                .content_type("text/html")
                .body(body.clone())
        });
        let response = get(page.wrap(compress), &BROWSER).await;
        assert_eq!(decompressed(response).await, text);
    });
    futures_util::future::join_all(pages).await;
}

/// A body of this kind and of unknown length, of which all is there.
fn of_unknown_length(kind: &'static str) -> impl Endpoint {
    make_sync(move |_| {
        let piece = Ok::<_, io::Error>(text());
        let pieces = futures_util::stream::iter([piece]);
        Response::builder()
            .content_type(kind)
            .body(Body::from_bytes_stream(pieces))
    })
    .wrap(compress)
}

#[tokio::test]
async fn a_body_of_unknown_length_is_not_compressed() {
    let response = get(of_unknown_length("text/plain"), &BROWSER).await;
    assert_eq!(coding(&response), None);
    assert_eq!(response.header("Vary"), Some("Accept-Encoding"));
    assert_eq!(response.into_body().into_string().await.unwrap(), text());
}

#[tokio::test]
async fn json_lines_of_unknown_length_are_compressed() {
    let response = get(of_unknown_length("application/x-ndjson"), &BROWSER).await;
    assert_eq!(coding(&response), Some("gzip"));
    assert_eq!(decompressed(response).await, text());
}
