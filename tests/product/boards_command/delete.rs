//! `savt boards delete`: the board is gone for everybody at once, its rows too, and its address says so for a while.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use savt::db::Database;

use super::{assert_sound, boards, execute, slug_of, until};
use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    program::{Program, problem_of, request},
};

const DELETED: &str = "This board was deleted by the operator.";

/// The tables with rows of boards, from the definition of the schema.
fn tables_of_boards() -> Vec<&'static str> {
    let schema = include_str!("../../../src/db/schema.rs");
    let tables = schema.split("diesel::table! {").skip(1);
    let of_boards = tables.filter(|table| table.contains("board_id -> BigInt"));
    of_boards
        .map(|table| table.trim().split(' ').next().unwrap())
        .collect()
}

/// How many rows the tables have besides those of the table of boards.
pub(super) async fn rows(database: &Database) -> Vec<(&'static str, i64)> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut conn = database.read().await.unwrap();
    let mut counts = Vec::new();
    for table in tables_of_boards() {
        let query = format!("SELECT count(*) AS count FROM {table}");
        let counted: Option<Count> = conn.get(sql_query(query)).await.unwrap();
        counts.push((table, counted.unwrap().count));
    }
    counts.retain(|(_, count)| *count > 0);
    counts
}

/// A board with rows in every table; returns its address.
async fn full_board(savt: &Savt) -> String {
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    board.set_name("Alice").await;
    let item = board.create_item("Margherita").await;
    let ham = board.suggest("Ham", 1, item).await;
    board.veto_because(ham, "no meat").await;
    board.consent().await;
    let purpose = [("purpose", "Lunch"), ("was_purpose", "")];
    board.post("/settings", &purpose).await.is(303);
    let program = Program::join(savt.address(), slug_of(&base)).await;
    let key = [("Idempotency-Key", "0123456789abcdef0123456789abcdef")];
    let body = r#"{"name":"Once"}"#;
    program
        .send_with("POST", "/items", body, &key)
        .await
        .is(201);
    let followed = format!(
        "INSERT INTO webhook_cursors (board_id, endpoint, epoch, position) \
         SELECT id, 'an endpoint', epoch, version FROM boards WHERE slug = '{}'",
        slug_of(&base)
    );
    assert_eq!(execute(savt.database(), &followed).await, 1);
    base
}

async fn assert_deleted(person: &TestClient, base: &str) {
    let board = person.on_board(base);
    let page = board.get("").await.is(410);
    assert!(page.body.contains(DELETED), "{}", page.body);
    assert!(!page.body.contains("hx-sse"), "the page is not live");
    for path in ["/history", "/result", "/settings", "/events", "/items/1"] {
        assert_eq!(board.get(path).await.status, 410, "{path}");
    }
    let german = board.reading("de").get("").await.is(410);
    assert!(german.body.contains("vom Betreiber gelöscht"));
    board
        .post("/create/item/", &[("name", "Late")])
        .await
        .is(410);
}

db_test!(a_deleted_board_is_gone_and_its_address_is_forgotten_after_30_days);
async fn a_deleted_board_is_gone_and_its_address_is_forgotten_after_30_days(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let base = full_board(&savt).await;
    let slug = slug_of(&base);
    let counted = rows(savt.database()).await;
    assert_eq!(counted.len(), tables_of_boards().len(), "{counted:?}");
    let alice = savt.person_called("Alice").await;
    alice.on_board(&base).create_item("Also here").await;

    let out = boards(fresh.url(), &["delete", slug, "--yes"]).expect_success();
    assert_eq!(out, format!("deleted {slug}\n"));
    let page = async || alice.on_board(&base).get("").await.status == 410;
    until("the page says that the board was deleted", page).await;
    assert_deleted(&alice, &base).await;
    let another = savt.another().await;
    assert_deleted(&another.person(), &base).await;
    let api = request(savt.address(), ("GET", &format!("/boards/{slug}")), &[], "").await;
    let problem = problem_of(api, 410);
    assert_eq!(problem["type"], "/api#gone");
    assert_eq!(problem["detail"], DELETED);
    let left = execute(
        savt.database(),
        "DELETE FROM participants WHERE board_id <> 1",
    )
    .await;
    assert_eq!(left, 0);
    let list = alice.on_board("").get("/boards").await.is(200);
    assert!(!list.body.contains(slug), "{}", list.body);
    assert_sound(fresh.url());
    let again = boards(fresh.url(), &["delete", slug, "--yes"]);
    assert_eq!(again.err, format!("savt: there is no board {slug}\n"));

    let back = "UPDATE boards SET deleted_at = '2026-01-31 12:00:00' WHERE deleted_at IS NOT NULL";
    assert_eq!(execute(savt.database(), back).await, 1);
    alice.on_board(&base).get("").await.is(404);
    // A server forgets the address when it starts.
    let after = Savt::at(fresh.url()).await;
    let forgotten = async || {
        let exists = "UPDATE boards SET name = name WHERE deleted_at IS NOT NULL";
        execute(after.database(), exists).await == 0
    };
    until("the address is forgotten", forgotten).await;
    after.person().on_board(&base).get("").await.is(404);
}

db_test!(no_row_of_a_deleted_board_remains);
async fn no_row_of_a_deleted_board_remains(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let base = full_board(&savt).await;
    boards(fresh.url(), &["delete", slug_of(&base), "--yes"]).expect_success();
    assert_eq!(rows(savt.database()).await, []);
}

db_test!(a_server_finishes_a_deletion_that_was_interrupted);
async fn a_server_finishes_a_deletion_that_was_interrupted(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let base = full_board(&savt).await;
    drop(savt);
    let mark = format!(
        "UPDATE boards SET deleted_at = '{}', version = 0 WHERE slug = '{}'",
        savt::board::now().format("%Y-%m-%d %H:%M:%S"),
        slug_of(&base)
    );
    assert_eq!(execute(&fresh.open().await, &mark).await, 1);
    assert_sound(fresh.url());
    let savt = Savt::at(fresh.url()).await;
    assert_deleted(&savt.person(), &base).await;
    let cleared = async || rows(savt.database()).await.is_empty();
    until("the rows are removed", cleared).await;
}

db_test!(the_first_write_to_a_deleted_board_is_refused);
async fn the_first_write_to_a_deleted_board_is_refused(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    board.create_item("Before").await;
    let program = Program::join(savt.address(), slug_of(&base)).await;
    // Nobody is told: what a process remembers of the board is all that it knows.
    let mark =
        "UPDATE boards SET deleted_at = CURRENT_TIMESTAMP, epoch = epoch + 1 WHERE slug <> 'main'";
    assert_eq!(execute(savt.database(), mark).await, 1);
    let late = [("name", "Late")];
    let refused = board.with_htmx().post("/create/item/", &late).await;
    assert_eq!(refused.is(410).toasts(), [DELETED]);
    let refused = program.send("POST", "/items", r#"{"name":"Late"}"#).await;
    problem_of(refused, 410);
}

db_test!(a_large_board_goes_in_several_transactions);
async fn a_large_board_goes_in_several_transactions(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    savt.fill(400, 6).await;
    let counted = rows(savt.database()).await;
    let total: i64 = counted.iter().map(|(_, count)| count).sum();
    assert!(total > 5_000, "more than one transaction deletes: {total}");
    boards(fresh.url(), &["delete", "main", "--yes"]).expect_success();
    assert_eq!(rows(savt.database()).await, []);
    assert_sound(fresh.url());
}

db_test!(main_is_emptied);
async fn main_is_emptied(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person_called("Alice").await;
    alice.create_item("Margherita").await;
    let out = boards(fresh.url(), &["delete", "main", "--yes"]).expect_success();
    assert_eq!(out, "emptied main, which always exists\n");
    let emptied = async || alice.get("").await.is(200).page().version == 0;
    until("the board is empty", emptied).await;
    assert_eq!(rows(savt.database()).await, []);
    alice.create_item("New").await;
    assert_eq!(alice.sees().await, "New");
    assert_sound(fresh.url());
}

db_test!(several_boards_are_deleted_and_missing_ones_are_named);
async fn several_boards_are_deleted_and_missing_ones_are_named(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let [one, other] = [
        alice.create_board("One").await,
        alice.create_board("Other").await,
    ];
    let [one, other] = [slug_of(&one), slug_of(&other)];
    let ran = boards(
        fresh.url(),
        &["delete", one, "nowhere", other, one, "--yes"],
    );
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.err, "savt: there is no board nowhere\n");
    let mut lines: Vec<&str> = ran.out.lines().collect();
    lines.sort_unstable();
    let mut expected = [format!("deleted {one}"), format!("deleted {other}")];
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

db_test!(without_a_terminal_nothing_is_deleted_unless_confirmed);
async fn without_a_terminal_nothing_is_deleted_unless_confirmed(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let ran = boards(fresh.url(), &["delete", slug_of(&base)]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("Where to eat"), "{ran:?}");
    let why = "savt: there is no terminal to ask on: --yes confirms\n";
    assert!(ran.err.ends_with(why), "{ran:?}");
    alice.on_board(&base).get("").await.is(200);
}
