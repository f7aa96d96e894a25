//! Limits the request rate of each client, so that an abusive script leaves capacity for people. A client is a network address,
//! and a full office may share one, so the limits are generous.

use std::{
    net::IpAddr,
    sync::{Arc, Once},
    time::Duration,
};

use governor::Quota;
use poem::{Request, Response, Result};

use super::{
    client_limiter::ClientLimiter,
    limits::{RateLimit, RateLimits},
    quota::{self, CheckedQuota, Remaining},
    rate_limited::RateLimited,
    stream_limiter::{StreamLimiter, StreamPermit},
};
use crate::{
    http::middleware::wrap::Next,
    http::{
        client_address::{ClientAddress, TrustedProxies, is_forwarded},
        middleware::cross_site::is_unsafe,
    },
    view,
    web::essential_paths::is_essential,
};

/// Tracks the requests of each client.
pub struct RateLimiter {
    proxies: TrustedProxies,
    writes: ClientLimiter,
    reads: ClientLimiter,
    boards: ClientLimiter,
    streams: StreamLimiter,
    /// Limits the log to one message per client and minute, so that abuse does not fill the disk.
    log: ClientLimiter,
    untrusted_proxy_warning: Once,
}

impl Default for RateLimiter {
    fn default() -> Self {
        RateLimiter::new(RateLimits::default(), TrustedProxies::default())
    }
}

impl RateLimiter {
    pub fn new(limits: RateLimits, proxies: TrustedProxies) -> RateLimiter {
        let per_minute = |limit: RateLimit| ClientLimiter::new(limit.get().map(Quota::per_minute));
        RateLimiter {
            proxies,
            writes: per_minute(limits.writes),
            reads: per_minute(limits.reads),
            boards: ClientLimiter::new(limits.boards.get().map(Quota::per_hour)),
            streams: StreamLimiter::new(limits.streams),
            log: per_minute(RateLimit::new(1)),
            untrusted_proxy_warning: Once::new(),
        }
    }

    /// Counts a request of its client.
    fn check(&self, request: &Request) -> Result<(), RateLimited> {
        let Some((limiter, kind)) = self.limiter_for(request) else {
            return Ok(());
        };
        let Some(client) = self.client(request) else {
            return Ok(());
        };
        let checked = limiter.check(&client);
        if let Some(cell) = request.data::<CheckedQuota>()
            && let Some(quota) = told(limiter, kind, &checked)
        {
            cell.set(quota);
        }
        checked.map(|_| ()).map_err(|wait| {
            self.log_rejection(&client, kind);
            RateLimited { wait }
        })
    }

    /// The network whose limits apply to a request; `None` for requests from this machine.
    pub(super) fn limited_network(&self, request: &Request) -> Option<IpAddr> {
        self.client(request).map(|client| client.network())
    }

    /// How many streams a network may still open; `None` without a limit.
    pub(super) fn open_streams(&self, network: IpAddr) -> Option<quota::Quota> {
        self.streams.quota(network)
    }

    /// Reserves a stream for the client until the permit is dropped.
    ///
    /// # Errors
    /// The client has as many open streams as allowed.
    pub fn open_stream(&self, request: &Request) -> Result<StreamPermit, RateLimited> {
        self.open_stream_of(self.client(request).as_ref())
    }

    /// The same for a client that is known already.
    pub(crate) fn open_stream_of(
        &self,
        client: Option<&ClientAddress>,
    ) -> Result<StreamPermit, RateLimited> {
        let Some(client) = client.filter(|client| !client.is_local()) else {
            return Ok(StreamPermit::unlimited());
        };
        let permit = self.streams.acquire(client.network());
        permit.inspect_err(|_| self.log_rejection(client, "streams"))
    }

    /// The client behind a request, as the trusted proxies tell it; `None` if the connection has no network address.
    pub(crate) fn client_address(&self, request: &Request) -> Option<ClientAddress> {
        let peer = request.remote_addr().as_socket_addr()?.ip();
        Some(self.proxies.client(peer, request.headers()))
    }

    /// The client that the limits apply to; `None` for requests from this machine.
    ///
    /// Limits for this machine would protect nothing: a local program can slow it down anyway, `savt load` simulates a thousand
    /// people from here, and the clients of an untrusted local proxy should not share one limit.
    fn client(&self, request: &Request) -> Option<ClientAddress> {
        let client = self.client_address(request)?;
        if client.is_local() {
            if is_forwarded(request.headers()) {
                let peer = client.address();
                self.untrusted_proxy_warning.call_once(|| {
                    tracing::warn!(
                        "a proxy on this machine forwards requests; no rate limits apply to its clients without --trusted-proxy {peer}"
                    );
                });
            }
            return None;
        }
        Some(client)
    }

    /// Logs the client and what was rejected.
    fn log_rejection(&self, client: &ClientAddress, kind: &str) {
        if self.log.check(client).is_ok() {
            let client = client.network();
            tracing::warn!(%client, what = kind, "rate limit exceeded; rejecting requests");
        }
    }

    /// The limiter for a request, and the name of its kind.
    fn limiter_for(&self, request: &Request) -> Option<(&ClientLimiter, &'static str)> {
        let path = request.uri().path();
        if is_essential(path) {
            return None;
        }
        Some(match is_unsafe(request.method()) {
            true if [view::url::BOARDS, view::url::API_BOARDS].contains(&path) => {
                (&self.boards, "new boards")
            }
            true => (&self.writes, "changes"),
            false if view::url::is_api(path) => (&self.reads, "reads"),
            false => (&self.reads, "pages"),
        })
    }
}

/// The limit that a request was checked against, as a program is told.
fn told(
    limiter: &ClientLimiter,
    kind: &'static str,
    checked: &Result<Option<Remaining>, Duration>,
) -> Option<quota::Quota> {
    let quota = limiter.quota()?;
    let remaining = match *checked {
        Ok(remaining) => remaining?,
        Err(wait) => Remaining {
            requests: 0,
            renewed_in: wait,
        },
    };
    Some(quota::Quota {
        name: kind,
        limit: quota.burst_size(),
        window: Some(quota.burst_size_replenished_in()),
        remaining,
    })
}

/// Middleware: rejects a request if its client has used up its limit.
///
/// # Errors
/// [`RateLimited`], before any work is done; and those of `inner`.
pub async fn enforce<N: Next>(
    inner: Arc<N>,
    request: Box<Request>,
    rate_limiter: Arc<RateLimiter>,
) -> Result<Response> {
    rate_limiter.check(&request)?;
    inner.run(request).await
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use poem::{
        RequestParts,
        error::ResponseError,
        http::{self, Method, uri::Scheme},
        web::{LocalAddr, RemoteAddr},
    };

    use super::*;
    use crate::log::{Format, testing::Captured};

    const OFFICE: &str = "203.0.113.7";

    fn request(peer: &str, method: Method, path: &str, forwarded_for: Option<&str>) -> Request {
        let mut request = http::Request::builder().method(method).uri(path);
        if let Some(client) = forwarded_for {
            request = request.header("X-Forwarded-For", client);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
        let parts = (
            parts,
            LocalAddr::default(),
            RemoteAddr(peer.into()),
            Scheme::HTTP,
        );
        Request::from_parts(RequestParts::from(parts), ().into())
    }

    fn rate_limiter(writes: u32, reads: u32, boards: u32) -> RateLimiter {
        let limits = RateLimits {
            writes: RateLimit::new(writes),
            reads: RateLimit::new(reads),
            boards: RateLimit::new(boards),
            ..RateLimits::default()
        };
        let proxy = TrustedProxies::parse("127.0.0.2").unwrap();
        RateLimiter::new(limits, TrustedProxies::new(vec![proxy]))
    }

    /// How many of ten requests pass.
    fn count_passed(rate_limiter: &RateLimiter, request: &Request) -> usize {
        (0..10)
            .filter(|_| rate_limiter.check(request).is_ok())
            .count()
    }

    #[test]
    fn each_kind_of_request_has_its_own_limit() {
        let rate_limiter = rate_limiter(3, 5, 2);
        let passed =
            |method, path| count_passed(&rate_limiter, &request(OFFICE, method, path, None));
        assert_eq!(passed(Method::POST, "/create/item/"), 3);
        assert_eq!(passed(Method::POST, "/b/x/undo/7"), 0, "also a change");
        assert_eq!(passed(Method::POST, "/boards"), 2);
        assert_eq!(passed(Method::GET, "/boards"), 5);
        assert_eq!(passed(Method::GET, "/events"), 0, "also a read");
    }

    #[test]
    fn essential_paths_are_not_limited() {
        let rate_limiter = rate_limiter(1, 1, 1);
        for path in [
            "/assets/board.css",
            "/favicon.ico",
            "/manifest.webmanifest",
            "/healthz",
            "/readyz",
        ] {
            assert_eq!(
                count_passed(&rate_limiter, &request(OFFICE, Method::GET, path, None)),
                10
            );
        }
    }

    #[test]
    fn each_client_has_its_own_limit() {
        let rate_limiter = rate_limiter(3, 0, 0);
        let passed = |peer, client| {
            let request = request(peer, Method::POST, "/create/item/", client);
            count_passed(&rate_limiter, &request)
        };
        assert_eq!(passed(OFFICE, None), 3);
        assert_eq!(passed("203.0.113.8", None), 3);
        assert_eq!(passed("127.0.0.2", Some("203.0.113.9")), 3);
        assert_eq!(passed("127.0.0.2", Some("1.1.1.1, 203.0.113.9")), 0);
        assert_eq!(passed("127.0.0.2", Some(OFFICE)), 0);
        assert_eq!(passed("2001:db8::1", None), 3);
        assert_eq!(passed("2001:db8::2", None), 0, "same network");
        assert_eq!(passed("2001:db8:0:1::1", None), 3);
        // All clients with invalid headers share one limit.
        assert_eq!(passed("127.0.0.2", Some("nonsense")), 3);
        assert_eq!(passed("127.0.0.2", Some("unknown")), 0);
    }

    #[test]
    fn a_limit_of_zero_is_no_limit() {
        let rate_limiter = rate_limiter(0, 0, 0);
        for method in [Method::GET, Method::POST] {
            assert_eq!(
                count_passed(&rate_limiter, &request(OFFICE, method, "/boards", None)),
                10
            );
        }
    }

    #[test]
    fn this_machine_has_no_limit_and_an_untrusted_local_proxy_is_logged_once() {
        let log = Captured::start(Format::Text, "info");
        let rate_limiter = rate_limiter(3, 0, 0);
        let passed = |client| {
            let request = request("127.0.0.1", Method::POST, "/create/item/", client);
            count_passed(&rate_limiter, &request)
        };
        assert_eq!(passed(None), 10);
        assert_eq!(log.text(), "");
        assert_eq!(passed(Some(OFFICE)), 10);
        let hint = "a proxy on this machine forwards requests; no rate limits apply to its clients without --trusted-proxy 127.0.0.1";
        assert_eq!(log.text().matches(hint).count(), 1, "{}", log.text());
    }

    #[test]
    fn a_client_above_its_limit_is_logged_once() {
        let log = Captured::start(Format::Json, "info");
        let rate_limiter = rate_limiter(3, 5, 0);
        for method in [Method::POST, Method::GET] {
            count_passed(&rate_limiter, &request(OFFICE, method, "/", None));
        }
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["client"], OFFICE);
        assert_eq!(line["what"], "changes");
    }

    #[test]
    fn retry_after_is_the_time_until_the_next_allowed_request() {
        let rate_limiter = rate_limiter(3, 0, 2);
        for (path, wait) in [("/create/item/", 20), ("/boards", 1_800)] {
            let request = request(OFFICE, Method::POST, path, None);
            count_passed(&rate_limiter, &request);
            let rejected = rate_limiter.check(&request).unwrap_err();
            assert_eq!(rejected.retry_after(), wait);
            let response = rejected.as_response();
            assert_eq!(response.status(), 429);
            assert_eq!(response.header("Retry-After"), Some(&*wait.to_string()));
        }
    }
}
