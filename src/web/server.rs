//! The process that listens, answers, and stops without dropping what is under way.

use std::{io, time::Duration};

use poem::Server;
use tokio::signal::unix::{SignalKind, signal};

use super::{App, listener::Listener, routes};
use crate::board::CacheState;

/// How long answers under way may take after the process was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until told to stop (SIGTERM, or Ctrl-C), then finishes what is under way.
///
/// # Errors
/// The process cannot be told to stop, since it may not wait for signals.
pub async fn serve(listener: Listener, app: App) -> io::Result<()> {
    for address in listener.addresses() {
        tracing::info!("serving at http://{address}/");
    }
    let told = told_to_stop()?;
    let boards = app.boards.clone();
    // Streams never end by themselves, and the farewell waits for all that is under way.
    let stop = {
        let boards = boards.clone();
        async move {
            told.await;
            boards.close();
        }
    };
    let served = Server::new_with_acceptor(listener)
        .run_with_graceful_shutdown(routes(app), stop, Some(FAREWELL))
        .await;
    let CacheState { hits, misses, .. } = boards.cache_state();
    tracing::info!(hits, misses, "stopped: boards out of memory, and loaded");
    served
}

/// Ends when the process is told to stop.
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answers under way are finished first");
    })
}
