//! `savt boards list`.

use serde_json::Value;

use super::{boards, slug_of};
use crate::harness::{
    app::Savt,
    databases::{Fresh, db_test},
};

/// The slugs of the boards that a list with these options has.
#[track_caller]
fn listed(url: &str, options: &[&str]) -> Vec<String> {
    let out = boards(url, &[&["list", "--json"], options].concat()).expect_success();
    let list: Vec<Value> = serde_json::from_str(&out).unwrap();
    let slugs = list.iter().map(|board| board["slug"].as_str().unwrap());
    slugs.map(str::to_owned).collect()
}

db_test!(boards_are_listed_with_what_is_on_them);
async fn boards_are_listed_with_what_is_on_them(fresh: Fresh) {
    let savt = Savt::at(fresh.url()).await;
    let alice = savt.person();
    let [lunch, venue, empty] = [
        alice.create_board("Lunch 寿司").await,
        alice.create_board("Venue").await,
        alice.create_board("Empty").await,
    ];
    let [lunch, venue, empty] = [&lunch, &venue, &empty].map(|base| slug_of(base));
    let on = |slug: &str| alice.on_board(&format!("/b/{slug}"));
    on(lunch).set_name("Alice").await;
    let item = on(lunch).create_item("Margherita").await;
    on(lunch).suggest("Ham", 1, item).await;
    let gone = on(lunch).create_item("Gone").await;
    on(lunch).delete_item(gone).await;
    on(lunch).consent().await;
    on(venue).create_item("Here").await;
    on(venue).post("/close", &[]).await.is(303);

    let out = boards(fresh.url(), &["--json"]).expect_success();
    let list: Vec<Value> = serde_json::from_str(&out).unwrap();
    let of = |slug: &str| {
        let board = list.iter().find(|board| board["slug"] == slug);
        board.unwrap().clone()
    };
    assert_eq!(list.len(), 4);
    let board = of(lunch);
    assert_eq!(board["name"], "Lunch 寿司");
    assert_eq!(board["state"], "agreed");
    assert_eq!(board["people"], 1);
    assert_eq!(board["items"], 1);
    assert_eq!(board["events"], on(lunch).last_event().await);
    assert!(board["bytes"].as_i64().unwrap() > 500, "{board}");
    assert!(board["changed"].as_str() >= board["created"].as_str());
    assert_eq!(of(venue)["state"], "closed");
    assert_eq!(of(empty)["state"], "open");
    assert_eq!(of(empty)["events"], 0);
    assert_eq!(of("main")["state"], "open");

    let table = boards(fresh.url(), &[]).expect_success();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 5, "{table}");
    let heading =
        "slug                 name        state   people  items  events  bytes  last change";
    assert_eq!(lines[0], heading, "{table}");
    let line = lines.iter().find(|line| line.starts_with(lunch)).unwrap();
    assert!(
        line.starts_with(&format!(
            "{lunch}  Lunch 寿司  agreed       1      1       "
        )),
        "{table}"
    );

    let url = fresh.url();
    assert_eq!(listed(url, &["--state", "agreed"]), [lunch]);
    assert_eq!(listed(url, &["--state", "closed"]), [venue]);
    assert_eq!(listed(url, &["--name", "LUNCH"]), [lunch]);
    assert_eq!(listed(url, &["--idle", "1d"]), [""; 0]);
    let by_events = listed(url, &["--sort", "events", "--reverse"]);
    assert_eq!(by_events[..2], [lunch, venue]);
    let by_name = listed(url, &["--sort", "name"]);
    assert_eq!(by_name, [empty, lunch, "main", venue]);
    assert_eq!(listed(url, &["--sort", "created"])[0], "main");
}

db_test!(options_of_the_list_belong_to_the_list);
async fn options_of_the_list_belong_to_the_list(fresh: Fresh) {
    let ran = boards(fresh.url(), &["--json", "expire", "--idle", "1d", "--yes"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("belong after `savt boards list`"),
        "{ran:?}"
    );
}

#[test]
fn a_missing_database_is_not_created() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("none.db");
    let ran = boards(&format!("sqlite:{}", file.display()), &[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(!file.exists());
}
