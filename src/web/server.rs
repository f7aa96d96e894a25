//! The process that listens, answers, and stops without dropping what is under way.

use std::{io, time::Duration};

use poem::Server;
use tokio::signal::unix::{SignalKind, signal};

use super::{App, listener::Listener, routes};

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
    Server::new_with_acceptor(listener)
        .run_with_graceful_shutdown(routes(app), told_to_stop()?, Some(FAREWELL))
        .await
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
