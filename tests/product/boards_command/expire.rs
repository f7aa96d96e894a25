//! `savt boards expire` and `savt serve --expire-boards`.

use chrono::TimeDelta;
use savt::{board::now, db::Database};

use super::{boards, execute, slug_of, until};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
    process::Process,
};

/// Makes everything on a board happen this many days earlier.
async fn age(database: &Database, slug: &str, days: i64) {
    let at = now() - TimeDelta::days(days);
    let at = at.format("%Y-%m-%d %H:%M:%S%.6f");
    let board = format!("(SELECT id FROM boards WHERE slug = '{slug}')");
    let events = format!("UPDATE events SET at = '{at}' WHERE board_id = {board}");
    execute(database, &events).await;
    let created = format!("UPDATE boards SET created_at = '{at}' WHERE slug = '{slug}'");
    assert_eq!(execute(database, &created).await, 1);
}

/// Boards that are 400 and 10 days old, and an empty one that is 400 days old; `main` is 400 days old too.
async fn aged_boards(savt: &Savt) -> [String; 3] {
    let alice = savt.person();
    alice.create_item("On main").await;
    let mut bases = Vec::new();
    for name in ["Old", "Young", "Empty"] {
        bases.push(alice.create_board(name).await);
    }
    for base in &bases[..2] {
        alice.on_board(base).create_item("Margherita").await;
    }
    let [old, young, empty] = [0, 1, 2].map(|n| slug_of(&bases[n]).to_owned());
    for (slug, days) in [("main", 400), (&old, 400), (&young, 10), (&empty, 400)] {
        age(savt.database(), slug, days).await;
    }
    [old, young, empty]
}

db_test!(idle_boards_are_deleted_and_others_stay);
async fn idle_boards_are_deleted_and_others_stay(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let [old, young, empty] = aged_boards(&savt).await;
    drop(savt);
    let url = fresh.url();
    let dry = boards(url, &["expire", "--idle", "365d", "--dry-run"]).expect_success();
    assert!(dry.contains(&old) && dry.contains(&empty), "{dry}");
    assert!(!dry.contains(&young) && !dry.contains("main"), "{dry}");
    let refused = boards(url, &["expire", "--idle", "365d"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let listed = boards(url, &["list"]).expect_success();
    assert_eq!(listed.lines().count(), 5, "{listed}");

    let out = boards(url, &["expire", "--idle", "365d", "--yes"]).expect_success();
    assert_eq!(out, format!("deleted {old}\ndeleted {empty}\n"));
    let out = boards(url, &["expire", "--idle", "365d", "--yes"]).expect_success();
    assert_eq!(out, "no board is idle for that long\n");
    let savt = Savt::at(url).await;
    let person = savt.person();
    person.get("").await.is(200);
    person
        .on_board(&format!("/b/{young}"))
        .get("")
        .await
        .is(200);
    person.on_board(&format!("/b/{old}")).get("").await.is(410);
    assert_eq!(person.sees().await, "On main");
}

db_test!(a_server_deletes_idle_boards_if_it_is_told_so);
async fn a_server_deletes_idle_boards_if_it_is_told_so(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let [old, young, _] = aged_boards(&savt).await;
    drop(savt);
    let server = Process::serve_with(&["--expire-boards", "365d"], fresh.url());
    let [old, young] = [old, young].map(|slug| server.person().on_board(&format!("/b/{slug}")));
    until("the old board is deleted", async || {
        old.get("").await.status == 410
    })
    .await;
    young.get("").await.is(200);
    server.person().get("").await.is(200);
}

db_test!(the_page_says_when_the_board_will_be_deleted_from_30_days_before);
async fn the_page_says_when_the_board_will_be_deleted_from_30_days_before(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let base = alice.create_board("Old").await;
    alice.on_board(&base).create_item("Margherita").await;
    age(savt.database(), slug_of(&base), 340).await;
    age(savt.database(), "main", 340).await;
    let savt = savt
        .another_with(|app| app.with_board_expiry(Some(TimeDelta::days(365))))
        .await;
    let alice = alice.moved_to(savt.address());
    let board = alice.on_board(&base);
    // The first page after an action has a message and no entity tag.
    board.get("").await.is(200);
    let page = board.get("").await.is(200);
    assert!(
        page.body.contains("This board will be deleted on"),
        "{}",
        page.body
    );
    let german = board.reading("de").get("").await.is(200);
    assert!(german.body.contains("wenn sich darauf nichts mehr ändert"));
    board.create_item("Funghi").await;
    let page = board.get("").await.is(200);
    assert!(!page.body.contains("will be deleted"), "{}", page.body);
    let main = alice.get("").await.is(200);
    assert!(!main.body.contains("will be deleted"), "{}", main.body);
}
