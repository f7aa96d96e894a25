//! `savt backup` and `savt restore`: a backup contains every acknowledged change, and a restore is complete or changes
//! nothing.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::{connection::SimpleConnection, dsl::sql_query, prelude::*};
use savt::db::{Backend, Database, Settings, schema::boards};
use tempfile::TempDir;

use crate::harness::{
    databases::Fresh,
    memory_folder::memory_folder,
    postgres::{Cluster, programs},
    process::{CommandOutput, Process, run},
};

/// A temporary folder for databases and their backups.
struct TestFolder(TempDir);

impl TestFolder {
    fn new() -> TestFolder {
        TestFolder(memory_folder())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.file(name).display())
    }

    fn file_names(&self) -> Vec<String> {
        let entries = self.0.path().read_dir().unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Creates a database with the demo board.
    fn seed_demo(&self, name: &str) {
        run(&["seed", "--database-url", &self.url(name)]).expect_success();
    }

    fn backup(&self, from: &str, to: &str, options: &[&str]) -> CommandOutput {
        let (url, to) = (self.url(from), self.file(to));
        let command = ["backup", to.to_str().unwrap(), "--database-url", &url];
        run(&[&command, options].concat())
    }

    fn restore(&self, from: &str, to: &str, options: &[&str]) -> CommandOutput {
        let (from, url) = (self.file(from), self.url(to));
        let command = ["restore", from.to_str().unwrap(), "--database-url", &url];
        run(&[&command, options].concat())
    }

    /// Asserts that `savt check` passes and returns the number of events.
    #[track_caller]
    fn checked_events(&self, name: &str) -> u32 {
        let output = run(&["check", "--database-url", &self.url(name)]).expect_success();
        let (_, rest) = output.split_once(", ").unwrap();
        rest.split_once(" event").unwrap().0.parse().unwrap()
    }
}

#[track_caller]
fn assert_refused(ran: &CommandOutput, why: &str) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.out, "");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.ends_with(&format!("{why}\n")), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_contains_every_acknowledged_change() {
    let folder = Arc::new(TestFolder::new());
    // The writers must not fill the board before the last backup.
    let options = ["--max-items", "1000000"];
    let process = Process::serve_with(&options, &folder.url("savt.db"));
    let answered = Arc::new(Mutex::new(Vec::new()));
    let writers = (0..8).map(|n| {
        let (person, answered) = (process.person(), answered.clone());
        tokio::spawn(async move {
            for m in 0.. {
                let name = format!("{n}-{m}");
                person.create_item(&name).await;
                answered.lock().unwrap().push(name);
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    for n in 0..3 {
        let before = answered.lock().unwrap().clone();
        let copying = folder.clone();
        let backup = move || {
            copying.backup(
                "savt.db",
                "copy.db",
                if n == 0 { &[] } else { &["--force"] },
            )
        };
        let output = tokio::task::spawn_blocking(backup)
            .await
            .unwrap()
            .expect_success();
        assert!(output.ends_with(" s, integrity check passed\n"), "{output}");
        assert!(
            answered.lock().unwrap().len() > before.len(),
            "writers must not be blocked"
        );

        assert_eq!(folder.file_names().len(), 4, "{:?}", folder.file_names());
        let mode = fs::metadata(folder.file("copy.db")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let restored = format!("restored-{n}.db");
        folder.restore("copy.db", &restored, &[]).expect_success();
        let again = Process::serve(&folder.url(&restored));
        let shown = again.person().sees().await;
        for name in &before {
            let name = format!("{name}\n");
            assert!(
                format!("{shown}\n").contains(&name),
                "acknowledged item {name} is missing"
            );
        }
        assert!(before.len() > 10, "{before:?}");
        assert!(folder.checked_events(&restored) as usize >= before.len());
        again.kill();
        for file in folder
            .file_names()
            .iter()
            .filter(|file| file.starts_with("restored"))
        {
            fs::remove_file(folder.file(file)).unwrap();
        }
    }
    for person in writers {
        person.abort();
    }
    let log = process.log();
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn restore_is_refused_while_a_server_runs() {
    let folder = TestFolder::new();
    folder.seed_demo("savt.db");
    folder.backup("savt.db", "copy.db", &[]).expect_success();
    let process = Process::serve(&folder.url("savt.db"));
    let in_use = "savt.db: another program has it open; stop that program first";
    assert_refused(&folder.restore("copy.db", "savt.db", &["--force"]), in_use);
    let ham = process.person().suggest("Ham", 1, None).await;
    assert_refused(&folder.restore("copy.db", "savt.db", &["--force"]), in_use);
    process.person().veto(ham).await;
    assert!(folder.checked_events("savt.db") > folder.checked_events("copy.db"));
    assert!(!folder.file_names().iter().any(|name| name.contains("part")));
}

#[tokio::test(flavor = "multi_thread")]
async fn restore_replaces_the_database_and_wal_of_a_killed_server() {
    let folder = TestFolder::new();
    folder.seed_demo("savt.db");
    folder.backup("savt.db", "copy.db", &[]).expect_success();
    let copied = folder.checked_events("copy.db");
    let process = Process::serve(&folder.url("savt.db"));
    process.person().create_item("Too late").await;
    process.kill();
    assert!(fs::metadata(folder.file("savt.db-wal")).unwrap().len() > 0);

    let exists = "savt.db already contains a database; --force replaces it";
    assert_refused(&folder.restore("copy.db", "savt.db", &[]), exists);
    assert!(
        folder.checked_events("savt.db") > copied,
        "a refused restore changes nothing"
    );
    let output = folder
        .restore("copy.db", "savt.db", &["--force"])
        .expect_success();
    assert!(
        output.contains(", replacing the previous database: "),
        "{output}"
    );
    assert_eq!(folder.file_names(), ["copy.db", "savt.db"]);
    assert_eq!(folder.checked_events("savt.db"), copied);
    let shown = Process::serve(&folder.url("savt.db")).person().sees().await;
    assert!(
        shown.contains("Margherita") && !shown.contains("Too late"),
        "{shown}"
    );
}

/// The WAL of a corrupt database must not be applied to the restored one.
#[tokio::test(flavor = "multi_thread")]
async fn restore_replaces_a_corrupt_database_and_its_wal() {
    let folder = TestFolder::new();
    folder.seed_demo("savt.db");
    folder.backup("savt.db", "copy.db", &[]).expect_success();
    let process = Process::serve(&folder.url("savt.db"));
    process.person().create_item("Too late").await;
    process.kill();
    fs::write(folder.file("savt.db"), "Dear diary, ".repeat(500)).unwrap();
    assert!(folder.file("savt.db-wal").exists());
    assert_refused(
        &folder.backup("savt.db", "new.db", &[]),
        "file is not a database",
    );
    folder
        .restore("copy.db", "savt.db", &["--force"])
        .expect_success();
    assert_eq!(folder.file_names(), ["copy.db", "savt.db"]);
    assert_eq!(
        folder.checked_events("savt.db"),
        folder.checked_events("copy.db")
    );
}

#[test]
fn restore_rejects_files_this_version_cannot_serve() {
    let folder = TestFolder::new();
    let file = |name| folder.file(name).display().to_string();
    assert_refused(
        &folder.restore("nowhere.db", "savt.db", &[]),
        "nowhere.db: no such file",
    );
    fs::write(folder.file("text.db"), "Dear diary, ".repeat(500)).unwrap();
    assert_refused(
        &folder.restore("text.db", "savt.db", &[]),
        "file is not a database",
    );
    execute_sql(&folder.file("other.db"), "CREATE TABLE diary (entry TEXT)");
    let error = format!("savt: {} is not a savt database", file("other.db"));
    assert_refused(&folder.restore("other.db", "savt.db", &[]), &error);
    folder.seed_demo("newer.db");
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    execute_sql(&folder.file("newer.db"), newer);
    let error = "newer.db was created by a newer version of savt: restore it with that version";
    assert_refused(&folder.restore("newer.db", "savt.db", &[]), error);
    folder.seed_demo("torn.db");
    let mut bytes = fs::read(folder.file("torn.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0xAA);
    fs::write(folder.file("torn.db"), bytes).unwrap();
    let ran = folder.restore("torn.db", "savt.db", &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(
        folder.file_names(),
        ["newer.db", "other.db", "text.db", "torn.db"]
    );

    folder.seed_demo("savt.db");
    let error = "savt.db: it is the file to restore from";
    assert_refused(&folder.restore("savt.db", "savt.db", &["--force"]), error);
    fs::write(folder.file("empty.db"), "").unwrap();
    folder.restore("savt.db", "empty.db", &[]).expect_success();
    assert_eq!(
        folder.checked_events("empty.db"),
        folder.checked_events("savt.db")
    );
}

#[test]
fn backup_overwrites_a_file_only_with_force() {
    let folder = TestFolder::new();
    folder.seed_demo("savt.db");
    fs::write(folder.file("copy.db"), "precious").unwrap();
    let error = "copy.db: it already exists; use --force to replace it";
    assert_refused(&folder.backup("savt.db", "copy.db", &[]), error);
    assert_eq!(fs::read(folder.file("copy.db")).unwrap(), b"precious");
    let error = "savt.db: it is the database itself";
    assert_refused(&folder.backup("savt.db", "savt.db", &["--force"]), error);
    assert_refused(
        &folder.backup("savt.db", "no/copy.db", &[]),
        "does not exist: create it, or correct the path",
    );
    assert_refused(
        &folder.backup("nowhere.db", "new.db", &[]),
        "nowhere.db: no such file",
    );
    let served = Process::serve(&folder.url("other.db"));
    let error = "other.db: it has a write-ahead log, so it is a database in use";
    assert_refused(&folder.backup("savt.db", "other.db", &["--force"]), error);
    drop(served);
    folder
        .backup("savt.db", "copy.db", &["--force"])
        .expect_success();
    assert!(!folder.file_names().iter().any(|name| name.contains("part")));
}

fn execute_sql(file: &Path, sql: &str) {
    let mut connection: diesel::SqliteConnection =
        diesel::Connection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute(sql).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn for_postgres_backup_and_restore_print_working_commands() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    run(&["seed", "--database-url", fresh.url()]).expect_success();
    let folder = TestFolder::new();
    let file = folder.file("our savt.dump");
    let command = |savt: &str| {
        let url = ["--database-url", fresh.url()];
        let ran = run(&[&[savt, file.to_str().unwrap()], &url[..]].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let (_, command) = ran.err.trim_end().rsplit_once("run: ").unwrap();
        command.replace("--username=USER", "--username=savt")
    };
    let shell = |command: &str| {
        let savt = Path::new(env!("CARGO_BIN_EXE_savt")).parent().unwrap();
        let path = format!("{}:{}:/usr/bin:/bin", programs().display(), savt.display());
        let mut sh = Command::new("sh");
        sh.env("PATH", path).env("DATABASE_URL", fresh.url());
        let ran = sh.args(["-c", command]).output().unwrap();
        CommandOutput::from(ran).expect_success()
    };
    let epochs = async || epochs(&fresh.open().await).await;
    let before = epochs().await;
    let dump = command("backup");
    assert!(dump.starts_with("pg_dump --format=custom "), "{dump}");
    shell(&dump);

    let mut transaction = fresh.open().await.write().await.unwrap();
    let deleted = transaction.execute(sql_query("DELETE FROM vetoes")).await;
    assert!(deleted.unwrap() > 0);
    transaction.commit().await.unwrap();
    let others = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
        fresh.name()
    );
    Cluster::shared().run("postgres", &others).await.unwrap();
    let check = ["check", "--database-url", fresh.url()];
    assert_eq!(run(&check).code, Some(1));
    let printed = shell(&command("restore"));
    assert!(
        printed.ends_with("boards with a new epoch: 1\n"),
        "{printed}"
    );
    run(&check).expect_success();
    assert_ne!(epochs().await, before);
}

async fn epochs(database: &Database) -> Vec<i64> {
    let query = boards::table.order(boards::id).select(boards::epoch);
    database.read().await.unwrap().load(query).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_restored_board_has_a_new_epoch() {
    let folder = TestFolder::new();
    folder.seed_demo("savt.db");
    let process = Process::serve(&folder.url("savt.db"));
    process.person().create_board("Venues").await;
    drop(process);
    folder.backup("savt.db", "copy.db", &[]).expect_success();
    let restore = async || {
        folder
            .restore("copy.db", "savt.db", &["--force"])
            .expect_success();
        let settings = Settings::new(folder.url("savt.db").parse().unwrap());
        epochs(&Database::open(&settings).await.unwrap()).await
    };
    let settings = Settings::new(folder.url("copy.db").parse().unwrap());
    let copied = epochs(&Database::open_existing(&settings).await.unwrap()).await;
    let mut all = [copied, restore().await, restore().await].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 6, "{all:?}");
    folder.checked_events("savt.db");
}

/// A backup of a version that had no epochs.
#[test]
fn a_backup_of_an_earlier_version_can_be_restored() {
    let folder = TestFolder::new();
    let old = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/product/fixtures/schema-0003.db"
    );
    let url = folder.url("savt.db");
    let restored = run(&["restore", old, "--database-url", &url]).expect_success();
    assert!(restored.contains("its schema is out of date"), "{restored}");
    run(&["migrate", "--database-url", &url]).expect_success();
    folder.checked_events("savt.db");
}
