//! Bringing the schema up to date and back. The migrations are built in; any number of processes may start
//! on one database at once, and one of them migrates while the others wait. Knows no table.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::QueryableByName;
use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::postgres::{Role, Server};
use super::{Backend as Kind, Conn, Error, sqlite};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Names the lock in PostgreSQL, per database: the letters of "savt".
const LOCK: i64 = 0x7361_7674;
/// How long to wait on SQLite for another process that migrates.
const WAIT: Duration = Duration::from_secs(60);

/// One migration, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its folder's name, such as `0001_board`.
    pub name: String,
    /// What the database says of it.
    pub state: State,
}

/// Whether the database has a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has been run.
    Applied,
    /// It is still to be run.
    Pending,
    /// It has been run, by a newer SAVT: this one does not know it.
    Unknown,
}

/// What to do under the lock.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// Run what is pending; gives what was run.
    Up,
    /// Take back the last one; gives it, or nothing.
    Down,
    /// Look; gives all.
    Status,
}

pub(super) async fn on_sqlite(file: PathBuf, task: Task) -> Result<Vec<Migration>, Error> {
    tokio::task::spawn_blocking(move || on_sqlite_blocking(&file, task))
        .await
        .map_err(|e| Error::Migration(e.to_string()))?
}

fn on_sqlite_blocking(file: &Path, task: Task) -> Result<Vec<Migration>, Error> {
    let mut connection =
        sqlite::connect_blocking(file, WAIT).map_err(|e| Error::Unavailable(e.to_string()))?;
    let mut outcome = Ok(Vec::new());
    // Looking and running in one transaction that writes from its start: nobody comes between.
    let kept: diesel::QueryResult<()> = connection.immediate_transaction(|connection| {
        outcome = run(connection, &SQLITE, task);
        match outcome {
            Ok(_) => Ok(()),
            Err(_) => Err(diesel::result::Error::RollbackTransaction),
        }
    });
    match kept {
        Ok(()) | Err(diesel::result::Error::RollbackTransaction) => outcome,
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn on_postgres(server: &Server, task: Task) -> Result<Vec<Migration>, Error> {
    let mut connection = server
        .connect(Role::Migrate)
        .await
        .map_err(|e| Error::Unavailable(e.to_string()))?;
    connection
        .batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))
        .await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let outcome = run(&mut harness, &POSTGRES, task);
    // The lock would end with the connection too, but only when the server has noticed.
    let unlocked = harness
        .into_inner()
        .batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))
        .await;
    let done = outcome?;
    unlocked?;
    Ok(done)
}

/// All migrations, by a connection that only reads.
pub(super) async fn seen(conn: &mut Conn) -> Result<Vec<Migration>, Error> {
    #[derive(QueryableByName)]
    struct Tables {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let (known, tables) = match conn.backend() {
        Kind::Sqlite => (
            known::<Sqlite>(&SQLITE)?,
            "SELECT count(*) AS number FROM sqlite_schema WHERE name = '__diesel_schema_migrations'",
        ),
        Kind::Postgres => (
            known::<Pg>(&POSTGRES)?,
            "SELECT count(to_regclass('__diesel_schema_migrations')) AS number",
        ),
    };
    let tables: Option<Tables> = conn.get(diesel::sql_query(tables)).await?;
    let applied: Vec<Applied> = match tables {
        Some(Tables { number: 1.. }) => {
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

/// Those this SAVT knows: the version and the name of each.
fn known<B: Backend>(source: &dyn MigrationSource<B>) -> Result<Vec<(String, String)>, Error> {
    let known = source.migrations().map_err(failed)?;
    let names = known.iter().map(|migration| migration.name());
    Ok(names
        .map(|name| (name.version().to_string(), name.to_string()))
        .collect())
}

/// Which of the known ones a database has, and what it has besides, in order.
fn compare(known: Vec<(String, String)>, mut applied: Vec<String>) -> Vec<Migration> {
    let mut all: Vec<Migration> = Vec::new();
    for (version, name) in known {
        let state = match applied.contains(&version) {
            true => State::Applied,
            false => State::Pending,
        };
        applied.retain(|a| *a != version);
        all.push(Migration { name, state });
    }
    all.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    applied.sort_unstable();
    all.extend(applied.into_iter().map(|name| Migration {
        name,
        state: State::Unknown,
    }));
    all
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Migration(error.to_string())
}

fn run<B: Backend>(
    harness: &mut impl MigrationHarness<B>,
    source: &dyn MigrationSource<B>,
    task: Task,
) -> Result<Vec<Migration>, Error> {
    let applied = harness.applied_migrations().map_err(failed)?;
    let all = compare(
        known(source)?,
        applied.iter().map(ToString::to_string).collect(),
    );

    let chosen: Vec<Migration> = match task {
        Task::Status => return Ok(all),
        Task::Up => all
            .into_iter()
            .filter(|m| m.state == State::Pending)
            .collect(),
        Task::Down => {
            if let Some(newer) = all.iter().find(|m| m.state == State::Unknown) {
                return Err(Error::Migration(format!(
                    "{} was made by a newer SAVT; only that one can take it back",
                    newer.name
                )));
            }
            let last = all.into_iter().rfind(|m| m.state == State::Applied);
            last.into_iter().collect()
        }
    };
    let known = source.migrations().map_err(failed)?;
    let mut done = Vec::new();
    for mut choice in chosen {
        let Some(migration) = known.iter().find(|m| m.name().to_string() == choice.name) else {
            continue;
        };
        let in_words = |e: Box<dyn std::error::Error + Send + Sync>| {
            Error::Migration(format!("{}: {e}", choice.name))
        };
        choice.state = if matches!(task, Task::Up) {
            harness.run_migration(migration).map_err(in_words)?;
            State::Applied
        } else {
            harness.revert_migration(migration).map_err(in_words)?;
            State::Pending
        };
        done.push(choice);
    }
    Ok(done)
}
