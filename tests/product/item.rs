//! Items: rules 2, 6, 7, 8 and 10, through HTTP.

use crate::harness::{app::Savt, databases::db_test};

db_test!(an_item_has_a_name_and_an_optional_kind);
async fn an_item_has_a_name_and_an_optional_kind(savt: Savt) {
    let alice = savt.person();
    alice.create_item("Margherita").await;
    alice
        .create_item_of_kind(" Marinara \t Napoli ", "vegan")
        .await;
    assert_eq!(alice.sees().await, "Margherita\nMarinara Napoli (vegan)");
    assert_eq!(
        alice.page().await.stats,
        "2 pizzas, 0 toppings, 0 vetoed, 1 person"
    );
}

db_test!(the_page_shows_the_flash_message_once);
async fn the_page_shows_the_flash_message_once(savt: Savt) {
    let alice = savt.person();
    let pizza = alice
        .post("/create/item/", &[("name", "Margherita")])
        .await
        .is(303);
    assert_eq!(pizza.header("location"), "/#item-1");
    assert_eq!(alice.page().await.toasts, ["User-1 added Margherita"]);
    assert!(alice.page().await.toasts.is_empty());
}

db_test!(an_item_without_a_name_gets_the_next_number);
async fn an_item_without_a_name_gets_the_next_number(savt: Savt) {
    let alice = savt.person();
    alice.create_item("").await;
    alice.create_item("pizza-3").await;
    for name in [" ", "\t", ""] {
        alice.create_item(name).await;
    }
    let nothing_sent = savt.person().post("/create/item/", &[]).await;
    assert_eq!(nothing_sent.status, 303);
    assert_eq!(
        alice.sees().await,
        "Pizza-1\npizza-3\nPizza-2\nPizza-4\nPizza-5\nPizza-6"
    );
}

db_test!(a_taken_item_name_gets_a_number_and_a_message);
async fn a_taken_item_name_gets_a_number_and_a_message(savt: Savt) {
    let alice = savt.person();
    alice.create_item("Straße").await;
    alice.create_item("STRASSE").await;
    assert_eq!(
        alice.page().await.toasts,
        ["User-1 added STRASSE-2, because STRASSE was taken"]
    );
    let answer = alice
        .with_htmx()
        .post("/create/item/", &[("name", "straße")])
        .await
        .is(200);
    assert_eq!(
        answer.toasts(),
        ["User-1 added straße-3, because straße was taken"]
    );
    assert_eq!(alice.sees().await, "Straße\nSTRASSE-2\nstraße-3");
}

db_test!(the_name_of_a_deleted_item_can_be_reused);
async fn the_name_of_a_deleted_item_can_be_reused(savt: Savt) {
    let alice = savt.person();
    let first = alice.create_item("Margherita").await;
    alice.delete_item(first).await;
    alice.create_item("Margherita").await;
    assert_eq!(alice.sees().await, "Margherita");
}

db_test!(an_item_can_be_renamed_and_its_kind_changed);
async fn an_item_can_be_renamed_and_its_kind_changed(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item_of_kind("Margherita", "vegan").await;
    alice.edit_item(pizza, "Regina", "vegetarian").await;
    assert_eq!(alice.sees().await, "Regina (vegetarian)");
    alice.edit_item(pizza, "REGINA", "").await;
    assert_eq!(alice.sees().await, "REGINA");
}

db_test!(a_rename_to_a_taken_name_is_refused);
async fn a_rename_to_a_taken_name_is_refused(savt: Savt) {
    let alice = savt.person();
    alice.create_item("Margherita").await;
    let pizza = alice.create_item("Marinara").await;
    let path = format!("/items/{pizza}/edit");
    let fields = [("name", "MARGHERITA"), ("kind", "vegan")];
    let answer = alice.post(&path, &fields).await.is(409);
    let reason = "Another pizza is called Margherita. Choose another name.";
    assert_eq!(answer.one("#edit-reason"), reason);
    assert_eq!(answer.attribute("input[name=name]", "value"), "MARGHERITA");
    assert_eq!(answer.attribute("input[name=kind]", "value"), "vegan");

    let answer = alice.with_htmx().post(&path, &fields).await.is(409);
    assert_eq!(
        answer.targets(),
        ["outerMorph #edit-form", "beforeend #toasts"]
    );
    assert_eq!(answer.toasts(), [reason]);
    assert_eq!(alice.sees().await, "Margherita\nMarinara");
}

db_test!(merging_adds_amounts_and_keeps_every_veto);
async fn merging_adds_amounts_and_keeps_every_veto(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    let ham = alice.suggest("Ham", 1, one).await;
    alice.suggest("Olives", 1, one).await;
    let more_ham = bob.suggest("ham", 2, other).await;
    alice.veto(ham).await;
    bob.veto(more_ham).await;
    alice.merge(one, other).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice merged One into Other, now called One-Other"]
    );
    let merged = "One-Other: Olives, ham ×3 [vetoed by Alice, Bob]";
    assert_eq!(alice.sees().await, merged);
}

db_test!(merging_leaves_the_remainder_on_the_source);
async fn merging_leaves_the_remainder_on_the_source(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    let ham = alice.suggest("Ham", 3, one).await;
    alice.suggest("Olives", 1, one).await;
    alice.suggest("Ham", 2, other).await;
    alice.veto(ham).await;
    alice.merge(one, other).await;
    let message = "Alice merged One into Other, now called One-Other; not all of Ham fitted, the rest stays on One";
    assert_eq!(alice.page().await.toasts, [message]);
    assert_eq!(
        alice.sees().await,
        "One: Ham ×2 [vetoed by Alice]\nOne-Other: Olives, Ham ×3 [vetoed by Alice]"
    );
}

db_test!(an_item_cannot_be_merged_into_itself);
async fn an_item_cannot_be_merged_into_itself(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    let answer = alice.post("/items/1/merge", &[("into", "1")]).await.is(422);
    let reason = "Margherita cannot be merged into itself. Choose another pizza.";
    assert!(answer.all("p").contains(&reason.to_owned()));
    let path = format!("/items/{pizza}/merge");
    let answer = alice
        .with_htmx()
        .post(&path, &[("into", &pizza.to_string())])
        .await;
    assert_eq!(answer.is(422).toasts(), [reason]);
    assert_eq!(alice.sees().await, "Margherita");
}

db_test!(splitting_creates_an_item_per_feature);
async fn splitting_creates_an_item_per_feature(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item_of_kind("Mista", "with meat").await;
    let ham = alice.suggest("Ham", 2, pizza).await;
    alice.suggest("Olives", 1, pizza).await;
    alice.veto(ham).await;
    alice.split(pizza).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice split Mista into Mista-Ham, Mista-Olives"]
    );
    assert_eq!(
        alice.sees().await,
        "Mista-Ham (with meat): Ham ×2 [vetoed by Alice]\nMista-Olives (with meat): Olives"
    );
}

db_test!(splitting_a_single_feature_creates_items_of_amount_one);
async fn splitting_a_single_feature_creates_items_of_amount_one(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Mista").await;
    let ham = alice.suggest("Ham", 3, pizza).await;
    alice.veto(ham).await;
    alice.split(pizza).await;
    assert_eq!(
        alice.sees().await,
        "Mista-Ham: Ham [vetoed by Alice]\n\
         Mista-Ham-2: Ham [vetoed by Alice]\n\
         Mista-Ham-3: Ham [vetoed by Alice]"
    );
}

db_test!(an_item_of_one_unit_cannot_be_split);
async fn an_item_of_one_unit_cannot_be_split(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    let reason = "Margherita cannot be split: it needs at least two toppings, or one with an amount of 2 or 3.";
    for _ in 0..2 {
        let path = format!("/items/{pizza}/split");
        let answer = alice.post(&path, &[]).await.is(422);
        assert!(answer.all("p").contains(&reason.to_owned()));
        let answer = alice.with_htmx().post(&path, &[]).await.is(422);
        assert_eq!(answer.toasts(), [reason]);
        alice.suggest("Basil", 1, pizza).await;
        alice
            .delete_feature(alice.page().await.feature("Basil").id)
            .await;
    }
}

db_test!(deleting_an_item_sets_its_features_free);
async fn deleting_an_item_sets_its_features_free(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 1, pizza).await;
    alice.suggest("Tomato", 2, pizza).await;
    alice.suggest("basil", 1, None).await;
    alice.veto(basil).await;
    alice.delete_item(pizza).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice deleted Margherita; its toppings are now for all pizzas"]
    );
    assert_eq!(
        alice.sees().await,
        "free: Tomato ×2, basil ×2 [vetoed by Alice]"
    );
}

db_test!(the_item_page_offers_every_action);
async fn the_item_page_offers_every_action(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item_of_kind("Margherita", "vegan").await;
    let alone = alice.get(&format!("/items/{pizza}")).await.is(200);
    assert_eq!(alone.all("main button"), ["Save", "Split", "Delete"]);
    let other = alice.create_item("Marinara").await;

    let page = alice.get(&format!("/items/{pizza}")).await.is(200);
    assert_eq!(
        page.all("main button"),
        ["Save", "Merge", "Split", "Delete"]
    );
    assert_eq!(page.attribute("input[name=kind]", "value"), "vegan");
    assert_eq!(page.all("select[name=into] option"), ["Marinara"]);
    assert_eq!(
        page.attribute("select[name=into] option", "value"),
        other.to_string()
    );

    let menu = alice.with_htmx().get(&format!("/items/{pizza}")).await;
    assert_eq!(menu.is(200).targets(), ["innerHTML #sheet"]);
}

db_test!(what_a_merge_left_behind_is_named_and_marked);
async fn what_a_merge_left_behind_is_named_and_marked(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let [one, other] = [
        alice.create_item("One").await,
        alice.create_item("Other").await,
    ];
    let ham = alice.suggest("Ham", 2, one).await;
    alice.suggest("Egg", 1, one).await;
    alice.suggest("Ham", 2, other).await;
    alice.merge(one, other).await;
    let said = "Alice merged One into Other, now called One-Other; not all of Ham fitted, the rest stays on One";
    assert_eq!(alice.page().await.toasts, [said]);
    assert_eq!(alice.history().await[0], said);
    let mark = "the rest that did not fit (at most ×3)";
    // Also from the tables, in another process, and on the projector.
    let another = savt.another().await;
    for person in [&alice, &savt.person(), &another.person()] {
        for path in ["", "?view=wall"] {
            let page = person.get(path).await.is(200);
            assert_eq!(page.all(".remainder"), [mark]);
            assert_eq!(
                page.one(&format!("#item-{one} #feature-{ham} .remainder")),
                mark
            );
        }
        let menu = person.get(&format!("/features/{ham}")).await.is(200);
        assert_eq!(menu.one("main .remainder"), mark);
    }
    let german = alice.reading("de").get("").await.is(200);
    assert_eq!(
        german.one(".remainder"),
        "der Rest, der nicht passte (höchstens ×3)"
    );
    // Until it changes: then the mark goes, and an undo of that brings it back.
    alice.edit_feature(ham, "Ham", 2).await;
    assert!(alice.get("").await.all(".remainder").is_empty());
    alice.undo(alice.last_event().await).await;
    assert_eq!(alice.get("").await.all(".remainder"), [mark]);
    alice.move_to(ham, None).await;
    assert!(alice.get("").await.all(".remainder").is_empty());
}
