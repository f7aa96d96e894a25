//! The result of a board in all its formats, open and closed.

mod formats;

use savt::{
    board::now,
    model::{BoardAction, BrowserId, ItemId, Outcome, OutcomeText, Slug},
};
use serde_json::{Value, json};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient, send},
    databases::db_test,
};

/// Acts as a browser of its own, by the writer of the board `main`.
async fn act(savt: &Savt, browser: &str, action: BoardAction) {
    let board = savt.boards().open(&Slug::main()).await.unwrap();
    let browser = BrowserId::from_hash(format!("the browser of {browser}"));
    board.execute(browser, action).await.unwrap();
}

/// Margherita, which all can live with, and Hawaii, of whose toppings Anna vetoes one.
async fn populate(savt: &Savt) -> TestClient {
    let anna = savt.person_called("Anna").await;
    let margherita = anna.create_item_of_kind("Margherita", "vegetarian").await;
    anna.suggest("Mozzarella", 1, margherita).await;
    anna.suggest("Basil", 2, margherita).await;
    let hawaii = anna.create_item("Hawaii").await;
    anna.suggest("Ham", 1, hawaii).await;
    let pineapple = anna.suggest("Pineapple", 1, hawaii).await;
    anna.veto_because(pineapple, "too sweet").await;
    anna.suggest("Chili", 1, None).await;
    savt.person_called("Bob").await.veto(pineapple).await;
    anna
}

async fn close(savt: &Savt, chosen: Vec<ItemId>, text: &str) {
    let text = OutcomeText::parse(text).unwrap();
    act(savt, "Closer", BoardAction::Close(Outcome { text, chosen })).await;
}

async fn json_of(person: &TestClient) -> Value {
    let answer = person.get("/result.json").await.is(200);
    serde_json::from_str(&answer.body).unwrap()
}

db_test!(an_open_board_has_a_result_so_far);
async fn an_open_board_has_a_result_so_far(savt: Savt) {
    let anna = populate(&savt).await;
    act(&savt, "Fine", BoardAction::Consent { seen: None }).await;
    let stored = savt.stored().await;
    let text = anna.get("/result.txt").await.is(200);
    let link = anna.address_of("");
    let expected = format!(
        "SAVT\n\nSo far\nThis is how it stands. The decision is still open.\n\n\
         Pizzas everyone can live with:\n- Margherita (vegetarian): Mozzarella, Basil ×2\n\n\
         What is left of the other pizzas:\n- Hawaii: Ham\n\n\
         Toppings for all pizzas:\n- Chili\n\n\
         Vetoes:\n- Pineapple (Hawaii): Anna (too sweet), Bob\n\n\
         Who is fine:\n- Fine with this (1 of 3): User-3\n- Has not said so yet: Anna, Bob\n\n{link}\n"
    );
    assert_eq!(text.body, expected);

    let page = anna.get("/result").await.is(200);
    assert_eq!(page.one(".decision h2"), "So far");
    assert_eq!(page.all("#result .name")[..2], ["Margherita", "Hawaii"]);
    assert_eq!(
        page.all("#result .vetoers"),
        ["vetoed by Anna (too sweet), Bob"]
    );
    assert_eq!(
        page.all(".people p"),
        [
            "Fine with this (1 of 3): User-3",
            "Has not said so yet: Anna, Bob"
        ]
    );
    // Without JavaScript there are links.
    for format in ["txt", "md"] {
        let link = format!("noscript a[href='/result.{format}']");
        assert!(
            page.body
                .contains(&format!("<a href=\"/result.{format}\">")),
            "{link}"
        );
    }
    assert!(page.body.contains("<a href=\"/result\">Reload</a>"));
    assert_eq!(page.all("form").len(), 0, "nothing can be changed here");
    assert_eq!(savt.stored().await, stored);
}

db_test!(a_closed_board_has_its_outcome_first);
async fn a_closed_board_has_its_outcome_first(savt: Savt) {
    let anna = populate(&savt).await;
    close(&savt, vec![ItemId(1)], "At 7.\nBring cash.").await;
    let text = anna.get("/result.txt").await.is(200).body;
    assert!(
        text.starts_with("SAVT\n\nDecided: Margherita\nAt 7.\nBring cash.\nClosed by User-3 on "),
        "{text}"
    );
    assert!(
        text.contains("- ✓ Margherita (vegetarian): Mozzarella"),
        "{text}"
    );
    let markdown = anna.get("/result.md").await.is(200).body;
    assert!(
        markdown
            .starts_with("# SAVT\n\n## Decided: Margherita\n\nAt 7.\\\nBring cash.\n\nClosed by"),
        "{markdown}"
    );
    let page = anna.get("/result").await.is(200);
    assert_eq!(page.one(".decision h2"), "Decided");
    assert_eq!(page.one(".decision .chosen"), "Margherita");
    assert_eq!(page.one(".chosen-item .name"), "Margherita");
    assert_eq!(page.one(".decision .sentence"), "At 7. Bring cash.");

    let result = json_of(&anna).await;
    assert_eq!(result["state"], "closed");
    assert_eq!(result["closed"]["by"], "User-3");
    assert_eq!(
        result["outcome"],
        json!({ "text": "At 7.\nBring cash.", "chosen": [{ "id": 1, "name": "Margherita" }] })
    );
    act(&savt, "Closer", BoardAction::Reopen).await;
    assert_eq!(json_of(&anna).await["outcome"], Value::Null);
}

db_test!(the_json_keeps_its_shape);
async fn the_json_keeps_its_shape(savt: Savt) {
    let anna = populate(&savt).await;
    let mut result = json_of(&anna).await;
    let version = result["board"]["version"].take();
    assert_eq!(version, savt.stored().await.version());
    let veto = |id: i64, name: &str, reason: Option<&str>| json!({ "participant_id": id, "name": name, "reason": reason, "given_to": null });
    let feature = |id: i64, name: &str, amount: u8, vetoes: Value| json!({ "id": id, "name": name, "amount": amount, "vetoes": vetoes });
    let vetoes = json!([veto(1, "Anna", Some("too sweet")), veto(2, "Bob", None)]);
    let expected = json!({
        "board": { "slug": "main", "name": "main", "purpose": null, "version": null },
        "state": "open",
        "agreed": false,
        "deadline": null,
        "closed": null,
        "outcome": null,
        "acceptable": [{
            "id": 1, "name": "Margherita", "kind": "vegetarian", "note": null, "chosen": false,
            "features": [feature(1, "Mozzarella", 1, json!([])), feature(2, "Basil", 2, json!([]))],
        }],
        "others": [{
            "id": 2, "name": "Hawaii", "kind": null, "note": null, "chosen": false,
            "features": [feature(3, "Ham", 1, json!([])), feature(4, "Pineapple", 1, vetoes)],
        }],
        "free_features": [feature(5, "Chili", 1, json!([]))],
        "consent": { "fine": 0, "of": 2 },
        "people": { "fine": [], "outdated": [], "none": ["Anna", "Bob"], "not_taking_part": [] },
    });
    assert_eq!(result, expected);
}

db_test!(addresses_in_purpose_notes_and_reasons_are_links);
async fn addresses_in_purpose_notes_and_reasons_are_links(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let purpose = "Friday?\r\nhttps://example.com/why?a=1&b=2.";
    anna.post("/settings", &[("purpose", purpose)])
        .await
        .is(303);
    let item = anna.create_item("Margherita").await;
    let note = "<b>\r\nMenu: http://example.com/menu";
    let fields = [("name", "Margherita"), ("note", note)];
    anna.post(&format!("/items/{item}/edit"), &fields)
        .await
        .is(303);
    let ham = anna.suggest("Ham", 1, item).await;
    anna.veto_because(ham, "see https://example.com/ham").await;
    for path in ["/result", "/?view=print", ""] {
        let page = savt.person().get(path).await.is(200);
        for (place, url) in [
            (".purpose", "https://example.com/why?a=1&b=2"),
            (".note", "http://example.com/menu"),
            (".vetoers .reason-text", "https://example.com/ham"),
        ] {
            let link = format!("{place} a[rel]");
            assert_eq!(page.one(&link), url, "{path}");
            assert_eq!(page.attribute(&link, "href"), url, "{path}");
            let rel = page.attribute(&link, "rel");
            assert_eq!(rel, "nofollow noopener noreferrer ugc", "{path}");
        }
        assert!(page.one(".note").starts_with("<b>"), "{path}");
        let reason = page.one(".reason-text");
        assert_eq!(reason, "(see https://example.com/ham)", "{path}");
    }
}

db_test!(a_veto_says_what_it_was_given_to);
async fn a_veto_says_what_it_was_given_to(savt: Savt) {
    let anna = populate(&savt).await;
    anna.edit_feature(4, "Ananas", 1).await;
    let text = anna.get("/result.txt").await.is(200).body;
    let vetoes =
        "- Ananas (Hawaii): Anna (too sweet; when it was Pineapple), Bob (when it was Pineapple)";
    assert!(text.contains(vetoes), "{text}");
    let given_to = json_of(&anna).await["others"][0]["features"][1]["vetoes"][0]["given_to"].take();
    assert_eq!(given_to, "Pineapple");
    let page = anna.get("/result").await.is(200);
    assert!(
        page.one("#result .vetoers")
            .ends_with("when it was Pineapple")
    );
}

db_test!(people_are_listed_by_their_standing);
async fn people_are_listed_by_their_standing(savt: Savt) {
    let anna = populate(&savt).await;
    act(&savt, "Fine", BoardAction::Consent { seen: None }).await;
    let anna_id = savt.stored().await.participants().next().unwrap().id;
    act(&savt, "Other", BoardAction::SetAside(anna_id)).await;
    savt.person_called("Carl").await.create_item("Funghi").await;
    let people = json_of(&anna).await["people"].take();
    let expected = json!({
        "fine": [], "outdated": ["User-3"], "none": ["Bob", "Carl"], "not_taking_part": ["Anna"],
    });
    assert_eq!(people, expected);
    act(&savt, "Fine", BoardAction::Consent { seen: None }).await;
    let text = anna.get("/result.txt").await.is(200).body;
    assert!(
        text.contains("- Fine with this (1 of 3): User-3\n"),
        "{text}"
    );
    assert!(text.contains("- Not taking part: Anna\n"), "{text}");
}

db_test!(a_deadline_closes_the_result_without_an_event);
async fn a_deadline_closes_the_result_without_an_event(savt: Savt) {
    let anna = populate(&savt).await;
    let at = now() + std::time::Duration::from_secs(2);
    act(&savt, "Closer", BoardAction::SetDeadline(Some(at))).await;
    let open = anna.get("/result").await.is(200);
    let etag = open.header("etag").to_owned();
    assert_eq!(open.one(".decision h2"), "So far");
    assert!(open.one(".decision").contains("Closes on"));
    assert!(open.attribute("#result", "data-closes").ends_with('Z'));
    while now() <= at {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let request = anna.get_request("/result").header("If-None-Match", &etag);
    let closed = send(request).await.unwrap().is(200);
    assert_eq!(closed.one(".decision h2"), "Closed");
    assert!(
        closed
            .one(".decision")
            .contains("the deadline that User-3 set")
    );
    assert_eq!(json_of(&anna).await["closed"]["by_deadline"], true);
}

db_test!(each_format_has_its_headers);
async fn each_format_has_its_headers(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let base = anna.create_board("../Käse & \"Co\"").await;
    let board = anna.on_board(&base);
    board.set_name("Anna").await;
    for (format, content_type) in [
        ("", "text/html; charset=utf-8"),
        (".txt", "text/plain; charset=utf-8"),
        (".md", "text/markdown; charset=utf-8"),
        (".csv", "text/csv; charset=utf-8; header=present"),
        (".json", "application/json"),
    ] {
        let path = format!("/result{format}");
        let answer = board.get(&path).await.is(200);
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        let disposition = answer.headers.get("content-disposition");
        let expected = matches!(format, ".csv" | ".json").then(|| {
            format!(
                "attachment; filename=\"K_se _ _Co{format}\"; filename*=UTF-8''K%C3%A4se%20%5F%20%5FCo{format}"
            )
        });
        let disposition = disposition.map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(disposition, expected);

        let etag = answer.header("etag").to_owned();
        let again = |path: String| {
            let request = board.get_request(&path).header("If-None-Match", &etag);
            async { send(request).await.unwrap() }
        };
        let address = format!("{base}{path}");
        again(address.clone()).await.is(304);
        // Each format and each language has its own.
        for other in [
            "/result",
            "/result.txt",
            "/result.md",
            "/result.csv",
            "/result.json",
        ] {
            let other = format!("{base}{other}");
            if other != address {
                again(other).await.is(200);
            }
        }
        let german = board.reading("de").get(&path).await.is(200);
        assert_ne!(german.header("etag"), etag);
        board.create_item(&format!("After {format}")).await;
        again(address).await.is(200);
    }
    anna.on_board("/b/0123456789abcdefghjkmnpqrs")
        .get("/result")
        .await
        .is(404);
}

db_test!(the_result_is_in_the_readers_language);
async fn the_result_is_in_the_readers_language(savt: Savt) {
    let anna = populate(&savt).await.reading("de");
    let text = anna.get("/result.txt").await.is(200).body;
    assert!(
        text.contains("Womit alle leben können (Pizzen):\n- Margherita"),
        "{text}"
    );
    let table = anna.get("/result.csv").await.is(200).body;
    let heading = "\u{FEFF}Pizza,Art,Notiz,Belag,Menge,Veto von,Gründe,Gewählt\r\n";
    assert!(table.starts_with(heading), "{table}");
    assert_eq!(
        anna.get("/result").await.is(200).one(".decision h2"),
        "Bisher"
    );
}

db_test!(the_board_links_to_its_result);
async fn the_board_links_to_its_result(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let base = anna.create_board("Venues").await;
    for (board, path) in [
        (anna.clone(), "/result".to_owned()),
        (anna.on_board(&base), format!("{base}/result")),
    ] {
        let link = format!("a[href='{path}']");
        let is_linked = |answer: Answer| assert_eq!(answer.is(200).one(&link), "Result");
        is_linked(board.get("").await);
        is_linked(board.get("/share").await);
    }
}

db_test!(a_large_board_has_a_result);
async fn a_large_board_has_a_result(savt: Savt) {
    savt.fill(2_000, 2).await;
    let anna = savt.person();
    for format in ["", ".txt", ".md", ".csv", ".json"] {
        let answer = anna.get(&format!("/result{format}")).await.is(200);
        assert!(
            answer.body.len() > 50_000,
            "{format}: {}",
            answer.body.len()
        );
    }
    let stats = savt.stored().await.stats();
    let result = json_of(&anna).await;
    let items = |part: &str| result[part].as_array().unwrap().len();
    assert_eq!(items("acceptable") + items("others"), stats.items);
    let table = anna.get("/result.csv").await.is(200).body;
    assert!(table.lines().count() > 4_000);
}
