//! SQLite: creating and checking the file, and connections with the settings for durability and
//! concurrency. Knows no tables.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::sql_types::Text;
use diesel::{
    Connection as _, ConnectionError, ConnectionResult, QueryableByName, SqliteConnection,
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use tokio::time::{Instant, sleep};

use super::error::Error;
use super::file_access;

/// A SQLite connection whose queries run on tokio's blocking threads.
pub(super) type Connection = SyncConnectionWrapper<SqliteConnection>;

/// After a burst of writes the write-ahead log is truncated to this many bytes.
const JOURNAL_SIZE_LIMIT: u32 = 64 * 1024 * 1024;
/// How long to wait for other processes that switch a new file to write-ahead logging at the same time.
const WAL_SWITCH_TIMEOUT: Duration = Duration::from_secs(10);

/// Fails if the file is not a database.
const FILE_CHECK: &str = "SELECT count(*) FROM sqlite_schema; PRAGMA user_version";

/// Whether a connection can write.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Write,
    Read,
}

#[derive(QueryableByName)]
struct JournalMode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Creates the file, readable only by its owner, if it does not exist, switches it to write-ahead logging (so that readers and the writer do
/// not block each other), and checks that it is a database.
pub(super) async fn prepare(file: &Path, wait: Duration) -> Result<(), Error> {
    let unusable =
        |reason: String| Error::Unusable(format!("cannot use sqlite:{}: {reason}", file.display()));
    file_access::create_writable(file).map_err(unusable)?;
    let mut connection = connect(file.to_owned(), Access::Write, wait)
        .await
        .map_err(|e| unusable(e.to_string()))?;
    let deadline = Instant::now() + WAL_SWITCH_TIMEOUT;
    let mode: JournalMode = loop {
        let switched = diesel::sql_query("PRAGMA journal_mode = WAL").get_result(&mut connection);
        match switched.await {
            Ok(mode) => break mode,
            // busy_timeout does not apply here when another process is switching the same file.
            Err(e) if e.to_string().contains("locked") && Instant::now() < deadline => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(e) => return Err(unusable(e.to_string())),
        }
    };
    if mode.journal_mode != "wal" {
        return Err(unusable(format!(
            "write-ahead logging cannot be enabled, the journal mode remains {}; is the file on a network drive?",
            mode.journal_mode
        )));
    }
    connection
        .batch_execute(FILE_CHECK)
        .await
        .map_err(|e| unusable(e.to_string()))
}

/// Checks that the file exists and is a database, without changing it.
pub(super) async fn check_existing(file: &Path, wait: Duration) -> Result<(), Error> {
    let unusable =
        |reason: String| Error::Unusable(format!("cannot use sqlite:{}: {reason}", file.display()));
    file_access::check_readable(file).map_err(unusable)?;
    let mut connection = connect(file.to_owned(), Access::Read, wait)
        .await
        .map_err(|e| unusable(e.to_string()))?;
    connection
        .batch_execute(FILE_CHECK)
        .await
        .map_err(|e| unusable(e.to_string()))
}

/// Opens a connection. `wait` is the maximum wait for another process that is writing.
pub(super) async fn connect(
    file: PathBuf,
    access: Access,
    wait: Duration,
) -> ConnectionResult<Connection> {
    let mut connection = Connection::establish(&sqlite_path(&file)).await?;
    connection
        .batch_execute(&settings(access, wait))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// Opens a connection for blocking code, such as migrations.
pub(super) fn connect_blocking(file: &Path, wait: Duration) -> ConnectionResult<SqliteConnection> {
    use diesel::connection::SimpleConnection;
    let mut connection = SqliteConnection::establish(&sqlite_path(file))?;
    connection
        .batch_execute(&settings(Access::Write, wait))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// The defects that SQLite finds in a file and in the foreign keys of its rows.
pub(super) fn integrity_errors(
    connection: &mut SqliteConnection,
) -> diesel::QueryResult<Vec<String>> {
    let mut errors = corruption(connection)?;
    errors.extend(query_messages(
        connection,
        "SELECT count(*) || ' rows of ' || \"table\" || ' refer to missing ' || parent AS message
         FROM pragma_foreign_key_check GROUP BY \"table\", parent",
    )?);
    Ok(errors)
}

/// The defects that SQLite finds in the pages and indexes of a file.
pub(super) fn corruption(connection: &mut SqliteConnection) -> diesel::QueryResult<Vec<String>> {
    query_messages(
        connection,
        "SELECT integrity_check AS message FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    )
}

fn query_messages(
    connection: &mut SqliteConnection,
    query: &str,
) -> diesel::QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        message: String,
    }
    let query = diesel::sql_query(query);
    let rows: Vec<Row> = diesel::RunQueryDsl::load(query, connection)?;
    Ok(rows.into_iter().map(|row| row.message).collect())
}

/// The path in a form that SQLite does not interpret, as it does `file:` and `:memory:`.
pub(super) fn sqlite_path(file: &Path) -> String {
    if file.is_absolute() {
        file.display().to_string()
    } else {
        Path::new(".").join(file).display().to_string()
    }
}

/// `synchronous = FULL` makes commits durable across power loss, also with write-ahead logging. `secure_delete = ON` overwrites what is
/// deleted: a name that was forgotten is not left in unused places of the file.
fn settings(access: Access, wait: Duration) -> String {
    let query_only = match access {
        Access::Write => "OFF",
        Access::Read => "ON",
    };
    format!(
        "PRAGMA busy_timeout = {};
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = {JOURNAL_SIZE_LIMIT};
         PRAGMA query_only = {query_only};",
        wait.as_millis()
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel::QueryableByName;
    use diesel::sql_types::{BigInt, Text};
    use tempfile::TempDir;

    use crate::db::{Conn, Database, Error, Settings};

    fn settings(folder: &TempDir) -> Settings {
        let file = folder.path().join("savt.db");
        Settings::new(format!("sqlite:{}", file.display()).parse().unwrap())
    }

    async fn open_error(settings: &Settings) -> String {
        match Database::open(settings).await {
            Err(Error::Unusable(line)) => line,
            Err(e) => panic!("unexpected error: {e:?}"),
            Ok(_) => panic!("opened {}", settings.url),
        }
    }

    async fn pragma_value(conn: &mut Conn, pragma: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            value: i64,
        }
        let sql = format!("SELECT {pragma} AS value FROM pragma_{pragma}");
        let row: Option<Row> = conn.get(diesel::sql_query(sql)).await.unwrap();
        row.unwrap().value
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_connection_uses_wal_full_sync_and_foreign_keys() {
        #[derive(QueryableByName)]
        struct JournalMode {
            #[diesel(sql_type = Text)]
            journal_mode: String,
        }
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&settings(&folder)).await.unwrap();
        let mut writer = database.write().await.unwrap();
        let mut reader = database.read().await.unwrap();
        for (conn, query_only) in [(&mut *writer, 0), (&mut reader, 1)] {
            let mode = diesel::sql_query("SELECT journal_mode FROM pragma_journal_mode");
            let mode: Option<JournalMode> = conn.get(mode).await.unwrap();
            assert_eq!(mode.unwrap().journal_mode, "wal");
            assert_eq!(pragma_value(conn, "synchronous").await, 2, "2 is FULL");
            assert_eq!(pragma_value(conn, "foreign_keys").await, 1);
            assert_eq!(pragma_value(conn, "secure_delete").await, 1);
            assert_eq!(pragma_value(conn, "query_only").await, query_only);
        }
        let rejected = reader
            .execute(diesel::sql_query("CREATE TABLE t (n)"))
            .await;
        assert!(rejected.is_err(), "a reader cannot write");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unusable_file_is_reported_on_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let settings_for = |name: &str| {
            let url = format!("sqlite:{}", folder.path().join(name).display());
            Settings::new(url.parse().unwrap())
        };
        let line = open_error(&settings_for("no/such/folder/savt.db")).await;
        assert!(
            line.contains("folder") && line.contains("does not exist"),
            "{line}"
        );

        let line = open_error(&settings_for("")).await;
        assert!(line.contains("is a folder"), "{line}");

        std::fs::write(folder.path().join("text.db"), "Dear diary, ".repeat(500)).unwrap();
        let line = open_error(&settings_for("text.db")).await;
        assert!(line.contains("not a database"), "{line}");

        let database = Database::open(&settings_for("corrupt.db")).await.unwrap();
        database.migrate().await.unwrap();
        drop(database);
        // The connections are closed on other threads; the last one removes the log.
        let log = folder.path().join("corrupt.db-wal");
        while log.exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let corrupt = folder.path().join("corrupt.db");
        let mut bytes = std::fs::read(&corrupt).unwrap();
        bytes[100..].fill(0xAA);
        std::fs::write(&corrupt, bytes).unwrap();
        let line = open_error(&settings_for("corrupt.db")).await;
        assert!(line.contains("malformed"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn waiting_for_another_writing_process_ends_after_the_configured_wait() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.wait = Duration::from_millis(200);
        let ours = Database::open(&settings).await.unwrap();
        let theirs = Database::open(&settings).await.unwrap();
        let blocker = theirs.write().await.unwrap();
        let Err(error) = ours.write().await else {
            panic!("two transactions write at once");
        };
        assert!(error.is_unavailable(), "{error}");
        blocker.rollback().await.unwrap();
        ours.write().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn fewer_than_two_connections_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.connections = 1;
        assert!(open_error(&settings).await.contains("at least 2"));
    }
}
