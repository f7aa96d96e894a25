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
mod window;

use std::io;

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
        listener::{Deadlines, Listener},
        middleware::{compression, host, security_headers},
    },
    web::{App, handlers::assets},
};

/// Where the monitor listens by default: reachable from this machine only, on the port of Prometheus.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:9090";

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

/// A running monitor; dropping it stops the monitor.
pub struct MonitorGuard([JoinHandle<()>; 2]);

impl Drop for MonitorGuard {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

/// Starts to sample the metrics of an app and to serve them on the listener.
#[must_use]
pub fn start(listener: Listener, app: &App) -> MonitorGuard {
    for address in listener.addresses() {
        tracing::info!("monitor listening at http://{address}/");
    }
    let state = MonitorState::new(app.clone());
    let routes = routes(state.clone());
    let server = tokio::spawn(async move {
        if let Err(error) = Server::new_with_acceptor(listener).run(routes).await {
            tracing::error!(%error, "the monitor has stopped");
        }
    });
    MonitorGuard([server, tokio::spawn(state.sample_forever())])
}

fn routes(state: MonitorState) -> impl Endpoint<Output = Response> {
    let allowed_hosts = state.app().allowed_hosts().clone();
    Route::new()
        .at("/", get(health_page))
        .at("/metrics", get(metrics))
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
        .around(move |inner, request| host::check(inner, request, allowed_hosts.clone()))
        .around(compression::compress)
        .around(security_headers::add)
        .data(state)
}

#[handler]
fn metrics(Data(state): Data<&MonitorState>) -> Response {
    match state.metrics_text() {
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
fn health_page(Data(state): Data<&MonitorState>, request: &Request) -> Response {
    let now = Sample::take(state.app());
    let is_paused = request.uri().query() == Some(page::PAUSED);
    let page = page::page(
        state.app(),
        &state.history(),
        &now,
        state.uptime(),
        is_paused,
    );
    let response = Html(page.into_string()).with_header(header::CACHE_CONTROL, "no-store");
    match is_paused {
        true => response.into_response(),
        // Every browser refreshes a page by this header, without a script.
        false => response
            .with_header(header::REFRESH, SAMPLE_INTERVAL.as_secs())
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
