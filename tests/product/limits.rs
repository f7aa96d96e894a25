//! The limits of boards, events and answers, through HTTP and for a real process.

use diesel::dsl::sql_query;
use futures_util::future::join_all;
use savt::{
    db::Database,
    model::{Action, Change, Edit, Feature, FeatureId, Limits, Name, Timestamp},
};

use crate::harness::{
    app::Savt,
    client::TestClient,
    databases::{Fresh, db_test},
    process::{Process, run},
    stream::Stream,
};

const SMALL: Limits = Limits {
    items: 2,
    features: 25,
    participants: 2,
    event_bytes: 4_096,
};

/// Posts a form that is rejected, and returns the reason.
async fn rejected(person: &TestClient, path: &str, fields: &[(&str, &str)]) -> String {
    person.post(path, fields).await.is(422).body
}

db_test!(a_full_board_says_what_to_do);
async fn a_full_board_says_what_to_do(savt: Savt) {
    let savt = savt.another_with_limits(SMALL).await;
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let first = alice.create_item("Funghi").await;
    let second = bob.create_item("Napoli").await;
    let reason = rejected(&bob, "/create/item/", &[("name", "Diavola")]).await;
    assert!(
        reason.contains("This board has the maximum of 2 pizzas. Delete some"),
        "{reason}"
    );
    let cem = savt.person();
    let reason = rejected(&cem, "/create/item/", &[("name", "")]).await;
    assert!(reason.contains("the maximum of 2 participants"), "{reason}");
    let version = savt.stored().await.version();
    for number in 0..25 {
        alice.suggest(&format!("Ham {number}"), 1, first).await;
    }
    let reason = rejected(
        &alice,
        &format!("/items/{first}/merge"),
        &[("into", &second.to_string())],
    )
    .await;
    assert!(reason.contains("at most 4 KiB"), "{reason}");
    assert_eq!(savt.stored().await.version(), version + 25);
    // What does not make the board grow is accepted.
    alice.delete_item(second).await;
    alice.create_item("Diavola").await;
}

db_test!(a_board_above_the_limits_opens_and_shrinks);
async fn a_board_above_the_limits_opens_and_shrinks(savt: Savt) {
    savt.fill(5, 5).await;
    let savt = savt.another_with_limits(SMALL).await;
    assert_eq!(savt.person().page().await.shown.items.len(), 5);
    let person = savt.person();
    assert_eq!(
        person.post("/create/item/", &[("name", "x")]).await.status,
        422
    );
    person.claim("Person 1").await;
    person.delete_item(1).await;
    assert_eq!(savt.person().page().await.shown.items.len(), 4);
}

db_test!(seed_names_the_limit_that_it_would_exceed);
async fn seed_names_the_limit_that_it_would_exceed(fresh: Fresh) {
    let seed = ["seed", "--database-url", fresh.url(), "--items", "3000"];
    let refused = run(&seed);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("3000 items") && refused.err.contains("--max-items"),
        "{}",
        refused.err
    );
    let seed = [
        "seed",
        "--database-url",
        fresh.url(),
        "--items",
        "3",
        "--features",
        "2",
        "--max-features",
        "6",
    ];
    run(&seed).expect_success();
}

/// Features of an item of an earlier version, which had no limits.
const FEATURES: i64 = 1_500;
/// More than one page of the history.
const MERGES: i64 = 52;

/// Appends this many events to the board `main`, each with a change of all features, as a merge had.
async fn append_large_events(database: &Database, action: &Action) {
    let feature = |id| Feature {
        id: FeatureId(id),
        item: None,
        name: Name::from_stored(format!("Feature number {id}")),
        amount: savt::model::Amount::ONE,
        author: savt::model::ParticipantId(1),
        created: Timestamp::default(),
        deleted: None,
        remainder: false,
        added_by_event: 0,
    };
    let edit = |id| Edit {
        before: Some(feature(id)),
        after: Some(Feature {
            deleted: Some(Timestamp::default()),
            ..feature(id)
        }),
    };
    let change = Change {
        features: (1..=FEATURES).map(edit).collect(),
        ..Change::default()
    };
    let change = serde_json::to_string(&change).unwrap();
    let action = serde_json::to_string(action).unwrap();
    let mut transaction = database.write().await.unwrap();
    let insert = format!(
        "INSERT INTO events (board_id, number, at, actor_id, actor_name, action, change, undoes)
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MERGES})
         SELECT 1, boards.version + i, '2026-01-31 12:00:00.123456', 1, 'Alice', '{action}', '{change}', NULL
         FROM n, boards WHERE boards.id = 1"
    );
    transaction.execute(sql_query(insert)).await.unwrap();
    let update = format!("UPDATE boards SET version = version + {MERGES} WHERE id = 1");
    transaction.execute(sql_query(update)).await.unwrap();
    transaction.commit().await.unwrap();
}

fn merged() -> Action {
    let name = |text: &str| Name::from_stored(text.to_owned());
    Action::Merged {
        item: name("A"),
        into: name("B"),
        name: name("A-B"),
        stays: false,
        left: Vec::new(),
        unlisted: 0,
    }
}

/// A split of an earlier version, which names every part.
fn split() -> Action {
    let names = (0..FEATURES).map(|n| Name::from_stored(format!("Part number {n}")));
    Action::Split {
        item: Name::from_stored("A".to_owned()),
        into: names.collect(),
        unlisted: 0,
    }
}

/// A figure of a process's memory in KiB, such as `VmRSS` or `VmHWM` (proc_pid_status(5)).
fn memory_kib(process: &Process, figure: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{figure}:")));
    let number = line.unwrap().split_whitespace().next().unwrap();
    number.parse().unwrap()
}

db_test!(the_history_of_large_events_takes_little_memory);
async fn the_history_of_large_events_takes_little_memory(fresh: Fresh) {
    let database = fresh.open().await;
    let process = Process::serve_with(&["--db-wait-ms", "60000"], fresh.url());
    process.person().set_name("Alice").await;
    // A page of long actions takes a debug build on a busy machine some time.
    for (action, readers) in [(merged(), 100), (split(), 12)] {
        append_large_events(&database, &action).await;
        let history = process.person().get("/history").await.is(200);
        assert_eq!(history.all("li.event").len(), 50);
        let before = memory_kib(&process, "VmHWM");
        let people: Vec<_> = (0..readers).map(|_| process.person()).collect();
        let answers = join_all(people.iter().map(|person| person.get("/history"))).await;
        for answer in answers {
            answer.is(200);
        }
        let growth = memory_kib(&process, "VmHWM") - before;
        assert!(growth < 50 * 1_024, "{growth} KiB");
    }
    let history = process.person().get("/history").await.is(200);
    let newest = history.all("li.event > p").remove(0);
    let end = format!("Part number 9 and {} more", FEATURES - 10);
    assert!(newest.replace(',', "").ends_with(&end), "{newest}");
    let refused = process.person().post("/undo/100", &[]).await.is(422);
    assert!(refused.body.contains("256 KiB"), "{}", refused.body);
}

db_test!(missed_events_that_are_too_large_cause_a_reload);
async fn missed_events_that_are_too_large_cause_a_reload(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    append_large_events(savt.database(), &merged()).await;
    // A process that did not write them loads the board again instead of the events, and continues.
    let item = alice.create_item("Funghi").await;
    let version = savt.stored().await.version();
    assert_eq!((item, version), (1, MERGES + 2));
    let mut stream = Stream::open(&alice, "/events", Some("1")).await;
    stream.next_named("hello").await;
    stream.next_named("reload").await;
    // Events that fit are sent.
    let mut stream = Stream::open(&alice, "/events", Some(&(version - 1).to_string())).await;
    assert_eq!(stream.next_event().await.number(), Some(version));
}
