//! Runs the HTTP server and shuts it down gracefully. Until the application is ready, it answers that SAVT is starting.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use poem::{Endpoint, EndpointExt, Request, Response, Result, endpoint::BoxEndpoint};
use tokio::{
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};

use super::{app::App, router::routes, starting};
use crate::{
    board::{Boards, CacheState},
    http::listener::Listener,
    view::Languages,
};

/// How long pending responses may take after the shutdown signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A server that has a listener and gets its application later. Until it runs, connections wait in the listener's backlog.
pub struct Server {
    addresses: Vec<SocketAddr>,
    state: State,
    application: Arc<OnceLock<Application>>,
    languages: Languages,
}

enum State {
    Listening(Listener),
    Running(JoinHandle<io::Result<()>>),
    Ended(io::Result<()>),
}

struct Application {
    routes: BoxEndpoint<'static, Response>,
    boards: Boards,
}

impl Server {
    pub fn new(listener: Listener, languages: Languages) -> Server {
        Server {
            addresses: listener.addresses().collect(),
            state: State::Listening(listener),
            application: Arc::default(),
            languages,
        }
    }

    /// Answers every request from now on: health checks, and 503 for everything else. Completes only when a signal has ended the
    /// server.
    ///
    /// # Errors
    /// The signal handlers cannot be installed, or the server fails.
    pub async fn answer_while_starting(&mut self) -> io::Result<()> {
        for address in &self.addresses {
            tracing::info!(
                "answering health checks at http://{address}/ until the database is ready"
            );
        }
        self.run()?;
        self.ended().await
    }

    /// Serves the application until SIGTERM or Ctrl-C, then finishes pending responses. Open connections of a server that already
    /// answers stay open.
    ///
    /// # Errors
    /// The signal handlers cannot be installed, or the server fails.
    pub async fn serve(mut self, app: App) -> io::Result<()> {
        let boards = app.boards.clone();
        let application = Application {
            routes: routes(app).boxed(),
            boards: boards.clone(),
        };
        // Nothing else sets it: this method takes the server.
        let _ = self.application.set(application);
        for address in &self.addresses {
            tracing::info!("serving at http://{address}/");
        }
        self.run()?;
        let result = self.ended().await;
        let CacheState { hits, misses, .. } = boards.cache_state();
        tracing::info!(hits, misses, "stopped; board cache statistics");
        result
    }

    /// Starts the server if it does not run yet.
    fn run(&mut self) -> io::Result<()> {
        let signal = match &self.state {
            State::Listening(_) => shutdown_signal()?,
            State::Running(_) | State::Ended(_) => return Ok(()),
        };
        let application = self.application.clone();
        // Streams never end by themselves, and the graceful shutdown waits for all responses.
        let shutdown = async move {
            signal.await;
            if let Some(application) = application.get() {
                application.boards.close();
            }
        };
        let endpoint = LateEndpoint {
            application: self.application.clone(),
            starting: starting::endpoint(&self.languages).boxed(),
        };
        if let State::Listening(listener) = std::mem::replace(&mut self.state, State::Ended(Ok(())))
        {
            let server = poem::Server::new_with_acceptor(listener).run_with_graceful_shutdown(
                endpoint,
                shutdown,
                Some(SHUTDOWN_GRACE),
            );
            self.state = State::Running(tokio::spawn(server));
        }
        Ok(())
    }

    async fn ended(&mut self) -> io::Result<()> {
        if let State::Running(server) = &mut self.state {
            let result = server.await.unwrap_or_else(|error| Err(error.into()));
            self.state = State::Ended(result);
        }
        match &mut self.state {
            State::Ended(result) => std::mem::replace(result, Ok(())),
            State::Listening(_) | State::Running(_) => Ok(()),
        }
    }
}

/// Serves until SIGTERM or Ctrl-C, then finishes pending responses.
///
/// # Errors
/// The signal handlers cannot be installed, or the server fails.
pub async fn serve(listener: Listener, app: App) -> io::Result<()> {
    let languages = app.languages().clone();
    Server::new(listener, languages).serve(app).await
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
            Some(application) => application.routes.call(request).await,
            None => self.starting.call(request).await,
        }
    }
}

/// Completes when the process receives a shutdown signal.
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("shutting down; finishing pending responses");
    })
}
