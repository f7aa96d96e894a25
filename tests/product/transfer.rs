//! `savt export` and `savt import`: a board moves whole, with its history and its people, into any database; a file that is not whole
//! changes nothing.

mod damage;
mod destination;
mod export;
mod hostile;
mod interruption;
mod live;
mod person;
mod readme;
mod round_trip;

use std::{fs, path::PathBuf};

use diesel::{QueryableByName, dsl::sql_query, sql_types::BigInt};
use savt::db::{Backend, Database};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::Fresh,
    memory_folder::memory_folder,
    process::{CommandOutput, run},
};

/// A folder for files of boards.
struct Files(TempDir);

impl Files {
    fn new() -> Files {
        Files(memory_folder())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Runs `savt export`; the arguments are slugs and options.
    fn export(&self, url: &str, what: &[&str], name: &str) -> CommandOutput {
        let path = self.path(name);
        let to = [path.to_str().unwrap(), "--database-url", url];
        run(&[&["export"], what, &to].concat())
    }

    /// Runs `savt import`.
    fn import(&self, url: &str, name: &str, options: &[&str]) -> CommandOutput {
        let path = self.path(name);
        let import = ["import", path.to_str().unwrap(), "--database-url", url];
        run(&[&import, options].concat())
    }
}

/// Asserts that a command failed with one line, and returns that.
#[track_caller]
fn refusal(ran: &CommandOutput) -> String {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(ran.out, "", "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    ran.err.trim_end().to_owned()
}

/// Asserts that `savt check` finds this many boards and no damage.
#[track_caller]
fn assert_sound(url: &str, boards: &str) {
    let output = run(&["check", "--database-url", url]).expect_success();
    assert!(
        output.starts_with(&format!("checked {boards}, ")),
        "{output}"
    );
    assert!(output.ends_with(" s: no damage found\n"), "{output}");
}

fn other(backend: Backend) -> Backend {
    match backend {
        Backend::Sqlite => Backend::Postgres,
        Backend::Postgres => Backend::Sqlite,
    }
}

/// The number that a query returns.
async fn number(database: &Database, query: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        number: i64,
    }
    let row: Option<Row> = database
        .read()
        .await
        .unwrap()
        .get(sql_query(query))
        .await
        .unwrap();
    row.unwrap().number
}

/// How many rows the tables have, besides those that every database has.
async fn rows(database: &Database) -> i64 {
    let tables = [
        "boards",
        "participants",
        "browsers",
        "items",
        "features",
        "vetoes",
        "consents",
        "settings",
        "events",
        "requests",
    ];
    let counts = tables.map(|table| format!("(SELECT count(*) FROM {table})"));
    number(
        database,
        &format!("SELECT {} AS number", counts.join(" + ")),
    )
    .await
}

/// Boards with something of everything. Returns Anna, who is on all of them, and the other board's address.
async fn populate(savt: &Savt) -> (TestClient, String) {
    savt.demo().await;
    let anna = savt.person_called("Anna “Ä” <b>").await;
    let item = anna.create_item("Käse & 🍕").await;
    let feature = anna.suggest("Zwiebeln", 2, item).await;
    anna.veto_because(feature, "tränen\u{a0}die Augen").await;
    anna.edit_feature(feature, "Lauch", 3).await;
    anna.undo(anna.last_event().await).await;
    anna.undo(anna.last_event().await).await;
    let purpose = "Wo?\nhttps://menu.example";
    anna.post(
        "/settings",
        &[
            ("name", "Freitag"),
            ("purpose", purpose),
            ("reasons", "required"),
        ],
    )
    .await
    .is(303);
    anna.consent().await;
    let base = anna.create_board("Orte").await;
    let other = anna.on_board(&base);
    other.set_name("Anna").await;
    let place = other.create_item("Park").await;
    other.create_item("See").await;
    other.delete_item(place).await;
    let closed = [("outcome", "Der See."), ("chosen", "2")];
    other.post("/close", &closed).await.is(303);
    (anna, base)
}

/// Some 2,000 events, more than are read or written at once. In steps: a busy machine does not confirm that many in time.
async fn fill(savt: &Savt) {
    for items in [75, 150, 225, 300] {
        savt.fill(items, 5).await;
    }
}

/// A file with two boards.
async fn file_of_two_boards(fresh: &Fresh) -> String {
    let files = Files::new();
    let savt = Savt::at(fresh.url()).await;
    populate(&savt).await;
    files
        .export(fresh.url(), &["--all"], "all")
        .expect_success();
    files.read("all")
}

/// The file with the first checksum that its first board has now: what somebody does who changes a file on purpose.
fn forged(file: &str) -> String {
    let (board, rest) = file.split_once("{\"sha256\":\"").unwrap();
    let (_, rest) = rest.split_once('"').unwrap();
    let sha256 = hex::encode(Sha256::digest(board));
    format!("{board}{{\"sha256\":\"{sha256}\"{rest}")
}
