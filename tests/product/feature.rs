//! Features: rules 3, 5 and 10, through HTTP.

use crate::harness::{app::Savt, databases::db_test};

db_test!(a_feature_is_suggested_for_an_item_or_for_all);
async fn a_feature_is_suggested_for_an_item_or_for_all(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 2, pizza).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice suggested Basil ×2 for Margherita"]
    );
    alice.suggest("Salad", 1, None).await;
    assert_eq!(alice.page().await.toasts, ["Alice suggested Salad"]);
    assert_eq!(alice.sees().await, "Margherita: Basil ×2\nfree: Salad");
    assert_eq!(alice.page().await.feature("Basil").id, basil);
}

db_test!(a_missing_amount_means_one);
async fn a_missing_amount_means_one(savt: Savt) {
    let alice = savt.person();
    for amount in [
        &[("name", "Salad")][..],
        &[("name", "Wine"), ("amount", "")],
    ] {
        alice.post("/create/feature/", amount).await.is(303);
    }
    assert_eq!(alice.sees().await, "free: Salad, Wine");
}

db_test!(repeated_suggestions_add_up_to_three);
async fn repeated_suggestions_add_up_to_three(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 1, pizza).await;
    assert_eq!(alice.suggest("BASIL", 1, pizza).await, basil);
    assert_eq!(
        alice.page().await.toasts,
        ["Alice suggested more Basil for Margherita, now ×2"]
    );
    assert_eq!(alice.suggest("basil", 3, pizza).await, basil);
    assert_eq!(
        alice.page().await.toasts,
        ["Alice suggested more Basil for Margherita, now ×3 (the maximum)"]
    );
    assert_eq!(alice.sees().await, "Margherita: Basil ×3");
}

db_test!(suggesting_beyond_three_reports_the_limit);
async fn suggesting_beyond_three_reports_the_limit(savt: Savt) {
    let alice = savt.person();
    alice.suggest("Salad", 3, None).await;
    let version = alice.last_event().await;
    let full = "Salad already has the maximum amount, ×3.";
    alice.suggest("salad", 1, None).await;
    assert_eq!(alice.page().await.toasts, [full]);
    let fields = [("name", "salad"), ("amount", "2")];
    let answer = alice.with_htmx().post("/create/feature/", &fields).await;
    assert_eq!(answer.is(200).toasts(), [full]);
    assert_eq!(alice.sees().await, "free: Salad ×3");
    assert_eq!(alice.last_event().await, version, "no event is written");
}

db_test!(feature_names_are_unique_within_their_item);
async fn feature_names_are_unique_within_their_item(savt: Savt) {
    let alice = savt.person();
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    for item in [Some(one), Some(other), None] {
        alice.suggest("Ham", 1, item).await;
    }
    assert_eq!(alice.sees().await, "One: Ham\nOther: Ham\nfree: Ham");
}

db_test!(a_feature_moves_with_its_amount_and_vetoes);
async fn a_feature_moves_with_its_amount_and_vetoes(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    let ham = alice.suggest("Ham", 2, one).await;
    alice.veto(ham).await;
    alice.move_to(ham, other).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice moved Ham from One to Other"]
    );
    assert_eq!(alice.sees().await, "One\nOther: Ham ×2 [vetoed by Alice]");
    alice.move_to(ham, None).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice moved Ham from Other to all pizzas"]
    );
    assert_eq!(
        alice.sees().await,
        "One\nOther\nfree: Ham ×2 [vetoed by Alice]"
    );
}

db_test!(a_move_leaves_the_remainder_and_its_vetoes_behind);
async fn a_move_leaves_the_remainder_and_its_vetoes_behind(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    let ham = alice.suggest("Ham", 2, one).await;
    let more = alice.suggest("Ham", 2, other).await;
    alice.veto(ham).await;
    bob.veto(more).await;
    alice.move_to(ham, other).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice moved Ham from One to Other; ×1 did not fit and stayed"]
    );
    assert_eq!(
        alice.sees().await,
        "One: Ham [vetoed by Alice]\nOther: Ham ×3 [vetoed by Alice, Bob]"
    );
}

db_test!(moving_a_feature_to_its_own_item_changes_nothing);
async fn moving_a_feature_to_its_own_item_changes_nothing(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 2, pizza).await;
    let before = alice.last_event().await;
    alice.move_to(basil, pizza).await;
    assert_eq!(alice.last_event().await, before);
    assert_eq!(alice.sees().await, "Margherita: Basil ×2");
}

db_test!(name_and_amount_can_be_changed);
async fn name_and_amount_can_be_changed(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 1, pizza).await;
    alice.edit_feature(basil, "Fresh basil", 3).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice renamed Basil to Fresh basil on Margherita (×3)"]
    );
    assert_eq!(alice.sees().await, "Margherita: Fresh basil ×3");
}

db_test!(a_rename_to_a_taken_name_is_refused);
async fn a_rename_to_a_taken_name_is_refused(savt: Savt) {
    let alice = savt.person();
    alice.suggest("Salad", 1, None).await;
    let wine = alice.suggest("Wine", 1, None).await;
    let path = format!("/features/{wine}/edit");
    let fields = [("name", "SALAD"), ("amount", "2")];
    let answer = alice.post(&path, &fields).await.is(409);
    let reason = "Salad already exists there. Choose another name.";
    assert_eq!(answer.one("#edit-reason"), reason);
    assert_eq!(answer.attribute("input[name=name]", "value"), "SALAD");
    assert_eq!(answer.one("option[selected]"), "×2");
    let answer = alice.with_htmx().post(&path, &fields).await.is(409);
    assert_eq!(answer.toasts(), [reason]);
    assert_eq!(alice.sees().await, "free: Salad, Wine");
}

db_test!(a_deleted_feature_answers_410);
async fn a_deleted_feature_answers_410(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let bob = savt.person_called("Bob").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 1, pizza).await;
    alice.delete_feature(basil).await;
    assert_eq!(
        alice.page().await.toasts,
        ["Alice deleted Basil from Margherita"]
    );
    assert_eq!(alice.sees().await, "Margherita");
    let veto = format!("/features/{basil}/veto");
    let answer = bob.post(&veto, &[]).await.is(410);
    let reason = "Basil no longer exists: somebody deleted, merged or split it. \
             You can restore it from the history.";
    assert!(answer.all("main p").contains(&reason.to_owned()));
    let answer = bob.with_htmx().post(&veto, &[]).await.is(410);
    assert_eq!(
        answer.targets(),
        [
            format!("delete #feature-{basil}"),
            "beforeend #toasts".to_owned()
        ]
    );
}

db_test!(the_feature_page_offers_every_action);
async fn the_feature_page_offers_every_action(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    alice.create_item("Marinara").await;
    let basil = alice.suggest("Basil", 2, pizza).await;
    let page = alice.get(&format!("/features/{basil}")).await.is(200);
    assert_eq!(page.all("main button"), ["Veto", "Save", "Move", "Delete"]);
    assert_eq!(page.attribute("input[name=name]", "value"), "Basil");
    assert_eq!(
        page.all("select[name=item_id] option"),
        ["All pizzas", "Marinara"],
        "the possible targets"
    );
    let menu = alice.with_htmx().get(&format!("/features/{basil}")).await;
    assert_eq!(menu.is(200).targets(), ["innerHTML #sheet"]);
}
