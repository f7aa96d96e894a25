//! Ids and classes of the board's page that scripts, style sheets of others and tests find things by.

use crate::harness::{app::Savt, databases::on_both};

const IDS: [&str; 13] = [
    "#items",
    "#item-1",
    "#free-features",
    "#feature-1",
    "#stats",
    "#presence",
    "#toasts",
    "#connection",
    "#outage",
    "#share",
    "#filter",
    "#shown",
    "#order",
];

on_both!(the_page_keeps_its_ids_and_classes);
async fn the_page_keeps_its_ids_and_classes(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let item = anna.create_item_of_kind("One", "vegan").await;
    let ham = anna.suggest("Ham", 2, item).await;
    let egg = anna.suggest("Egg", 1, None).await;
    assert_eq!((item, ham, egg), (1, 1, 2));
    anna.veto(ham).await;
    let page = anna.get("").await.is(200);
    for id in IDS {
        assert_eq!(page.all(id).len(), 1, "{id}");
    }
    // Where rows stand, and what is in them.
    for (place, text) in [
        ("#items > #item-1 .head .name", "One"),
        ("#items > #item-1 .head .kind", "vegan"),
        ("#item-1 #feature-1 .name", "Ham"),
        ("#item-1 #feature-1 .amount", "×2"),
        ("#free-features > #feature-2 .name", "Egg"),
    ] {
        assert_eq!(page.one(place), text, "{place}");
    }
    assert!(page.one("#feature-1 .vetoers").contains("Anna"));
    assert!(page.all("#feature-2 .amount").is_empty());
    assert_eq!(page.attribute("#connection", "data-version"), "5");
    let stream = page.attribute("#connection", "hx-sse:connect");
    assert_eq!(stream, "/events?since=5");
}

on_both!(buttons_are_named_for_what_they_act_on);
async fn buttons_are_named_for_what_they_act_on(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let item = anna.create_item("One").await;
    let ham = anna.suggest("Ham", 2, item).await;
    let egg = anna.suggest("Egg", 1, item).await;
    anna.create_item("Two").await;
    anna.veto(egg).await;
    let pages = [
        anna.get("").await.is(200).body,
        anna.get(&format!("/items/{item}")).await.is(200).body,
        anna.get(&format!("/features/{ham}")).await.is(200).body,
    ];
    let all = pages.concat();
    for name in [
        "Veto Ham",
        "Take back veto on Egg",
        "More about Ham",
        "More about One",
        "Delete Ham",
        "Delete One",
        "Merge One",
        "Split One",
    ] {
        let labelled = all.contains(&format!("aria-label=\"{name}\""));
        assert!(labelled || all.contains(&format!(">{name}<")), "{name}");
    }
    let history = anna.get("/history").await.is(200);
    assert!(
        history
            .all("li.event form button")
            .contains(&"Undo".to_owned())
    );
}
