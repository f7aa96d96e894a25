//! The database, SQLite in a file or PostgreSQL, behind one set of calls. Knows diesel and both databases;
//! knows nothing of what SAVT keeps in them, except the tables' shape in [`schema`].

mod batch;
mod conn;
mod error;
mod figures;
pub mod file;
mod group;
mod migrate;
mod pool;
mod postgres;
pub mod schema;
mod signals;
mod sqlite;
mod tls;
mod url;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::AsyncPgConnection;
use prometheus::Histogram;
use tokio::time::timeout;

pub use batch::{Batch, Deferred, Prepared};
pub use conn::{Conn, Rows, Statement, Transaction, columns};
pub use error::Error;
pub use figures::Figures;
pub use migrate::{Migration, State as MigrationState};
pub use signals::{Signal, Signals, Speaker};
pub use url::Url;

use group::Group;
use migrate::Task;
use pool::{Pool, Size};
use url::Address;

/// Which kind of database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the database is, and how much of it to use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub url: Url,
    /// Connections at most, all pools together; at least 2.
    pub connections: u32,
    /// How long anybody waits for a connection, and on SQLite for another process that writes.
    pub wait: Duration,
}

impl Settings {
    /// The usual: 20 connections, two seconds.
    #[must_use]
    pub fn new(url: Url) -> Settings {
        Settings {
            url,
            connections: 20,
            wait: Duration::from_secs(2),
        }
    }
}

/// A database in use. A clone is the same database, with the same connections.
#[derive(Clone)]
pub struct Database(Arc<Inside>);

struct Inside {
    pools: Pools,
    wait: Duration,
    figures: Arc<Figures>,
}

enum Pools {
    /// One connection writes, the others read: SQLite has one writer at a time anyway, and a queue in SAVT is fair
    /// where SQLite's own is not.
    Sqlite {
        file: PathBuf,
        writer: Pool<sqlite::Connection>,
        group: Group,
        readers: Pool<sqlite::Connection>,
    },
    Postgres {
        server: Box<postgres::Server>,
        pool: Pool<AsyncPgConnection>,
    },
}

/// What became of a transaction.
#[derive(Debug)]
pub enum Kept {
    /// It survives a power cut.
    Yes,
    /// Its guard found nothing to do, so nothing was done.
    No,
    /// The database failed to answer the commit itself: it may have kept everything, or nothing.
    Unanswered(Error),
}

/// How busy the connections are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolState {
    /// Given out at this moment.
    pub in_use: u32,
    /// Open, and waiting for someone to use them.
    pub idle: u32,
    /// The limit.
    pub at_most: u32,
}

impl Database {
    /// Opens the database: makes and checks SQLite's file, or sees whether PostgreSQL lets one in.
    /// Leaves the schema alone.
    ///
    /// # Errors
    /// [`Error::Unusable`] with one clear line, [`Error::Unavailable`] if the server cannot be reached.
    pub async fn open(settings: &Settings) -> Result<Database, Error> {
        if let Address::Sqlite(file) = &settings.url.0 {
            sqlite::prepare(file, settings.wait).await?;
        }
        Database::open_prepared(settings).await
    }

    /// Opens a database that is there, for who only looks at it: nothing is made or changed, not even how SQLite keeps
    /// its log.
    ///
    /// # Errors
    /// Those of [`Database::open`].
    pub async fn open_existing(settings: &Settings) -> Result<Database, Error> {
        if let Address::Sqlite(file) = &settings.url.0 {
            sqlite::find(file, settings.wait).await?;
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
                "the longest wait for a database connection must not be zero".to_owned(),
            ));
        }
        let figures = Arc::new(Figures::new());
        let pools = match &settings.url.0 {
            Address::Sqlite(file) => {
                let pool = |role, at_most| {
                    let file = file.clone();
                    let size = Size {
                        at_most,
                        ready: 1,
                        remote: false,
                    };
                    Pool::new(&size, wait, &figures, move || {
                        Box::pin(sqlite::connect(file.clone(), role, wait))
                    })
                };
                Pools::Sqlite {
                    writer: pool(sqlite::Role::Write, 1),
                    group: Group::default(),
                    readers: pool(sqlite::Role::Read, connections - 1),
                    file: file.clone(),
                }
            }
            Address::Postgres(address) => {
                let server = Box::new(postgres::Server::new(address)?);
                server
                    .connect(postgres::Role::Use)
                    .await
                    .map_err(|e| Error::Unavailable(e.to_string()))?;
                let size = Size {
                    at_most: connections,
                    ready: 2,
                    remote: true,
                };
                let one = server.clone();
                let pool = Pool::new(&size, wait, &figures, move || {
                    let server = one.clone();
                    Box::pin(async move { server.connect(postgres::Role::Use).await })
                });
                Pools::Postgres { server, pool }
            }
        };
        Ok(Database(Arc::new(Inside {
            pools,
            wait,
            figures,
        })))
    }

    /// A connection for single statements that read. On SQLite it cannot write.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is none within the longest wait.
    pub async fn read(&self) -> Result<Conn, Error> {
        Ok(match &self.0.pools {
            Pools::Sqlite { readers, .. } => readers.take().await?.into(),
            Pools::Postgres { pool, .. } => pool.take().await?.into(),
        })
    }

    /// A transaction that only reads, and sees one state of the database throughout.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no connection within the longest wait.
    pub async fn snapshot(&self) -> Result<Transaction, Error> {
        let held = &self.0.figures.snapshot;
        match &self.0.pools {
            Pools::Sqlite { readers, .. } => {
                let conn: Conn = readers.take().await?.timed(held).into();
                conn.begin("BEGIN").await
            }
            Pools::Postgres { pool, .. } => {
                let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                self.begin_on(pool, held, sql).await
            }
        }
    }

    /// A transaction that writes. On SQLite the only one at a time, and it may write from its first statement:
    /// one that begins by reading would fail when another wrote in between.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no connection, or another process writes all the time, within
    /// the longest wait.
    pub async fn write(&self) -> Result<Transaction, Error> {
        let held = &self.0.figures.write;
        match &self.0.pools {
            Pools::Sqlite { writer, .. } => {
                let conn: Conn = writer.take().await?.timed(held).into();
                conn.begin("BEGIN IMMEDIATE").await
            }
            Pools::Postgres { pool, .. } => self.begin_on(pool, held, "BEGIN").await,
        }
    }

    /// Begins on a connection that was not checked: that it can begin is a check, and a round trip less. If it cannot, it was
    /// lost while nobody used it, and nothing was done with it.
    async fn begin_on(
        &self,
        pool: &Pool<AsyncPgConnection>,
        held: &Histogram,
        sql: &'static str,
    ) -> Result<Transaction, Error> {
        let unchecked: Conn = pool.take_unchecked().await?.timed(held).into();
        match timeout(self.0.wait, unchecked.begin(sql)).await {
            Ok(Err(Error::Unavailable(_))) => {
                let checked: Conn = pool.take().await?.timed(held).into();
                checked.begin(sql).await
            }
            Ok(begun) => begun,
            Err(_) => Err(conn::silence(self.0.wait)),
        }
    }

    /// Runs a transaction that is known beforehand, in as few turns as the database allows, on SQLite together with others that
    /// wait at the same moment. `guard` comes first: if it touches no row, nothing is done.
    ///
    /// # Errors
    /// Nothing was kept: [`Error::Unavailable`] when there is no connection in time, or what a statement failed of.
    pub async fn transact(
        &self,
        guard: impl Deferred + 'static,
        batch: Batch,
    ) -> Result<Kept, Error> {
        if let Pools::Sqlite { writer, group, .. } = &self.0.pools {
            return group.transact(writer, Box::new(guard), batch).await;
        }
        let mut conn = self.write().await?;
        if !conn.run(guard, batch).await? {
            conn.rollback().await?;
            return Ok(Kept::No);
        }
        match conn.commit().await {
            Ok(()) => Ok(Kept::Yes),
            Err(Error::Failed) => Err(Error::Failed),
            Err(error) => Ok(Kept::Unanswered(error)),
        }
    }

    /// Brings the schema up to date; gives the migrations it ran. Safe in several processes at once.
    /// Needs tokio's multi-thread runtime, as do the other two.
    ///
    /// # Errors
    /// [`Error::Migration`] if one failed, which then left nothing behind.
    pub async fn migrate(&self) -> Result<Vec<Migration>, Error> {
        self.migrations(Task::Up).await
    }

    /// All migrations, in their order.
    ///
    /// # Errors
    /// Those of a query.
    pub async fn migration_status(&self) -> Result<Vec<Migration>, Error> {
        self.migrations(Task::Status).await
    }

    /// The same, of a database that is only looked at. One that no SAVT has made has none of them.
    ///
    /// # Errors
    /// Those of a query.
    pub async fn migrations_seen(&self) -> Result<Vec<Migration>, Error> {
        migrate::seen(&mut self.read().await?).await
    }

    /// Takes the last migration back, **with the data it made room for**; gives it, or none.
    ///
    /// # Errors
    /// [`Error::Migration`] if it failed or a newer SAVT made it.
    pub async fn revert_last(&self) -> Result<Option<Migration>, Error> {
        Ok(self.migrations(Task::Down).await?.pop())
    }

    async fn migrations(&self, task: Task) -> Result<Vec<Migration>, Error> {
        match &self.0.pools {
            Pools::Sqlite { file, .. } => migrate::on_sqlite(file.clone(), task).await,
            Pools::Postgres { server, .. } => migrate::on_postgres(server, task).await,
        }
    }

    /// Words from and to the other processes on this database, on a channel that all of them name alike, in at
    /// most 63 bytes. None on SQLite, where nobody can be told. Takes a connection beside the pool's, and tokio's
    /// runtime, until it is dropped.
    #[must_use]
    pub fn signals(&self, channel: &'static str) -> Option<Signals> {
        match &self.0.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres { server, .. } => Some(Signals::open(server.as_ref().clone(), channel)),
        }
    }

    /// Whether the database answers, within little more than the longest wait.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if not.
    pub async fn ping(&self) -> Result<(), Error> {
        let patience = self.0.wait + self.0.wait / 4;
        let answer = timeout(patience, async {
            let mut conn = self.read().await?;
            // SQLite answers a mere `SELECT 1` without a look at its file.
            let question = match conn.backend() {
                Backend::Sqlite => "SELECT count(*) FROM sqlite_schema",
                Backend::Postgres => "SELECT 1",
            };
            conn.execute(diesel::sql_query(question)).await
        });
        match answer.await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(conn::silence(patience)),
        }
    }

    /// Which kind of database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match &self.0.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// What is counted of it.
    #[must_use]
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// How busy the connections are, all pools together.
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
                    at_most: writer.at_most + readers.at_most,
                }
            }
            Pools::Postgres { pool, .. } => pool.state(),
        }
    }
}
