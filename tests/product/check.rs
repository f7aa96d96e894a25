//! `savt check`: what holds together passes, what does not is found and named, and nothing is changed.

use diesel::dsl::sql_query;
use savt::db::Backend;

use crate::harness::{
    app::Savt,
    databases::{Fresh, on_both},
    process::{Process, Ran, run},
};

fn check(url: &str) -> Ran {
    run(&["check", "--database-url", url])
}

/// What it says of a database in which all is well.
#[track_caller]
fn well(url: &str) -> String {
    let said = check(url).well();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.ends_with(" s: all is well\n"), "{said}");
    said
}

/// A board where Alice made Margherita with Ham, vetoed it, and renamed both; Bob came by. Event 4 is the veto.
async fn board(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    let margherita = alice.create_item("Margherita").await;
    let ham = alice.suggest("Ham", 1, margherita).await;
    alice.veto(ham).await;
    alice.edit_item(margherita, "Crudo", "").await;
    alice.edit_feature(ham, "Prosciutto", 2).await;
    savt.person_called("Bob").await;
}

/// What is found on such a board after somebody did this to it by hand.
async fn found_after(backend: Backend, sql: &str) -> Vec<String> {
    let fresh = Fresh::migrated(backend).await;
    board(&Savt::at(fresh.url()).await).await;
    well(fresh.url());
    let mut transaction = fresh.open().await.write().await.unwrap();
    let touched = transaction.execute(sql_query(sql)).await.unwrap();
    assert_eq!(touched, 1, "{sql}");
    transaction.commit().await.unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap();
    assert!(last.starts_with("checked 1 board, "), "{last}");
    assert!(last.ends_with(" s: there is damage"), "{last}");
    assert_eq!(ran.err, format!("savt: damage found: {}\n", lines.len()));
    lines
}

async fn damage_is_found_and_named(backend: Backend) {
    for (sql, found) in [
        (
            "UPDATE items SET name = 'Cotto', kind = 'vegan' WHERE id = 1",
            &[
                r#"board 1: items 1: kind is "vegan" in the table, null by the log; name is "Cotto" in the table, "Crudo" by the log"#,
            ][..],
        ),
        (
            "UPDATE features SET amount = 3",
            &["board 1: features 1: amount is 3 in the table, 2 by the log"],
        ),
        (
            "UPDATE participants SET name = 'Mallory' WHERE id = 2",
            &[r#"board 1: participants 2: name is "Mallory" in the table, "Bob" by the log"#],
        ),
        (
            "DELETE FROM vetoes",
            &["board 1: vetoes of feature 1 by participant 1: by the log, but not in the table"],
        ),
        (
            "INSERT INTO vetoes VALUES (1, 1, 2, '2026-01-31 12:00:00', NULL)",
            &["board 1: vetoes of feature 1 by participant 2: in the table, but not by the log"],
        ),
        (
            "INSERT INTO browsers VALUES (1, 'somebody', 2)",
            &["board 1: browsers somebody: in the table, but not by the log"],
        ),
        (
            "DELETE FROM events WHERE number = 4",
            &[
                "board 1: event 4 is missing",
                "board 1: vetoes of feature 1 by participant 1: in the table, but not by the log",
            ],
        ),
        (
            "DELETE FROM events WHERE number = 5",
            &[
                "board 1: event 5 is missing",
                r#"board 1: items 1: name is "Crudo" in the table, "Margherita" by the log"#,
            ],
        ),
        (
            "DELETE FROM events WHERE number = 3",
            &[
                "board 1: event 3 is missing",
                "board 1: event 6, features 1: the events before it left another row than it found: found one, left none",
            ],
        ),
        (
            "UPDATE events SET number = 9 WHERE number = 7",
            &[
                "board 1: events 7 to 8 are missing",
                "board 1: the board is at version 7, its last event is 9",
            ],
        ),
        (
            "INSERT INTO events SELECT board_id, number - 1, at, actor_id, actor_name, action, change, undoes FROM events WHERE number = 1",
            &["board 1: event 0 stands before event 1, the first there can be"],
        ),
        (
            "UPDATE events SET change = '{' WHERE number = 4",
            &[
                "board 1: event 4: the database holds a change that cannot be read: EOF while parsing an object at line 1 column 1",
                "board 1: vetoes of feature 1 by participant 1: in the table, but not by the log",
            ],
        ),
        (
            "UPDATE events SET undoes = 8 WHERE number = 6",
            &["board 1: event 6 takes back event 8, which is not before it"],
        ),
        (
            "UPDATE boards SET version = 6, last_item = 0",
            &[
                "board 1: the board is at version 6, its last event is 7",
                "board 1: the last number of items is 0, by the log 1",
            ],
        ),
        (
            "UPDATE boards SET slug = '/..'",
            &["board 1: its slug cannot be part of an address"],
        ),
    ] {
        assert_eq!(found_after(backend, sql).await, found, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_found_and_named_on_sqlite() {
    damage_is_found_and_named(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_found_and_named_on_postgres() {
    damage_is_found_and_named(Backend::Postgres).await;
}

/// SQLite takes any text for a time, and its shell minds no references.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_sqlite_lets_happen_is_found() {
    let sql = "UPDATE items SET created_at = 'yesterday'";
    let found = found_after(Backend::Sqlite, sql).await;
    let [line] = &found[..] else {
        panic!("{found:?}")
    };
    let told = "board 1: the database holds items that cannot be read: ";
    assert!(line.starts_with(told), "{line}");

    let sql = "UPDATE events SET at = 'yesterday' WHERE number = 4";
    let found = found_after(Backend::Sqlite, sql).await;
    let told = "board 1: event 4: the database holds an event that cannot be read: ";
    assert!(found[0].starts_with(told), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");

    let fresh = Fresh::migrated(Backend::Sqlite).await;
    board(&Savt::at(fresh.url()).await).await;
    let mut shell = shell(&fresh);
    diesel::connection::SimpleConnection::batch_execute(
        &mut shell,
        "PRAGMA busy_timeout = 2000; PRAGMA foreign_keys = OFF; DELETE FROM participants WHERE id = 2",
    )
    .unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(1));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "database: 1 rows of browsers belong to participants that are not there",
            "board 1: participants 2: by the log, but not in the table"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_file_is_damage() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    run(&["seed", "--database-url", fresh.url()]).well();
    let file = fresh.url().strip_prefix("sqlite:").unwrap();
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0xAA);
    std::fs::write(file, bytes).unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let first = ran.out.lines().next().unwrap();
    assert!(first.starts_with("database: "), "{first}");
}

/// A connection as somebody's own tools make it.
fn shell(fresh: &Fresh) -> diesel::SqliteConnection {
    let file = fresh.url().strip_prefix("sqlite:").unwrap();
    diesel::Connection::establish(file).unwrap()
}

on_both!(boards_are_checked_while_people_change_them);
async fn boards_are_checked_while_people_change_them(fresh: Fresh) {
    assert!(well(fresh.url()).starts_with("checked 1 board, 0 events in "));
    run(&["seed", "--database-url", fresh.url()]).well();
    let process = Process::serve(fresh.url());
    let address = process.person().create_board("Venues").await;
    let there = process.person().on_board(&address);
    there.create_item("Town hall").await;
    let busy = (0..4).map(|n| {
        let person = process.person();
        tokio::spawn(async move {
            for m in 0.. {
                let item = person.create_item(&format!("{n}-{m}")).await;
                person.suggest("Ham", 1, item).await;
            }
        })
    });
    let busy: Vec<_> = busy.collect();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let url = fresh.url().to_owned();
        let said = tokio::task::spawn_blocking(move || well(&url)).await;
        let said = said.unwrap();
        let events = said.strip_prefix("checked 2 boards, ").unwrap();
        let events = events.split_once(' ').unwrap().0;
        seen.push(events.parse::<u32>().unwrap());
    }
    for person in busy {
        person.abort();
    }
    assert!(
        seen[0] > 50 && seen.is_sorted() && seen[0] < seen[2],
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_checked_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let ran = check(&at("nowhere.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.ends_with("there is no such file\n"), "{}", ran.err);

    std::fs::write(folder.path().join("text.db"), "Dear diary, ".repeat(500)).unwrap();
    let ran = check(&at("text.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("not a database"), "{}", ran.err);

    std::fs::write(folder.path().join("empty.db"), "").unwrap();
    let ran = check(&at("empty.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let told = "savt: cannot check: the schema is not up to date: run `savt migrate` first\n";
    assert_eq!(ran.err, told);
    let left: Vec<_> = folder.path().read_dir().unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let empty = std::fs::metadata(folder.path().join("empty.db")).unwrap();
    assert_eq!(empty.len(), 0);

    let ran = check("postgres://savt@127.0.0.1:1/savt");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.starts_with("savt: cannot check: "), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1);
}

on_both!(a_newer_schema_is_left_to_a_newer_savt);
async fn a_newer_schema_is_left_to_a_newer_savt(fresh: Fresh) {
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    let mut transaction = fresh.open().await.write().await.unwrap();
    transaction.execute(sql_query(newer)).await.unwrap();
    transaction.commit().await.unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("made by a newer savt"), "{}", ran.err);
}
