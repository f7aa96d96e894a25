//! One question instead of a load: whether the server is ready.

use std::{sync::Arc, time::Duration};

use hyper::StatusCode;
use tokio::time::timeout;

use super::{
    browser::{Ask, Browser},
    server::Server,
};

/// Asks a SAVT whether it is ready, which it is when its database answers.
///
/// # Errors
/// It is not, or did not say so in this time; why, in one line.
pub async fn ready(url: &str, patience: Duration) -> Result<(), String> {
    let asked = async {
        let server = Server::find(url, true).await;
        let browser = Browser::new(Arc::new(server.map_err(|error| error.to_string())?));
        let answer = browser.ask(Ask::get("/readyz")).await;
        let answer = answer.map_err(|failure| format!("{}: {}", failure.kind, failure.detail))?;
        match answer.status {
            StatusCode::OK => Ok(()),
            status => Err(format!("it answers {status}")),
        }
    };
    let answered = timeout(patience, asked).await;
    answered.unwrap_or_else(|_| Err(format!("no answer within {patience:?}")))
}
