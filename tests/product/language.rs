//! Languages: each participant gets pages, fragments and stream messages in the own language.

use crate::harness::{
    app::Savt,
    client::{Answer, send},
    databases::db_test,
    stream::Stream,
};

/// The `lang` attribute of a page.
fn language_of(answer: &Answer) -> &str {
    let (_, page) = answer.body.split_once("<html lang=\"").unwrap();
    page.split('"').next().unwrap()
}

db_test!(pages_follow_accept_language);
async fn pages_follow_accept_language(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Capricciosa").await;
    let anchovies = alice.suggest("Anchovies", 1, pizza).await;
    alice.set_name("Alice").await;
    alice.veto(anchovies).await;

    let german = savt.person().reading("de-AT, en;q=0.5");
    let page = german.get("").await.is(200);
    assert_eq!(language_of(&page), "de");
    assert!(page.header("vary").contains("Accept-Language"));
    assert_eq!(page.one("#items-heading"), "Pizzen");
    assert_eq!(page.one("#free-heading"), "Beläge für alle Pizzen");
    assert_eq!(page.one("#stats"), "1 Pizza, 1 Belag, 1 mit Veto, 1 Person");
    assert_eq!(page.one(".vetoers"), "Veto von Alice");
    let button = page.attribute("#items button.veto", "aria-label");
    assert_eq!(button, "Veto gegen Anchovies");
    let menu = german.get(&format!("/items/{pizza}")).await.is(200);
    assert_eq!(menu.one("button.delete"), "Löschen");

    for other in ["en", "fr, it;q=0.9", "*", "no-such-thing!"] {
        let page = savt.person().reading(other).get("").await.is(200);
        assert_eq!(language_of(&page), "en", "{other}");
        assert_eq!(page.one(".vetoers"), "vetoed by Alice");
    }
}

db_test!(a_chosen_language_overrides_accept_language);
async fn a_chosen_language_overrides_accept_language(savt: Savt) {
    let alice = savt.person().reading("en");
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    let page = board.get("").await.is(200);
    assert_eq!(page.all("footer .languages button"), ["English", "Deutsch"]);
    assert_eq!(page.attribute(".languages [aria-current]", "lang"), "en");
    assert_eq!(
        page.attribute(".languages", "action"),
        format!("{base}/language")
    );

    let chosen = board.post("/language", &[("language", "de")]).await;
    assert_eq!(chosen.is(303).header("location"), base);
    let page = board.get("").await.is(200);
    assert_eq!(language_of(&page), "de");
    assert_eq!(page.attribute(".languages [aria-current]", "lang"), "de");
    assert_eq!(
        language_of(&alice.get("").await),
        "de",
        "the choice holds on every board"
    );
    assert_eq!(
        language_of(&savt.person().get("").await),
        "en",
        "the choice holds only for this browser"
    );
    assert!(
        board.history().await.is_empty(),
        "the language is not an event"
    );

    for invalid in ["xx", "", "DE", "<b>"] {
        let refused = board.post("/language", &[("language", invalid)]).await;
        refused.is(422);
    }
    assert_eq!(language_of(&board.get("").await), "de");
    board.post("/language", &[("language", "en")]).await.is(303);
    assert_eq!(language_of(&board.get("").await), "en");
}

db_test!(errors_are_translated);
async fn errors_are_translated(savt: Savt) {
    let german = savt.person().reading("de");
    german.create_item("Margherita").await;
    let pizza = german.create_item("Funghi").await;
    let lost = german.get("/b/no-such-board").await.is(404);
    assert_eq!(language_of(&lost), "de");
    assert_eq!(lost.one("h1"), "Nicht gefunden");
    let way_out = lost.attribute(".back a", "href");
    assert_eq!(way_out, "/", "the link must not lead to the missing board");
    assert!(lost.one(".problem").contains("kein Board"), "{}", lost.body);
    assert_eq!(
        german.get("/nothing/here").await.is(404).one("h1"),
        "Nicht gefunden"
    );

    let path = format!("/items/{pizza}/edit");
    let fields = [("name", "Margherita"), ("kind", "")];
    let taken = german.post(&path, &fields).await.is(409);
    let reason = "Margherita gibt es schon (Pizza). Wähle einen anderen Namen.";
    assert_eq!(taken.one("#edit-reason"), reason);
    let toast = german.with_htmx().post(&path, &fields).await.is(409);
    assert_eq!(toast.toasts(), [reason]);

    let long = "x".repeat(101);
    let fields = [("name", long.as_str()), ("item_id", "")];
    let refused = german.post("/create/feature/", &fields).await.is(422);
    assert_eq!(
        refused.one("#suggest-reason-free"),
        "Das ist zu lang. Erlaubt sind höchstens 100 Zeichen."
    );
}

db_test!(streams_are_rendered_per_language);
async fn streams_are_rendered_per_language(savt: Savt) {
    let alice = savt.person();
    alice.set_name("Alice").await;
    let pizza = alice.create_item("Capricciosa").await;
    let anchovies = alice.suggest("Anchovies", 1, pizza).await;
    let since = format!("/events?since={}", alice.last_event().await);
    let english = savt.person();
    let german = savt.person().reading("de");
    let mut streams = [
        (
            Stream::open(&english, &since, None).await,
            "vetoed by Alice",
            " here<",
        ),
        (
            Stream::open(&german, &since, None).await,
            "Veto von <bdi>Alice",
            " da<",
        ),
    ];
    alice.veto(anchovies).await;
    for (stream, vetoed, here) in &mut streams {
        let vetoed = vetoed.replace("by Alice", "by <bdi>Alice");
        let (mut seen, mut counted) = (false, false);
        while !(seen && counted) {
            let message = stream.next().await;
            seen |= message.data.contains(&vetoed);
            counted |= message.data.contains("id=\"presence\"") && message.data.contains(*here);
        }
    }

    // Missed changes are translated too.
    let mut again = Stream::open(&german, &since, None).await;
    while !again.next().await.data.contains("Veto von <bdi>Alice") {}
}

db_test!(the_entity_tag_depends_on_the_language);
async fn the_entity_tag_depends_on_the_language(savt: Savt) {
    let person = savt.person();
    person.create_item("Capricciosa").await;
    let english = person.get("").await;
    let english = person.get("").await.is(english.status);
    let etag = english.header("etag");
    let ask = |language| {
        let request = person.reading(language).get_request("/");
        send(request.header("If-None-Match", etag))
    };
    assert_eq!(ask("en").await.unwrap().status, 304);
    let german = ask("de").await.unwrap().is(200);
    assert_eq!(language_of(&german), "de");
}

db_test!(the_history_is_translated);
async fn the_history_is_translated(savt: Savt) {
    let german = savt.person().reading("de");
    let pizza = german.create_item_of_kind("", "vegan").await;
    let olives = german.suggest("Olives", 2, pizza).await;
    german.veto(olives).await;
    german.move_to(olives, None).await;
    german.undo(german.last_event().await).await;
    assert_eq!(
        german.history().await,
        [
            "User-1 hat Nr. 5 rückgängig gemacht: das Verschieben von Olives von Pizza-1 zu allen Pizzen",
            "User-1 hat Olives von Pizza-1 verschoben, jetzt für alle Pizzen",
            "User-1 hat Veto gegen Olives bei Pizza-1 eingelegt",
            "User-1 hat Olives ×2 für Pizza-1 vorgeschlagen",
            "User-1 hat Pizza-1 (vegan) hinzugefügt",
            "User-1 ist dabei",
        ]
    );
    let time = german.get("/history").await.one("li.event time");
    assert!(time.ends_with(" UTC") && time.contains(". "), "{time}");
}

db_test!(the_manifest_is_translated);
async fn the_manifest_is_translated(savt: Savt) {
    for (language, what) in [
        ("de", "Eine Gruppe schlägt vor"),
        ("en", "A group suggests"),
    ] {
        let manifest = savt.person().reading(language);
        let manifest = manifest.get("/manifest.webmanifest").await.is(200);
        assert!(manifest.body.contains(what), "{}", manifest.body);
        assert!(manifest.header("vary").contains("Accept-Language"));
    }
}
