//! Measures the response time, for the browser, the metrics and the log. Logs the path of a request, never its query, cookies or
//! body.

use std::{
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use poem::{
    Endpoint, IntoResponse, PathPattern, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use tracing::Instrument;

use crate::web::metrics::Metrics;

/// From this response time on, a request is logged as slow.
pub(in crate::web) const SLOW: Duration = Duration::from_secs(1);

const RESPONSE_TIME: HeaderName = HeaderName::from_static("x-response-time");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Identifies a request in the log and in the `X-Request-Id` header of its response; endpoints find it in `Request::data`. Consists
/// of a random number for the process and a counter. Never taken from the client, which could forge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct RequestId {
    process: u16,
    count: u32,
}

impl RequestId {
    fn next() -> Self {
        static PROCESS: LazyLock<u16> = LazyLock::new(rand::random);
        static COUNT: AtomicU32 = AtomicU32::new(1);
        Self {
            process: *PROCESS,
            count: COUNT.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04x}-{:x}", self.process, self.count)
    }
}

/// Measures the time until `inner` responds (for a stream, until its start), adds it and the request ID to the response, updates
/// the metrics, and logs requests that fail (5xx) or take `slow` or longer.
///
/// # Errors
/// None: errors become responses here, because they are measured as well.
pub(in crate::web) async fn measure<E: Endpoint>(
    inner: Arc<E>,
    mut request: Request,
    slow: Duration,
    metrics: Arc<Metrics>,
) -> Result<Response> {
    let start = Instant::now();
    let id = RequestId::next();
    request.set_data(id);
    let method = request.method().clone();
    let uri = request.uri().clone();
    // A single field keeps the span cheap; the log line contains the rest.
    let span = tracing::info_span!("request", %id);

    let mut response = match inner.call(request).instrument(span.clone()).await {
        Ok(response) => response.into_response(),
        Err(error) => error.into_response(),
    };

    let elapsed = start.elapsed();
    let status = response.status();
    let route = response.data::<PathPattern>();
    metrics.record(route.map(|route| &route.0), &method, status, elapsed);
    if status.is_server_error() || elapsed >= slow {
        metrics.record_notable(&method, uri.path(), status, elapsed);
    }
    let headers = response.headers_mut();
    insert(headers, REQUEST_ID, id.to_string());
    let seconds = elapsed.as_secs_f64();
    insert(headers, RESPONSE_TIME, format!("{seconds:.3}s"));
    // Appended, because an endpoint may have added its own timings.
    if let Ok(total) = HeaderValue::try_from(format!("total;dur={:.1}", seconds * 1000.0)) {
        headers.append(SERVER_TIMING, total);
    }

    span.in_scope(|| {
        let (path, status, ms) = (uri.path(), status.as_u16(), elapsed.as_millis() as u64);
        if status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            // An overload must not flood the log as well.
            if let Some(suppressed) = metrics.rejection_log.record() {
                tracing::error!(%method, path, status, ms, suppressed, "request rejected");
            }
        } else if status >= 500 {
            tracing::error!(%method, path, status, ms, "request failed");
        } else if elapsed >= slow {
            tracing::warn!(%method, path, status, ms, "slow request");
        } else {
            tracing::debug!(%method, path, status, ms, "request");
        }
    });
    Ok(response)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use poem::{
        EndpointExt,
        endpoint::{make, make_sync},
        error::{InternalServerError, NotFoundError},
        http::Method,
    };

    use super::*;
    use crate::{
        http::middleware::testing::get,
        log::{Format, testing::Captured},
    };

    /// Wraps `inner` with the given threshold for slow requests.
    fn measured(inner: impl Endpoint + 'static, slow: Duration) -> impl Endpoint {
        let metrics = Arc::new(Metrics::new());
        inner.around(move |inner, request| measure(inner, request, slow, metrics.clone()))
    }

    #[tokio::test]
    async fn every_response_has_its_time() {
        let response = get(measured(make_sync(|_| "a page"), SLOW), &[]).await;
        let time = response.header("X-Response-Time").unwrap();
        let seconds = time.strip_suffix('s').unwrap();
        assert!(seconds.parse::<f64>().unwrap() < 0.5);
        assert_eq!(seconds.split_once('.').unwrap().1.len(), 3);
        let timing = response.header("Server-Timing").unwrap();
        let ms = timing.strip_prefix("total;dur=").unwrap();
        assert!(ms.parse::<f64>().unwrap() < 500.0);
    }

    #[tokio::test]
    async fn errors_have_their_time_too() {
        let failing = make(|_| async { Err::<(), _>(NotFoundError) });
        let response = get(measured(failing, SLOW), &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.header("X-Response-Time").is_some());
        assert!(response.header("Server-Timing").is_some());
    }

    #[tokio::test]
    async fn timings_of_the_endpoint_are_kept() {
        let page = make_sync(|_| {
            Response::builder()
                .header(SERVER_TIMING, "db;dur=1.5")
                .finish()
        });
        let response = get(measured(page, SLOW), &[]).await;
        let timings: Vec<_> = response.headers().get_all(SERVER_TIMING).iter().collect();
        assert_eq!(timings[0], "db;dur=1.5");
        assert_eq!(timings.len(), 2);
    }

    #[tokio::test]
    async fn each_request_gets_a_new_id_and_ignores_the_clients() {
        let endpoint = make_sync(|request| request.data::<RequestId>().unwrap().to_string());
        let endpoint = Arc::new(measured(endpoint, SLOW));
        let forged = [("X-Request-Id", "forged")];
        let first = get(Arc::clone(&endpoint), &forged).await;
        let second = get(endpoint, &forged).await;
        let id = first.header("X-Request-Id").unwrap().to_owned();
        assert_ne!(id, "forged");
        assert_ne!(second.header("X-Request-Id"), Some(&*id));
        assert_eq!(first.into_body().into_string().await.unwrap(), id);
    }

    #[tokio::test]
    async fn a_fast_request_is_not_logged() {
        let log = Captured::start(Format::Text, "info");
        get(measured(make_sync(|_| "a page"), SLOW), &[]).await;
        assert_eq!(log.text(), "");
    }

    #[tokio::test]
    async fn a_slow_request_is_logged_without_secrets() {
        let log = Captured::start(Format::Json, "info");
        let page = measured(make_sync(|_| "a page"), Duration::ZERO);
        let request = Request::builder()
            .method(Method::POST)
            .uri_str("/create/item/?q=a-secret")
            .header("Cookie", "savt=a-secret")
            .body("name=a-secret");
        let response = page.get_response(request).await;
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "slow request");
        assert_eq!(line["method"], "POST");
        assert_eq!(line["path"], "/create/item/");
        assert_eq!(line["status"], 200);
        assert!(line["ms"].as_u64().unwrap() < 500);
        assert_eq!(
            line["span"]["id"].as_str(),
            response.header("X-Request-Id"),
            "the log and the response have the same ID"
        );
        assert!(!log.text().contains("a-secret"));
    }

    #[tokio::test]
    async fn rejections_are_logged_at_most_once_a_second() {
        let log = Captured::start(Format::Json, "info");
        let busy = make_sync(|_| StatusCode::SERVICE_UNAVAILABLE);
        let busy = Arc::new(measured(busy, SLOW));
        let start = Instant::now();
        for _ in 0..100 {
            get(Arc::clone(&busy), &[]).await;
        }
        let text = log.text();
        let max_lines = 1 + start.elapsed().as_secs() as usize;
        let lines: Vec<&str> = text.lines().collect();
        assert!((1..=max_lines).contains(&lines.len()), "{text}");
        let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(line["message"], "request rejected");
        assert_eq!(line["status"], 503);
        assert_eq!(line["suppressed"], 0);
    }

    #[tokio::test]
    async fn a_server_error_is_logged_as_an_error() {
        let log = Captured::start(Format::Json, "info");
        let broken = make(|_| async {
            tracing::info!("about to break");
            Err::<(), _>(InternalServerError(std::io::Error::other("disk on fire")))
        });
        get(measured(broken, SLOW), &[]).await;
        let text = log.text();
        let (first, second) = text.trim().split_once('\n').unwrap();
        let first: serde_json::Value = serde_json::from_str(first).unwrap();
        let second: serde_json::Value = serde_json::from_str(second).unwrap();
        assert_eq!(second["level"], "ERROR");
        assert_eq!(second["status"], 500);
        assert_eq!(first["span"], second["span"]);
    }
}
