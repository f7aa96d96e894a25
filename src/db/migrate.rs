//! Applies and reverts the built-in migrations, see `migrations/README.md`. Any number of processes may start on one
//! database at once: one of them migrates while the others wait. Knows no tables.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::QueryableByName;
use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel_async::{
    AnsiTransactionManager, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection,
    TransactionManager,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::backend::Backend as DatabaseKind;
use super::conn::Conn;
use super::error::Error;
use super::postgres::{Server, migration_settings};
use super::sqlite;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The key of PostgreSQL's advisory lock, per database: "savt" in ASCII.
const ADVISORY_LOCK: i64 = 0x7361_7674;
/// How long to wait on SQLite for another process that is migrating.
const LOCK_WAIT: Duration = Duration::from_secs(60);

/// A migration and its state in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The name of its folder, such as `0001_board`.
    pub name: String,
    /// Whether it has been applied.
    pub state: MigrationState,
}

/// Whether a migration has been applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// Applied.
    Applied,
    /// Not applied yet.
    Pending,
    /// Applied by a newer version of SAVT; this one does not know it.
    Unknown,
}

/// What to do while holding the lock.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// Apply all pending migrations and return them.
    ApplyPending,
    /// Revert the last applied migration and return it, if any.
    RevertLast,
    /// Return all migrations with their states.
    Status,
}

pub(super) async fn on_sqlite(file: PathBuf, task: Task) -> Result<Vec<Migration>, Error> {
    tokio::task::spawn_blocking(move || on_sqlite_blocking(&file, task))
        .await
        .map_err(|e| Error::Migration(e.to_string()))?
}

fn on_sqlite_blocking(file: &Path, task: Task) -> Result<Vec<Migration>, Error> {
    let mut connection =
        sqlite::connect_blocking(file, LOCK_WAIT).map_err(|e| Error::Unavailable(e.to_string()))?;
    let mut outcome = Ok(Vec::new());
    // One transaction that takes the write lock at once, so that no other process migrates in between.
    let committed: diesel::QueryResult<()> = connection.immediate_transaction(|connection| {
        outcome = run_task(connection, &SQLITE, task);
        match outcome {
            Ok(_) => Ok(()),
            Err(_) => Err(diesel::result::Error::RollbackTransaction),
        }
    });
    match committed {
        Ok(()) | Err(diesel::result::Error::RollbackTransaction) => outcome,
        Err(e) => Err(e.into()),
    }
}

/// Runs in one transaction, with a lock that ends with it: a pooler may give each transaction another connection.
pub(super) async fn on_postgres(server: &Server, task: Task) -> Result<Vec<Migration>, Error> {
    let mut connection = server.connect().await?;
    AnsiTransactionManager::begin_transaction(&mut connection).await?;
    let lock = format!(
        "{}; SELECT pg_advisory_xact_lock({ADVISORY_LOCK})",
        migration_settings()
    );
    connection.batch_execute(&lock).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let outcome = run_task(&mut harness, &POSTGRES, task);
    end(&mut harness.into_inner(), outcome).await
}

/// Commits, or rolls back if the task failed.
async fn end(
    connection: &mut AsyncPgConnection,
    outcome: Result<Vec<Migration>, Error>,
) -> Result<Vec<Migration>, Error> {
    match outcome {
        Ok(migrations) => {
            AnsiTransactionManager::commit_transaction(connection).await?;
            Ok(migrations)
        }
        Err(error) => {
            // Closing the connection has the same effect.
            if let Err(rollback) = AnsiTransactionManager::rollback_transaction(connection).await {
                tracing::debug!(error = %rollback, "the rollback of a failed migration failed");
            }
            Err(error)
        }
    }
}

/// All migrations with their states, over a read-only connection.
pub(super) async fn status_read_only(conn: &mut Conn) -> Result<Vec<Migration>, Error> {
    #[derive(QueryableByName)]
    struct TableCount {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let (known, count_tables) = match conn.backend() {
        DatabaseKind::Sqlite => (
            known_migrations::<Sqlite>(&SQLITE)?,
            "SELECT count(*) AS count FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
        ),
        DatabaseKind::Postgres => (
            known_migrations::<Pg>(&POSTGRES)?,
            "SELECT count(to_regclass('__diesel_schema_migrations')) AS count",
        ),
    };
    let tables: Option<TableCount> = conn.get(diesel::sql_query(count_tables)).await?;
    let applied: Vec<Applied> = match tables {
        Some(TableCount { count: 1.. }) => {
            let versions = "SELECT version FROM __diesel_schema_migrations";
            conn.load(diesel::sql_query(versions)).await?
        }
        _ => Vec::new(),
    };
    Ok(compare(
        known,
        applied.into_iter().map(|row| row.version).collect(),
    ))
}

/// The built-in migrations, each with its version and name.
fn known_migrations<B: Backend>(
    source: &dyn MigrationSource<B>,
) -> Result<Vec<(String, String)>, Error> {
    let known = source.migrations().map_err(migration_error)?;
    let names = known.iter().map(|migration| migration.name());
    Ok(names
        .map(|name| (name.version().to_string(), name.to_string()))
        .collect())
}

/// The known migrations with their states, then the unknown ones that are applied.
fn compare(known: Vec<(String, String)>, mut applied: Vec<String>) -> Vec<Migration> {
    let mut all: Vec<Migration> = Vec::new();
    for (version, name) in known {
        let state = match applied.contains(&version) {
            true => MigrationState::Applied,
            false => MigrationState::Pending,
        };
        applied.retain(|a| *a != version);
        all.push(Migration { name, state });
    }
    all.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    applied.sort_unstable();
    all.extend(applied.into_iter().map(|name| Migration {
        name,
        state: MigrationState::Unknown,
    }));
    all
}

fn migration_error(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Migration(error.to_string())
}

fn run_task<B: Backend>(
    harness: &mut impl MigrationHarness<B>,
    source: &dyn MigrationSource<B>,
    task: Task,
) -> Result<Vec<Migration>, Error> {
    let applied = harness.applied_migrations().map_err(migration_error)?;
    let all = compare(
        known_migrations(source)?,
        applied.iter().map(ToString::to_string).collect(),
    );

    let selected: Vec<Migration> = match task {
        Task::Status => return Ok(all),
        Task::ApplyPending => all
            .into_iter()
            .filter(|m| m.state == MigrationState::Pending)
            .collect(),
        Task::RevertLast => {
            if let Some(newer) = all.iter().find(|m| m.state == MigrationState::Unknown) {
                return Err(Error::Migration(format!(
                    "{} was applied by a newer version of SAVT, and only that version can revert it",
                    newer.name
                )));
            }
            let last = all
                .into_iter()
                .rfind(|m| m.state == MigrationState::Applied);
            last.into_iter().collect()
        }
    };
    let known = source.migrations().map_err(migration_error)?;
    let mut completed = Vec::new();
    for mut chosen in selected {
        let Some(migration) = known.iter().find(|m| m.name().to_string() == chosen.name) else {
            continue;
        };
        let named_error = |e: Box<dyn std::error::Error + Send + Sync>| {
            Error::Migration(format!("{}: {e}", chosen.name))
        };
        chosen.state = if matches!(task, Task::ApplyPending) {
            harness.run_migration(migration).map_err(named_error)?;
            MigrationState::Applied
        } else {
            harness.revert_migration(migration).map_err(named_error)?;
            MigrationState::Pending
        };
        completed.push(chosen);
    }
    Ok(completed)
}
