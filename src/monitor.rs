//! How SAVT does, for those who keep it: figures for Prometheus and a page for people, on a listener of their own.
//! Collects what the other rooms count; none of them knows of it. No cookies, no scripts, nothing can be changed here.

mod chart;
mod gather;
mod history;
mod page;
mod process;
mod sample;
mod targets;
mod words;

use std::{
    convert::Infallible,
    io,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Response, Route, Server, get, handler,
    http::header,
    web::{Data, Html},
};
use prometheus::Registry;
use tokio::{task::JoinHandle, time::MissedTickBehavior};

use crate::web::{
    App, assets,
    listener::{Deadlines, Listener},
    middleware::{compression, security},
};
use history::History;
use sample::Sample;

/// Where the figures are shown if nobody says otherwise: to this machine alone, at Prometheus's own port.
pub const USUAL: &str = "127.0.0.1:9090";

/// How often a sample is taken, and how often the page looks again.
const EVERY: Duration = Duration::from_secs(5);

/// What Prometheus expects of its text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Where the figures are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Nowhere,
    /// `127.0.0.1:9090`, `[::1]:9090` or `localhost:9090`.
    At(String),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Place, Infallible> {
        Ok(match text {
            "off" => Place::Nowhere,
            address => Place::At(address.to_owned()),
        })
    }
}

/// Begins to listen at a place, or at the usual one if none is named. Who names a place wants it: that it cannot be had is an
/// error. Without the usual one SAVT serves all the same, and says so.
///
/// # Errors
/// The named place cannot be listened at.
pub async fn listen(place: Option<&Place>) -> io::Result<Option<Listener>> {
    let bind = |address| Listener::bind(address, Deadlines::default());
    match place {
        Some(Place::Nowhere) => Ok(None),
        Some(Place::At(address)) => bind(address).await.map(Some),
        None => Ok(bind(USUAL)
            .await
            .inspect_err(|error| {
                tracing::warn!(%error, "not monitored; --monitor names another place, or none");
            })
            .ok()),
    }
}

/// The monitor; ends when dropped.
pub struct Monitoring([JoinHandle<()>; 2]);

impl Drop for Monitoring {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

/// Watches an app and shows what it sees to whoever comes to the listener.
#[must_use]
pub fn start(listener: Listener, app: &App) -> Monitoring {
    for address in listener.addresses() {
        tracing::info!("monitored at http://{address}/");
    }
    let watch = Watch(Arc::new(Inside::new(app.clone())));
    let routes = routes(watch.clone());
    let serving = tokio::spawn(async move {
        if let Err(error) = Server::new_with_acceptor(listener).run(routes).await {
            tracing::error!(%error, "not monitored any more");
        }
    });
    Monitoring([serving, tokio::spawn(watch.sample())])
}

fn routes(watch: Watch) -> impl Endpoint<Output = Response> {
    Route::new()
        .at("/", get(show))
        .at("/metrics", get(metrics))
        .at("/assets/:name", get(assets::serve))
        .at("/favicon.ico", get(assets::favicon))
        .around(compression::compress)
        .around(security::headers)
        .data(watch)
}

/// What is watched, and what was seen so far.
#[derive(Clone)]
struct Watch(Arc<Inside>);

struct Inside {
    app: App,
    /// When it began, which is when the process did.
    since: (Instant, DateTime<Utc>),
    registry: Registry,
    history: Mutex<History>,
}

impl Inside {
    fn new(app: App) -> Inside {
        Inside {
            registry: gather::registry(&app),
            history: Mutex::new(History::new(Sample::of(&app))),
            since: (Instant::now(), Utc::now()),
            app,
        }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    async fn sample(self) {
        let mut clock = tokio::time::interval(EVERY);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        clock.tick().await; // the first is there already
        loop {
            clock.tick().await;
            let sample = Sample::of(&self.0.app);
            self.0.history().push(sample);
        }
    }
}

#[handler]
fn metrics(Data(watch): Data<&Watch>) -> Response {
    let inside = &watch.0;
    match gather::text(&inside.registry, &inside.app, inside.since) {
        Ok(text) => text
            .with_content_type(TEXT)
            .with_header(header::CACHE_CONTROL, "no-store")
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures cannot be told");
            poem::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[handler]
fn show(Data(watch): Data<&Watch>) -> Response {
    let inside = &watch.0;
    let now = Sample::of(&inside.app);
    let page = page::page(
        &inside.app,
        &inside.history(),
        &now,
        inside.since.0.elapsed(),
    );
    Html(page.into_string())
        .with_header(header::CACHE_CONTROL, "no-store")
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_none() {
        assert_eq!("off".parse(), Ok(Place::Nowhere));
        assert_eq!("[::1]:9090".parse(), Ok(Place::At("[::1]:9090".to_owned())));
    }

    #[tokio::test]
    async fn a_named_place_must_be_had() {
        let taken = listen(Some(&Place::At("127.0.0.1:0".to_owned()))).await;
        let taken = taken.unwrap().unwrap();
        let address = taken.addresses().next().unwrap().to_string();
        let error = listen(Some(&Place::At(address))).await.err().unwrap();
        assert!(
            error
                .to_string()
                .contains("another program listens there already")
        );
        assert!(listen(Some(&Place::Nowhere)).await.unwrap().is_none());
    }
}
