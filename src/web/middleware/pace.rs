//! How much one client may ask for in which time, so that a script that hammers leaves room for people. What is a client is
//! an address, and behind one address sits a whole office: the limits are those of a crowd that hurries.

mod allowance;
mod count;

pub use allowance::{Allowance, Allowances};

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Mutex, Once, PoisonError},
    time::Duration,
};

use governor::Quota;
use poem::{
    Endpoint, IntoResponse, Request, Response, Result,
    error::ResponseError,
    http::{StatusCode, header},
};

use super::{cross_site::changes_something, is_free};
use crate::{
    view,
    web::client::{Client, TrustedProxies, is_forwarded},
};
use count::Count;

/// Keeps count of what each client does.
pub struct Pace {
    proxies: TrustedProxies,
    writes: Count,
    reads: Count,
    boards: Count,
    streams: Option<NonZeroU32>,
    open: Mutex<HashMap<IpAddr, u32>>,
    /// Of what the log says: each client once a minute, or hammering would fill the disk as well.
    told: Count,
    unnamed_proxy: Once,
}

impl Default for Pace {
    fn default() -> Self {
        Pace::new(Allowances::default(), TrustedProxies::default())
    }
}

impl Pace {
    pub fn new(allowances: Allowances, proxies: TrustedProxies) -> Pace {
        let a_minute = |allowance: Allowance| Count::of(allowance.0.map(Quota::per_minute));
        Pace {
            proxies,
            writes: a_minute(allowances.writes),
            reads: a_minute(allowances.reads),
            boards: Count::of(allowances.boards.0.map(Quota::per_hour)),
            streams: allowances.streams.0,
            open: Mutex::default(),
            told: a_minute(Allowance::of(1)),
            unnamed_proxy: Once::new(),
        }
    }

    /// Lets a request pass unless its client did too much already.
    fn check(&self, request: &Request) -> Result<(), TooFast> {
        let Some((count, what)) = self.count_of(request) else {
            return Ok(());
        };
        let Some(client) = self.client(request) else {
            return Ok(());
        };
        count.add(&client).map_err(|wait| {
            self.tell(&client, what);
            TooFast { wait }
        })
    }

    /// Room for one more stream, as long as what this gives is kept.
    ///
    /// # Errors
    /// The client has as many open as it may.
    pub fn open_stream(self: &Arc<Self>, request: &Request) -> Result<OpenStream, TooFast> {
        let (Some(most), Some(client)) = (self.streams, self.client(request)) else {
            return Ok(OpenStream(None));
        };
        let network = client.network();
        {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let theirs = open.entry(network).or_default();
            if *theirs < most.get() {
                *theirs += 1;
                return Ok(OpenStream(Some((self.clone(), network))));
            }
        }
        self.tell(&client, "streams");
        Err(TooFast { wait: A_WHILE })
    }

    /// The network from which a request comes; none if it may be anybody's, from our own machine.
    pub(in crate::web) fn network_of(&self, request: &Request) -> Option<IpAddr> {
        self.client(request).map(|client| client.network())
    }

    /// Whose doing a request is; none if there is no limit for them.
    ///
    /// Our own machine is not a client: whoever is on it can slow it down without us, `savt load` plays a thousand people from
    /// there, and a proxy that nobody named asks from there for people who should not pay for one another.
    fn client(&self, request: &Request) -> Option<Client> {
        let peer = request.remote_addr().as_socket_addr()?.ip();
        let headers = request.headers();
        let client = self.proxies.client(peer, headers);
        if client.is_this_machine() {
            if is_forwarded(headers) {
                self.unnamed_proxy.call_once(|| {
                    tracing::warn!(
                        "a proxy on this machine speaks for clients, for whom no limits hold without --trusted-proxy {peer}"
                    );
                });
            }
            return None;
        }
        Some(client)
    }

    /// Names a client that was refused to the keepers.
    fn tell(&self, client: &Client, what: &str) {
        if self.told.add(client).is_ok() {
            let client = client.network();
            tracing::warn!(%client, what, "too fast, so some requests are refused");
        }
    }

    /// Where a request counts, and as what.
    fn count_of(&self, request: &Request) -> Option<(&Count, &'static str)> {
        let path = request.uri().path();
        if is_free(path) {
            return None;
        }
        Some(match changes_something(request) {
            true if path == view::boards::ADDRESS => (&self.boards, "new boards"),
            true => (&self.writes, "changes"),
            false => (&self.reads, "pages"),
        })
    }
}

/// A stream counts for its client until this is dropped.
pub struct OpenStream(Option<(Arc<Pace>, IpAddr)>);

impl Drop for OpenStream {
    fn drop(&mut self) {
        let Some((pace, network)) = &self.0 else {
            return;
        };
        let mut open = pace.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut theirs) = open.entry(*network) {
            *theirs.get_mut() -= 1;
            if *theirs.get() == 0 {
                theirs.remove();
            }
        }
    }
}

/// How long a client with too many streams is told to wait. Nobody knows when one of them will end.
const A_WHILE: Duration = Duration::from_secs(10);

/// A client did too much in too short a time. No endpoint has seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("That was too much in too short a time.")]
pub struct TooFast {
    /// How long until it may go on.
    pub wait: Duration,
}

impl TooFast {
    /// In whole seconds, and never too early.
    fn retry_after(&self) -> u64 {
        (self.wait.as_millis() as u64).div_ceil(1_000).max(1)
    }
}

impl ResponseError for TooFast {
    fn status(&self) -> StatusCode {
        StatusCode::TOO_MANY_REQUESTS
    }

    fn as_response(&self) -> Response {
        Response::builder()
            .status(self.status())
            .header(header::RETRY_AFTER, self.retry_after())
            .body(self.to_string())
    }
}

/// Lets a request pass unless its client did too much already.
///
/// # Errors
/// [`TooFast`], before anything is done.
pub async fn keep<E: Endpoint>(
    inner: Arc<E>,
    request: Request,
    pace: Arc<Pace>,
) -> Result<Response> {
    pace.check(&request)?;
    inner.call(request).await.map(IntoResponse::into_response)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use poem::{
        RequestParts,
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

    fn pace(writes: u32, reads: u32, boards: u32) -> Pace {
        let allowances = Allowances {
            writes: Allowance::of(writes),
            reads: Allowance::of(reads),
            boards: Allowance::of(boards),
            ..Allowances::default()
        };
        let proxy = TrustedProxies::parse("127.0.0.2").unwrap();
        Pace::new(allowances, TrustedProxies::new(vec![proxy]))
    }

    /// How many requests pass of ten.
    fn passed(pace: &Pace, request: &Request) -> usize {
        (0..10).filter(|_| pace.check(request).is_ok()).count()
    }

    #[test]
    fn each_sort_is_counted_by_itself() {
        let pace = pace(3, 5, 2);
        let asked = |method, path| passed(&pace, &request(OFFICE, method, path, None));
        assert_eq!(asked(Method::POST, "/create/item/"), 3);
        assert_eq!(asked(Method::POST, "/b/x/undo/7"), 0, "a change as well");
        assert_eq!(asked(Method::POST, "/boards"), 2);
        assert_eq!(asked(Method::GET, "/boards"), 5);
        assert_eq!(asked(Method::GET, "/events"), 0, "a look as well");
    }

    #[test]
    fn what_every_browser_and_keeper_needs_is_free() {
        let pace = pace(1, 1, 1);
        for path in [
            "/assets/board.css",
            "/favicon.ico",
            "/manifest.webmanifest",
            "/healthz",
            "/readyz",
        ] {
            assert_eq!(passed(&pace, &request(OFFICE, Method::GET, path, None)), 10);
        }
    }

    #[test]
    fn each_client_is_counted_by_itself() {
        let pace = pace(3, 0, 0);
        let asked = |peer, client| {
            let request = request(peer, Method::POST, "/create/item/", client);
            passed(&pace, &request)
        };
        assert_eq!(asked(OFFICE, None), 3);
        assert_eq!(asked("203.0.113.8", None), 3);
        assert_eq!(asked("127.0.0.2", Some("203.0.113.9")), 3);
        assert_eq!(asked("127.0.0.2", Some("1.1.1.1, 203.0.113.9")), 0);
        assert_eq!(asked("127.0.0.2", Some(OFFICE)), 0);
        assert_eq!(asked("2001:db8::1", None), 3);
        assert_eq!(asked("2001:db8::2", None), 0, "of the same network");
        assert_eq!(asked("2001:db8:0:1::1", None), 3);
        // Whoever tells nonsense is one with all who do.
        assert_eq!(asked("127.0.0.2", Some("nonsense")), 3);
        assert_eq!(asked("127.0.0.2", Some("unknown")), 0);
    }

    #[test]
    fn nothing_is_counted_where_there_is_no_limit() {
        let pace = pace(0, 0, 0);
        for method in [Method::GET, Method::POST] {
            assert_eq!(passed(&pace, &request(OFFICE, method, "/boards", None)), 10);
        }
    }

    #[test]
    fn this_machine_is_no_client_but_its_proxy_is_pointed_out() {
        let log = Captured::start(Format::Text, "info");
        let pace = pace(3, 0, 0);
        let asked = |client| {
            let request = request("127.0.0.1", Method::POST, "/create/item/", client);
            passed(&pace, &request)
        };
        assert_eq!(asked(None), 10);
        assert_eq!(log.text(), "");
        assert_eq!(asked(Some(OFFICE)), 10);
        let hint = "a proxy on this machine speaks for clients, for whom no limits hold without --trusted-proxy 127.0.0.1";
        assert_eq!(log.text().matches(hint).count(), 1, "{}", log.text());
    }

    #[test]
    fn who_is_too_fast_is_named_once() {
        let log = Captured::start(Format::Json, "info");
        let pace = pace(3, 5, 0);
        for method in [Method::POST, Method::GET] {
            passed(&pace, &request(OFFICE, method, "/", None));
        }
        let line: serde_json::Value = serde_json::from_str(&log.text()).unwrap();
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["client"], OFFICE);
        assert_eq!(line["what"], "changes");
    }

    #[test]
    fn the_wait_is_until_the_next_may_pass() {
        let pace = pace(3, 0, 2);
        for (path, wait) in [("/create/item/", 20), ("/boards", 1_800)] {
            let request = request(OFFICE, Method::POST, path, None);
            passed(&pace, &request);
            let refused = pace.check(&request).unwrap_err();
            assert_eq!(refused.retry_after(), wait);
            let answer = refused.as_response();
            assert_eq!(answer.status(), 429);
            assert_eq!(answer.header("Retry-After"), Some(&*wait.to_string()));
        }
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_never_too_short() {
        for (ms, told) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (3_600_000, 3_600)] {
            let wait = Duration::from_millis(ms);
            assert_eq!(TooFast { wait }.retry_after(), told);
        }
    }
}
