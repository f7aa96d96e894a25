//! Bringing the schema up to date and back. The migrations are built in; any number of processes may start
//! on one database at once, and one of them migrates while the others wait. Knows no table.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::backend::Backend;
use diesel::migration::MigrationSource;
use diesel_async::{AsyncMigrationHarness, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::postgres::{Role, Server};
use super::{Error, sqlite};

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

fn run<B: Backend>(
    harness: &mut impl MigrationHarness<B>,
    source: &impl MigrationSource<B>,
    task: Task,
) -> Result<Vec<Migration>, Error> {
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| Error::Migration(e.to_string());
    let known = source.migrations().map_err(failed)?;
    let mut applied: Vec<String> = harness
        .applied_migrations()
        .map_err(failed)?
        .iter()
        .map(ToString::to_string)
        .collect();
    applied.sort_unstable();
    let mut all: Vec<Migration> = Vec::new();
    for migration in &known {
        let version = migration.name().version().to_string();
        let here = applied.binary_search(&version).is_ok();
        applied.retain(|a| *a != version);
        all.push(Migration {
            name: migration.name().to_string(),
            state: if here { State::Applied } else { State::Pending },
        });
    }
    all.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    all.extend(applied.into_iter().map(|name| Migration {
        name,
        state: State::Unknown,
    }));

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
