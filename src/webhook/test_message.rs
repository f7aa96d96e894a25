//! Sends a test message to an endpoint.

use super::{client::Client, endpoint::Endpoint, failure::Failure, message};
use crate::board::now;

/// Sends a signed message of the type `savt.test`.
///
/// # Errors
/// The receiver does not accept it.
pub async fn send_test(client: &Client, endpoint: &Endpoint) -> Result<(), Failure> {
    let now = now().and_utc();
    let id = format!("test-{}", hex::encode(rand::random::<[u8; 8]>()));
    let at = now.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let message = message::test(id, &at, endpoint.format);
    let headers = endpoint.headers(&message.id, now.timestamp(), &message.body);
    client
        .post(&mut None, &endpoint.target, &headers, message.body)
        .await
}
