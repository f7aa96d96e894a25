//! SQLite: making and checking the file, and connections to it with the settings that make it
//! durable and concurrent. Knows no table.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::sql_types::Text;
use diesel::{
    Connection as _, ConnectionError, ConnectionResult, QueryableByName, SqliteConnection,
};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};
use tokio::time::{Instant, sleep};

use super::Error;

/// A SQLite connection whose questions run on tokio's blocking threads.
pub(super) type Connection = SyncConnectionWrapper<SqliteConnection>;

/// After a burst the write-ahead log is cut down to this many bytes instead of staying as large as it ever was.
const LOG_LIMIT: u32 = 64 * 1024 * 1024;
/// How long the first start waits for others that start on the same new file.
const SWITCH: Duration = Duration::from_secs(10);

/// Fails on what is no database.
const GLANCE: &str = "SELECT count(*) FROM sqlite_schema; PRAGMA user_version";

/// What a connection is for.
#[derive(Clone, Copy)]
pub(super) enum Role {
    Write,
    Read,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Makes the file if there is none, switches it to write-ahead logging (readers and the writer then do
/// not wait for each other), and makes sure that it is a database.
pub(super) async fn prepare(file: &Path, wait: Duration) -> Result<(), Error> {
    let refuse =
        |reason: String| Error::Unusable(format!("cannot use sqlite:{}: {reason}", file.display()));
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(refuse(format!("there is no folder {}", folder.display())));
    }
    if file.is_dir() {
        return Err(refuse("it is a folder".to_owned()));
    }
    let mut connection = connect(file.to_owned(), Role::Write, wait)
        .await
        .map_err(|e| refuse(e.to_string()))?;
    let until = Instant::now() + SWITCH;
    let mode: Mode = loop {
        let switched = diesel::sql_query("PRAGMA journal_mode = WAL").get_result(&mut connection);
        match switched.await {
            Ok(mode) => break mode,
            // SQLite does not wait here by itself when another process switches the same file.
            Err(e) if e.to_string().contains("locked") && Instant::now() < until => {
                sleep(Duration::from_millis(20)).await;
            }
            Err(e) => return Err(refuse(e.to_string())),
        }
    };
    if mode.journal_mode != "wal" {
        return Err(refuse(format!(
            "it stays in journal mode {} where write-ahead logging is needed; is it on a network drive?",
            mode.journal_mode
        )));
    }
    connection
        .batch_execute(GLANCE)
        .await
        .map_err(|e| refuse(e.to_string()))
}

/// Makes sure that the file is there and a database, and leaves it as it is.
pub(super) async fn find(file: &Path, wait: Duration) -> Result<(), Error> {
    let refuse =
        |reason: String| Error::Unusable(format!("cannot use sqlite:{}: {reason}", file.display()));
    if !file.is_file() {
        return Err(refuse("there is no such file".to_owned()));
    }
    let mut connection = connect(file.to_owned(), Role::Read, wait)
        .await
        .map_err(|e| refuse(e.to_string()))?;
    connection
        .batch_execute(GLANCE)
        .await
        .map_err(|e| refuse(e.to_string()))
}

/// One connection. `wait` is how long it waits for another process that writes.
pub(super) async fn connect(
    file: PathBuf,
    role: Role,
    wait: Duration,
) -> ConnectionResult<Connection> {
    let mut connection = Connection::establish(&name(&file)).await?;
    connection
        .batch_execute(&settings(role, wait))
        .await
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// One connection for code that blocks, which is what migrations are.
pub(super) fn connect_blocking(file: &Path, wait: Duration) -> ConnectionResult<SqliteConnection> {
    use diesel::connection::SimpleConnection;
    let mut connection = SqliteConnection::establish(&name(file))?;
    connection
        .batch_execute(&settings(Role::Write, wait))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

/// What SQLite finds wrong with a file and with references between its rows.
pub(super) fn faults(connection: &mut SqliteConnection) -> diesel::QueryResult<Vec<String>> {
    let mut faults = torn(connection)?;
    faults.extend(told(
        connection,
        "SELECT count(*) || ' rows of ' || \"table\" || ' belong to ' || parent || ' that are not there' AS fault
         FROM pragma_foreign_key_check GROUP BY \"table\", parent",
    )?);
    Ok(faults)
}

/// What SQLite finds wrong with the pages and indexes of a file.
pub(super) fn torn(connection: &mut SqliteConnection) -> diesel::QueryResult<Vec<String>> {
    told(
        connection,
        "SELECT integrity_check AS fault FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    )
}

fn told(connection: &mut SqliteConnection, question: &str) -> diesel::QueryResult<Vec<String>> {
    #[derive(QueryableByName)]
    struct Fault {
        #[diesel(sql_type = Text)]
        fault: String,
    }
    let question = diesel::sql_query(question);
    let found: Vec<Fault> = diesel::RunQueryDsl::load(question, connection)?;
    Ok(found.into_iter().map(|found| found.fault).collect())
}

/// The file's name, such that SQLite takes it for a name: it treats `file:` and `:memory:` as more.
pub(super) fn name(file: &Path) -> String {
    if file.is_absolute() {
        file.display().to_string()
    } else {
        Path::new(".").join(file).display().to_string()
    }
}

/// `synchronous = FULL`: what was committed survives a power cut, also with write-ahead logging.
fn settings(role: Role, wait: Duration) -> String {
    let query_only = match role {
        Role::Write => "OFF",
        Role::Read => "ON",
    };
    format!(
        "PRAGMA busy_timeout = {};
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA journal_size_limit = {LOG_LIMIT};
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

    async fn refusal(settings: &Settings) -> String {
        match Database::open(settings).await {
            Err(Error::Unusable(line)) => line,
            Err(e) => panic!("another error: {e:?}"),
            Ok(_) => panic!("opened {}", settings.url),
        }
    }

    async fn number(conn: &mut Conn, pragma: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Number {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let sql = format!("SELECT {pragma} AS n FROM pragma_{pragma}");
        let number: Option<Number> = conn.get(diesel::sql_query(sql)).await.unwrap();
        number.unwrap().n
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn every_connection_is_durable_strict_and_logs_ahead() {
        #[derive(QueryableByName)]
        struct Mode {
            #[diesel(sql_type = Text)]
            journal_mode: String,
        }
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&settings(&folder)).await.unwrap();
        let mut writer = database.write().await.unwrap();
        let mut reader = database.read().await.unwrap();
        for (conn, query_only) in [(&mut *writer, 0), (&mut reader, 1)] {
            let mode = diesel::sql_query("SELECT journal_mode FROM pragma_journal_mode");
            let mode: Option<Mode> = conn.get(mode).await.unwrap();
            assert_eq!(mode.unwrap().journal_mode, "wal");
            assert_eq!(number(conn, "synchronous").await, 2, "2 is FULL");
            assert_eq!(number(conn, "foreign_keys").await, 1);
            assert_eq!(number(conn, "query_only").await, query_only);
        }
        let refused = reader
            .execute(diesel::sql_query("CREATE TABLE t (n)"))
            .await;
        assert!(refused.is_err(), "a reader cannot write");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_file_that_cannot_be_used_is_told_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| {
            let url = format!("sqlite:{}", folder.path().join(name).display());
            Settings::new(url.parse().unwrap())
        };
        let line = refusal(&at("no/such/folder/savt.db")).await;
        assert!(line.contains("there is no folder"), "{line}");

        let line = refusal(&at("")).await;
        assert!(line.contains("is a folder"), "{line}");

        std::fs::write(folder.path().join("text.db"), "Dear diary, ".repeat(500)).unwrap();
        let line = refusal(&at("text.db")).await;
        assert!(line.contains("not a database"), "{line}");

        let database = Database::open(&at("torn.db")).await.unwrap();
        database.migrate().await.unwrap();
        drop(database);
        let torn = folder.path().join("torn.db");
        let mut bytes = std::fs::read(&torn).unwrap();
        bytes[100..].fill(0xAA);
        std::fs::write(&torn, bytes).unwrap();
        let line = refusal(&at("torn.db")).await;
        assert!(line.contains("malformed"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn another_process_that_writes_all_the_time_is_waited_for_so_long() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.wait = Duration::from_millis(200);
        let ours = Database::open(&settings).await.unwrap();
        let theirs = Database::open(&settings).await.unwrap();
        let hog = theirs.write().await.unwrap();
        let Err(refused) = ours.write().await else {
            panic!("two write at once");
        };
        assert!(refused.is_unavailable(), "{refused}");
        hog.rollback().await.unwrap();
        ours.write().await.unwrap().commit().await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn too_few_connections_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.connections = 1;
        assert!(refusal(&settings).await.contains("at least 2"));
    }
}
