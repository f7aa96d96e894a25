//! What a card tells about its controls: which item they are for, in names and descriptions for screen readers and voice input.

use std::collections::BTreeSet;

use crate::harness::{app::Savt, client::Answer, databases::db_test};

/// The text of the element that an attribute with an id refers to; it must be the only one with that id.
#[track_caller]
fn referred(page: &Answer, selector: &str, attribute: &str) -> String {
    let id = page.attribute(selector, attribute);
    let texts = page.all(&format!("[id='{id}']"));
    assert_eq!(texts.len(), 1, "{selector} refers to {id}");
    texts[0].clone()
}

db_test!(controls_are_described_by_their_card);
async fn controls_are_described_by_their_card(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let one = anna.create_item("Margherita").await;
    let two = anna.create_item("Marinara").await;
    for item in [one, two] {
        anna.suggest("Tomato", 1, item).await;
    }
    let free = anna.suggest("Tomato", 1, None).await;
    for n in 0..4 {
        savt.person_called(&format!("Guest {n}"))
            .await
            .veto(2)
            .await;
    }
    let page = anna.get("").await.is(200);
    for (row, item) in [(1, "Margherita"), (2, "Marinara")] {
        for control in [".veto", ".more"] {
            let control = format!("#feature-{row} {control}");
            assert_eq!(
                referred(&page, &control, "aria-describedby"),
                format!("on {item}")
            );
        }
        let form = format!("#item-{row} .suggest");
        for control in ["select", "button"] {
            let control = format!("{form} {control}");
            assert_eq!(
                referred(&page, &control, "aria-describedby"),
                format!("on {item}")
            );
        }
        let name = referred(&page, &format!("{form} [name=name]"), "aria-labelledby");
        assert_eq!(name, format!("New topping for {item}"));
    }
    let more_vetoers = referred(&page, "#feature-2 .all-vetoers", "aria-describedby");
    assert_eq!(more_vetoers, "on Marinara");
    for control in [
        "#feature-3 .veto",
        "#feature-3 .more",
        ".free .suggest button",
    ] {
        let description = referred(&page, control, "aria-describedby");
        assert_eq!(description, "Toppings for all pizzas", "{control}");
    }
    let field = page.attribute(".free .suggest [name=name]", "aria-label");
    assert_eq!(field, "New topping for all pizzas");
    // Names stay as they were.
    assert_eq!(
        page.attribute("#feature-1 .veto", "aria-label"),
        "Veto Tomato"
    );

    // A renamed item sends its head only; a moved feature its row. Both bring what refers to the other card.
    let renamed = anna
        .with_htmx()
        .post("/items/1/edit", &[("name", "Regina")])
        .await
        .is(200);
    assert_eq!(renamed.one("#item-1-on"), "on Regina");
    assert_eq!(renamed.one("#item-1-new"), "New topping for Regina");
    let path = format!("/features/{free}/edit");
    anna.post(&path, &[("name", "Salt"), ("amount", "1")])
        .await
        .is(303);
    let path = format!("/features/{free}/move");
    let moved = anna
        .with_htmx()
        .post(&path, &[("item_id", "1")])
        .await
        .is(200);
    let row = format!("#feature-{free}");
    let described_by = moved.attribute(&format!("{row} .veto"), "aria-describedby");
    assert_eq!(described_by, "item-1-on");
    let page = anna.get("").await.is(200);
    assert_eq!(
        referred(&page, &format!("{row} .veto"), "aria-describedby"),
        "on Regina"
    );

    let ids: Vec<&str> = page
        .body
        .split(" id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "{ids:?}");
}

db_test!(the_button_of_an_own_veto_says_what_it_does);
async fn the_button_of_an_own_veto_says_what_it_does(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    let ham = anna.suggest("Ham", 1, None).await;
    let button = format!("#feature-{ham} .veto");
    for (language, veto, take_back, in_sheet) in [
        ("en", "Veto", "Take back", "Take back veto"),
        ("de", "Veto", "Zurück\u{ad}nehmen", "Veto zurücknehmen"),
    ] {
        let anna = anna.reading(language);
        let page = anna.get("").await.is(200);
        assert_eq!(page.one(&button), veto);
        assert_eq!(page.attribute(&button, "data-other"), take_back);
        anna.veto(ham).await;
        let page = anna.get("").await.is(200);
        assert_eq!(page.one(&button), take_back);
        assert_eq!(page.attribute(&button, "data-other"), veto);
        // Speech input finds a button by its visible text (WCAG 2.5.3).
        let visible = take_back.replace('\u{ad}', "").to_lowercase();
        let name = page.attribute(&button, "aria-label");
        assert!(name.to_lowercase().contains(&visible), "{name}");
        let sheet = anna.get(&format!("/features/{ham}")).await.is(200);
        assert_eq!(sheet.one("[aria-pressed]"), in_sheet);
        let name = sheet.attribute("[aria-pressed]", "aria-label");
        assert!(name.contains(in_sheet), "{name}");
        anna.withdraw_veto(ham).await;
    }
}
