//! Features: rules 3, 5 and 10, as people meet them.

use crate::harness::{app::Savt, databases::on_both};

on_both!(a_feature_is_suggested_for_an_item_or_for_all);
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

on_both!(an_amount_left_out_is_one);
async fn an_amount_left_out_is_one(savt: Savt) {
    let alice = savt.person();
    for amount in [
        &[("name", "Salad")][..],
        &[("name", "Wine"), ("amount", "")],
    ] {
        alice.post("/create/feature/", amount).await.is(303);
    }
    assert_eq!(alice.sees().await, "free: Salad, Wine");
}

on_both!(suggesting_again_adds_up_to_three);
async fn suggesting_again_adds_up_to_three(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 1, pizza).await;
    assert_eq!(alice.suggest("BASIL", 1, pizza).await, basil);
    assert_eq!(
        alice.page().await.toasts,
        ["Alice suggested more Basil for Margherita: it was there already, now ×2"]
    );
    assert_eq!(alice.suggest("basil", 3, pizza).await, basil);
    assert_eq!(
        alice.page().await.toasts,
        [
            "Alice suggested more Basil for Margherita: it was there already, now ×3, which is the most"
        ]
    );
    assert_eq!(alice.sees().await, "Margherita: Basil ×3");
}

on_both!(a_full_feature_says_so);
async fn a_full_feature_says_so(savt: Savt) {
    let alice = savt.person();
    alice.suggest("Salad", 3, None).await;
    let version = alice.last_event().await;
    let full = "Salad is there as often as can be: ×3.";
    alice.suggest("salad", 1, None).await;
    assert_eq!(alice.page().await.toasts, [full]);
    let fields = [("name", "salad"), ("amount", "2")];
    let answer = alice.with_htmx().post("/create/feature/", &fields).await;
    assert_eq!(answer.is(200).toasts(), [full]);
    assert_eq!(alice.sees().await, "free: Salad ×3");
    assert_eq!(alice.last_event().await, version, "nothing happened");
}

on_both!(the_same_name_on_another_item_is_another_feature);
async fn the_same_name_on_another_item_is_another_feature(savt: Savt) {
    let alice = savt.person();
    let one = alice.create_item("One").await;
    let other = alice.create_item("Other").await;
    for item in [Some(one), Some(other), None] {
        alice.suggest("Ham", 1, item).await;
    }
    assert_eq!(alice.sees().await, "One: Ham\nOther: Ham\nfree: Ham");
}

on_both!(a_feature_moves_with_its_amount_and_vetoes);
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
    assert_eq!(alice.page().await.toasts, ["Alice set Ham of Other free"]);
    assert_eq!(
        alice.sees().await,
        "One\nOther\nfree: Ham ×2 [vetoed by Alice]"
    );
}

on_both!(moving_leaves_what_does_not_fit_with_its_vetoes);
async fn moving_leaves_what_does_not_fit_with_its_vetoes(savt: Savt) {
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

on_both!(moving_to_where_it_is_changes_nothing);
async fn moving_to_where_it_is_changes_nothing(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    let basil = alice.suggest("Basil", 2, pizza).await;
    let before = alice.last_event().await;
    alice.move_to(basil, pizza).await;
    assert_eq!(alice.last_event().await, before);
    assert_eq!(alice.sees().await, "Margherita: Basil ×2");
}

on_both!(name_and_amount_can_be_changed);
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

on_both!(a_rename_to_a_taken_name_is_refused);
async fn a_rename_to_a_taken_name_is_refused(savt: Savt) {
    let alice = savt.person();
    alice.suggest("Salad", 1, None).await;
    let wine = alice.suggest("Wine", 1, None).await;
    let path = format!("/features/{wine}/edit");
    let fields = [("name", "SALAD"), ("amount", "2")];
    let answer = alice.post(&path, &fields).await.is(409);
    let reason = "There is another Salad at the same place. Please choose another name.";
    assert_eq!(answer.one("#edit-reason"), reason);
    assert_eq!(answer.attribute("input[name=name]", "value"), "SALAD");
    assert_eq!(answer.one("option[selected]"), "×2");
    let answer = alice.with_htmx().post(&path, &fields).await.is(409);
    assert_eq!(answer.toasts(), [reason]);
    assert_eq!(alice.sees().await, "free: Salad, Wine");
}

on_both!(a_deleted_feature_is_gone_and_says_so);
async fn a_deleted_feature_is_gone_and_says_so(savt: Savt) {
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
    let reason = "Basil is not there any more: somebody deleted, merged or split it meanwhile. \
                  The history can bring it back.";
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

on_both!(more_about_a_feature_offers_all_its_actions);
async fn more_about_a_feature_offers_all_its_actions(savt: Savt) {
    let alice = savt.person();
    let pizza = alice.create_item("Margherita").await;
    alice.create_item("Marinara").await;
    let basil = alice.suggest("Basil", 2, pizza).await;
    let page = alice.get(&format!("/features/{basil}")).await.is(200);
    assert_eq!(page.all("main button"), ["Veto", "Save", "Move", "Delete"]);
    assert_eq!(page.attribute("input[name=name]", "value"), "Basil");
    assert_eq!(
        page.all("select[name=item_id] option"),
        ["free", "Marinara"],
        "where it can go"
    );
    let menu = alice.with_htmx().get(&format!("/features/{basil}")).await;
    assert_eq!(menu.is(200).targets(), ["innerHTML #sheet"]);
}
