//! Rule 17 through HTTP: a new board starts empty, with the words for what it is about, from a template, or as a copy.

use diesel::{dsl::sql_query, prelude::*};
use savt::{db::schema::boards, model::Limits, store};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

/// Makes a board and returns its address.
async fn make(person: &TestClient, fields: &[(&str, &str)]) -> String {
    let answer = person.on_board("").post("/boards", fields).await.is(303);
    answer.header("location").to_owned()
}

async fn number_of_boards(savt: &Savt) -> i64 {
    let mut conn = savt.database().read().await.unwrap();
    let count = conn.get::<i64, _>(boards::table.count()).await.unwrap();
    count.unwrap()
}

async fn stored(savt: &Savt, address: &str) -> savt::model::Board {
    let slug = savt::model::Slug::parse(address.trim_start_matches("/b/")).unwrap();
    let board = store::load(savt.database(), &slug).await.unwrap();
    board.unwrap()
}

/// Asserts that the log of each board replays to its tables.
async fn assert_replays(savt: &Savt) {
    let checked = store::check(savt.database(), |finding| {
        panic!("the log does not replay to the tables: {finding}")
    });
    checked.await.unwrap();
}

db_test!(a_template_makes_a_board_in_one_step);
async fn a_template_makes_a_board_in_one_step(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let fields = [
        ("name", ""),
        ("terminology", ""),
        ("from", "template:pizza"),
    ];
    let address = make(&alice, &fields).await;
    let board = alice.on_board(&address);
    let page = board.get("").await.is(200);
    assert_eq!(page.one("h1"), "Pizza night");
    let sees = board.sees().await;
    assert!(
        sees.starts_with("Margherita (vegetarian): Tomato, Mozzarella, Basil\nFunghi"),
        "{sees}"
    );
    assert!(sees.ends_with("free: Garlic, Chili oil"), "{sees}");
    // The page says once what happened.
    assert!(page.toasts()[0].starts_with("Alice started the board with 5 "));
    assert!(board.get("").await.toasts().is_empty());
    let history = board.history().await;
    assert!(
        history[0].starts_with("Alice started the board with 5 "),
        "{history:?}"
    );
    assert_eq!(history.len(), 2);
    let made = stored(&savt, &address).await;
    let words = made.terminology().unwrap();
    assert_eq!(
        (words.item.as_str(), words.features.as_str()),
        ("pizza", "toppings")
    );
    assert_replays(&savt).await;

    // Undo removes what it added.
    board.undo(board.last_event().await).await;
    assert_eq!(board.sees().await, "");
    let german = alice.reading("de");
    let fields = [("name", "Freitag"), ("from", "template:date")];
    let board = german.on_board(&make(&german, &fields).await);
    assert_eq!(board.get("").await.one("h1"), "Freitag");
    assert!(board.sees().await.starts_with("Dienstag: 18 Uhr"));
}

db_test!(every_template_works_in_every_language);
async fn every_template_works_in_every_language(savt: Savt) {
    for language in ["en", "de"] {
        let person = savt.person().reading(language);
        let page = person.get("/boards").await.is(200);
        assert_eq!(page.all(".templates button").len(), 5);
        assert_eq!(page.all(".subject option").len(), 5);
        for template in ["pizza", "venue", "vendor", "date", "lunch"] {
            let from = format!("template:{template}");
            let board = make(&person, &[("name", ""), ("from", &from)]).await;
            let page = person.on_board(&board).page().await;
            assert!((3..=6).contains(&page.shown.items.len()));
        }
    }
}

db_test!(the_words_of_an_empty_board_are_chosen_with_its_name);
async fn the_words_of_an_empty_board_are_chosen_with_its_name(savt: Savt) {
    let alice = savt.person();
    let fields = [("name", "Team day"), ("terminology", "venue")];
    let address = make(&alice, &fields).await;
    let board = stored(&savt, &address).await;
    assert_eq!(board.terminology().unwrap().items.as_str(), "venues");
    assert_eq!(board.stats().items, 0);
    let board = alice.on_board(&address);
    assert_eq!(board.history().await[0], "User-1 set up the board");
    let fields = [("name", "Plain"), ("terminology", "")];
    let plain = stored(&savt, &make(&alice, &fields).await).await;
    assert_eq!((plain.version(), plain.terminology()), (0, None));
}

db_test!(a_new_browser_makes_a_board_and_is_asked_for_a_name);
async fn a_new_browser_makes_a_board_and_is_asked_for_a_name(savt: Savt) {
    let stranger = savt.person();
    let fields = [("name", ""), ("from", "template:lunch")];
    let board = stranger.on_board(&make(&stranger, &fields).await);
    let page = board.get("").await.is(200);
    assert!(!page.all("#ask-name input[name=name]").is_empty());
    assert!(page.page().me.contains("User-1"));
    // It is one and the same participant afterwards, and is asked once.
    board.set_name("Zoë").await;
    assert!(board.page().await.stats.ends_with("1 person"));
    let fields = [("name", ""), ("from", "template:date")];
    let next = stranger.on_board(&make(&stranger, &fields).await);
    let page = next.get("").await;
    assert!(page.all("#ask-name input[name=name]").is_empty());
    assert!(page.page().me.contains("Zoë"));
}

db_test!(a_copy_takes_the_content_and_nobody);
async fn a_copy_takes_the_content_and_nobody(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let fields = [("name", "Friday"), ("from", "template:pizza")];
    let address = make(&alice, &fields).await;
    let friday = alice.on_board(&address);
    let bob = savt.person().on_board(&address);
    bob.set_name("Bob").await;
    let fields = [("name", "Margherita"), ("note", "At eight\r\nVia Roma 7")];
    friday.post("/items/1/edit", &fields).await.is(303);
    bob.veto_because(1, "too red").await;
    bob.delete_item(2).await;
    let origin = stored(&savt, &address).await;

    let page = friday.get("").await.is(200);
    let link = format!("footer a[href=\"{address}/copy\"]");
    assert_eq!(page.one(&link), "Copy this board");
    let page = savt.person().on_board(&address).get("/copy").await.is(200);
    assert_eq!(
        page.attribute(".new-board input[name=name]", "value"),
        "Friday"
    );
    let from = page.attribute(".new-board input[name=from]", "value");
    // Whoever has the link may copy.
    let cem = savt.person_called("Cem").await;
    let copied = make(&cem, &[("name", "Saturday"), ("from", &from)]).await;
    assert_ne!(copied, address);
    let copy = stored(&savt, &copied).await;
    assert_eq!(copy.content(), origin.content());
    assert_eq!(copy.name().as_str(), "Saturday");
    assert_eq!(copy.stats().vetoed, 0);
    let people: Vec<_> = copy
        .participants()
        .map(|person| person.name.as_str())
        .collect();
    assert_eq!(people, ["Cem"]);
    let saturday = cem.on_board(&copied);
    let page = saturday.get("").await.is(200);
    assert!(page.toasts()[0].starts_with("Cem copied Friday: 4 "));
    assert!(page.one(".note").starts_with("At eight"));

    // They share nothing.
    saturday.delete_item(1).await;
    bob.veto(3).await;
    assert_eq!(stored(&savt, &address).await.content(), origin.content());
    assert_eq!(stored(&savt, &copied).await.stats().vetoed, 0);
    // Without a name it is called like its origin. The main board can be copied too.
    let again = make(&cem, &[("name", " "), ("from", &from)]).await;
    assert_eq!(stored(&savt, &again).await.name().as_str(), "Friday");
    let page = cem.get("/copy").await.is(200);
    assert_eq!(
        page.attribute(".new-board input[name=from]", "value"),
        "main"
    );
    cem.create_item("Here").await;
    let main = make(&cem, &[("name", "From main"), ("from", "main")]).await;
    assert_eq!(cem.on_board(&main).sees().await, "Here");
    assert_replays(&savt).await;
}

db_test!(a_rejected_board_gives_the_form_back);
async fn a_rejected_board_gives_the_form_back(savt: Savt) {
    let alice = savt.person();
    let before = number_of_boards(&savt).await;
    let reject = async |fields: &[(&str, &str)], status| -> Answer {
        alice.post("/boards", fields).await.is(status)
    };
    let long = "x".repeat(101);
    let page = reject(&[("name", &long), ("terminology", "date")], 422).await;
    assert_eq!(page.attribute(".new-board input[name=name]", "value"), long);
    assert_eq!(page.one(".subject option[selected]"), "dates");
    let page = reject(&[("name", &long), ("from", "main")], 422).await;
    assert_eq!(
        page.attribute(".new-board input[name=from]", "value"),
        "main"
    );
    for fields in [
        [("name", "x"), ("from", "template:nothing")],
        [("name", "x"), ("terminology", "nothing")],
    ] {
        let page = reject(&fields, 422).await;
        assert!(page.one("#new-board-reason").contains("does not exist"));
        assert_eq!(page.attribute(".new-board input[name=name]", "value"), "x");
    }
    for from in ["0000-0000-0000-0000", "Not a slug", "../x"] {
        reject(&[("name", "x"), ("from", from)], 404).await;
    }
    assert_eq!(number_of_boards(&savt).await, before);
}

db_test!(a_copy_beyond_the_limits_is_rejected_whole);
async fn a_copy_beyond_the_limits_is_rejected_whole(savt: Savt) {
    savt.fill(5, 40).await;
    let small = |items, event_bytes| Limits {
        items,
        event_bytes,
        ..Limits::default()
    };
    let before = number_of_boards(&savt).await;
    let smaller = savt.another_with_limits(small(4, 4_096)).await;
    let person = smaller.person();
    let fields = [("name", "Copy"), ("from", "main")];
    let page = person.post("/boards", &fields).await.is(422);
    assert!(page.one("#new-board-reason").contains("maximum of 4"));
    assert_eq!(
        page.attribute(".new-board input[name=from]", "value"),
        "main"
    );
    assert_eq!(number_of_boards(&savt).await, before);
    // A content that is too large for one event is several.
    let smaller = savt.another_with_limits(small(5, 1_024)).await;
    let person = smaller.person();
    let address = make(&person, &fields).await;
    let copy = stored(&savt, &address).await;
    assert_eq!(copy.content(), savt.stored().await.content());
    assert!(copy.version() > 3, "{}", copy.version());
    assert_replays(&savt).await;
}

db_test!(a_board_that_cannot_be_filled_does_not_exist);
async fn a_board_that_cannot_be_filled_does_not_exist(savt: Savt) {
    let alice = savt.person();
    let before = number_of_boards(&savt).await;
    let rename = async |from: &str, to: &str| {
        let mut conn = savt.database().write().await.unwrap();
        let rename = sql_query(format!("ALTER TABLE {from} RENAME TO {to}"));
        conn.execute(rename).await.unwrap();
        conn.commit().await.unwrap();
    };
    rename("events", "lost").await;
    let fields = [("name", "Half"), ("from", "template:pizza")];
    let answer = alice.post("/boards", &fields).await;
    rename("lost", "events").await;
    assert!(answer.status >= 500, "{}", answer.status);
    assert_eq!(number_of_boards(&savt).await, before);
    make(&alice, &fields).await;
    assert_eq!(number_of_boards(&savt).await, before + 1);
    assert_replays(&savt).await;
}
