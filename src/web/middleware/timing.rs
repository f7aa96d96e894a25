//! Measures the response time, for the browser, the metrics and the log. Logs the route of a request, never its path, which contains
//! the secret slug of the board, nor its query, cookies or body.

use std::{
    fmt,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use poem::{
    PathPattern, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use tracing::Instrument;

use crate::{
    http::middleware::wrap::Next,
    http::{error_chain::error_chain, middleware::request_limits::ReceiveTime},
    web::{
        metrics::{Metrics, NO_ROUTE},
        request_context::{FailureCause, RequestContext},
    },
};

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

/// Measures the time from the last byte of the request until `inner` responds (for a stream, until its start), adds it and the request ID to the response, updates
/// the metrics, and logs requests that fail (5xx) or take `slow` or longer.
///
/// # Errors
/// None: errors become responses here, because they are measured as well.
pub(in crate::web) async fn measure<N: Next>(
    inner: Arc<N>,
    mut request: Box<Request>,
    slow: Duration,
    metrics: Arc<Metrics>,
) -> Result<Response> {
    let start = Instant::now();
    let id = RequestId::next();
    request.set_data(id);
    let context = RequestContext::default();
    request.set_data(context.clone());
    let receive_time = ReceiveTime::default();
    request.set_data(receive_time.clone());
    let method = request.method().clone();
    // A single field keeps the span cheap; the log line contains the rest.
    let span = tracing::info_span!("request", %id);

    let mut response = match inner.run(request).instrument(span.clone()).await {
        Ok(response) => response,
        Err(error) => {
            let cause = FailureCause(error_chain(&error));
            let mut response = error.into_response();
            response.set_data(cause);
            response
        }
    };

    let received = receive_time.get();
    let elapsed = start.elapsed().saturating_sub(received.unwrap_or_default());
    if let Some(received) = received {
        metrics.record_receive(received);
    }
    let status = response.status();
    // An endpoint that panicked has no response with its route.
    let route = response.data::<PathPattern>().map(|route| &route.0);
    let route = route.or(context.route()).cloned();
    metrics.record(route.as_ref(), &method, status, elapsed);
    if status.is_server_error() || elapsed >= slow {
        metrics.record_notable(&method, route.as_ref(), context.board(), status, elapsed);
    }
    let cause = response.data::<FailureCause>().cloned();
    let headers = response.headers_mut();
    insert(headers, REQUEST_ID, id.to_string());
    let seconds = elapsed.as_secs_f64();
    insert(headers, RESPONSE_TIME, format!("{seconds:.3}s"));
    // Appended, because an endpoint may have added its own timings.
    if let Some(received) = received
        && let Ok(timing) = HeaderValue::try_from(timing("receive", received))
    {
        headers.append(SERVER_TIMING, timing);
    }
    if let Ok(total) = HeaderValue::try_from(timing("total", elapsed)) {
        headers.append(SERVER_TIMING, total);
    }

    span.in_scope(|| {
        let route = route.as_deref().unwrap_or(NO_ROUTE);
        let board = context.board().map(|board| board.0);
        let (status, ms) = (status.as_u16(), elapsed.as_millis() as u64);
        let cause = cause.as_ref().map(|cause| cause.0.as_str());
        // An overload or an outage must not flood the log as well.
        if status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            if let Some(suppressed) = metrics.rejection_log.record() {
                tracing::error!(%method, route, board, status, ms, cause, suppressed, "request rejected");
            }
        } else if status >= 500 {
            if let Some(suppressed) = metrics.failure_log.record() {
                tracing::error!(%method, route, board, status, ms, cause, suppressed, "request failed");
            }
        } else if elapsed >= slow {
            if let Some(suppressed) = metrics.slow_log.record() {
                tracing::warn!(%method, route, board, status, ms, suppressed, "slow request");
            }
        } else {
            tracing::debug!(%method, route, board, status, ms, "request");
        }
    });
    Ok(response)
}

/// An entry of `Server-Timing`.
fn timing(name: &str, time: Duration) -> String {
    format!("{name};dur={:.1}", time.as_secs_f64() * 1000.0)
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use poem::{
        Endpoint, Route,
        endpoint::{make, make_sync},
        error::{InternalServerError, NotFoundError},
        http::Method,
    };

    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::http::middleware::wrap::Wrap;
    use crate::{
        http::middleware::{
            catch_panic,
            request_limits::{BodyLimits, read_body},
            testing::get,
        },
        log::{Format, testing::Captured},
        model::BoardId,
    };

    /// Wraps `inner` with the given threshold for slow requests.
    fn measured(inner: impl Endpoint + 'static, slow: Duration) -> impl Endpoint {
        let metrics = Arc::new(Metrics::new());
        inner.wrap(move |inner, request| measure(inner, request, slow, metrics.clone()))
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
        let routes = Route::new().at("/b/:board/create/item/", make_sync(|_| "a page"));
        let page = measured(routes, Duration::ZERO);
        let request = Request::builder()
            .method(Method::POST)
            .uri_str("/b/a-secret/create/item/?q=a-secret")
            .header("Referer", "http://savt.example/b/a-secret")
            .header("Cookie", "savt=a-secret")
            .body("name=a-secret");
        let response = page.get_response(request).await;
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "slow request");
        assert_eq!(line["method"], "POST");
        assert_eq!(line["route"], "/b/:board/create/item/");
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
    async fn a_panic_on_a_board_is_logged_without_its_slug() {
        let log = Captured::start(Format::Json, "trace");
        let routes = Route::new().at(
            "/b/:board/undo/:event",
            make_sync(|request| -> &str {
                let context = request.data::<RequestContext>().unwrap();
                context.set_route(request.data::<PathPattern>().unwrap().0.clone());
                context.set_board(BoardId(7));
                panic!("on purpose");
            }),
        );
        let page = measured(routes.wrap(catch_panic::catch), SLOW);
        let request = Request::builder().uri_str("/b/a-secret/undo/3").finish();
        assert_eq!(page.get_response(request).await.status(), 500);
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["route"], "/b/:board/undo/:event");
        assert_eq!(line["board"], 7);
        assert!(!log.text().contains("a-secret"));
    }

    /// Sends a body that takes 300 ms to an endpoint that takes `work`, with a threshold of 200 ms for slow requests.
    async fn send_slowly(work: Duration) -> (Response, Arc<Metrics>, String) {
        let log = Captured::start(Format::Json, "info");
        let metrics = Arc::new(Metrics::new());
        let (mut client, body) = tokio::io::duplex(64);
        let send = async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            client.write_all(b"name=x").await.unwrap();
        };
        let shared = metrics.clone();
        let page = make(move |_| async move {
            tokio::time::sleep(work).await;
            Ok::<_, poem::Error>("a page")
        })
        .wrap(|inner, request| read_body(inner, request, BodyLimits::default()))
        .wrap(move |inner, request| {
            measure(inner, request, Duration::from_millis(200), shared.clone())
        });
        let request = Request::builder()
            .method(Method::POST)
            .body(poem::Body::from_async_read(body));
        let (response, ()) = tokio::join!(page.get_response(request), send);
        (response, metrics, log.text())
    }

    #[tokio::test]
    async fn the_time_to_receive_the_body_is_not_the_servers() {
        let (response, metrics, log) = send_slowly(Duration::ZERO).await;
        assert_eq!(log, "", "not a slow request");
        assert!(metrics.notable_requests().is_empty());
        let timings = response.headers().get_all(SERVER_TIMING).iter();
        let timings: Vec<&str> = timings.map(|timing| timing.to_str().unwrap()).collect();
        let received = timings[0].strip_prefix("receive;dur=").unwrap();
        assert!(received.parse::<f64>().unwrap() >= 290.0, "{timings:?}");
        let total = timings[1].strip_prefix("total;dur=").unwrap();
        assert!(total.parse::<f64>().unwrap() < 200.0, "{timings:?}");
    }

    #[tokio::test]
    async fn slow_work_after_a_slow_body_is_logged() {
        let (_, metrics, log) = send_slowly(Duration::from_millis(300)).await;
        let line: serde_json::Value = serde_json::from_str(&log).unwrap();
        assert_eq!(line["message"], "slow request");
        assert!(line["ms"].as_u64().unwrap() >= 290);
        assert_eq!(metrics.notable_requests().len(), 1);
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
        assert_eq!(second["cause"], "disk on fire");
        assert_eq!(first["span"], second["span"]);
    }
}
