//! The page to print: all names and reasons, nothing to press, and its own entity tag.

use savt::model::Action;

use crate::harness::{app::Savt, client::send, databases::db_test};

const PRINT_VIEW: &str = "?view=print";

db_test!(the_page_to_print_shows_every_name_and_reason);
async fn the_page_to_print_shows_every_name_and_reason(savt: Savt) {
    let anna = savt.person();
    let base = anna.create_board("Where to <eat>").await;
    let board = anna.on_board(&base);
    board.set_name("Anna").await;
    let here = board.create_item_of_kind("Here & there", "far").await;
    let cheap = board.suggest("Cheap", 2, here).await;
    board.create_item("Nowhere").await;
    let quiet = board.suggest("Quiet", 1, None).await;
    let why = "because ".repeat(25);
    let why = why.trim_end();
    for n in 1..=30 {
        let guest = savt.person().on_board(&base);
        guest.set_name(&format!("<i>Guest</i> {n}")).await;
        guest
            .veto_because(cheap, &format!("{n} {}", &why[..190]))
            .await;
    }
    board.veto(quiet).await;

    let stored = savt.stored().await;
    let view = board.get(PRINT_VIEW).await.is(200);
    assert_eq!(savt.stored().await, stored);
    assert_eq!(view.one("body.printable h1"), "Where to <eat>");
    assert_eq!(
        view.all("#items .item .name")[..2],
        ["Here & there", "Cheap"]
    );
    assert_eq!(view.one("#items .kind"), "far");
    assert_eq!(view.one("#items .amount"), "×2");
    assert_eq!(view.all("#items .item").len(), 2);
    assert_eq!(view.one("#free-features .vetoed"), "Quiet vetoed by Anna");
    let vetoers = view.one("#items .vetoers");
    for n in 1..=30 {
        let expected = format!("<i>Guest</i> {n} ({n} {})", why[..190].trim_end());
        assert!(vetoers.contains(&expected), "{expected} in {vetoers}");
    }
    assert!(!vetoers.contains("more"));
    for control in [
        "form",
        "input",
        "details",
        "main button:not([hidden])",
        "nav",
    ] {
        assert!(view.all(control).is_empty(), "{control}: {}", view.body);
    }
    assert_eq!(view.all("main a"), ["← Back to the board"]);
    assert!(view.body.ends_with("</html>"));

    let share = board.get("/share").await.is(200);
    let print = format!("a[href='{base}{PRINT_VIEW}']");
    assert_eq!(share.one(&print), "Print");
    // On the board, of which rows name two, paper says how to print all.
    let page = board.get("").await.is(200);
    assert!(page.one("#items .vetoers").contains("and 28 more"));
    assert!(
        page.one(".print-note")
            .contains("choose “Share”, then “Print”")
    );
}

db_test!(the_page_to_print_begins_with_the_outcome);
async fn the_page_to_print_begins_with_the_outcome(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let mut fields = vec![("outcome".to_owned(), "At 8,\r\nat Anna's".to_owned())];
    let mut names = Vec::new();
    for n in 1..=Action::MAX_NAMES + 5 {
        let name = format!("Pizza {n}");
        let item = anna.create_item(&name).await;
        fields.push(("chosen".to_owned(), item.to_string()));
        names.push(name);
    }
    let open = anna.get(PRINT_VIEW).await.is(200);
    assert!(open.all("#outcome").is_empty());
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    anna.post("/close", &fields).await.is(303);
    let closed = anna.get(PRINT_VIEW).await.is(200);
    let decided = format!("Decided: {}", names.join(", "));
    assert_eq!(closed.all("main h2")[..2], [decided.as_str(), "Pizzas"]);
    assert_eq!(closed.one("#outcome .sentence"), "At 8, at Anna's");
    let by = closed.one("#outcome .hint");
    assert!(by.starts_with("Closed by Anna on "), "{by}");
    assert!(closed.all("#outcome :is(a, form, button)").is_empty());
    anna.post("/reopen", &[]).await.is(303);
    assert!(anna.get(PRINT_VIEW).await.all("#outcome").is_empty());
}

db_test!(the_page_to_print_has_its_own_entity_tag);
async fn the_page_to_print_has_its_own_entity_tag(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    anna.create_item("Margherita").await;
    anna.page().await;
    let page = anna.get("").await.is(200).header("etag").to_owned();
    let view = anna
        .get("/?view=print")
        .await
        .is(200)
        .header("etag")
        .to_owned();
    assert_ne!(view, page);
    for (etag, status) in [(&page, 200), (&view, 304)] {
        let request = anna
            .get_request("/?view=print")
            .header("If-None-Match", etag);
        send(request).await.unwrap().is(status);
    }
    anna.suggest("Basil", 1, 1).await;
    let request = anna
        .get_request("/?view=print")
        .header("If-None-Match", &view);
    let fresh = send(request).await.unwrap().is(200);
    assert_eq!(fresh.one("#items .feature"), "Basil");
    // It leaves the message of the last action to the board's page.
    assert!(fresh.toasts().is_empty());
    assert_eq!(anna.page().await.toasts.len(), 1);
}
