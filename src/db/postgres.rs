//! PostgreSQL: connections with the time limits that let SAVT live through a slow or silent server.
//! Knows no table; what an address means is settled in `url`, TLS in `tls`.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::time::timeout;
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::url::Postgres;
use super::{Error, tls};
use crate::runtime::spawn_apart;

/// The server ends a statement that takes longer. All of SAVT's take milliseconds; what takes seconds
/// waits for something, and the person at the browser has given up.
const STATEMENT: Duration = Duration::from_secs(5);
/// The server gives up waiting for a lock. Shorter than a statement, so that the answer says which it was.
const LOCK: Duration = Duration::from_secs(3);
/// The server ends a transaction that asks nothing for so long: its process hangs or is unreachable,
/// and its locks would stop all others.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(10);
/// SAVT itself stops waiting for an answer: only when the server is silent, as it otherwise says so before.
pub(super) const ANSWER: Duration = Duration::from_secs(6);
/// From the first packet to a connection ready for use, TLS and password included.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
/// How long another process may need to migrate before this one stops waiting for it.
const MIGRATION_LOCK: Duration = Duration::from_secs(60);
/// A connection whose packets nobody confirms for so long is dead.
const UNCONFIRMED: Duration = Duration::from_secs(10);
/// An idle connection is probed after this time, so that a vanished server is noticed before it is needed.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Use,
    Migrate,
}

/// A server and everything needed to connect to it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) config: tokio_postgres::Config,
    pub(super) tls: Option<MakeRustlsConnect>,
    pub(super) shown: String,
}

impl Server {
    /// Reads the certificates that TLS needs, if the address asks for TLS. Connects to nothing.
    pub(super) fn new(address: &Postgres) -> Result<Server, Error> {
        let mut config = address.config.clone();
        if config.get_application_name().is_none() {
            config.application_name("savt");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNCONFIRMED);
        }
        config.keepalives_idle(KEEPALIVE.min(config.get_keepalives_idle()));
        Ok(Server {
            config,
            tls: address.trust.as_ref().map(tls::connector).transpose()?,
            shown: address.to_string(),
        })
    }

    /// One connection, or why there is none, in words without secrets. What comes and goes over it is looked after apart from
    /// whoever asks.
    pub(super) async fn connect(&self, role: Role) -> ConnectionResult<AsyncPgConnection> {
        let server = self.clone();
        let connecting = spawn_apart(async move {
            match timeout(CONNECT, server.connect_patiently(role)).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectionError::BadConnection(format!(
                    "{} did not answer within {CONNECT:?}",
                    server.shown
                ))),
            }
        });
        connecting
            .await
            .unwrap_or_else(|ended| Err(ConnectionError::BadConnection(ended.to_string())))
    }

    async fn connect_patiently(&self, role: Role) -> ConnectionResult<AsyncPgConnection> {
        let refused = |e: tokio_postgres::Error| {
            ConnectionError::BadConnection(format!("{}: {}", self.shown, in_words(&e)))
        };
        let mut connection = if let Some(tls) = &self.tls {
            let (client, wire) = self.config.connect(tls.clone()).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, wire).await?
        } else {
            let (client, wire) = self.config.connect(NoTls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, wire).await?
        };
        connection
            .batch_execute(&limits(role))
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }
}

/// The whole reason in one line: what the server said, or else each cause of the error.
pub(super) fn in_words(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        words.push_str(": ");
        words.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    words
}

/// Set by statements, not at the start of the connection: poolers such as PgBouncer refuse the latter.
pub(super) fn limits(role: Role) -> String {
    let (statement, lock) = match role {
        Role::Use => (STATEMENT, LOCK),
        Role::Migrate => (Duration::ZERO, MIGRATION_LOCK), // zero: no limit
    };
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
        statement.as_millis(),
        lock.as_millis(),
        IDLE_IN_TRANSACTION.as_millis(),
    )
}
