//! Several items at once, through HTTP.

use crate::harness::{app::Savt, databases::db_test};

const PATH: &str = "/create/items/";

db_test!(several_items_are_added_and_undone_at_once);
async fn several_items_are_added_and_undone_at_once(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Funghi").await;
    let page = alice.get("").await.is(200);
    assert_eq!(page.attribute(".add-several", "href"), PATH);
    let form = alice.get(PATH).await.is(200);
    assert_eq!(form.attribute("main form", "action"), PATH);
    assert_eq!(form.all("main form button"), ["Add all"]);

    let fields = [("names", "Napoli\r\n\r\n FUNGHI\r\n"), ("kind", "vegan")];
    let answer = alice.post(PATH, &fields).await.is(303);
    assert_eq!(answer.header("location"), "/#item-2");
    let toast = "Alice added Napoli, FUNGHI-2 (vegan), with numbers where a name was taken: FUNGHI";
    assert_eq!(alice.page().await.toasts, [toast]);
    assert_eq!(
        alice.sees().await,
        "Funghi\nNapoli (vegan)\nFUNGHI-2 (vegan)"
    );
    assert_eq!(alice.history().await[0], toast);

    let event = alice.last_event().await;
    alice.undo(event).await;
    let undone = format!("Alice undid event {event}: the addition of 2 pizzas");
    assert_eq!(alice.page().await.toasts, [undone]);
    assert_eq!(alice.sees().await, "Funghi");
}

db_test!(the_response_has_only_the_new_cards);
async fn the_response_has_only_the_new_cards(savt: Savt) {
    savt.fill(12, 3).await;
    let alice = savt.person_called("Alice").await.with_htmx();
    let size = async |names: &str| {
        let answer = alice.post(PATH, &[("names", names)]).await.is(200);
        let mut targets = answer.targets();
        targets.retain(|target| target == "place #items");
        (targets.len(), answer.body.len())
    };
    let (one, small) = size("One").await;
    let (three, large) = size("A\nB\nC").await;
    assert_eq!((one, three), (1, 3));
    assert!(large < 4 * small, "{large} bytes, {small} for one item");
    let toast = alice.post(PATH, &[("names", "D\nE")]).await.toasts();
    assert_eq!(toast, ["Alice added D, E"]);
}

db_test!(an_invalid_list_adds_nothing_and_returns_as_it_was);
async fn an_invalid_list_adds_nothing_and_returns_as_it_was(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let long = format!("Napoli\n\n{}", "x".repeat(101));
    let many = "A\n".repeat(201);
    for (names, kind, reason) in [
        ("", "vegan", "Enter a name."),
        (" \n\t", "", "Enter a name."),
        (
            &long,
            "",
            "Line 3: This is too long. Use at most 100 characters.",
        ),
        (&many, "", "These are too many. Add at most 200 at once."),
        (
            "Napoli\nFunghi",
            &"x".repeat(51),
            "This is too long. Use at most 50 characters.",
        ),
    ] {
        let fields = [("names", names), ("kind", kind)];
        let page = alice.post(PATH, &fields).await.is(422);
        assert_eq!(page.one("#create-items-reason"), reason);
        assert!(
            page.body.contains(&format!(">{names}</textarea>")),
            "{names:?}"
        );
        assert_eq!(page.attribute("main [name=kind]", "value"), kind);
        let answer = alice.with_htmx().post(PATH, &fields).await.is(422);
        let targets = ["innerHTML #create-items-reason", "beforeend #toasts"];
        assert_eq!(answer.targets(), targets);
        assert_eq!(answer.toasts(), [reason]);
    }
    assert_eq!(alice.sees().await, "");
}

db_test!(the_limit_of_items_holds_for_all_together);
async fn the_limit_of_items_holds_for_all_together(savt: Savt) {
    let limits = savt::model::Limits {
        items: 2,
        ..Default::default()
    };
    let limited = savt.another_with_limits(limits).await;
    let alice = limited.person_called("Alice").await;
    let fields = [("names", "A\nB\nC")];
    let page = alice.post(PATH, &fields).await.is(422);
    assert!(
        page.one("#create-items-reason")
            .contains("maximum of 2 pizzas")
    );
    assert!(page.body.contains(">A\nB\nC</textarea>"));
    assert_eq!(alice.sees().await, "");
}
