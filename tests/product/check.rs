//! `savt check`: a sound database passes, damage is reported, and nothing is changed.

use diesel::dsl::sql_query;
use savt::db::Backend;

use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::{CommandOutput, Process, run},
};

fn check(url: &str) -> CommandOutput {
    run(&["check", "--database-url", url])
}

/// Asserts that the check finds no damage and returns its output.
#[track_caller]
fn assert_sound(url: &str) -> String {
    let output = check(url).expect_success();
    assert_eq!(output.lines().count(), 1, "{output}");
    assert!(output.ends_with(" s: no damage found\n"), "{output}");
    output
}

/// A board where Alice created Margherita with Ham, vetoed Ham and renamed both, and Bob joined. Event 4 is the veto.
async fn populate(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    let margherita = alice.create_item("Margherita").await;
    let ham = alice.suggest("Ham", 1, margherita).await;
    alice.veto(ham).await;
    alice.edit_item(margherita, "Crudo", "").await;
    alice.edit_feature(ham, "Prosciutto", 2).await;
    savt.person_called("Bob").await;
}

/// The findings on such a board after this SQL statement was run on it.
async fn findings_after(backend: Backend, sql: &str) -> Vec<String> {
    let fresh = Fresh::migrated(backend).await;
    populate(&Savt::at(fresh.url()).await).await;
    assert_sound(fresh.url());
    let mut transaction = fresh.open().await.write().await.unwrap();
    let changed_rows = transaction.execute(sql_query(sql)).await.unwrap();
    assert_eq!(changed_rows, 1, "{sql}");
    transaction.commit().await.unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let mut lines: Vec<String> = ran.out.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap();
    assert!(last.starts_with("checked 1 board, "), "{last}");
    assert!(last.ends_with(" s: damage found"), "{last}");
    assert_eq!(ran.err, format!("savt: damage found: {}\n", lines.len()));
    lines
}

async fn each_kind_of_damage_is_reported(backend: Backend) {
    for (sql, found) in [
        (
            "UPDATE items SET name = 'Cotto', kind = 'vegan' WHERE id = 1",
            &[
                r#"board 1: items 1: kind is "vegan" in the table, null according to the log; name is "Cotto" in the table, "Crudo" according to the log"#,
            ][..],
        ),
        (
            "UPDATE features SET amount = 3",
            &["board 1: features 1: amount is 3 in the table, 2 according to the log"],
        ),
        (
            "UPDATE participants SET name = 'Mallory' WHERE id = 2",
            &[
                r#"board 1: participants 2: name is "Mallory" in the table, "Bob" according to the log"#,
            ],
        ),
        (
            "DELETE FROM vetoes",
            &[
                "board 1: vetoes of feature 1 by participant 1: according to the log, but not in the table",
            ],
        ),
        (
            "INSERT INTO vetoes VALUES (1, 1, 2, '2026-01-31 12:00:00', NULL, NULL)",
            &[
                "board 1: vetoes of feature 1 by participant 2: in the table, but not according to the log",
            ],
        ),
        (
            "INSERT INTO browsers VALUES (1, 'somebody', 2)",
            &["board 1: browsers somebody: in the table, but not according to the log"],
        ),
        (
            "DELETE FROM events WHERE number = 4",
            &[
                "board 1: event 4 is missing",
                "board 1: event 6, vetoes of feature 1 by participant 1: the row before it does not match the previous events: present before the event, absent in the replay",
            ],
        ),
        (
            "DELETE FROM events WHERE number = 5",
            &[
                "board 1: event 5 is missing",
                r#"board 1: items 1: name is "Crudo" in the table, "Margherita" according to the log"#,
            ],
        ),
        (
            "DELETE FROM events WHERE number = 3",
            &[
                "board 1: event 3 is missing",
                "board 1: event 6, features 1: the row before it does not match the previous events: present before the event, absent in the replay",
            ],
        ),
        (
            "UPDATE events SET number = 9 WHERE number = 7",
            &[
                "board 1: events 7 to 8 are missing",
                "board 1: the board is at version 7, but its last event is 9",
            ],
        ),
        (
            "INSERT INTO events SELECT board_id, number - 1, at, actor_id, actor_name, action, change, undoes, makes_agreed FROM events WHERE number = 1",
            &["board 1: event 0 has an invalid number: events are numbered from 1"],
        ),
        (
            "UPDATE events SET change = '{' WHERE number = 4",
            &[
                "board 1: event 4: the database holds a change that cannot be read: EOF while parsing an object at line 1 column 1",
                "board 1: event 6, vetoes of feature 1 by participant 1: the row before it does not match the previous events: present before the event, absent in the replay",
            ],
        ),
        (
            "UPDATE events SET undoes = 8 WHERE number = 6",
            &["board 1: event 6 undoes event 8, which does not precede it"],
        ),
        (
            "UPDATE boards SET version = 6, last_item = 0",
            &[
                "board 1: the board is at version 6, but its last event is 7",
                "board 1: the last id of items is 0 in the table, 1 according to the log",
            ],
        ),
        (
            "UPDATE boards SET slug = '/..'",
            &["board 1: the slug cannot be part of a URL"],
        ),
    ] {
        assert_eq!(findings_after(backend, sql).await, found, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_damage_is_reported_on_sqlite() {
    each_kind_of_damage_is_reported(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_of_damage_is_reported_on_postgres() {
    each_kind_of_damage_is_reported(Backend::Postgres).await;
}

/// SQLite accepts any text as a time, and its shell does not enforce foreign keys.
#[tokio::test(flavor = "multi_thread")]
async fn damage_possible_only_on_sqlite_is_reported() {
    let sql = "UPDATE items SET created_at = 'yesterday'";
    let found = findings_after(Backend::Sqlite, sql).await;
    let [line] = &found[..] else {
        panic!("{found:?}")
    };
    let expected = "board 1: the database holds items that cannot be read: ";
    assert!(line.starts_with(expected), "{line}");

    let sql = "UPDATE events SET at = 'yesterday' WHERE number = 4";
    let found = findings_after(Backend::Sqlite, sql).await;
    let expected = "board 1: event 4: the database holds an event that cannot be read: ";
    assert!(found[0].starts_with(expected), "{found:?}");
    assert_eq!(found.len(), 2, "{found:?}");

    let fresh = Fresh::migrated(Backend::Sqlite).await;
    populate(&Savt::at(fresh.url()).await).await;
    let mut connection = sqlite_connection(&fresh);
    diesel::connection::SimpleConnection::batch_execute(
        &mut connection,
        "PRAGMA busy_timeout = 2000; PRAGMA foreign_keys = OFF; DELETE FROM participants WHERE id = 2",
    )
    .unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(1));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "database: 1 rows of browsers refer to missing participants",
            "board 1: participants 2: according to the log, but not in the table"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_file_is_reported_as_damage() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    run(&["seed", "--database-url", fresh.url()]).expect_success();
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

/// A connection without SAVT's settings, like that of another tool.
fn sqlite_connection(fresh: &Fresh) -> diesel::SqliteConnection {
    let file = fresh.url().strip_prefix("sqlite:").unwrap();
    diesel::Connection::establish(file).unwrap()
}

db_test!(check_runs_while_boards_change);
async fn check_runs_while_boards_change(fresh: Fresh) {
    assert!(assert_sound(fresh.url()).starts_with("checked 1 board, 0 events in "));
    run(&["seed", "--database-url", fresh.url()]).expect_success();
    let process = Process::serve(fresh.url());
    let address = process.person().create_board("Venues").await;
    let board = process.person().on_board(&address);
    board.create_item("Town hall").await;
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
        let output = tokio::task::spawn_blocking(move || assert_sound(&url)).await;
        let output = output.unwrap();
        let events = output.strip_prefix("checked 2 boards, ").unwrap();
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
async fn an_unreadable_database_is_reported_and_left_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let ran = check(&at("nowhere.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.ends_with("no such file\n"), "{}", ran.err);

    std::fs::write(folder.path().join("text.db"), "Dear diary, ".repeat(500)).unwrap();
    let ran = check(&at("text.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("not a database"), "{}", ran.err);

    std::fs::write(folder.path().join("empty.db"), "").unwrap();
    let ran = check(&at("empty.db"));
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let expected =
        "savt: cannot check: the database schema is out of date: run `savt migrate` first\n";
    assert_eq!(ran.err, expected);
    let left: Vec<_> = folder.path().read_dir().unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let empty = std::fs::metadata(folder.path().join("empty.db")).unwrap();
    assert_eq!(empty.len(), 0);

    let ran = check("postgres://savt@127.0.0.1:1/savt");
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.starts_with("savt: cannot check: "), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1);
}

db_test!(check_rejects_a_newer_schema);
async fn check_rejects_a_newer_schema(fresh: Fresh) {
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')";
    let mut transaction = fresh.open().await.write().await.unwrap();
    transaction.execute(sql_query(newer)).await.unwrap();
    transaction.commit().await.unwrap();
    let ran = check(fresh.url());
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.err.contains("created by a newer version of savt"),
        "{}",
        ran.err
    );
}
