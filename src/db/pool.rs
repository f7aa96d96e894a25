//! A connection pool with a fair queue. Knows bb8; does not depend on either database.
//!
//! bb8 itself is unfair: under load single tasks waited for seconds. A tokio semaphore with one permit per connection
//! queues tasks in order of arrival, so no task ever queues inside bb8.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bb8::{ErrorSink, ManageConnection};
use diesel::ConnectionResult;
use diesel_async::AsyncConnection;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolError, RecyclingMethod,
};
use prometheus::{Histogram, HistogramTimer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use super::{error::Error, metrics::Metrics};
use crate::{log::LogThrottle, metrics::GaugeGuard};

/// Connections are replaced after an hour, because servers and proxies lose settings and leak memory.
const MAX_LIFETIME: Duration = Duration::from_secs(3600);
/// Connections beyond `min_idle` are closed after this time without use.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// A connection, and whether it can be reused.
pub(super) struct TrackedConnection<C> {
    pub(super) connection: C,
    /// True while a query is pending or a transaction is open. A task that is dropped at that point leaves it true,
    /// and the pool then closes the connection instead of reusing it.
    pub(super) dirty: bool,
}

/// diesel-async's connection manager, extended by [`TrackedConnection::dirty`].
pub(super) struct ConnectionManager<C>(Arc<AsyncDieselConnectionManager<C>>);

impl<C> Clone for ConnectionManager<C> {
    fn clone(&self) -> ConnectionManager<C> {
        ConnectionManager(Arc::clone(&self.0))
    }
}

impl<C> ManageConnection for ConnectionManager<C>
where
    C: Send + 'static,
    AsyncDieselConnectionManager<C>: ManageConnection<Connection = C, Error = PoolError>,
{
    type Connection = Box<TrackedConnection<C>>; // boxed, because it is moved with every use
    type Error = PoolError;

    async fn connect(&self) -> Result<Box<TrackedConnection<C>>, PoolError> {
        let connection = self.0.connect().await?;
        Ok(Box::new(TrackedConnection {
            connection,
            dirty: false,
        }))
    }

    async fn is_valid(&self, tracked: &mut Box<TrackedConnection<C>>) -> Result<(), PoolError> {
        tracked.dirty = true;
        self.0.is_valid(&mut tracked.connection).await?;
        tracked.dirty = false;
        Ok(())
    }

    fn has_broken(&self, tracked: &mut Box<TrackedConnection<C>>) -> bool {
        tracked.dirty || self.0.has_broken(&mut tracked.connection)
    }
}

/// The state of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Connections in use.
    pub in_use: u32,
    /// Open connections that are not in use.
    pub idle: u32,
    /// The maximum number of connections.
    pub max: u32,
}

/// How many connections a pool has.
pub(super) struct PoolSize {
    pub(super) max: u32,
    pub(super) min_idle: u32,
    /// Whether idle connections can be lost; then each is verified before use.
    pub(super) remote: bool,
}

/// A future that opens one connection.
pub(super) type Connecting<C> = Pin<Box<dyn Future<Output = ConnectionResult<C>> + Send>>;

/// A bb8 pool behind a fair queue.
pub(super) struct Pool<C>
where
    ConnectionManager<C>: ManageConnection,
{
    connections: bb8::Pool<ConnectionManager<C>>,
    /// Verifies connections before use; `None` for local databases.
    verifier: Option<ConnectionManager<C>>,
    permits: Arc<Semaphore>,
    max: u32,
    wait: Duration,
    last_error: LastError,
    metrics: Arc<Metrics>,
}

/// A connection in use. When dropped, the connection returns to the pool before the permit is released:
/// the order of the fields matters.
pub(super) struct PooledConnection<C>
where
    ConnectionManager<C>: ManageConnection<Connection = Box<TrackedConnection<C>>>,
{
    connection: bb8::PooledConnection<'static, ConnectionManager<C>>,
    _permit: OwnedSemaphorePermit,
    /// Records how long the connection was in use, if requested.
    _timer: Option<HistogramTimer>,
    metrics: Arc<Metrics>,
}

impl<C> PooledConnection<C>
where
    ConnectionManager<C>: ManageConnection<Connection = Box<TrackedConnection<C>>>,
{
    pub(super) fn tracked(&mut self) -> &mut TrackedConnection<C> {
        &mut self.connection
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Records in `duration` how long the connection is in use from now on.
    pub(super) fn timed(self, duration: &Histogram) -> PooledConnection<C> {
        let _timer = Some(duration.start_timer());
        PooledConnection { _timer, ..self }
    }
}

impl<C> Pool<C>
where
    C: AsyncConnection + 'static,
    ConnectionManager<C>:
        ManageConnection<Connection = Box<TrackedConnection<C>>, Error = PoolError>,
{
    /// A pool that opens connections with `connect`. `wait` is the maximum wait for one.
    pub(super) fn new(
        size: &PoolSize,
        wait: Duration,
        metrics: &Arc<Metrics>,
        connect: impl Fn() -> Connecting<C> + Send + Sync + 'static,
    ) -> Pool<C> {
        let mut config = ManagerConfig::default();
        // A simple query: diesel's own check prepares a statement, which some poolers lose.
        config.recycling_method =
            RecyclingMethod::CustomFunction(Box::new(|connection: &mut C| {
                Box::pin(connection.batch_execute("SELECT 1"))
            }));
        config.custom_setup = Box::new(move |_| connect());
        // The manager does not get the address, which may contain a password; `connect` has it.
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let manager = ConnectionManager(Arc::new(manager));
        let last_error = LastError::default();
        let connections = bb8::Pool::builder()
            .max_size(size.max)
            .min_idle(size.min_idle)
            .idle_timeout(IDLE_TIMEOUT)
            .max_lifetime(MAX_LIFETIME)
            .test_on_check_out(false) // see `acquire`
            .queue_strategy(bb8::QueueStrategy::Lifo)
            .connection_timeout(wait)
            .error_sink(Box::new(last_error.clone()))
            .build_unchecked(manager.clone());
        Pool {
            connections,
            verifier: size.remote.then_some(manager),
            permits: Arc::new(Semaphore::new(size.max as usize)),
            max: size.max,
            wait,
            last_error,
            metrics: Arc::clone(metrics),
        }
    }

    /// Queues for a connection, which is verified if the database is remote.
    pub(super) async fn acquire(&self) -> Result<PooledConnection<C>, Error> {
        self.acquire_with(self.verifier.as_ref()).await
    }

    /// The same without verification, for callers that notice a lost connection and can acquire another one.
    pub(super) async fn acquire_unverified(&self) -> Result<PooledConnection<C>, Error> {
        self.acquire_with(None).await
    }

    async fn acquire_with(
        &self,
        verifier: Option<&ConnectionManager<C>>,
    ) -> Result<PooledConnection<C>, Error> {
        let _waiting = GaugeGuard::increment(&self.metrics.waiting);
        let _timer = self.metrics.wait.start_timer();
        let deadline = Instant::now() + self.wait;
        let permit = timeout_at(deadline, Arc::clone(&self.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(self.timeout_error("all connections are in use"));
        };
        match timeout_at(deadline, self.connection(verifier)).await {
            Ok(Some(connection)) => {
                self.last_error.clear();
                Ok(PooledConnection {
                    connection,
                    _permit: permit,
                    _timer: None,
                    metrics: Arc::clone(&self.metrics),
                })
            }
            Ok(None) | Err(_) => Err(self.timeout_error("the database does not answer")),
        }
    }

    /// The first connection, or with a verifier the first that works.
    async fn connection(
        &self,
        verifier: Option<&ConnectionManager<C>>,
    ) -> Option<bb8::PooledConnection<'static, ConnectionManager<C>>> {
        loop {
            let mut connection = self.connections.get_owned().await.ok()?;
            let Some(verifier) = verifier else {
                return Some(connection);
            };
            match verifier.is_valid(&mut connection).await {
                Ok(()) => return Some(connection),
                // It is dirty now, so the pool closes it.
                Err(error) => self.last_error.sink(error),
            }
        }
    }

    /// A timeout, explained by the last connection error or else by `default_reason`.
    fn timeout_error(&self, default_reason: &str) -> Error {
        let reason = self.last_error.get();
        Error::Unavailable(format!(
            "no connection within {:?}: {}",
            self.wait,
            reason.as_deref().unwrap_or(default_reason)
        ))
    }

    pub(super) fn state(&self) -> PoolState {
        let state = self.connections.state();
        PoolState {
            in_use: state.connections.saturating_sub(state.idle_connections),
            idle: state.idle_connections,
            max: self.max,
        }
    }
}

/// The last error in opening or verifying a connection, which bb8 reports only to its error sink.
#[derive(Clone, Default)]
struct LastError(Arc<LastErrorState>);

#[derive(Default)]
struct LastErrorState {
    message: Mutex<Option<String>>,
    throttle: LogThrottle,
}

impl LastError {
    fn get(&self) -> Option<String> {
        self.lock().clone()
    }

    fn clear(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        let message = &self.0.message;
        message.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for LastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LastError")
    }
}

impl ErrorSink<PoolError> for LastError {
    /// Logs each error once, not at every retry, and at most one a second: connections may fail and succeed alternately.
    fn sink(&self, error: PoolError) {
        let message = error.to_string();
        if message.ends_with("was cancelled") {
            // The runtime is shutting down.
            return;
        }
        let mut last = self.lock();
        if last.as_ref() != Some(&message) {
            if let Some(suppressed) = self.0.throttle.record() {
                tracing::warn!(error = message, suppressed, "a database connection failed");
            }
            *last = Some(message);
        }
    }

    fn boxed_clone(&self) -> Box<dyn ErrorSink<PoolError>> {
        Box::new(self.clone())
    }
}
