//! The monitor: a health page and Prometheus metrics for operators, on a listener of its own. It reads the metrics of the other
//! modules, which do not know about it. It sets no cookies, uses no scripts and changes nothing.

mod address;
mod charts;
mod collect;
mod format;
mod history;
mod page;
mod process;
mod sample;
mod state;
mod targets;
mod webhooks;
mod window;

use std::{
    io,
    num::NonZeroU32,
    sync::{Arc, OnceLock},
    time::Duration,
};

use maud::Markup;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler,
    http::{StatusCode, header},
    web::{Data, Html},
};
use tokio::task::JoinHandle;

pub use self::address::MonitorAddress;
use self::{history::SAMPLE_INTERVAL, sample::Sample, state::MonitorState};
use crate::{
    http::{
        allowed_hosts::AllowedHosts,
        listener::{ConnectionLimits, Deadlines, Listener},
        middleware::{compression, host, security_headers, wrap::Wrap},
    },
    web::{App, handlers::assets},
    webhook::Webhooks,
};

/// Where the monitor listens by default: reachable from this machine only, on the port of Prometheus.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:9090";

/// The monitor serves a few operators and programs. Whoever reaches it must not use up the open files of the process.
const MAX_CONNECTIONS: Option<NonZeroU32> = NonZeroU32::new(64);

/// Requests that one HTTP/2 connection may have open. poem sets no limit.
const HTTP2_STREAMS: u32 = 16;

/// The content type of the Prometheus text format.
const METRICS_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Listens at the given address, or at [`DEFAULT_ADDRESS`]. If the default address is unavailable, logs a warning and returns
/// `None`: SAVT then runs without a monitor.
///
/// # Errors
/// The given address is unavailable.
pub async fn listen(address: Option<&MonitorAddress>) -> io::Result<Option<Listener>> {
    let bind = |address| Listener::bind(address, Deadlines::default());
    match address {
        Some(MonitorAddress::Off) => Ok(None),
        Some(MonitorAddress::Listen(address)) => bind(address).await.map(Some),
        None => Ok(bind(DEFAULT_ADDRESS)
            .await
            .inspect_err(|error| {
                tracing::warn!(
                    %error,
                    "the monitor is off; use --monitor to set another address or to turn it off"
                );
            })
            .ok()),
    }
}

/// A monitor, which gets the application later. Until it serves, connections wait in the listener's backlog. Dropping it stops it.
pub struct Monitor {
    listener: Option<Listener>,
    allowed_hosts: AllowedHosts,
    state: LateState,
    tasks: Vec<JoinHandle<()>>,
}

/// The state of the monitor once there is an application.
type LateState = Arc<OnceLock<MonitorState>>;

impl Drop for Monitor {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Monitor {
    /// `allowed_hosts` are the hosts that may be requested.
    #[must_use]
    pub fn new(listener: Listener, allowed_hosts: AllowedHosts) -> Monitor {
        Monitor {
            listener: Some(listener),
            allowed_hosts,
            state: LateState::default(),
            tasks: Vec::new(),
        }
    }

    /// Says from now on that SAVT waits for its database.
    pub fn serve_while_starting(&mut self) {
        let Some(listener) = self.listener.take() else {
            return;
        };
        for address in listener.addresses() {
            tracing::info!("monitor listening at http://{address}/");
        }
        let limits = ConnectionLimits::new(None, MAX_CONNECTIONS, Vec::new());
        let listener = listener.with_limits(Arc::new(limits));
        let routes = routes(self.state.clone(), self.allowed_hosts.clone());
        self.tasks.push(tokio::spawn(async move {
            let server =
                Server::new_with_acceptor(listener).http2_max_concurrent_streams(HTTP2_STREAMS);
            if let Err(error) = server.run(routes).await {
                tracing::error!(%error, "the monitor has stopped");
            }
        }));
    }

    /// Samples the metrics of an application and of its webhooks from now on, and serves them.
    pub fn serve(&mut self, app: &App, webhooks: Option<Webhooks>) {
        let state = MonitorState::new(app.clone(), webhooks);
        if self.state.set(state.clone()).is_ok() {
            self.tasks.push(tokio::spawn(state.sample_forever()));
        }
        self.serve_while_starting();
    }
}

fn routes(state: LateState, allowed_hosts: AllowedHosts) -> impl Endpoint<Output = Response> {
    Route::new()
        .at("/", get(health_page))
        .at("/metrics", get(metrics))
        .at("/healthz", get(alive))
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
        .wrap(move |inner, request| host::check(inner, request, allowed_hosts.clone()))
        .wrap(compression::compress)
        .wrap(security_headers::add)
        .data(state)
}

/// Whether the process is alive; it is even while it waits for its database.
#[handler]
fn alive() -> &'static str {
    "ok\n"
}

#[handler]
fn metrics(Data(state): Data<&LateState>) -> Response {
    let text = match state.get() {
        Some(state) => state.metrics_text(),
        None => collect::metrics_text_while_starting(),
    };
    match text {
        Ok(text) => text
            .with_content_type(METRICS_CONTENT_TYPE)
            .with_header(header::CACHE_CONTROL, "no-store")
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot encode the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[handler]
fn health_page(Data(state): Data<&LateState>, request: &Request) -> Response {
    let Some(state) = state.get() else {
        let page = page::page_while_starting();
        return page_response(page, Some(page::STARTING_INTERVAL))
            .with_status(StatusCode::SERVICE_UNAVAILABLE)
            .into_response();
    };
    let now = Sample::take(state.app());
    let is_paused = request.uri().query() == Some(page::PAUSED);
    let page = page::page(
        state.app(),
        &state.history(),
        &now,
        state.uptime(),
        &state.webhooks(),
        is_paused,
    );
    page_response(page, (!is_paused).then_some(SAMPLE_INTERVAL))
}

/// Every browser refreshes a page by this header, without a script.
fn page_response(page: Markup, refresh: Option<Duration>) -> Response {
    let response = Html(page.into_string()).with_header(header::CACHE_CONTROL, "no-store");
    match refresh {
        None => response.into_response(),
        Some(interval) => response
            .with_header(header::REFRESH, interval.as_secs())
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_given_address_must_be_available() {
        let any_port = MonitorAddress::Listen("127.0.0.1:0".to_owned());
        let listener = listen(Some(&any_port)).await.unwrap().unwrap();
        let address = listener.addresses().next().unwrap().to_string();
        let in_use = listen(Some(&MonitorAddress::Listen(address))).await;
        assert_eq!(
            in_use.err().map(|error| error.kind()),
            Some(io::ErrorKind::AddrInUse)
        );
        assert!(listen(Some(&MonitorAddress::Off)).await.unwrap().is_none());
    }
}
