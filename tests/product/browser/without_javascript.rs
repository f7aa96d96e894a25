//! Pages without JavaScript: every action is a form and every response is a page.

use super::savt;
use crate::harness::browser::{Browser, too_long_name};

#[tokio::test(flavor = "multi_thread")]
async fn every_action_works() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.see(".empty").await;

    for pizza in ["Margherita", "Marinara", "Funghi"] {
        browser
            .type_into("#create-item input[name=name]", pizza)
            .await;
        browser.press("Add").await;
        browser.read(".toast", pizza).await;
    }
    assert_eq!(browser.path().await, "/#item-3");
    for topping in ["Basil", "Garlic"] {
        browser
            .type_into("#item-1 .suggest input[name=name]", topping)
            .await;
        browser.press("Suggest").await;
        browser.read("#item-1-features", topping).await;
    }

    browser.press("Veto Basil").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1")
        .await;
    browser.press("Say why you vetoed Basil").await;
    assert_eq!(browser.path().await, "/features/1?existing=1");
    browser.type_into(".reason-form input", "too green").await;
    browser.press("Save reason").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by User-1 (too green)")
        .await;
    browser.press("Take back veto on Basil").await;
    browser.see_no("#feature-1 .vetoers").await;

    browser.press("More about Garlic").await;
    assert_eq!(browser.path().await, "/features/2");
    browser.choose("select[name=item_id]", "Marinara").await;
    browser.press("Move Garlic").await;
    browser.read("#item-2-features", "Garlic").await;

    browser.press("More about Garlic").await;
    browser.retype("input[name=name]", "basil").await;
    browser.choose("select[name=amount]", "×3").await;
    browser.press("Save").await;
    browser.read("#item-2-features .amount", "×3").await;

    browser.press("More about Marinara").await;
    browser.press("Split Marinara").await;
    browser.see_no("#item-2").await;
    browser.read("#items", "Marinara-basil-3").await;

    browser.press("More about Margherita").await;
    browser.choose("select[name=into]", "Funghi").await;
    browser.press("Merge Margherita").await;
    browser.read("#item-3 .name", "Margherita-Funghi").await;
    browser.see_no("#item-1").await;

    browser.press("More about Margherita-Funghi").await;
    browser.press("Delete Margherita-Funghi").await;
    browser.read("#free-features", "Basil").await;
    browser.press("Undo").await;
    browser.read("#item-3-features", "Basil").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_participant_sets_or_claims_a_name() {
    let savt = savt().await;
    let alice = Browser::without_javascript(savt.address()).await;
    alice.press("Who are you?").await;
    alice.type_into("#me input[name=name]", "Alice").await;
    alice.press("Save").await;
    alice.read("#me", "You are Alice").await;

    let phone = Browser::without_javascript(savt.address()).await;
    phone.press("Who are you?").await;
    phone.type_into("#me input[name=name]", "Alice").await;
    phone.press("Save").await;
    phone.read("#me-reason", "This name is taken").await;
    phone.press("That's me").await;
    phone.read("#me", "You are Alice").await;
    alice.close().await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_returns_the_filled_form() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    let long = too_long_name();
    browser
        .type_into("#create-item input[name=name]", &long)
        .await;
    browser
        .type_into("#create-item input[name=kind]", "vegan")
        .await;
    browser.press("Add").await;
    browser.read("#create-item-reason", "too long").await;
    assert_eq!(browser.value("#create-item input[name=name]").await, long);
    assert_eq!(
        browser.value("#create-item input[name=kind]").await,
        "vegan"
    );

    browser.go("/nothing/here").await;
    browser.press("← Back to the board").await;
    browser.see("#items-heading").await;
    browser.close().await;
}
