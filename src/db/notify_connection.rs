//! A PostgreSQL connection that listens on a channel. To detect a connection that looks alive but delivers nothing, it
//! also listens on a private channel, on which the process pings itself. Knows nothing of the payloads.

use std::future::poll_fn;
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep_until, timeout, timeout_at};
use tokio_postgres::types::Type;
use tokio_postgres::{AsyncMessage, Client, Notification};

use super::connect_error::describe;
use super::postgres::{CONNECT_TIMEOUT, Server, timeout_settings};
use super::session::{Messages, Session};

/// How often the process pings itself.
const PING_INTERVAL: Duration = Duration::from_secs(5);
/// The connection is considered dead after this time without a ping: two were lost, with a margin for delivery.
const PING_TIMEOUT: Duration = Duration::from_secs(12);
/// The maximum number of notifications in one statement.
const MAX_BATCH: usize = 256;
/// The minimum time between two statements: under load each one costs the database as much as a change.
const MIN_SEND_INTERVAL: Duration = Duration::from_millis(2);

/// A connection that listens on the shared channel and on its own ping channel.
pub(super) struct NotifyConnection {
    client: Client,
    messages: Messages,
    ping_channel: String,
}

impl NotifyConnection {
    /// Connects, listens, and waits for the first ping. Fails with a description without secrets.
    pub(super) async fn open(server: &Server, channel: &str) -> Result<NotifyConnection, String> {
        let mut connection = match timeout(CONNECT_TIMEOUT, connect(server)).await {
            Ok(connected) => connected?,
            Err(_) => {
                let address = &server.display_address;
                return Err(format!(
                    "{address} did not answer within {CONNECT_TIMEOUT:?}"
                ));
            }
        };
        let listen = format!(
            "{}; LISTEN \"{}\"; LISTEN {}",
            timeout_settings(),
            channel.replace('"', "\"\""),
            connection.ping_channel
        );
        // The first ping is sent through another connection, because a pooler such as PgBouncer may deliver a connection's
        // own notifications with its results, but nothing that others send later.
        let listen_and_ping = async {
            connection
                .client
                .batch_execute(&listen)
                .await
                .map_err(|e| describe(&e))?;
            let other = server.connect().await;
            let mut other = other.map_err(|e| e.to_string())?;
            let notify = format!("NOTIFY {}", connection.ping_channel);
            let sent = other.batch_execute(&notify).await;
            sent.map_err(|e| e.to_string())
        };
        let receive_ping = async {
            while next(&mut connection.messages).await?.channel() != connection.ping_channel {}
            Ok(())
        };
        let ready = async { tokio::try_join!(biased; receive_ping, listen_and_ping) };
        match timeout(PING_TIMEOUT, ready).await {
            Ok(result) => result.map(|_| connection),
            Err(_) => Err(ping_lost()),
        }
    }

    /// Sends the queued notifications and passes received ones to `received`, until the connection fails; returns why.
    pub(super) async fn run(
        mut self,
        channel: &str,
        queue: &mut mpsc::Receiver<String>,
        received: impl FnMut(String) -> Result<(), String>,
    ) -> String {
        tokio::select! {
            biased; // receiving knows the cause of a failure better than sending
            reason = receive(&mut self.messages, &self.ping_channel, received) => reason,
            reason = send(&self.client, channel, &self.ping_channel, queue) => reason,
        }
    }
}

async fn receive(
    messages: &mut Messages,
    ping_channel: &str,
    mut received: impl FnMut(String) -> Result<(), String>,
) -> String {
    let mut deadline = Instant::now() + PING_TIMEOUT;
    loop {
        match timeout_at(deadline, next(messages)).await {
            Ok(Ok(notification)) if notification.channel() == ping_channel => {
                deadline = Instant::now() + PING_TIMEOUT;
            }
            Ok(Ok(notification)) => {
                if let Err(reason) = received(notification.payload().to_owned()) {
                    return reason;
                }
            }
            Ok(Err(reason)) => return reason,
            Err(_) => return ping_lost(),
        }
    }
}

async fn send(
    client: &Client,
    channel: &str,
    ping_channel: &str,
    queue: &mut mpsc::Receiver<String>,
) -> String {
    let mut ping = interval_at(Instant::now() + PING_INTERVAL, PING_INTERVAL);
    loop {
        let mut payloads = Vec::new();
        let channel = tokio::select! {
            biased; // pings must not wait for a full queue
            _ = ping.tick() => {
                payloads.push(String::new());
                ping_channel
            }
            _ = queue.recv_many(&mut payloads, MAX_BATCH) => channel,
        };
        let next_send = Instant::now() + MIN_SEND_INTERVAL;
        // With explicit types it takes one round trip and leaves no prepared statement that a pooler could lose.
        let sent = client
            .execute_typed(
                "SELECT pg_notify($1, payload) FROM unnest($2) AS payload",
                &[(&channel, Type::TEXT), (&payloads, Type::TEXT_ARRAY)],
            )
            .await;
        if let Err(error) = sent {
            return describe(&error);
        }
        sleep_until(next_send).await;
    }
}

fn ping_lost() -> String {
    format!("no ping was received within {PING_TIMEOUT:?}")
}

async fn connect(server: &Server) -> Result<NotifyConnection, String> {
    let Session {
        client, messages, ..
    } = server.open_session().await.map_err(|e| e.to_string())?;
    let ping_channel = format!("ping_{:032x}", rand::random::<u128>());
    Ok(NotifyConnection {
        client,
        messages,
        ping_channel,
    })
}

/// The next notification, or how the connection ended.
async fn next(messages: &mut Messages) -> Result<Notification, String> {
    loop {
        match poll_fn(&mut *messages).await {
            Some(Ok(AsyncMessage::Notification(notification))) => return Ok(notification),
            Some(Ok(_)) => {} // a notice
            Some(Err(error)) => return Err(describe(&error)),
            None => return Err("the connection was closed".to_owned()),
        }
    }
}
