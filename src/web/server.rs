//! The process that listens, answers, and stops without dropping what is under way.

use std::{io, time::Duration};

use poem::{Server, listener::TcpListener};
use tokio::signal::unix::{SignalKind, signal};

use super::{App, routes};

/// How long answers under way may take after the process was told to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until told to stop (SIGTERM, or Ctrl-C), then finishes what is under way.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(listen: &str, app: App) -> io::Result<()> {
    Server::new(TcpListener::bind(listen.to_owned()))
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
