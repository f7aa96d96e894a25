//! Rule 13: the settings of a board, its name, its purpose, its words, and whether a veto has to say why.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
    follower::Follower,
    stream::Stream,
};

const WORDS: [(&str, &str); 4] = [
    ("item_word", "venue"),
    ("item_words", "venues"),
    ("feature_word", "condition"),
    ("feature_words", "conditions"),
];

async fn set(person: &TestClient, fields: &[(&str, &str)]) {
    person.post("/settings", fields).await.is(303);
}

async fn header(person: &TestClient) -> (String, String) {
    let page = person.get("").await.is(200);
    (page.one("h1"), page.one("#purpose"))
}

db_test!(a_board_has_a_name_and_a_purpose);
async fn a_board_has_a_name_and_a_purpose(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    assert_eq!(
        header(&alice).await,
        ("SAVT".to_owned(), "What is this about?".to_owned())
    );
    let form = alice.get("/settings").await.is(200);
    assert_eq!(form.attribute("#edit-form [name=name]", "value"), "");
    let purpose = "Which <pizza>?\r\n\r\nThe menu: https://example.com/menu?a=1&b=2.";
    set(
        &alice,
        &[
            ("name", " Pizza  night "),
            ("was_name", ""),
            ("purpose", purpose),
            ("was_purpose", ""),
        ],
    )
    .await;
    let other = savt.another().await;
    let bob = other.person();
    for path in ["", "?view=wall", "?view=print"] {
        let page = bob.get(path).await.is(200);
        assert_eq!(page.one("h1"), "Pizza night", "{path}");
        assert_eq!(page.one("title"), "Pizza night", "{path}");
        assert!(page.body.contains("Which &lt;pizza&gt;?<br><br>The menu: "));
        let link = ".purpose a[rel]";
        assert_eq!(page.one(link), "https://example.com/menu?a=1&b=2", "{path}");
        assert_eq!(page.attribute(link, "href"), page.one(link), "{path}");
        let rel = page.attribute(link, "rel");
        assert_eq!(rel, "nofollow noopener noreferrer ugc", "{path}");
    }
    let title = "meta[property='og:title']";
    let page = bob.get("").await.is(200);
    assert_eq!(page.attribute(title, "content"), "Pizza night");
    assert_eq!(bob.get("/share").await.is(200).one("h1"), "Pizza night");

    // Undo brings back the name that the board had.
    let event = alice.last_event().await;
    alice.undo(event).await;
    assert_eq!(header(&alice).await.0, "SAVT");
    let german = alice.reading("de").get("").await.is(200);
    assert_eq!(german.one("#purpose"), "Worum geht es?");
}

db_test!(a_form_changes_only_what_its_sender_changed);
async fn a_form_changes_only_what_its_sender_changed(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let board = alice.create_board("Where").await;
    let [alice, bob] = [alice.on_board(&board), savt.person().on_board(&board)];
    bob.set_name("Bob").await;
    set(&bob, &[("purpose", "A\r\nB")]).await;
    let before = bob.last_event().await;
    let unchanged = [
        ("name", "Where"),
        ("was_name", "Where"),
        ("purpose", "A\r\nB"),
        ("was_purpose", "A\r\nB"),
        ("item_word", ""),
        ("was_item_word", ""),
        ("reasons", "optional"),
        ("was_reasons", "optional"),
    ];
    set(&bob, &unchanged).await;
    set(&bob, &[]).await;
    set(&bob, &[("name", " Where ")]).await;
    assert_eq!(bob.last_event().await, before);

    // Somebody else changed another field, and then the same one.
    set(&alice, &[("name", "When"), ("was_name", "Where")]).await;
    let mut fields = unchanged;
    fields[2].1 = "C";
    set(&bob, &fields).await;
    assert_eq!(header(&bob).await, ("When".into(), "C ✎".into()));
    fields[0].1 = "Who";
    fields[2].1 = "D";
    let page = bob.post("/settings", &fields).await.is(409);
    let conflict = |page: &Answer| {
        assert_eq!(
            page.one("#edit-reason"),
            "Somebody has changed the name to When in the meantime. You entered Who. Save again to replace their change."
        );
        let reason = page.one("#edit-purpose-reason");
        assert!(reason.contains("It is now: C"), "{reason}");
        assert_eq!(page.attribute("[name=name]", "value"), "Who");
        assert_eq!(page.attribute("[name=was_name]", "value"), "When");
        assert_eq!(page.attribute("[name=was_purpose]", "value"), "C");
        assert_eq!(page.one("textarea"), "D");
    };
    conflict(&page);
    let fragments = bob.with_htmx().post("/settings", &fields).await.is(409);
    conflict(&fragments);
    assert_eq!(
        fragments.targets(),
        ["outerMorph #edit-form", "beforeend #toasts"]
    );
    let again = [
        ("name", "Who"),
        ("was_name", "When"),
        ("purpose", "D"),
        ("was_purpose", "C"),
    ];
    set(&bob, &again).await;
    assert_eq!(header(&alice).await, ("Who".into(), "D ✎".into()));
    set(&bob, &[("purpose", " \r\n ")]).await;
    assert_eq!(header(&alice).await.1, "What is this about?");
}

db_test!(invalid_settings_are_rejected_beside_their_field);
async fn invalid_settings_are_rejected_beside_their_field(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let before = alice.last_event().await;
    let long = "x".repeat(1_001);
    for (field, value, reason, expected) in [
        ("name", " ", "#edit-reason", "Enter a name"),
        (
            "purpose",
            long.as_str(),
            "#edit-purpose-reason",
            "at most 1",
        ),
        ("item_word", "venue", "#edit-words-reason", "all four"),
        ("reasons", "maybe", "#edit-reasons-reason", "has to say why"),
    ] {
        let page = alice.post("/settings", &[(field, value)]).await.is(422);
        assert!(page.one(reason).contains(expected), "{}", page.one(reason));
        let reasons = page.all("#edit-form .reason:not(:empty)");
        assert_eq!(reasons.len(), 1, "{field}");
    }
    let mut words = WORDS;
    let long = "x".repeat(31);
    words[3].1 = &long;
    let page = alice.post("/settings", &words).await.is(422);
    assert!(page.one("#edit-words-reason").contains("at most 30"));
    assert_eq!(page.attribute("[name=item_word]", "value"), "venue");
    assert_eq!(alice.last_event().await, before);
}

db_test!(a_board_has_words_of_its_own);
async fn a_board_has_words_of_its_own(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let main = savt.person_called("Bob").await;
    let alice = alice.on_board(&alice.create_board("Where").await);
    alice.set_name("Alice").await;
    let tag = |page: &Answer| page.header("etag").to_owned();
    // The first page has a message, and no tag.
    alice.get("").await.is(200);
    let before = tag(&alice.get("").await.is(200));
    set(&alice, &WORDS).await;
    alice.get("").await.is(200);
    let page = alice.get("").await.is(200);
    assert_ne!(tag(&page), before);
    assert_eq!(page.one("#items-heading"), "Venues");
    assert!(page.one("#stats").starts_with("0 venues, 0 conditions"));
    assert_eq!(alice.create_item("").await, 1);
    assert_eq!(alice.sees().await, "Venue-1");
    let german = alice.reading("de").get("").await.is(200);
    assert!(german.one("#stats").starts_with("1 Venue, 0 Conditions"));
    let unknown = alice.get("/items/77").await.is(404);
    assert!(unknown.body.contains("no such venue"), "{}", unknown.body);
    let other = savt.another().await;
    let loaded = alice.moved_to(other.address()).get("").await.is(200);
    assert_eq!(loaded.one("#items-heading"), "Venues");
    assert_eq!(main.get("").await.is(200).one("#items-heading"), "Pizzas");

    // One of the words, by a form that has all of them.
    let mut fields = Vec::new();
    let form = alice.get("/settings").await.is(200);
    let names = WORDS.map(|(name, _)| (name, format!("was_{name}")));
    for (name, was) in &names {
        for field in [*name, was] {
            fields.push((field, form.attribute(&format!("[name={field}]"), "value")));
        }
    }
    fields[2].1 = "places".to_owned();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    set(&alice, &fields).await;
    let page = alice.get("").await.is(200);
    assert_eq!(page.one("#items-heading"), "Places");
    let mut old = fields.clone();
    old[0].1 = "site";
    let page = alice.post("/settings", &old).await.is(409);
    let reason = page.one("#edit-words-reason");
    assert!(reason.contains("venue, places, condition"), "{reason}");
    assert_eq!(page.attribute("[name=was_item_words]", "value"), "places");

    set(&alice, &WORDS.map(|(name, _)| (name, ""))).await;
    assert_eq!(alice.get("").await.is(200).one("#items-heading"), "Pizzas");
}

db_test!(settings_change_live_in_every_process);
async fn settings_change_live_in_every_process(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let other = savt.another().await;
    let mut pages = [
        Follower::open(&savt.person()).await,
        Follower::open(&other.person()).await,
    ];
    let mut stream = Stream::open(&other.person(), "/events", None).await;
    set(&alice, &[("name", "Pizza night <3")]).await;
    let message = stream.next_event().await;
    let targets = message.targets();
    for expected in [
        "innerHTML title",
        "outerMorph #board-name",
        "outerMorph #purpose",
        "outerMorph #stats",
    ] {
        assert!(
            targets.iter().any(|target| target == expected),
            "{targets:?}"
        );
    }
    assert!(message.data.contains("Pizza night &lt;3</bdi>"));
    for page in &mut pages {
        page.assert_matches_reload().await;
        assert_eq!(page.reloads, 0);
    }

    // Other words are in every text: all pages load the board again, also those that come back later.
    let last = message.number().unwrap();
    let answer = alice.with_htmx().post("/settings", &WORDS).await.is(200);
    assert_eq!(answer.header("hx-refresh"), "true");
    stream.next_named("reload").await;
    let mut late = Stream::open(&alice, "/events", Some(&last.to_string())).await;
    late.next_named("reload").await;
    for page in &mut pages {
        page.assert_matches_reload().await;
        assert_eq!(page.reloads, 1);
        assert!(page.page.stats.contains("0 venues"), "{}", page.page.stats);
    }
    let toast = alice.get("").await.is(200).one(".toast p");
    assert_eq!(toast, "Alice changed the words of the board");
    alice.undo(alice.last_event().await).await;
    stream.next_named("reload").await;
    for page in &mut pages {
        page.assert_matches_reload().await;
        assert!(page.page.stats.contains("0 pizzas"), "{}", page.page.stats);
    }
}

db_test!(a_board_may_require_reasons);
async fn a_board_may_require_reasons(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    alice.veto(ham).await;
    set(&bob, &[("reasons", "required")]).await;
    let board = bob.get("").await.is(200);
    assert_eq!(board.attribute("#board-name", "data-reasons"), "required");
    let path = format!("/features/{ham}/veto");
    let reason = "On this board a veto has to say why. Say why you veto Ham.";
    let page = bob.post(&path, &[]).await.is(422);
    assert_eq!(page.one("#veto-reason"), reason);
    assert_eq!(page.attribute("[name=reason]", "required"), "");
    let htmx = bob.with_htmx();
    let sheet = htmx.post(&path, &[]).await.is(422);
    assert_eq!(sheet.targets(), ["innerHTML #sheet", "beforeend #toasts"]);
    assert_eq!(sheet.one("#veto-reason"), reason);
    // From the form, only the reason is sent, so that what was typed elsewhere in the sheet stays.
    let field = htmx.post(&path, &[("reason", " ")]).await.is(422);
    assert_eq!(
        field.targets(),
        ["innerHTML #veto-reason", "beforeend #toasts"]
    );
    assert_eq!(bob.sees().await, "free: Ham [vetoed by Alice]");
    bob.veto_because(ham, "no pork").await;
    assert_eq!(
        alice.sees().await,
        "free: Ham [vetoed by Alice, Bob (no pork)]"
    );
    // Vetoes from before stay valid, and one's own can be taken back and, once optional, given without a reason.
    alice.veto(ham).await;
    bob.withdraw_veto(ham).await;
    set(&bob, &[("reasons", "optional")]).await;
    bob.veto(ham).await;
    assert_eq!(alice.sees().await, "free: Ham [vetoed by Alice, Bob]");
}

db_test!(the_boards_of_a_browser_have_their_current_names);
async fn the_boards_of_a_browser_have_their_current_names(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let listed = async || alice.get("/boards").await.is(200).all("#boards a");
    assert_eq!(listed().await, ["SAVT"]);
    set(&alice, &[("name", "Pizza \"night\" \\ ü")]).await;
    assert_eq!(listed().await, ["Pizza \"night\" \\ ü"]);
    let board = alice.create_board("Where").await;
    let there = alice.on_board(&board);
    there.set_name("Alice").await;
    set(&there, &[("name", "When")]).await;
    assert_eq!(listed().await[0], "When");
    there.undo(there.last_event().await).await;
    assert_eq!(listed().await[0], "Where");
}
