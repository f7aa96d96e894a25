//! `savt backup` and `savt restore`: a copy holds everything that was answered before, and comes back whole or not at all.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use diesel::{connection::SimpleConnection, dsl::sql_query};
use savt::db::Backend;
use tempfile::TempDir;

use crate::harness::{
    databases::Fresh,
    postgres::{Cluster, programs},
    process::{Process, Ran, run},
};

/// A folder for a database and what comes of it.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.file(name).display())
    }

    fn names(&self) -> Vec<String> {
        let entries = self.0.path().read_dir().unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// A demo that is served from here.
    fn demo(&self, name: &str) {
        run(&["seed", "--database-url", &self.url(name)]).well();
    }

    fn backup(&self, from: &str, to: &str, options: &[&str]) -> Ran {
        let (url, to) = (self.url(from), self.file(to));
        let command = ["backup", to.to_str().unwrap(), "--database-url", &url];
        run(&[&command, options].concat())
    }

    fn restore(&self, from: &str, to: &str, options: &[&str]) -> Ran {
        let (from, url) = (self.file(from), self.url(to));
        let command = ["restore", from.to_str().unwrap(), "--database-url", &url];
        run(&[&command, options].concat())
    }

    /// How many events `savt check` finds there, where all must be well.
    #[track_caller]
    fn events(&self, name: &str) -> u32 {
        let said = run(&["check", "--database-url", &self.url(name)]).well();
        let (_, rest) = said.split_once(", ").unwrap();
        rest.split_once(" event").unwrap().0.parse().unwrap()
    }
}

#[track_caller]
fn refused(ran: &Ran, why: &str) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.out, "");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.ends_with(&format!("{why}\n")), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_in_a_storm_holds_all_that_was_answered_before() {
    let place = Arc::new(Place::new());
    let process = Process::serve(&place.url("savt.db"));
    let answered = Arc::new(Mutex::new(Vec::new()));
    let storm = (0..8).map(|n| {
        let (person, answered) = (process.person(), answered.clone());
        tokio::spawn(async move {
            for m in 0.. {
                let name = format!("{n}-{m}");
                person.create_item(&name).await;
                answered.lock().unwrap().push(name);
            }
        })
    });
    let storm: Vec<_> = storm.collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    for n in 0..3 {
        let before = answered.lock().unwrap().clone();
        let copying = place.clone();
        let backup = move || {
            copying.backup(
                "savt.db",
                "copy.db",
                if n == 0 { &[] } else { &["--force"] },
            )
        };
        let said = tokio::task::spawn_blocking(backup).await.unwrap().well();
        assert!(said.ends_with(" s, looked through by SQLite\n"), "{said}");
        assert!(
            answered.lock().unwrap().len() > before.len(),
            "writers went on"
        );

        assert_eq!(place.names().len(), 4, "{:?}", place.names());
        let mode = fs::metadata(place.file("copy.db")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        let restored = format!("restored-{n}.db");
        place.restore("copy.db", &restored, &[]).well();
        let again = Process::serve(&place.url(&restored));
        let shown = again.person().sees().await;
        for name in &before {
            let name = format!("{name}\n");
            assert!(format!("{shown}\n").contains(&name), "{name} is lost");
        }
        assert!(before.len() > 10, "{before:?}");
        assert!(place.events(&restored) as usize >= before.len());
        again.kill();
        for file in place
            .names()
            .iter()
            .filter(|file| file.starts_with("restored"))
        {
            fs::remove_file(place.file(file)).unwrap();
        }
    }
    for person in storm {
        person.abort();
    }
    let log = process.log();
    assert!(!log.contains("ERROR") && !log.contains("WARN"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_restored_under_a_server() {
    let place = Place::new();
    place.demo("savt.db");
    place.backup("savt.db", "copy.db", &[]).well();
    let process = Process::serve(&place.url("savt.db"));
    let in_use = "savt.db: another program has it open; stop that one first";
    refused(&place.restore("copy.db", "savt.db", &["--force"]), in_use);
    let ham = process.person().suggest("Ham", 1, None).await;
    refused(&place.restore("copy.db", "savt.db", &["--force"]), in_use);
    process.person().veto(ham).await;
    assert!(place.events("savt.db") > place.events("copy.db"));
    assert!(!place.names().iter().any(|name| name.contains("part")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_left_is_replaced_with_its_log() {
    let place = Place::new();
    place.demo("savt.db");
    place.backup("savt.db", "copy.db", &[]).well();
    let copied = place.events("copy.db");
    let process = Process::serve(&place.url("savt.db"));
    process.person().create_item("Too late").await;
    process.kill();
    assert!(fs::metadata(place.file("savt.db-wal")).unwrap().len() > 0);

    let there = "savt.db already; --force replaces it";
    refused(&place.restore("copy.db", "savt.db", &[]), there);
    assert!(place.events("savt.db") > copied, "it is as it was");
    let said = place.restore("copy.db", "savt.db", &["--force"]).well();
    assert!(said.contains(", instead of what was there: "), "{said}");
    assert_eq!(place.names(), ["copy.db", "savt.db"]);
    assert_eq!(place.events("savt.db"), copied);
    let shown = Process::serve(&place.url("savt.db")).person().sees().await;
    assert!(
        shown.contains("Margherita") && !shown.contains("Too late"),
        "{shown}"
    );
}

/// The log of a database that is damaged beyond reading must not come over the one that is put in its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_replaced_with_its_log() {
    let place = Place::new();
    place.demo("savt.db");
    place.backup("savt.db", "copy.db", &[]).well();
    let process = Process::serve(&place.url("savt.db"));
    process.person().create_item("Too late").await;
    process.kill();
    fs::write(place.file("savt.db"), "Dear diary, ".repeat(500)).unwrap();
    assert!(place.file("savt.db-wal").exists());
    refused(
        &place.backup("savt.db", "new.db", &[]),
        "file is not a database",
    );
    place.restore("copy.db", "savt.db", &["--force"]).well();
    assert_eq!(place.names(), ["copy.db", "savt.db"]);
    assert_eq!(place.events("savt.db"), place.events("copy.db"));
}

#[test]
fn only_what_this_savt_can_serve_is_restored() {
    let place = Place::new();
    let file = |name| place.file(name).display().to_string();
    refused(
        &place.restore("nowhere.db", "savt.db", &[]),
        "nowhere.db: there is no such file",
    );
    fs::write(place.file("text.db"), "Dear diary, ".repeat(500)).unwrap();
    refused(
        &place.restore("text.db", "savt.db", &[]),
        "file is not a database",
    );
    shell(&place.file("other.db"), "CREATE TABLE diary (entry TEXT)");
    let told = format!("savt: {} is no database of savt", file("other.db"));
    refused(&place.restore("other.db", "savt.db", &[]), &told);
    place.demo("newer.db");
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    shell(&place.file("newer.db"), newer);
    let told = "newer.db was made by a newer savt: restore it with that one";
    refused(&place.restore("newer.db", "savt.db", &[]), told);
    place.demo("torn.db");
    let mut bytes = fs::read(place.file("torn.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0xAA);
    fs::write(place.file("torn.db"), bytes).unwrap();
    let ran = place.restore("torn.db", "savt.db", &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert_eq!(
        place.names(),
        ["newer.db", "other.db", "text.db", "torn.db"]
    );

    place.demo("savt.db");
    let told = "savt.db: it is the file to restore from";
    refused(&place.restore("savt.db", "savt.db", &["--force"]), told);
    fs::write(place.file("empty.db"), "").unwrap();
    place.restore("savt.db", "empty.db", &[]).well();
    assert_eq!(place.events("empty.db"), place.events("savt.db"));
}

#[test]
fn a_copy_replaces_nothing_by_mistake() {
    let place = Place::new();
    place.demo("savt.db");
    fs::write(place.file("copy.db"), "precious").unwrap();
    let told = "copy.db: it is there already; --force replaces it";
    refused(&place.backup("savt.db", "copy.db", &[]), told);
    assert_eq!(fs::read(place.file("copy.db")).unwrap(), b"precious");
    let told = "savt.db: it is the database itself";
    refused(&place.backup("savt.db", "savt.db", &["--force"]), told);
    refused(
        &place.backup("savt.db", "no/copy.db", &[]),
        "No such file or directory (os error 2)",
    );
    refused(
        &place.backup("nowhere.db", "new.db", &[]),
        "nowhere.db: there is no such file",
    );
    let served = Process::serve(&place.url("other.db"));
    let told = "other.db: a log lies beside it, so it is a database in use";
    refused(&place.backup("savt.db", "other.db", &["--force"]), told);
    drop(served);
    place.backup("savt.db", "copy.db", &["--force"]).well();
    assert!(!place.names().iter().any(|name| name.contains("part")));
}

fn shell(file: &Path, sql: &str) {
    let mut connection: diesel::SqliteConnection =
        diesel::Connection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute(sql).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn for_postgres_the_command_to_use_is_told_and_works() {
    let fresh = Fresh::migrated(Backend::Postgres).await;
    run(&["seed", "--database-url", fresh.url()]).well();
    let place = Place::new();
    let file = place.file("our savt.dump");
    let command = |savt: &str| {
        let url = ["--database-url", fresh.url()];
        let ran = run(&[&[savt, file.to_str().unwrap()], &url[..]].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let (_, command) = ran.err.trim_end().rsplit_once("run: ").unwrap();
        command.to_owned()
    };
    let shell = |command: &str| {
        let path = format!("{}:/usr/bin:/bin", programs().display());
        let mut sh = Command::new("sh");
        let ran = sh.env("PATH", path).args(["-c", command]).output().unwrap();
        Ran::from(ran).well()
    };
    let dump = command("backup");
    assert!(dump.starts_with("pg_dump --format=custom "), "{dump}");
    shell(&dump);

    let mut transaction = fresh.open().await.write().await.unwrap();
    let gone = transaction.execute(sql_query("DELETE FROM vetoes")).await;
    assert!(gone.unwrap() > 0);
    transaction.commit().await.unwrap();
    let others = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
        fresh.name()
    );
    Cluster::shared().run("postgres", &others).await.unwrap();
    let check = ["check", "--database-url", fresh.url()];
    assert_eq!(run(&check).code, Some(1));
    shell(&command("restore"));
    run(&check).well();
}
