//! Databases written by earlier versions: each opens, migrates, passes the check, and shows the same rows and the same
//! history. `tests/product/fixtures/README.md` describes their content.

mod old_database;
mod rows;

use std::{collections::BTreeSet, fs};

use reqwest::Url;
use savt::{
    model::{Action, BoardId, Change},
    store,
};
use serde_json::Value;

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    memory_folder::memory_folder,
    process::run,
};
use old_database::{OldDatabase, line, or_null, time};

/// The tags of all actions in the fixtures.
const TAGS: [&str; 18] = [
    "added",
    "claimed",
    "created_item",
    "deleted_feature",
    "deleted_item",
    "edited_feature",
    "edited_item",
    "gave_reason",
    "joined",
    "merged",
    "moved",
    "redid",
    "renamed",
    "split",
    "suggested",
    "took_back",
    "undid",
    "vetoed",
];

/// The number of events of the board `main`, more than fit on a page of the history.
const EVENTS: i64 = 150;

db_test!(stored_events_round_trip_unchanged);
/// Reading and serialising each event gives the same text.
async fn stored_events_round_trip_unchanged(old: OldDatabase) {
    let mut read = Vec::new();
    for board in [1, 2, 3] {
        let events = store::events_after(&old.database, BoardId(board), 0, usize::MAX).await;
        for event in events.unwrap().unwrap() {
            let action = serde_json::to_string(&event.action).unwrap();
            let change = serde_json::to_string(&event.change).unwrap();
            let undoes = or_null(&event.undoes);
            read.push(line(&[
                &board,
                &event.number,
                &time(event.at),
                &event.actor.id,
                &event.actor.name,
                &action,
                &change,
                &undoes,
            ]));
        }
    }
    assert_eq!(read, old.expected("events"));
}

db_test!(the_log_of_an_old_database_replays_to_its_rows);
async fn the_log_of_an_old_database_replays_to_its_rows(old: OldDatabase) {
    let mut findings = Vec::new();
    let checked = store::check(&old.database, |finding| findings.push(finding.to_string()));
    let checked = checked.await.unwrap();
    assert_eq!(findings, [""; 0]);
    assert_eq!((checked.boards, checked.events), (3, 159));
    // The command reports the same.
    let output = run(&["check", "--database-url", old.fresh.url()]).expect_success();
    assert!(
        output.starts_with("checked 3 boards, 159 events in "),
        "{output}"
    );
}

db_test!(an_old_database_moves_as_a_file);
/// What earlier versions stored is in the one form in which files have it, and replays.
async fn an_old_database_moves_as_a_file(old: OldDatabase) {
    let folder = memory_folder();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (one, two) = (file("one"), file("two"));
    run(&["export", "--all", &one, "--database-url", old.fresh.url()]).expect_success();
    let moved = Fresh::migrated(old.database.backend()).await;
    run(&["import", &one, "--database-url", moved.url()]).expect_success();
    run(&["export", "--all", &two, "--database-url", moved.url()]).expect_success();
    assert!(fs::read(one).unwrap() == fs::read(two).unwrap());
    let output = run(&["check", "--database-url", moved.url()]).expect_success();
    assert!(
        output.starts_with("checked 3 boards, 159 events in "),
        "{output}"
    );
}

/// A browser that used the old version still has its cookie.
fn browser(savt: &Savt, number: u32) -> TestClient {
    let person = savt.person();
    let server = Url::parse(&person.address_of("")).unwrap();
    let cookie = format!("savt={number:032x}; Path=/");
    person.jar.add_cookie_str(&cookie, &server);
    person
}

db_test!(the_pages_of_an_old_database_show_its_boards);
async fn the_pages_of_an_old_database_show_its_boards(old: OldDatabase) {
    let savt = Savt::at(old.fresh.url()).await;
    let anna = browser(&savt, 1);
    let mut shown = Vec::new();
    for board in old.expected("boards") {
        let columns: Vec<&str> = board.split('\t').collect();
        let client = match columns[1] {
            "main" => anna.clone(),
            slug => anna.on_board(&format!("/b/{slug}")),
        };
        let page = client.page().await;
        assert_eq!(page.version.to_string(), columns[3]);
        let feature = |sort: &str, feature: &crate::harness::page::Feature| {
            let amount = feature.amount.as_deref().unwrap_or("-");
            let vetoed = feature.vetoers.as_ref().map_or("-", |_| "vetoed");
            line(&[
                &columns[0],
                &sort,
                &feature.id,
                &feature.name,
                &amount,
                &vetoed,
            ])
        };
        for item in &page.shown.items {
            let kind = item.kind.as_deref().unwrap_or("-");
            shown.push(line(&[&columns[0], &"item", &item.id, &item.name, &kind]));
            shown.extend(item.features.iter().map(|row| feature("feature", row)));
        }
        shown.extend(
            page.shown
                .free
                .iter()
                .map(|row| feature("free feature", row)),
        );
    }
    assert_eq!(shown, old.expected("pages"));
}

db_test!(browser_tokens_of_an_old_database_stay_valid);
async fn browser_tokens_of_an_old_database_stay_valid(old: OldDatabase) {
    let savt = Savt::at(old.fresh.url()).await;
    for (number, name) in [
        (1, "Anna Maria"),
        (2, "Bert Ünal"),
        (3, "Cléo \"<b>\" 🍕"),
        (4, "Dora"),
    ] {
        let me = browser(&savt, number).page().await.me;
        assert!(me.contains(name), "{me}");
    }
    // Its list of boards is unchanged too.
    let boards = browser(&savt, 1).get("/boards").await.is(200);
    let boards = boards.all("#boards a");
    let venues = "Venues & \"dates\"";
    assert!(
        boards.iter().any(|board| board.contains(venues)),
        "{boards:?}"
    );
}

db_test!(the_history_of_an_old_database_lists_every_event);
async fn the_history_of_an_old_database_lists_every_event(old: OldDatabase) {
    let savt = Savt::at(old.fresh.url()).await;
    let anna = browser(&savt, 1);
    let mut listed = Vec::new();
    let mut undone = Vec::new();
    let mut next = Some("/history".to_owned());
    while let Some(path) = next.take() {
        let answer = anna.get(&path).await.is(200);
        for number in event_numbers(&answer.body) {
            let row = format!("#event-{number}");
            assert!(!answer.one(&format!("{row} > p")).is_empty());
            if !answer.all(&format!("{row} .undone")).is_empty() {
                undone.push(number);
            }
            listed.push(number);
        }
        if !answer.all("a[rel=next]").is_empty() {
            next = Some(answer.attribute("a[rel=next]", "href"));
        }
    }
    assert_eq!(listed, (1..=EVENTS).rev().collect::<Vec<_>>());
    let events = old.expected_events().into_iter();
    let of_main = events.filter(|[board, ..]| *board == "1");
    let expected: BTreeSet<i64> = of_main
        .filter_map(|[.., undoes]| undoes.parse().ok())
        .collect();
    undone.reverse();
    assert_eq!(undone, expected.into_iter().collect::<Vec<_>>());
}

fn event_numbers(html: &str) -> Vec<i64> {
    let ids = html.split(" id=\"event-").skip(1);
    ids.map(|rest| rest.split_once('"').unwrap().0.parse().unwrap())
        .collect()
}

db_test!(an_event_of_an_old_database_can_be_undone);
async fn an_event_of_an_old_database_can_be_undone(old: OldDatabase) {
    let savt = Savt::at(old.fresh.url()).await;
    let anna = browser(&savt, 1);
    // Undo of an undo, of a deletion, and of the redo of two merges and a split.
    for (event, shown_before, shown_after) in [
        (123, Some("\nEmpty"), None),
        (79, None, Some("Parsley")),
        (90, Some("\nLeft-Right"), Some("\nLeft (vegan)")),
        (99, Some("\nOver-Flow"), Some("\nFlow")),
        (112, Some("\nUnits-Slice-3"), Some("\nUnits: Slice ×3")),
    ] {
        let before = anna.sees().await;
        anna.undo(event).await;
        let after = anna.sees().await;
        if let Some(text) = shown_before {
            assert!(before.contains(text) && !after.contains(text), "{event}");
        }
        if let Some(text) = shown_after {
            assert!(!before.contains(text) && after.contains(text), "{event}");
        }
    }
    assert_eq!(anna.last_event().await, EVENTS + 5);
    // New rows continue the numbering of the old ones.
    assert_eq!(anna.create_item("One more").await, 22);
    assert_eq!(anna.suggest("One more", 1, None).await, 27);
    let output = run(&["check", "--database-url", old.fresh.url()]).expect_success();
    assert!(output.contains("3 boards, 166 events"), "{output}");
}

db_test!(an_old_database_holds_every_kind_of_event);
/// Ensures that the other tests cover every stored form.
async fn an_old_database_holds_every_kind_of_event(old: OldDatabase) {
    let events = old.expected_events();
    let actions: Vec<Value> = events
        .iter()
        .map(|event| serde_json::from_str(event[5]).unwrap())
        .collect();
    let tags: BTreeSet<&str> = actions.iter().map(tag).collect();
    assert_eq!(tags.into_iter().collect::<Vec<_>>(), TAGS);
    for reversal in ["undid", "redid"] {
        let reversed = actions.iter().filter(|action| tag(action) == reversal);
        let reversed: BTreeSet<&str> = reversed.map(|action| tag(&action["what"])).collect();
        let mut expected = TAGS.to_vec();
        expected.retain(|tag| !["undid", "redid"].contains(tag));
        let found: Vec<&str> = reversed.into_iter().collect();
        assert_eq!(found, expected, "{reversal}");
    }
    // The variants within each kind.
    let is = |test: &dyn Fn(&Value) -> bool| assert!(actions.iter().any(test));
    is(&|a| tag(a) == "merged" && a["stays"] == true);
    is(&|a| tag(a) == "merged" && a["stays"] == false);
    is(&|a| tag(a) == "added" && a["over"] == 1);
    is(&|a| tag(a) == "added" && a["over"].is_null());
    is(&|a| tag(a) == "moved" && a["left"] == 1 && a["to"].is_null());
    is(&|a| tag(a) == "moved" && a["left"].is_null() && a["to"].is_string());
    is(&|a| tag(a) == "deleted_item" && a["lost"][0].is_string() && a["freed"] == 3);
    is(&|a| tag(a) == "vetoed" && a.get("reason").is_none());
    is(&|a| tag(a) == "vetoed" && a["reason"].is_string());
    is(&|a| tag(a) == "gave_reason" && a["reason"].is_null());
    is(&|a| tag(a) == "gave_reason" && a["reason"].is_string());
    is(&|a| tag(a) == "claimed" && a["was"].is_null());
    is(&|a| tag(a) == "claimed" && a["was"].is_string());
    is(&|a| tag(a) == "created_item" && a["wanted"].is_string());
    // Rows of every kind were created, changed and removed, where possible.
    let mut edits = BTreeSet::new();
    for event in &events {
        let change: Value = serde_json::from_str(event[6]).unwrap();
        for (rows, all) in change.as_object().unwrap() {
            for edit in all.as_array().unwrap() {
                let how = match (edit["before"].is_null(), edit["after"].is_null()) {
                    (true, false) => "made",
                    (false, true) => "removed",
                    _ => "changed",
                };
                edits.insert(format!("{rows} {how}"));
            }
        }
        let (_, _): (Action, Change) = (
            serde_json::from_str(event[5]).unwrap(),
            serde_json::from_str(event[6]).unwrap(),
        );
    }
    let sorts = ["browsers", "features", "items", "participants", "vetoes"];
    let all = sorts.map(|sort| ["changed", "made", "removed"].map(|how| format!("{sort} {how}")));
    assert_eq!(edits.into_iter().collect::<Vec<_>>(), all.concat());
}

fn tag(action: &Value) -> &str {
    action["did"].as_str().unwrap()
}
