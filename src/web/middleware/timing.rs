//! How long every answer took: told to the browser, to the figures, and to the log where it was too long or went
//! wrong. The log gets a request's path, never its query, its cookies or what was typed.

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

use crate::web::Figures;

/// From here on an answer is slow enough for a warning.
pub const SLOW: Duration = Duration::from_secs(1);

const RESPONSE_TIME: HeaderName = HeaderName::from_static("x-response-time");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names one request in the log and in its answer's `X-Request-Id`; an endpoint finds it in
/// `Request::data`. It tells processes apart by a random part and requests by a count, and is never
/// taken from outside, where anyone could forge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
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

/// Measures how long `inner` takes to answer (for a stream: to begin), puts that and the request's
/// id on the answer, counts it, and logs a request that took `slow` or longer or failed by our fault.
///
/// # Errors
/// None: an error becomes its answer here, for it is measured as well.
pub async fn measure<E: Endpoint>(
    inner: Arc<E>,
    mut request: Request,
    slow: Duration,
    figures: Arc<Figures>,
) -> Result<Response> {
    let begin = Instant::now();
    let id = RequestId::next();
    request.set_data(id);
    let method = request.method().clone();
    let uri = request.uri().clone();
    // The one field is all that a span may cost at each request; the log line has the rest.
    let span = tracing::info_span!("request", %id);

    let mut answer = match inner.call(request).instrument(span.clone()).await {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };

    let took = begin.elapsed();
    let status = answer.status();
    let route = answer.data::<PathPattern>();
    figures.answered(route.map(|route| &route.0), &method, status, took);
    if status.is_server_error() || took >= slow {
        figures.note(&method, uri.path(), status, took);
    }
    let headers = answer.headers_mut();
    insert(headers, REQUEST_ID, id.to_string());
    let seconds = took.as_secs_f64();
    insert(headers, RESPONSE_TIME, format!("{seconds:.3}s"));
    // An endpoint may have told its own parts.
    if let Ok(total) = HeaderValue::try_from(format!("total;dur={:.1}", seconds * 1000.0)) {
        headers.append(SERVER_TIMING, total);
    }

    span.in_scope(|| {
        let (path, status, ms) = (uri.path(), status.as_u16(), took.as_millis() as u64);
        if status == StatusCode::SERVICE_UNAVAILABLE.as_u16() {
            // What is too much for the machine must not be too much for the log.
            if let Some(untold) = figures.refusals.happened() {
                tracing::error!(%method, path, status, ms, untold, "request refused");
            }
        } else if status >= 500 {
            tracing::error!(%method, path, status, ms, "request failed");
        } else if took >= slow {
            tracing::warn!(%method, path, status, ms, "slow request");
        } else {
            tracing::debug!(%method, path, status, ms, "request");
        }
    });
    Ok(answer)
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

    use super::{super::testing::*, *};
    use crate::log::{Format, testing::Captured};

    /// `inner`, where everything from `slow` on is too slow.
    fn measured(inner: impl Endpoint + 'static, slow: Duration) -> impl Endpoint {
        let figures = Arc::new(Figures::new());
        inner.around(move |inner, request| measure(inner, request, slow, figures.clone()))
    }

    #[tokio::test]
    async fn every_answer_tells_its_time() {
        let answer = get(measured(make_sync(|_| "a page"), SLOW), &[]).await;
        let time = answer.header("X-Response-Time").unwrap();
        let seconds = time.strip_suffix('s').unwrap();
        assert!(seconds.parse::<f64>().unwrap() < 0.5);
        assert_eq!(seconds.split_once('.').unwrap().1.len(), 3);
        let timing = answer.header("Server-Timing").unwrap();
        let ms = timing.strip_prefix("total;dur=").unwrap();
        assert!(ms.parse::<f64>().unwrap() < 500.0);
    }

    #[tokio::test]
    async fn so_does_an_error() {
        let lost = make(|_| async { Err::<(), _>(NotFoundError) });
        let answer = get(measured(lost, SLOW), &[]).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert!(answer.header("X-Response-Time").is_some());
        assert!(answer.header("Server-Timing").is_some());
    }

    #[tokio::test]
    async fn what_an_endpoint_tells_of_its_parts_stays() {
        let page = make_sync(|_| {
            Response::builder()
                .header(SERVER_TIMING, "db;dur=1.5")
                .finish()
        });
        let answer = get(measured(page, SLOW), &[]).await;
        let told: Vec<_> = answer.headers().get_all(SERVER_TIMING).iter().collect();
        assert_eq!(told[0], "db;dur=1.5");
        assert_eq!(told.len(), 2);
    }

    #[tokio::test]
    async fn an_id_is_ours_and_new_each_time() {
        let told = make_sync(|request| request.data::<RequestId>().unwrap().to_string());
        let told = Arc::new(measured(told, SLOW));
        let forged = [("X-Request-Id", "forged")];
        let first = get(Arc::clone(&told), &forged).await;
        let second = get(told, &forged).await;
        let id = first.header("X-Request-Id").unwrap().to_owned();
        assert_ne!(id, "forged");
        assert_ne!(second.header("X-Request-Id"), Some(&*id));
        assert_eq!(first.into_body().into_string().await.unwrap(), id);
    }

    #[tokio::test]
    async fn a_quick_request_is_not_logged() {
        let log = Captured::start(Format::Text, "info");
        get(measured(make_sync(|_| "a page"), SLOW), &[]).await;
        assert_eq!(log.text(), "");
    }

    #[tokio::test]
    async fn a_slow_one_is_a_warning_without_secrets() {
        let log = Captured::start(Format::Json, "info");
        let page = measured(make_sync(|_| "a page"), Duration::ZERO);
        let request = Request::builder()
            .method(Method::POST)
            .uri_str("/create/item/?q=a-secret")
            .header("Cookie", "savt=a-secret")
            .body("name=a-secret");
        let answer = page.get_response(request).await;
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "slow request");
        assert_eq!(line["method"], "POST");
        assert_eq!(line["path"], "/create/item/");
        assert_eq!(line["status"], 200);
        assert!(line["ms"].as_u64().unwrap() < 500);
        assert_eq!(
            line["span"]["id"].as_str(),
            answer.header("X-Request-Id"),
            "the log and the answer name the same request"
        );
        assert!(!log.text().contains("a-secret"));
    }

    #[tokio::test]
    async fn of_many_refusals_one_is_told() {
        let log = Captured::start(Format::Json, "info");
        let busy = make_sync(|_| StatusCode::SERVICE_UNAVAILABLE);
        let busy = Arc::new(measured(busy, SLOW));
        let begin = Instant::now();
        for _ in 0..100 {
            get(Arc::clone(&busy), &[]).await;
        }
        let text = log.text();
        // One a second, however long that took.
        let most = 1 + begin.elapsed().as_secs() as usize;
        let lines: Vec<&str> = text.lines().collect();
        assert!((1..=most).contains(&lines.len()), "{text}");
        let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(line["message"], "request refused");
        assert_eq!(line["status"], 503);
        assert_eq!(line["untold"], 0);
    }

    #[tokio::test]
    async fn our_fault_is_an_error() {
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
