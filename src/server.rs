//! Pages and API under one middleware stack, and the HTTP server that serves them and shuts down gracefully. Until the application
//! is ready, it answers that SAVT is starting.

mod starting;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use poem::{Endpoint, EndpointExt, Request, Response, Result, Route, endpoint::BoxEndpoint};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    api,
    board::CacheState,
    http::{allowed_origins::AllowedOrigins, listener::Listener},
    view::Languages,
    web::{self, App},
};

/// Requests that one HTTP/2 connection may have open, the least that RFC 9113, section 6.5.2, recommends. poem sets no limit.
const HTTP2_STREAMS: u32 = 100;

/// How long pending responses may take after the shutdown signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A server that has a listener and gets its application later. Until it runs, connections wait in the listener's backlog.
pub struct Server {
    addresses: Vec<SocketAddr>,
    state: State,
    application: Arc<OnceLock<Application>>,
    languages: Languages,
    api_origins: AllowedOrigins,
}

enum State {
    Listening(Listener),
    Running {
        server: JoinHandle<io::Result<()>>,
        stop: Option<oneshot::Sender<()>>,
    },
    Ended(io::Result<()>),
}

/// All routes with their middleware.
pub fn routes(app: App) -> impl Endpoint<Output = Response> {
    let routes = api::add_routes(web::add_routes(Route::new()));
    web::middleware::apply(routes, app, api::render_error)
}

type Application = BoxEndpoint<'static, Response>;

impl Server {
    /// A server whose API pages of these origins may use.
    pub fn new(listener: Listener, languages: Languages, api_origins: AllowedOrigins) -> Server {
        Server {
            addresses: listener.addresses().collect(),
            state: State::Listening(listener),
            application: Arc::default(),
            languages,
            api_origins,
        }
    }

    /// Answers every request from now on: health checks, and 503 for everything else. Completes only if the server fails.
    pub async fn answer_while_starting(&mut self) -> io::Error {
        for address in &self.addresses {
            tracing::info!(
                "answering health checks at http://{address}/ until the database is ready"
            );
        }
        self.run();
        let ended = self.ended().await;
        ended
            .err()
            .unwrap_or_else(|| io::Error::other("the server ended"))
    }

    /// Serves the application until `shutdown` completes, then finishes pending responses. Open connections of a server that
    /// already answers stay open.
    ///
    /// # Errors
    /// The server fails.
    pub async fn serve(
        mut self,
        app: App,
        shutdown: impl Future<Output = ()> + Send,
    ) -> io::Result<()> {
        let boards = app.boards().clone();
        // Nothing else sets it: this method takes the server.
        let _ = self.application.set(routes(app).boxed());
        for address in &self.addresses {
            tracing::info!("serving at http://{address}/");
        }
        self.run();
        let result = tokio::select! {
            result = self.ended() => result,
            () = shutdown => {
                tracing::info!("shutting down; finishing pending responses");
                // Streams never end by themselves, and the graceful shutdown waits for all responses.
                boards.close();
                self.stop();
                self.ended().await
            }
        };
        let CacheState { hits, misses, .. } = boards.cache_state();
        tracing::info!(hits, misses, "stopped; board cache statistics");
        result
    }

    /// Starts the server if it does not run yet.
    fn run(&mut self) {
        match std::mem::replace(&mut self.state, State::Ended(Ok(()))) {
            State::Listening(listener) => {
                let endpoint = LateEndpoint {
                    application: self.application.clone(),
                    starting: starting::endpoint(&self.languages, &self.api_origins).boxed(),
                };
                let (stop, stopped) = oneshot::channel();
                let shutdown = async {
                    let _ = stopped.await;
                };
                let server = poem::Server::new_with_acceptor(listener)
                    .http2_max_concurrent_streams(HTTP2_STREAMS)
                    .run_with_graceful_shutdown(endpoint, shutdown, Some(SHUTDOWN_GRACE));
                self.state = State::Running {
                    server: tokio::spawn(server),
                    stop: Some(stop),
                };
            }
            state => self.state = state,
        }
    }

    /// Begins a graceful shutdown.
    fn stop(&mut self) {
        if let State::Running { stop, .. } = &mut self.state
            && let Some(stop) = stop.take()
        {
            let _ = stop.send(());
        }
    }

    async fn ended(&mut self) -> io::Result<()> {
        if let State::Running { server, .. } = &mut self.state {
            let result = server.await.unwrap_or_else(|error| Err(error.into()));
            self.state = State::Ended(result);
        }
        match &mut self.state {
            State::Ended(result) => std::mem::replace(result, Ok(())),
            State::Listening(_) | State::Running { .. } => Ok(()),
        }
    }
}

/// Serves until `shutdown` completes, then finishes pending responses.
///
/// # Errors
/// The server fails.
pub async fn serve(
    listener: Listener,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let (languages, api_origins) = (app.languages().clone(), app.api_origins.clone());
    Server::new(listener, languages, api_origins)
        .serve(app, shutdown)
        .await
}

/// The application once it is there.
struct LateEndpoint {
    application: Arc<OnceLock<Application>>,
    starting: BoxEndpoint<'static, Response>,
}

impl Endpoint for LateEndpoint {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        match self.application.get() {
            Some(application) => application.call(request).await,
            None => self.starting.call(request).await,
        }
    }
}
