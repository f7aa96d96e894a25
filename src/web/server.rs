//! Runs the HTTP server and shuts it down gracefully.

use std::{io, time::Duration};

use poem::Server;

use super::{app::App, router::routes};
use crate::{board::CacheState, http::listener::Listener};

/// Requests that one HTTP/2 connection may have open, the least that RFC 9113, section 6.5.2, recommends. poem sets no limit.
const HTTP2_STREAMS: u32 = 100;

/// How long pending responses may take after the shutdown signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// Serves until `shutdown` completes, then finishes pending responses.
///
/// # Errors
/// The server fails.
pub async fn serve(
    listener: Listener,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    for address in listener.addresses() {
        tracing::info!("serving at http://{address}/");
    }
    let boards = app.boards.clone();
    // Streams never end by themselves, and the graceful shutdown waits for all responses.
    let shutdown = {
        let boards = boards.clone();
        async move {
            shutdown.await;
            tracing::info!("shutting down; finishing pending responses");
            boards.close();
        }
    };
    let result = Server::new_with_acceptor(listener)
        .http2_max_concurrent_streams(HTTP2_STREAMS)
        .run_with_graceful_shutdown(routes(app), shutdown, Some(SHUTDOWN_GRACE))
        .await;
    let CacheState { hits, misses, .. } = boards.cache_state();
    tracing::info!(hits, misses, "stopped; board cache statistics");
    result
}
