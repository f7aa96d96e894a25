//! Ids and classes of the board page on which scripts, foreign style sheets and tests depend.

use crate::harness::{app::Savt, databases::db_test};

const IDS: [&str; 18] = [
    "#items",
    "#item-1",
    "#free-features",
    "#feature-1",
    "#stats",
    "#presence",
    "#consent",
    "#toasts",
    "#connection",
    "#outage",
    "#share",
    "#filter",
    "#shown",
    "#order",
    "#search",
    "#board-name",
    "#purpose",
    "#outcome",
];

db_test!(the_page_keeps_its_ids_and_classes);
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
    // The position of rows and their content.
    for (selector, text) in [
        ("#items > #item-1 .head .name", "One"),
        ("#items > #item-1 .head .kind", "vegan"),
        ("#item-1 #feature-1 .name", "Ham"),
        ("#item-1 #feature-1 .amount", "×2"),
        ("#free-features > #feature-2 .name", "Egg"),
    ] {
        assert_eq!(page.one(selector), text, "{selector}");
    }
    assert!(page.one("#feature-1 .vetoers").contains("Anna"));
    assert!(page.all("#feature-2 .amount").is_empty());
    assert_eq!(page.attribute("#connection", "data-version"), "5");
    let stream = page.attribute("#connection", "hx-sse:connect");
    let epoch = page.attribute("#connection", "data-epoch");
    assert_eq!(epoch, savt.stored().await.epoch.to_string());
    assert_eq!(stream, format!("/events?since=5&epoch={epoch}"));
}

db_test!(buttons_are_named_for_their_target);
async fn buttons_are_named_for_their_target(savt: Savt) {
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
    anna.undo(anna.last_event().await).await;
    assert_eq!(anna.get("").await.is(200).one(".toast button"), "Redo");
    assert!(
        history
            .all("li.event form button")
            .contains(&"Undo".to_owned())
    );
}

db_test!(text_fields_limit_their_length_and_follow_the_direction_of_their_text);
async fn text_fields_limit_their_length_and_follow_the_direction_of_their_text(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let item = anna.create_item_of_kind("One", "vegan").await;
    let ham = anna.suggest("Ham", 1, item).await;
    assert_eq!((item, ham), (1, 1));
    for path in ["/", "/boards", "/items/1", "/features/1", "/settings"] {
        let page = anna.get(path).await.is(200);
        for field in ["name", "kind", "reason"] {
            let fields = format!("input[name={field}]:not([type=hidden])");
            let without = format!("{fields}:not([maxlength][dir=auto])");
            assert_eq!(page.all(&without).len(), 0, "{path}: {field}");
        }
        assert!(!page.all("input[maxlength='100']").is_empty(), "{path}");
    }
}
