//! Boards: their addresses and their isolation from each other.

use savt::model::Slug;

use crate::harness::{app::Savt, databases::db_test};

db_test!(an_empty_board_shows_a_hint);
async fn an_empty_board_shows_a_hint(savt: Savt) {
    let alice = savt.person();
    let empty = alice.get("").await.is(200);
    let hint = empty.one("p.empty:not([hidden])");
    assert!(hint.contains("Add the first pizza above"), "{hint}");
    alice.create_item("Margherita").await;
    let filled = alice.get("").await.is(200);
    assert!(filled.all("p.empty:not([hidden])").is_empty());
}

db_test!(a_new_board_has_an_unguessable_address);
async fn a_new_board_has_an_unguessable_address(savt: Savt) {
    let alice = savt.person();
    let [one, other] = [
        alice.create_board("Where to eat").await,
        alice.create_board("Where to eat").await,
    ];
    assert_ne!(one, other);
    for address in [&one, &other] {
        let slug = address.strip_prefix("/b/").unwrap();
        assert!(Slug::parse(slug).is_some(), "{slug}");
        let groups: Vec<&str> = slug.split('-').collect();
        assert_eq!(groups.len(), 4, "short enough to type: {slug}");
        // 16 of 32 characters: 80 bits.
        for group in groups {
            let is_clear = |c: char| c.is_ascii_digit() || c.is_ascii_lowercase();
            assert!(group.len() == 4 && group.chars().all(is_clear), "{slug}");
            assert!(!group.contains(['i', 'l', 'o', 'u']), "{slug}");
        }
    }
    let board = alice.on_board(&one);
    let answer = board.get("").await.is(200);
    assert_eq!(answer.one("h1"), "Where to eat");
    assert_eq!(answer.one("title"), "Where to eat");
    board.get("/").await.is(200);
    board.post("", &[]).await.is(200);
}

db_test!(every_action_works_on_any_board);
async fn every_action_works_on_any_board(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    board.set_name("Alice").await;
    let here = board.create_item("Here").await;
    let far = board.create_item_of_kind("There", "far").await;
    let cheap = board.suggest("Cheap", 2, here).await;
    let quiet = board.suggest("Quiet", 1, here).await;
    board.veto(cheap).await;
    board.withdraw_veto(cheap).await;
    board.veto(cheap).await;
    board.edit_feature(quiet, "Calm", 1).await;
    board.move_to(quiet, far).await;
    board.edit_item(far, "Yonder", "").await;
    for path in [format!("/items/{here}"), format!("/features/{cheap}")] {
        let menu = board.get(&path).await.is(200);
        assert!(menu.attribute("main form", "action").starts_with(&base));
        assert_eq!(menu.attribute("header a", "href"), base);
    }
    board.merge(here, far).await;
    board.split(far).await;
    board.undo(board.last_event().await).await;
    board.delete_item(far).await;
    board.delete_feature(quiet).await;
    assert_eq!(board.sees().await, "free: Cheap ×2 [vetoed by Alice]");
    assert_eq!(board.history().await.len(), 16);
    assert_eq!(alice.sees().await, "", "the board main is unaffected");
    assert!(alice.history().await.is_empty());
}

db_test!(forms_redirect_to_their_own_board);
async fn forms_redirect_to_their_own_board(savt: Savt) {
    let alice = savt.person();
    let base = alice.create_board("Where to eat").await;
    let board = alice.on_board(&base);
    let answer = board.post("/create/item/", &[("name", "Here")]).await;
    assert_eq!(answer.header("location"), format!("{base}#item-1"));
    let answer = board.post("/items/1/delete", &[]).await;
    assert_eq!(answer.header("location"), base);
    let unknown = board.get("/items/7").await.is(404);
    assert_eq!(unknown.attribute("main a", "href"), base);
}

db_test!(boards_are_isolated_from_each_other);
async fn boards_are_isolated_from_each_other(savt: Savt) {
    let alice = savt.person();
    let full = alice.on_board(&alice.create_board("Full").await);
    let pizza = full.create_item("One").await;
    let other = full.create_item("Other").await;
    let ham = full.suggest("Ham", 2, pizza).await;
    let olives = full.suggest("Olives", 1, None).await;
    full.veto(olives).await;
    let event = full.last_event().await;
    let before = full.sees().await;

    let empty = alice.on_board(&alice.create_board("Empty").await);
    let requests = [
        (
            format!("/items/{pizza}/edit"),
            vec![("name", "X".to_owned())],
        ),
        (
            format!("/items/{pizza}/merge"),
            vec![("into", other.to_string())],
        ),
        (format!("/items/{pizza}/split"), vec![]),
        (format!("/items/{pizza}/delete"), vec![]),
        (format!("/features/{ham}/veto"), vec![]),
        (format!("/features/{olives}/unveto"), vec![]),
        (
            format!("/features/{ham}/move"),
            vec![("item_id", String::new())],
        ),
        (
            format!("/features/{ham}/edit"),
            vec![("name", "X".to_owned())],
        ),
        (format!("/features/{ham}/delete"), vec![]),
        (format!("/undo/{event}"), vec![]),
        (
            "/create/feature/".to_owned(),
            vec![("name", "X".to_owned()), ("item_id", pizza.to_string())],
        ),
    ];
    for elsewhere in [&empty, &alice] {
        for (path, fields) in &requests {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let answer = elsewhere.post(path, &fields).await;
            assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        }
        for path in [format!("/items/{pizza}"), format!("/features/{ham}")] {
            elsewhere.get(&path).await.is(404);
        }
        assert_eq!(elsewhere.sees().await, "");
        assert!(elsewhere.history().await.is_empty());
    }
    // If both boards have an item with this id, only the own one is deleted.
    let own = empty.create_item("Own").await;
    assert_eq!(own, pizza);
    empty.delete_item(own).await;
    assert_eq!(full.sees().await, before);
    assert_eq!(full.page().await.me, "You are User-1");
}

db_test!(an_unknown_board_is_not_created);
async fn an_unknown_board_is_not_created(savt: Savt) {
    let alice = savt.person();
    for slug in ["0123456789abcdefghjkmnpqrs", "MAIN", "b%2fc", "a%00b", "ä"] {
        let nowhere = alice.on_board(&format!("/b/{slug}"));
        for answer in [
            nowhere.get("").await,
            nowhere.get("/history").await,
            nowhere.post("/create/item/", &[("name", "X")]).await,
        ] {
            assert_eq!(answer.status, 404, "{slug}");
            assert_eq!(
                answer.one("main p"),
                "There is no board at this address. Check the link."
            );
        }
    }
    alice.on_board("/b/main").get("").await.is(200);
}

db_test!(a_board_needs_a_name);
async fn a_board_needs_a_name(savt: Savt) {
    let alice = savt.person();
    let long = "x".repeat(101);
    for (name, reason) in [
        ("", "Enter a name."),
        (&long, "This is too long. Use at most 100 characters."),
        (
            "a\u{202e}b",
            "This contains characters that change the direction of the text around them. Remove them.",
        ),
    ] {
        let answer = alice.post("/boards", &[("name", name)]).await.is(422);
        assert_eq!(answer.one("#new-board-reason"), reason);
        assert_eq!(answer.attribute("input[name=name]", "value"), name);
    }
    alice.post("/boards", &[]).await.is(422);
}

db_test!(the_paths_of_the_first_version_still_work);
async fn the_paths_of_the_first_version_still_work(savt: Savt) {
    let script = savt.person();
    for (n, slash) in ["", "/"].into_iter().enumerate() {
        let item = [
            ("name", format!("Pizza-7-{n}")),
            ("kind", "Margherita".to_owned()),
        ];
        let path = format!("/create/item{slash}");
        let request = script.post_request(&path).form(&item);
        assert_eq!(request.send().await.unwrap().status(), 303);
        let feature = [
            ("name", format!("Topping-7-{n}")),
            ("amount", "2".to_owned()),
        ];
        let path = format!("/create/feature{slash}");
        let request = script.post_request(&path).form(&feature);
        assert_eq!(request.send().await.unwrap().status(), 303);
    }
    let posted = script.post("/", &[]).await.is(200).page();
    assert_eq!(
        posted.shown.to_string(),
        "Pizza-7-0 (Margherita)\nPizza-7-1 (Margherita)\nfree: Topping-7-0 ×2, Topping-7-1 ×2"
    );
}
