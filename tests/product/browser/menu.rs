//! An open menu does not lie: it follows what others do to its thing, and keeps what one types there.

use super::{at_a_pizza, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE},
};

/// At the open menu of this.
async fn at_the_menu_of(savt: &Savt, name: &str) -> Browser {
    let browser = at_a_pizza(savt).await;
    browser.read("#connection", "Live").await;
    browser.press(&format!("More about {name}")).await;
    browser.see("#sheet[open] h2").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_what_others_do() {
    let savt = savt().await;
    let browser = at_the_menu_of(&savt, "Mozzarella").await;
    let bob = savt.person_called("Bob").await;
    bob.veto(1).await;
    browser.read("#sheet .vetoers", "vetoed by Bob").await;
    browser.focus_on("#sheet .close button").await;
    bob.edit_feature(1, "Burrata", 2).await;
    browser.read("#sheet h2", "Burrata ×2").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "Burrata");
    assert_eq!(browser.value("#sheet select[name=amount]").await, "2");
    // Where it can go.
    bob.create_item("Marinara").await;
    browser
        .read("#sheet select[name=item_id]", "Marinara")
        .await;
    browser
        .choose("#sheet select[name=item_id]", "Marinara")
        .await;
    browser.press("Move Burrata").await;
    browser.read("#item-2-features", "Burrata").await;
    browser.see_no("#sheet").await;

    browser.press("More about Margherita").await;
    bob.edit_item(1, "Regina", "vegan").await;
    browser.read("#sheet h2", "Regina").await;
    browser.press("Delete Regina").await;
    browser.see_no("#item-1").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_types_there_stays_until_one_wants_it_afresh() {
    let savt = savt().await;
    let browser = at_the_menu_of(&savt, "Mozzarella").await;
    browser.look(PHONE, false).await;
    let field = "#sheet input[name=name]";
    browser.retype(field, "half a na").await;
    let bob = savt.person_called("Bob").await;
    // Elsewhere.
    bob.create_item("Marinara").await;
    bob.suggest("Salt", 1, None).await;
    browser.see("#feature-2").await;
    bob.veto(1).await;
    browser
        .read("#sheet .stale", "This has changed meanwhile.")
        .await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a na");
    browser.screenshot("menu-changed-phone-light").await;
    browser.press("Show it as it is now").await;
    browser.read("#sheet .vetoers", "vetoed by Bob").await;
    browser.see_no(".stale").await;
    assert_eq!(browser.value(field).await, "Mozzarella");
    // One's own change closes it, and nothing is said.
    browser.retype(field, "Burrata\n").await;
    browser.see_no("#sheet").await;
    browser.read("#feature-1 .name", "Burrata").await;
    browser.see_no(".stale").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_closes_with_a_word_when_its_thing_is_gone() {
    let savt = savt().await;
    let browser = at_the_menu_of(&savt, "Mozzarella").await;
    let bob = savt.person_called("Bob").await;
    bob.delete_feature(1).await;
    browser.see_no("#sheet").await;
    browser.read("#toasts .failed", "deleted").await;

    bob.undo(bob.last_event().await).await;
    browser.see("#feature-1").await;
    browser.press("More about Mozzarella").await;
    browser.retype("#sheet input[name=name]", "half a na").await;
    bob.delete_feature(1).await;
    browser.read("#sheet .toast", "deleted").await;
    let typed = browser.value("#sheet input[name=name]").await;
    assert_eq!(typed, "half a na");
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    browser.press("More about Margherita").await;
    bob.delete_item(1).await;
    browser.see_no("#sheet").await;
    browser.see(".empty").await;
    browser.close().await;
}

/// At a pizza, where the answer with this menu waits until it is let go.
async fn waiting_for_the_menu_of(savt: &Savt, name: &str, address: &str) -> Browser {
    let browser = at_a_pizza(savt).await;
    browser.read("#connection", "Live").await;
    browser.hold_answers(address).await;
    browser.press(&format!("More about {name}")).await;
    browser.see(".more[aria-busy]").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_not_miss_what_others_do_while_it_is_on_its_way() {
    let savt = savt().await;
    let browser = waiting_for_the_menu_of(&savt, "Mozzarella", "/features/").await;
    let bob = savt.person_called("Bob").await;
    bob.edit_feature(1, "Burrata", 2).await;
    browser.read("#feature-1 .name", "Burrata").await;
    browser.see_no("#sheet").await;
    browser.let_answers_go().await;
    browser.read("#sheet h2", "Burrata ×2").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "Burrata");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_closes_with_a_word_when_its_row_went_while_it_was_on_its_way() {
    let savt = savt().await;
    let browser = waiting_for_the_menu_of(&savt, "Mozzarella", "/features/").await;
    savt.person_called("Bob").await.delete_feature(1).await;
    browser.see_no("#feature-1").await;
    browser.let_answers_go().await;
    browser.read("#toasts .failed", "deleted").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1 .more").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_closes_with_a_word_when_its_card_went_while_it_was_on_its_way() {
    let savt = savt().await;
    let browser = waiting_for_the_menu_of(&savt, "Margherita", "/items/").await;
    savt.person_called("Bob").await.delete_item(1).await;
    browser.see_no("#item-1").await;
    browser.let_answers_go().await;
    browser.read("#toasts .failed", "deleted").await;
    browser.see_no("#sheet").await;
    browser.close().await;
}
