//! Rule 10 through HTTP: a form changes only what its sender changed, and replaces no change that the sender did not see. Who added
//! an item or suggested a feature stands in its menu.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

/// The fields of the edit form on the page of an item or feature, as a browser would send them.
fn edit_form(page: &Answer) -> Vec<(String, String)> {
    let fields = ["name", "kind", "was_name", "was_kind", "was_amount"];
    let sent = fields.into_iter().filter_map(|field| {
        let selector = format!("#edit-form input[name={field}]");
        let found = !page.all(&selector).is_empty();
        found.then(|| (field.to_owned(), page.attribute(&selector, "value")))
    });
    let mut sent: Vec<_> = sent.collect();
    if !page.all("#edit-form option[selected]").is_empty() {
        let amount = page.attribute("#edit-form option[selected]", "value");
        sent.push(("amount".to_owned(), amount));
    }
    sent
}

/// Sends a form with some fields changed.
async fn send(
    person: &TestClient,
    path: &str,
    form: &[(String, String)],
    changes: &[(&str, &str)],
) -> Answer {
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| {
            let change = changes.iter().find(|(changed, _)| changed == name);
            (name.as_str(), change.map_or(value.as_str(), |(_, to)| to))
        })
        .collect();
    person.post(path, &fields).await
}

db_test!(an_old_form_changes_only_what_its_sender_changed);
async fn an_old_form_changes_only_what_its_sender_changed(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item("Margherita").await;
    let ham = alice.suggest("Ham", 1, pizza).await;
    for (alice, success) in [(alice.clone(), 303), (alice.with_htmx(), 200)] {
        alice.edit_item(pizza, "Margherita", "").await;
        alice.edit_feature(ham, "Ham", 1).await;
        let reader = savt.person();
        let (item, feature) = (format!("/items/{pizza}"), format!("/features/{ham}"));
        let item_form = edit_form(&reader.get(&item).await.is(200));
        let feature_form = edit_form(&reader.get(&feature).await.is(200));
        bob.edit_item(pizza, "Regina", "").await;
        bob.edit_feature(ham, "Ham", 3).await;

        let changes = [("kind", "vegan")];
        let answer = send(&alice, &format!("{item}/edit"), &item_form, &changes).await;
        answer.is(success);
        let changes = [("name", "Speck")];
        let answer = send(&alice, &format!("{feature}/edit"), &feature_form, &changes).await;
        answer.is(success);
        assert_eq!(bob.sees().await, "Regina (vegan): Speck ×3");
    }
}

db_test!(a_conflict_shows_both_values_and_the_form_as_typed);
async fn a_conflict_shows_both_values_and_the_form_as_typed(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item_of_kind("Margherita", "vegan").await;
    let item = format!("/items/{pizza}");
    let form = edit_form(&alice.get(&item).await.is(200));
    bob.edit_item(pizza, "Regina", "").await;
    let version = bob.last_event().await;

    let changes = [("name", "Marinara"), ("kind", "hot")];
    let path = format!("{item}/edit");
    let page = send(&alice, &path, &form, &changes).await.is(409);
    let name = "Somebody has changed the name to Regina in the meantime. You entered Marinara. \
        Save again to replace their change.";
    let kind = "Somebody has removed the kind in the meantime. You entered hot. \
        Save again to replace their change.";
    assert_eq!(page.one("#edit-reason"), name);
    assert_eq!(page.one("#edit-kind-reason"), kind);
    assert_eq!(page.one("h2 .name"), "Regina");
    let shown = edit_form(&page);
    let expected = [
        ("name", "Marinara"),
        ("kind", "hot"),
        ("was_name", "Regina"),
        ("was_kind", ""),
    ];
    assert_eq!(
        shown,
        expected.map(|(field, value)| (field.to_owned(), value.to_owned()))
    );

    let fragments = send(&alice.with_htmx(), &path, &form, &changes)
        .await
        .is(409);
    assert_eq!(
        fragments.targets(),
        ["outerMorph #edit-form", "beforeend #toasts"]
    );
    assert_eq!(fragments.toasts(), [name]);
    assert_eq!(edit_form(&fragments), shown);
    assert_eq!(bob.last_event().await, version, "nothing was changed");

    // The person has seen the other change, and replaces it.
    send(&alice, &path, &shown, &[]).await.is(303);
    assert_eq!(bob.sees().await, "Marinara (hot)");
}

db_test!(a_changed_amount_is_a_conflict_and_the_same_change_is_none);
async fn a_changed_amount_is_a_conflict_and_the_same_change_is_none(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let ham = alice.suggest("Ham", 1, None).await;
    let (feature, path) = (format!("/features/{ham}"), format!("/features/{ham}/edit"));
    let form = edit_form(&alice.get(&feature).await.is(200));
    bob.edit_feature(ham, "Speck", 3).await;
    let page = send(&alice, &path, &form, &[("amount", "2")]).await.is(409);
    let reason = "Somebody has changed the amount to ×3 in the meantime. You chose ×2. \
        Save again to replace their change.";
    assert_eq!(page.one("#edit-amount-reason"), reason);
    assert!(page.one("#edit-reason").is_empty());
    // What the person did not change is not shown as theirs, and stays as it is.
    send(&alice, &path, &edit_form(&page), &[]).await.is(303);
    assert_eq!(bob.sees().await, "free: Speck ×2");

    bob.edit_feature(ham, "Ham", 3).await;
    let version = bob.last_event().await;
    send(&alice, &path, &form, &[("amount", "3")]).await.is(303);
    assert_eq!(bob.last_event().await, version);
    assert_eq!(bob.sees().await, "free: Ham ×3");
}

db_test!(an_invalid_edit_keeps_what_the_person_saw);
async fn an_invalid_edit_keeps_what_the_person_saw(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item("Margherita").await;
    let (item, path) = (format!("/items/{pizza}"), format!("/items/{pizza}/edit"));
    let form = edit_form(&alice.get(&item).await.is(200));
    bob.edit_item(pizza, "Regina", "").await;
    let page = send(&alice, &path, &form, &[("name", "")]).await.is(422);
    assert_eq!(
        page.attribute("input[name=was_name]", "value"),
        "Margherita"
    );
    let again = send(&alice, &path, &edit_form(&page), &[("name", "Napoli")]).await;
    assert!(again.is(409).one("#edit-reason").contains("Regina"));
}

db_test!(forms_of_earlier_versions_replace_every_field);
async fn forms_of_earlier_versions_replace_every_field(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item_of_kind("Margherita", "vegan").await;
    let ham = alice.suggest("Ham", 2, pizza).await;
    alice.edit_item(pizza, "Regina", "").await;
    alice.edit_feature(ham, "Speck", 1).await;
    assert_eq!(alice.sees().await, "Regina: Speck");
    // A field that is left out stays.
    alice.edit_feature(ham, "Speck", 2).await;
    let path = format!("/features/{ham}/edit");
    alice.post(&path, &[("name", "Ham")]).await.is(303);
    assert_eq!(alice.sees().await, "Regina: Ham ×2");
}

db_test!(the_menu_names_who_added_or_suggested_it);
async fn the_menu_names_who_added_or_suggested_it(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item("Margherita").await;
    let ham = bob.suggest("Ham", 2, pizza).await;
    alice.edit_feature(ham, "Speck", 1).await;
    let (item, feature) = (format!("/items/{pizza}"), format!("/features/{ham}"));
    let authors = async |path: &str| alice.get(path).await.is(200).all("main .author");
    assert_eq!(authors(&item).await, ["Added by Alice"]);
    assert_eq!(authors(&feature).await, ["Suggested by Bob"]);
    bob.set_name("Robert").await;
    assert_eq!(authors(&feature).await, ["Suggested by Robert"]);
    // A move and a split keep who suggested it.
    bob.suggest("Egg", 1, pizza).await;
    bob.split(pizza).await;
    assert_eq!(authors(&feature).await, ["Suggested by Robert"]);
    assert_eq!(authors("/items/2").await, ["Added by Robert"]);
    let german = alice.reading("de").get(&feature).await.is(200);
    assert_eq!(german.all("main .author"), ["Vorgeschlagen von Robert"]);
}
