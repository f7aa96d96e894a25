//! PostgreSQL connections, with time limits that keep SAVT responsive when the server is slow or silent.
//! Knows no tables. Addresses are parsed in `url`, TLS is set up in `tls`.

use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use tokio::time::timeout;
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::Error;
use super::tls;
use super::url::PostgresAddress;
use crate::runtime::spawn_writer;

/// The server cancels statements that take longer. SAVT's take milliseconds; one that takes seconds is
/// blocked, and its user has stopped waiting.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);
/// The server stops waiting for a lock. Shorter than the statement timeout, so that the error names the cause.
const LOCK_TIMEOUT: Duration = Duration::from_secs(3);
/// The server ends a transaction that is idle for this long: its process hangs or is unreachable,
/// and its locks would block all others.
const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);
/// SAVT stops waiting for a result. Only a silent server takes this long, see the timeouts above.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(6);
/// For opening a connection, including TLS and authentication.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a process waits for another one that is migrating.
const MIGRATION_LOCK_TIMEOUT: Duration = Duration::from_secs(60);
/// A connection is closed when sent packets remain unacknowledged for this long.
const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);
/// Idle connections are probed after this time, so that an unreachable server is noticed before the next query.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);

/// What a connection is used for; determines its time limits.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Queries,
    Migration,
}

/// A server and what is needed to connect to it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) config: tokio_postgres::Config,
    pub(super) tls: Option<MakeRustlsConnect>,
    /// The address without a password, for messages.
    pub(super) display_address: String,
}

impl Server {
    /// Loads the certificates if the address requires TLS. Does not connect.
    pub(super) fn new(address: &PostgresAddress) -> Result<Server, Error> {
        let mut config = address.config.clone();
        if config.get_application_name().is_none() {
            config.application_name("savt");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TCP_USER_TIMEOUT);
        }
        config.keepalives_idle(KEEPALIVE_IDLE.min(config.get_keepalives_idle()));
        Ok(Server {
            config,
            tls: address.trust.as_ref().map(tls::connector).transpose()?,
            display_address: address.to_string(),
        })
    }

    /// Opens a connection. Errors contain no secrets. The connection's I/O is driven on the writer runtime, independent of the
    /// caller's.
    pub(super) async fn connect(&self, purpose: Purpose) -> ConnectionResult<AsyncPgConnection> {
        let server = self.clone();
        let connecting = spawn_writer(async move {
            match timeout(CONNECT_TIMEOUT, server.connect_without_timeout(purpose)).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectionError::BadConnection(format!(
                    "{} did not answer within {CONNECT_TIMEOUT:?}",
                    server.display_address
                ))),
            }
        });
        connecting
            .await
            .unwrap_or_else(|e| Err(ConnectionError::BadConnection(e.to_string())))
    }

    async fn connect_without_timeout(
        &self,
        purpose: Purpose,
    ) -> ConnectionResult<AsyncPgConnection> {
        let failed = |e: tokio_postgres::Error| {
            ConnectionError::BadConnection(format!("{}: {}", self.display_address, describe(&e)))
        };
        let mut connection = if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await.map_err(failed)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        } else {
            let (client, connection) = self.config.connect(NoTls).await.map_err(failed)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        };
        connection
            .batch_execute(&timeout_settings(purpose))
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }
}

/// The error on one line: the server's message, otherwise the chain of causes.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return error.message().to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Statements that set the timeouts. They are not startup parameters, because poolers such as PgBouncer reject those.
pub(super) fn timeout_settings(purpose: Purpose) -> String {
    let (statement, lock) = match purpose {
        Purpose::Queries => (STATEMENT_TIMEOUT, LOCK_TIMEOUT),
        Purpose::Migration => (Duration::ZERO, MIGRATION_LOCK_TIMEOUT), // zero: no limit
    };
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
        statement.as_millis(),
        lock.as_millis(),
        IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
    )
}
