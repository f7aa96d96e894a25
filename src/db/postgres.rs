//! PostgreSQL connections, with time limits that keep SAVT responsive when the server is slow or silent.
//! Knows no tables. Addresses are parsed in `url`, TLS is set up in `tls`.

use std::future::{Future, poll_fn};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use diesel::connection::{CacheSize, InstrumentationEvent};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_postgres::Client;
use tokio_postgres::config::Host;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connect_error::ConnectError;
use super::error::Error;
use super::password_file::{Login, find_password};
use super::session::{self, Messages, Session};
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

/// A server and what is needed to connect to it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) config: tokio_postgres::Config,
    pub(super) tls: Option<MakeRustlsConnect>,
    /// The address without the user information, for messages.
    pub(super) display_address: String,
    /// Whether prepared statements are kept for later transactions.
    pub(super) statement_cache: bool,
}

impl Server {
    /// Loads the certificates if the address requires TLS, and the password file if it has no password. Does not connect.
    pub(super) fn new(address: &PostgresAddress, statement_cache: bool) -> Result<Server, Error> {
        let display_address = address.to_string();
        let mut config = address.config.clone();
        // Without a name, tokio-postgres would ask the system, see `Environment::user`.
        let Some(user) = config.get_user().map(str::to_owned) else {
            return Err(Error::Unusable(format!(
                "no user name for {display_address}: give one, as in postgres://USER@HOST/DATABASE, or set PGUSER or USER"
            )));
        };
        if let (None, Some(file)) = (config.get_password(), &address.password_file) {
            let hosts = address.hosts();
            let database = config.get_dbname().unwrap_or(&user);
            let login = |host, port| Login {
                host,
                port,
                database,
                user: &user,
            };
            let logins = hosts.iter().flat_map(|(host, port)| {
                // As in libpq, `localhost` stands for a socket too.
                let alias = host.starts_with('/').then(|| login("localhost", *port));
                [login(host, *port)].into_iter().chain(alias)
            });
            if let Some(password) = find_password(file, &logins.collect::<Vec<_>>()) {
                config.password(password);
            }
        }
        if config.get_application_name().is_none() {
            config.application_name("savt");
        }
        if config.get_connect_timeout().is_none() {
            // For each host; all of them must be tried within the limit for the whole.
            let hosts = address.hosts().len().max(1) as u32;
            config.connect_timeout(CONNECT_TIMEOUT / hosts);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TCP_USER_TIMEOUT);
        }
        config.keepalives_idle(KEEPALIVE_IDLE.min(config.get_keepalives_idle()));
        resolve_localhost(&mut config);
        Ok(Server {
            config,
            tls: address.tls.as_ref().map(tls::connector).transpose()?,
            display_address,
            statement_cache,
        })
    }

    /// Opens a connection. The connection's I/O is driven on the writer runtime, independent of the caller's.
    pub(super) async fn connect(&self) -> Result<AsyncPgConnection, ConnectError> {
        let server = self.clone();
        self.within_limit(async move { server.connect_without_timeout().await })
            .await
    }

    /// Opens a connection without diesel and without settings. Returns the encoding of the database as well.
    pub(super) async fn connect_client(&self) -> Result<(Client, String), ConnectError> {
        let server = self.clone();
        self.within_limit(async move {
            let Session {
                client,
                messages,
                encoding,
            } = server.open_session().await?;
            // Ends when the client is dropped; its queries report the errors.
            tokio::spawn(drive(messages));
            Ok((client, encoding))
        })
        .await
    }

    /// Opens a connection that progresses only while its messages are polled.
    pub(super) async fn open_session(&self) -> Result<Session, ConnectError> {
        let opened = session::open(&self.config, self.tls.as_ref()).await;
        opened.map_err(|error| {
            let user = self.config.get_user().unwrap_or_default();
            ConnectError::of_session(&error, &self.display_address, user)
        })
    }

    async fn within_limit<T: Send + 'static>(
        &self,
        connecting: impl Future<Output = Result<T, ConnectError>> + Send + 'static,
    ) -> Result<T, ConnectError> {
        let address = self.display_address.clone();
        let connecting = spawn_writer(async move {
            match timeout(CONNECT_TIMEOUT, connecting).await {
                Ok(connected) => connected,
                Err(_) => {
                    let reason = format!("no answer within {CONNECT_TIMEOUT:?}");
                    Err(ConnectError::new(&address, &reason, true))
                }
            }
        });
        let connected = connecting.await;
        connected.unwrap_or_else(|e| Err(self.setup_error(&e.to_string())))
    }

    async fn connect_without_timeout(&self) -> Result<AsyncPgConnection, ConnectError> {
        let Session {
            client, messages, ..
        } = self.open_session().await?;
        self.begin_setup(&client);
        let (open, closed) = oneshot::channel::<()>();
        tokio::spawn(async move {
            tokio::select! {
                () = drive(messages) => {}
                _ = closed => {}
            }
        });
        let mut connection = AsyncPgConnection::try_from(client)
            .await
            .map_err(|e| self.setup_error(&e.to_string()))?;
        // Dropping the connection closes its socket, even while a query is pending: the connection owns its instrumentation.
        connection.set_instrumentation(move |_: InstrumentationEvent<'_>| {
            let _ = &open;
        });
        let mut settings = timeout_settings();
        if !self.statement_cache {
            connection.set_prepared_statement_cache_size(CacheSize::Disabled);
            settings.push_str("; COMMIT");
        }
        connection
            .batch_execute(&settings)
            .await
            .map_err(|e| self.setup_error(&e.to_string()))?;
        Ok(connection)
    }

    /// Begins a transaction if statements are not kept for later ones: diesel prepares statements when it sets a connection up.
    fn begin_setup(&self, client: &Client) {
        if !self.statement_cache {
            // Only queues the command, since nothing drives the connection yet. Its answer is not needed.
            let _ = client.batch_execute("BEGIN").now_or_never();
        }
    }

    fn setup_error(&self, reason: &str) -> ConnectError {
        ConnectError::new(&self.display_address, reason, false)
    }
}

/// Reads from a connection until it ends.
async fn drive(mut messages: Messages) {
    while let Some(Ok(_)) = poll_fn(&mut *messages).await {}
}

/// Replaces the name `localhost` by its addresses (RFC 6761, section 6.3), so that the C library need not look it up: in a
/// static binary that loads modules of another C library, and some of them crash on this name.
fn resolve_localhost(config: &mut tokio_postgres::Config) {
    let localhost = Host::Tcp("localhost".to_owned());
    if config.get_hosts() == [localhost] && config.get_hostaddrs().is_empty() {
        config.host("localhost");
        config.hostaddr(Ipv6Addr::LOCALHOST.into());
        config.hostaddr(Ipv4Addr::LOCALHOST.into());
        if let [port] = *config.get_ports() {
            config.port(port);
        }
    }
}

/// Statements that set the timeouts. They are not startup parameters, because poolers such as PgBouncer reject those.
pub(super) fn timeout_settings() -> String {
    format!(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
        STATEMENT_TIMEOUT.as_millis(),
        LOCK_TIMEOUT.as_millis(),
        IDLE_IN_TRANSACTION_TIMEOUT.as_millis(),
    )
}

/// Statements that set the timeouts of a transaction that migrates: its statements may take any time.
pub(super) fn migration_settings() -> String {
    format!(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = {}",
        MIGRATION_LOCK_TIMEOUT.as_millis(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::url::Environment;

    #[test]
    fn a_server_without_a_user_name_is_an_error() {
        let address = PostgresAddress::parse("127.0.0.1/d", &Environment::default()).unwrap();
        let error = Server::new(&address, true).err().unwrap().to_string();
        assert!(error.contains("PGUSER"), "{error}");
    }
}
