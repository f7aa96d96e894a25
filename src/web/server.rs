//! The process that listens, answers and stops without dropping what is under way.

use std::io;

use poem::{Server, listener::TcpListener};

use super::{App, routes};

/// Serves until told to stop.
pub async fn serve(listen: &str, app: App) -> io::Result<()> {
    Server::new(TcpListener::bind(listen.to_owned()))
        .run(routes(app))
        .await
}
