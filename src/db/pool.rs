//! Connections kept ready, and the fair queue before them. Knows bb8; knows neither database.
//!
//! bb8 wakes whoever is lucky: under load single tasks waited for seconds. A tokio semaphore hands out
//! turns in the order of arrival, as many as there are connections, so nobody ever queues at bb8 itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
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

use super::{Error, PoolState, figures::Figures};
use crate::figures::Counted;

/// A connection is replaced after an hour: servers and proxies forget settings and leak memory.
const LIFETIME: Duration = Duration::from_secs(3600);
/// Connections above the few kept ready are closed when nobody needed them for this long.
const IDLE: Duration = Duration::from_secs(600);

/// A connection and whether it may be given to the next one.
pub(super) struct Link<C> {
    pub(super) connection: C,
    /// True while a question is unanswered or a transaction open. Whoever is dropped at such a moment
    /// leaves it true, and the pool closes the connection instead of handing on what is half done.
    pub(super) unsettled: bool,
}

/// diesel-async's manager, which makes and checks connections, with an eye on [`Link::unsettled`].
pub(super) struct Manager<C>(Arc<AsyncDieselConnectionManager<C>>);

impl<C> Clone for Manager<C> {
    fn clone(&self) -> Manager<C> {
        Manager(Arc::clone(&self.0))
    }
}

impl<C> ManageConnection for Manager<C>
where
    C: Send + 'static,
    AsyncDieselConnectionManager<C>: ManageConnection<Connection = C, Error = PoolError>,
{
    type Connection = Box<Link<C>>; // boxed: it is passed on and back with every turn
    type Error = PoolError;

    async fn connect(&self) -> Result<Box<Link<C>>, PoolError> {
        let connection = self.0.connect().await?;
        Ok(Box::new(Link {
            connection,
            unsettled: false,
        }))
    }

    async fn is_valid(&self, link: &mut Box<Link<C>>) -> Result<(), PoolError> {
        link.unsettled = true;
        self.0.is_valid(&mut link.connection).await?;
        link.unsettled = false;
        Ok(())
    }

    fn has_broken(&self, link: &mut Box<Link<C>>) -> bool {
        link.unsettled || self.0.has_broken(&mut link.connection)
    }
}

/// How many connections a pool keeps.
pub(super) struct Size {
    pub(super) at_most: u32,
    pub(super) ready: u32,
    /// Whether a connection may be lost while nobody uses it: then it is checked before use.
    pub(super) remote: bool,
}

/// A future that makes one connection.
pub(super) type Connecting<C> = Pin<Box<dyn Future<Output = ConnectionResult<C>> + Send>>;

/// A bb8 pool with the fair queue before it.
pub(super) struct Pool<C>
where
    Manager<C>: ManageConnection,
{
    connections: bb8::Pool<Manager<C>>,
    /// Checks a connection before use, where that is needed.
    checks: Option<Manager<C>>,
    turns: Arc<Semaphore>,
    at_most: u32,
    wait: Duration,
    trouble: Trouble,
    figures: Arc<Figures>,
}

/// A connection taken from a pool. It goes back when dropped, and only then the turn to the next one:
/// the order of the fields matters.
pub(super) struct Taken<C>
where
    Manager<C>: ManageConnection<Connection = Box<Link<C>>>,
{
    connection: bb8::PooledConnection<'static, Manager<C>>,
    _turn: OwnedSemaphorePermit,
    /// Tells how long it was held, if anybody wants to know.
    _held: Option<HistogramTimer>,
    figures: Arc<Figures>,
}

impl<C> Taken<C>
where
    Manager<C>: ManageConnection<Connection = Box<Link<C>>>,
{
    pub(super) fn link(&mut self) -> &mut Link<C> {
        &mut self.connection
    }

    pub(super) fn figures(&self) -> &Figures {
        &self.figures
    }

    /// The same connection, and `held` hears how long it was in use, from now on, when it goes back.
    pub(super) fn timed(self, held: &Histogram) -> Taken<C> {
        let _held = Some(held.start_timer());
        Taken { _held, ..self }
    }
}

impl<C> Pool<C>
where
    C: AsyncConnection + 'static,
    Manager<C>: ManageConnection<Connection = Box<Link<C>>, Error = PoolError>,
{
    /// A pool that makes its connections with `connect`. Nobody waits longer than `wait` for one.
    pub(super) fn new(
        size: &Size,
        wait: Duration,
        figures: &Arc<Figures>,
        connect: impl Fn() -> Connecting<C> + Send + Sync + 'static,
    ) -> Pool<C> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Verified;
        config.custom_setup = Box::new(move |_| connect());
        // The address stays with `connect`: it may hold a password.
        let manager = AsyncDieselConnectionManager::new_with_config("", config);
        let manager = Manager(Arc::new(manager));
        let trouble = Trouble::default();
        let connections = bb8::Pool::builder()
            .max_size(size.at_most)
            .min_idle(size.ready)
            .idle_timeout(IDLE)
            .max_lifetime(LIFETIME)
            .test_on_check_out(false) // see `take`
            .queue_strategy(bb8::QueueStrategy::Lifo)
            .connection_timeout(wait)
            .error_sink(Box::new(trouble.clone()))
            .build_unchecked(manager.clone());
        Pool {
            connections,
            checks: size.remote.then_some(manager),
            turns: Arc::new(Semaphore::new(size.at_most as usize)),
            at_most: size.at_most,
            wait,
            trouble,
            figures: Arc::clone(figures),
        }
    }

    /// Waits its turn, then takes a connection that works as far as one can know.
    pub(super) async fn take(&self) -> Result<Taken<C>, Error> {
        self.take_by(self.checks.as_ref()).await
    }

    /// The same without a check, for who sees at once whether it works and can take another one.
    pub(super) async fn take_unchecked(&self) -> Result<Taken<C>, Error> {
        self.take_by(None).await
    }

    async fn take_by(&self, checks: Option<&Manager<C>>) -> Result<Taken<C>, Error> {
        let _waiting = Counted::by(&self.figures.waiting);
        let _waited = self.figures.wait.start_timer();
        let until = Instant::now() + self.wait;
        let turn = timeout_at(until, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(self.too_late("all connections are in use"));
        };
        match timeout_at(until, self.connection(checks)).await {
            Ok(Some(connection)) => {
                self.trouble.forget();
                Ok(Taken {
                    connection,
                    _turn: turn,
                    _held: None,
                    figures: Arc::clone(&self.figures),
                })
            }
            Ok(None) | Err(_) => Err(self.too_late("it does not answer")),
        }
    }

    /// The first connection that works, if it is to be checked.
    async fn connection(
        &self,
        checks: Option<&Manager<C>>,
    ) -> Option<bb8::PooledConnection<'static, Manager<C>>> {
        loop {
            let mut connection = self.connections.get_owned().await.ok()?;
            let Some(manager) = checks else {
                return Some(connection);
            };
            match manager.is_valid(&mut connection).await {
                Ok(()) => return Some(connection),
                // It counts as unsettled, so the pool closes it.
                Err(error) => self.trouble.sink(error),
            }
        }
    }

    fn too_late(&self, presumably: &str) -> Error {
        let reason = self.trouble.last();
        Error::Unavailable(format!(
            "no connection within {:?}: {}",
            self.wait,
            reason.as_deref().unwrap_or(presumably)
        ))
    }

    pub(super) fn state(&self) -> PoolState {
        let state = self.connections.state();
        PoolState {
            in_use: state.connections.saturating_sub(state.idle_connections),
            idle: state.idle_connections,
            at_most: self.at_most,
        }
    }
}

/// What last went wrong with making or checking a connection: bb8 tells it to nobody else.
#[derive(Clone, Default)]
struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    fn last(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trouble")
    }
}

impl ErrorSink<PoolError> for Trouble {
    /// Logs a trouble once, not at each of the many attempts while it lasts.
    fn sink(&self, error: PoolError) {
        let now = error.to_string();
        if now.ends_with("was cancelled") {
            // The process ends, and with it what was about to be made.
            return;
        }
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref() != Some(&now) {
            tracing::warn!(error = now, "a database connection failed");
            *last = Some(now);
        }
    }

    fn boxed_clone(&self) -> Box<dyn ErrorSink<PoolError>> {
        Box::new(self.clone())
    }
}
