//! Databases written by earlier versions: each opens, migrates, passes the check, and shows the same rows and the same
//! history. `tests/product/fixtures/README.md` tells what they hold.

use std::{collections::BTreeSet, fmt::Display, fs, path::PathBuf};

use chrono::NaiveDateTime;
use diesel::prelude::*;
use reqwest::Url;
use savt::{
    db::{
        Backend, Database,
        schema::{boards, browsers, events, features, items, participants, vetoes},
    },
    model::{Action, BoardId, Change},
    store,
};
use serde_json::Value;

use crate::harness::{
    app::Savt,
    client::Person,
    databases::{Fresh, Given, on_both},
    postgres::Cluster,
    process::run,
};

/// The tags of all actions that the fixtures hold.
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

/// The number of events of the board at `/`, more than fit on a page of the history.
const EVENTS: i64 = 150;

/// A copy of a fixture, migrated to today's schema.
struct OldDatabase {
    fresh: Fresh,
    database: Database,
    /// What it has to hold, as text.
    expected: String,
}

impl Given for OldDatabase {
    async fn given(migrated: Fresh) -> OldDatabase {
        let backend = migrated.open().await.backend();
        let fresh = Fresh::empty(backend).await;
        let expected = match backend {
            Backend::Sqlite => {
                let file = fresh.url().strip_prefix("sqlite:").unwrap();
                fs::copy(fixture("schema-0003.db"), file).unwrap();
                "schema-0003.sqlite.txt"
            }
            Backend::Postgres => {
                let sql = fs::read_to_string(fixture("schema-0003.sql")).unwrap();
                Cluster::shared().run(fresh.name(), &sql).await.unwrap();
                "schema-0003.postgres.txt"
            }
        };
        let database = fresh.open().await;
        database.migrate().await.unwrap();
        OldDatabase {
            fresh,
            database,
            expected: fs::read_to_string(fixture(expected)).unwrap(),
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/product/fixtures");
    PathBuf::from(folder).join(name)
}

impl OldDatabase {
    /// The lines below a heading, up to an empty one.
    fn expected(&self, heading: &str) -> Vec<&str> {
        let mut lines = self.expected.lines();
        lines
            .find(|line| line.starts_with(&format!("{heading}: ")))
            .unwrap();
        lines.take_while(|line| !line.is_empty()).collect()
    }

    /// The columns of each event: board, number, at, actor, name of the actor, action, change, undone event.
    fn expected_events(&self) -> Vec<[&str; 8]> {
        let lines = self.expected("events").into_iter();
        lines
            .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
            .collect()
    }

    async fn holds(&self, heading: &str, rows: Vec<String>) {
        assert_eq!(rows, self.expected(heading), "{heading}");
    }
}

on_both!(an_old_database_keeps_every_row);
async fn an_old_database_keeps_every_row(old: OldDatabase) {
    let mut conn = old.database.read().await.unwrap();
    // The columns by name: later versions may have more.
    let rows = boards::table.order(boards::id).select((
        boards::id,
        boards::slug,
        boards::name,
        boards::version,
        boards::last_participant,
        boards::last_item,
        boards::last_feature,
        boards::created_at,
    ));
    type Board = (i64, String, String, i64, i64, i64, i64, NaiveDateTime);
    let rows: Vec<Board> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let numbers = [r.3, r.4, r.5, r.6];
        let numbers = numbers.map(|number| number.to_string()).join("\t");
        line(&[&r.0, &r.1, &r.2, &numbers, &time(r.7)])
    });
    old.holds("boards", lines.collect()).await;

    let rows = participants::table
        .order((participants::board_id, participants::id))
        .select((
            participants::board_id,
            participants::id,
            participants::name,
            participants::joined_at,
        ));
    let rows: Vec<(i64, i64, String, NaiveDateTime)> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| line(&[&r.0, &r.1, &r.2, &time(r.3)]));
    old.holds("participants", lines.collect()).await;

    let rows = browsers::table
        .order((browsers::board_id, browsers::token))
        .select((
            browsers::board_id,
            browsers::token,
            browsers::participant_id,
        ));
    let rows: Vec<(i64, String, i64)> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| line(&[&r.0, &r.1, &r.2]));
    old.holds("browsers", lines.collect()).await;

    let rows = items::table.order((items::board_id, items::id)).select((
        items::board_id,
        items::id,
        items::name,
        items::kind,
        items::author_id,
        items::created_at,
        items::deleted_at,
    ));
    type Item = (
        i64,
        i64,
        String,
        Option<String>,
        i64,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let rows: Vec<Item> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let (created, deleted) = (time(r.5), or_null(&r.6.map(time)));
        line(&[&r.0, &r.1, &r.2, &or_null(&r.3), &r.4, &created, &deleted])
    });
    old.holds("items", lines.collect()).await;

    let rows = features::table
        .order((features::board_id, features::id))
        .select((
            features::board_id,
            features::id,
            features::item_id,
            features::name,
            features::amount,
            features::author_id,
            features::created_at,
            features::deleted_at,
        ));
    type Feature = (
        i64,
        i64,
        Option<i64>,
        String,
        i16,
        i64,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let rows: Vec<Feature> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let (created, deleted) = (time(r.6), or_null(&r.7.map(time)));
        line(&[
            &r.0,
            &r.1,
            &or_null(&r.2),
            &r.3,
            &r.4,
            &r.5,
            &created,
            &deleted,
        ])
    });
    old.holds("features", lines.collect()).await;

    let rows = vetoes::table
        .order((vetoes::board_id, vetoes::feature_id, vetoes::participant_id))
        .select((
            vetoes::board_id,
            vetoes::feature_id,
            vetoes::participant_id,
            vetoes::created_at,
            vetoes::reason,
        ));
    type Veto = (i64, i64, i64, NaiveDateTime, Option<String>);
    let rows: Vec<Veto> = conn.load(rows).await.unwrap();
    let lines = rows
        .iter()
        .map(|r| line(&[&r.0, &r.1, &r.2, &time(r.3), &or_null(&r.4)]));
    old.holds("vetoes", lines.collect()).await;

    let rows = events::table
        .order((events::board_id, events::number))
        .select((
            events::board_id,
            events::number,
            events::at,
            events::actor_id,
            events::actor_name,
            events::action,
            events::change,
            events::undoes,
        ));
    type Event = (
        i64,
        i64,
        NaiveDateTime,
        i64,
        String,
        String,
        String,
        Option<i64>,
    );
    let rows: Vec<Event> = conn.load(rows).await.unwrap();
    let lines = rows.iter().map(|r| {
        let undoes = or_null(&r.7);
        line(&[&r.0, &r.1, &time(r.2), &r.3, &r.4, &r.5, &r.6, &undoes])
    });
    old.holds("events", lines.collect()).await;
}

fn line(columns: &[&dyn Display]) -> String {
    let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
    columns.join("\t")
}

fn time(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

fn or_null<T: Display>(value: &Option<T>) -> String {
    value.as_ref().map_or("NULL".to_owned(), T::to_string)
}

on_both!(stored_events_are_read_and_written_back_unchanged);
/// The model reads each event and would write the same text again.
async fn stored_events_are_read_and_written_back_unchanged(old: OldDatabase) {
    let mut read = Vec::new();
    for board in [1, 2, 3] {
        let events = store::events_after(&old.database, BoardId(board), 0).await;
        for event in events.unwrap() {
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

on_both!(the_log_of_an_old_database_replays_to_its_rows);
async fn the_log_of_an_old_database_replays_to_its_rows(old: OldDatabase) {
    let mut findings = Vec::new();
    let checked = store::check(&old.database, |finding| findings.push(finding.to_string()));
    let checked = checked.await.unwrap();
    assert_eq!(findings, [""; 0]);
    assert_eq!((checked.boards, checked.events), (3, 159));
    // The program says the same.
    let said = run(&["check", "--database-url", old.fresh.url()]).well();
    assert!(
        said.starts_with("checked 3 boards, 159 events in "),
        "{said}"
    );
}

/// A browser that used the old version still has its cookie.
fn browser(savt: &Savt, number: u32) -> Person {
    let person = savt.person();
    let server = Url::parse(&person.address_of("")).unwrap();
    let cookie = format!("savt={number:032x}; Path=/");
    person.jar.add_cookie_str(&cookie, &server);
    person
}

on_both!(the_pages_of_an_old_database_show_its_boards);
async fn the_pages_of_an_old_database_show_its_boards(old: OldDatabase) {
    let savt = Savt::at(old.fresh.url()).await;
    let anna = browser(&savt, 1);
    let mut shown = Vec::new();
    for board in old.expected("boards") {
        let columns: Vec<&str> = board.split('\t').collect();
        let there = match columns[1] {
            "main" => anna.clone(),
            slug => anna.on_board(&format!("/b/{slug}")),
        };
        let page = there.page().await;
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

on_both!(a_browser_is_still_who_it_was);
async fn a_browser_is_still_who_it_was(old: OldDatabase) {
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
    // And so are the boards that it knows.
    let boards = browser(&savt, 1).get("/boards").await.is(200);
    let boards = boards.all("#boards a");
    let venues = "Venues & \"dates\"";
    assert!(
        boards.iter().any(|board| board.contains(venues)),
        "{boards:?}"
    );
}

on_both!(the_history_of_an_old_database_lists_every_event);
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

on_both!(an_event_of_an_old_database_can_be_undone);
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
    // New rows go on with the numbers of the old ones.
    assert_eq!(anna.create_item("One more").await, 22);
    assert_eq!(anna.suggest("One more", 1, None).await, 27);
    let said = run(&["check", "--database-url", old.fresh.url()]).well();
    assert!(said.contains("3 boards, 166 events"), "{said}");
}

on_both!(an_old_database_holds_every_kind_of_event);
/// So that the other tests try all that may be stored.
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
    // What makes a difference within a kind.
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
    // Every sort of row was made, changed and removed, where it can be.
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
