//! The handle to an open database: hands out connections and transactions, and runs migrations.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use prometheus::Histogram;
use tokio::time::timeout;

use super::backend::Backend;
use super::commit_outcome::CommitOutcome;
use super::conn::{Conn, Transaction};
use super::error::Error;
use super::group_commit::GroupCommit;
use super::listener::NotificationListener;
use super::metrics::Metrics;
use super::migrate::{self, Migration, Task};
use super::outages::Outages;
use super::pool::{Pool, PoolSize, PoolState};
use super::settings::Settings;
use super::statement_batch::{Deferred, StatementBatch};
use super::url::Address;
use super::{postgres, postgres_check, sqlite};

/// An open database. Clones share its connections.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    pools: Pools,
    wait: Duration,
    metrics: Arc<Metrics>,
    outages: Outages,
}

enum Pools {
    /// One connection writes, the others read: SQLite allows one writer at a time, and unlike SQLite's own lock the
    /// pool's queue is fair.
    Sqlite {
        file: PathBuf,
        writer: Pool<sqlite::Connection>,
        group_commit: GroupCommit,
        readers: Pool<sqlite::Connection>,
    },
    Postgres {
        server: Box<postgres::Server>,
        pool: Pool<AsyncPgConnection>,
    },
}

impl Database {
    /// Opens the database: creates and checks SQLite's file, or connects to PostgreSQL once as a test.
    /// Does not migrate.
    ///
    /// # Errors
    /// [`Error::Unusable`] with a message of one line; [`Error::NotReady`] if the server cannot be reached or is starting, and
    /// [`Error::Unavailable`] if it rejects the connection.
    pub async fn open(settings: &Settings) -> Result<Database, Error> {
        if let Address::Sqlite(file) = &settings.url.0 {
            sqlite::prepare(file, settings.wait).await?;
        }
        Database::open_prepared(settings).await
    }

    /// Opens an existing database for reading: creates and changes nothing, not even SQLite's journal mode.
    ///
    /// # Errors
    /// As for [`Database::open`].
    pub async fn open_existing(settings: &Settings) -> Result<Database, Error> {
        if let Address::Sqlite(file) = &settings.url.0 {
            sqlite::check_existing(file, settings.wait).await?;
        }
        Database::open_prepared(settings).await
    }

    async fn open_prepared(settings: &Settings) -> Result<Database, Error> {
        let wait = settings.wait;
        let connections = settings.connections;
        if connections < 2 {
            return Err(Error::Unusable(
                "at least 2 database connections are needed".to_owned(),
            ));
        }
        if wait.is_zero() {
            return Err(Error::Unusable(
                "the maximum wait for a database connection must not be zero".to_owned(),
            ));
        }
        let metrics = Arc::new(Metrics::new());
        let pools = match &settings.url.0 {
            Address::Sqlite(file) => {
                let pool = |role, max| {
                    let file = file.clone();
                    let size = PoolSize {
                        max,
                        min_idle: 1,
                        remote: false,
                    };
                    Pool::new(&size, wait, &metrics, move || {
                        Box::pin(sqlite::connect(file.clone(), role, wait))
                    })
                };
                Pools::Sqlite {
                    writer: pool(sqlite::Access::Write, 1),
                    group_commit: GroupCommit::default(),
                    readers: pool(sqlite::Access::Read, connections - 1),
                    file: file.clone(),
                }
            }
            Address::Postgres(address) => {
                let server = postgres::Server::new(address, settings.statement_cache)?;
                postgres_check::check(&server).await?;
                let server = Box::new(server);
                let size = PoolSize {
                    max: connections,
                    min_idle: 2,
                    remote: true,
                };
                let pool_server = server.clone();
                let pool = Pool::new(&size, wait, &metrics, move || {
                    let server = pool_server.clone();
                    Box::pin(async move {
                        let connected = server.connect().await;
                        connected.map_err(|e| ConnectionError::BadConnection(e.to_string()))
                    })
                });
                Pools::Postgres { server, pool }
            }
        };
        Ok(Database(Arc::new(Inner {
            pools,
            wait,
            metrics,
            outages: Outages::new(),
        })))
    }

    /// A connection for single statements that read. On SQLite it is read-only.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection becomes available in time.
    pub async fn read(&self) -> Result<Conn, Error> {
        Ok(match &self.0.pools {
            Pools::Sqlite { readers, .. } => readers.acquire().await?.into(),
            Pools::Postgres { server, pool } => {
                let conn = Conn::from(pool.acquire().await?);
                match server.statement_cache {
                    true => conn,
                    false => conn.with_statement_transactions(),
                }
            }
        })
    }

    /// A read-only transaction that sees one consistent state of the database.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection becomes available in time.
    pub async fn snapshot(&self) -> Result<Transaction, Error> {
        let duration = &self.0.metrics.snapshot;
        match &self.0.pools {
            Pools::Sqlite { readers, .. } => {
                let conn: Conn = readers.acquire().await?.timed(duration).into();
                conn.begin("BEGIN").await
            }
            Pools::Postgres { pool, .. } => {
                let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                self.begin_on(pool, duration, sql).await
            }
        }
    }

    /// A transaction that writes. On SQLite there is one at a time, and it takes the write lock at once: a transaction that
    /// began by reading would fail if another one wrote in between.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection becomes available in time, or another process holds SQLite's write lock.
    pub async fn write(&self) -> Result<Transaction, Error> {
        let duration = &self.0.metrics.write;
        match &self.0.pools {
            Pools::Sqlite { writer, .. } => {
                let conn: Conn = writer.acquire().await?.timed(duration).into();
                conn.begin("BEGIN IMMEDIATE").await
            }
            Pools::Postgres { pool, .. } => self.begin_on(pool, duration, "BEGIN").await,
        }
    }

    /// Begins on an unverified connection: BEGIN itself is the check, which saves a round trip. If it fails, the connection
    /// was lost while idle, so it is safe to begin on another one.
    async fn begin_on(
        &self,
        pool: &Pool<AsyncPgConnection>,
        duration: &Histogram,
        sql: &'static str,
    ) -> Result<Transaction, Error> {
        let unverified: Conn = pool.acquire_unverified().await?.timed(duration).into();
        match timeout(self.0.wait, unverified.begin(sql)).await {
            Ok(Err(Error::Unavailable(_))) => {
                let verified: Conn = pool.acquire().await?.timed(duration).into();
                verified.begin(sql).await
            }
            Ok(result) => result,
            Err(_) => Err(Error::no_answer_within(self.0.wait)),
        }
    }

    /// Runs a transaction whose statements are all known in advance, in as few round trips as possible; on SQLite in one commit
    /// with other waiting transactions. `guard` runs first: if it affects no row, nothing is done.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if no connection becomes available in time, or the error of a statement. Nothing was stored.
    pub async fn transact(
        &self,
        guard: impl Deferred + 'static,
        batch: StatementBatch,
    ) -> Result<CommitOutcome, Error> {
        if let Pools::Sqlite {
            writer,
            group_commit,
            ..
        } = &self.0.pools
        {
            return group_commit.transact(writer, Box::new(guard), batch).await;
        }
        let mut conn = self.write().await?;
        if !conn.run(guard, batch).await? {
            conn.rollback().await?;
            return Ok(CommitOutcome::GuardFailed);
        }
        match conn.commit().await {
            Ok(()) => Ok(CommitOutcome::Committed),
            Err(Error::TransactionFailed) => Err(Error::TransactionFailed),
            Err(error) => Ok(CommitOutcome::Unknown(error)),
        }
    }

    /// Runs all pending migrations and returns them. Safe to run in several processes at once.
    /// Requires tokio's multi-thread runtime, as do the two methods below.
    ///
    /// # Errors
    /// [`Error::Migration`] if one failed; that one was rolled back.
    pub async fn migrate(&self) -> Result<Vec<Migration>, Error> {
        self.run_migrations(Task::ApplyPending).await
    }

    /// All migrations in order, with their states.
    ///
    /// # Errors
    /// As for a query.
    pub async fn migration_status(&self) -> Result<Vec<Migration>, Error> {
        self.run_migrations(Task::Status).await
    }

    /// The same over a read-only connection. In a database that was not created by SAVT, all are pending.
    ///
    /// # Errors
    /// As for a query.
    pub async fn migration_status_read_only(&self) -> Result<Vec<Migration>, Error> {
        migrate::status_read_only(&mut self.read().await?).await
    }

    /// Reverts the last applied migration, **deleting the data in what it created**, and returns it, if any.
    ///
    /// # Errors
    /// [`Error::Migration`] if it failed, or if a newer version of SAVT applied it.
    pub async fn revert_last(&self) -> Result<Option<Migration>, Error> {
        Ok(self.run_migrations(Task::RevertLast).await?.pop())
    }

    async fn run_migrations(&self, task: Task) -> Result<Vec<Migration>, Error> {
        match &self.0.pools {
            Pools::Sqlite { file, .. } => migrate::on_sqlite(file.clone(), task).await,
            Pools::Postgres { server, .. } => migrate::on_postgres(server, task).await,
        }
    }

    /// Listens for notifications between the processes on this database, on a channel name of at most 63 bytes. `None` on
    /// SQLite, which has no notifications. Uses a connection outside the pool and a tokio task until dropped.
    #[must_use]
    pub fn listener(&self, channel: &'static str) -> Option<NotificationListener> {
        match &self.0.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { server, .. } => {
                Some(NotificationListener::open(server.as_ref().clone(), channel))
            }
        }
    }

    /// Checks that the database answers, within slightly more than the maximum wait.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if not.
    pub async fn ping(&self) -> Result<(), Error> {
        let limit = self.0.wait + self.0.wait / 4;
        let answer = timeout(limit, async {
            let mut conn = self.read().await?;
            // SQLite answers `SELECT 1` without reading its file.
            let query = match conn.backend() {
                Backend::Sqlite => "SELECT count(*) FROM sqlite_schema",
                Backend::Postgres => "SELECT 1",
            };
            conn.execute(diesel::sql_query(query)).await
        });
        match answer.await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(Error::no_answer_within(limit)),
        }
    }

    /// The kind of this database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match &self.0.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// Where users of this database report failures and successes, for the log.
    #[must_use]
    pub fn outages(&self) -> &Outages {
        &self.0.outages
    }

    /// The metrics of this database.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The state of the connections, all pools together.
    #[must_use]
    pub fn pool_state(&self) -> PoolState {
        match &self.0.pools {
            Pools::Sqlite {
                writer, readers, ..
            } => {
                let (writer, readers) = (writer.state(), readers.state());
                PoolState {
                    in_use: writer.in_use + readers.in_use,
                    idle: writer.idle + readers.idle,
                    max: writer.max + readers.max,
                }
            }
            Pools::Postgres { pool, .. } => pool.state(),
        }
    }
}
