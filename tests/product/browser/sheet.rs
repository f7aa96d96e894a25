//! The open sheet: it shows changes by others to its item or feature, and keeps what the user types.

use super::{open_pizza_board, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE},
};

/// Opens the sheet of this item or feature.
async fn open_sheet(savt: &Savt, name: &str) -> Browser {
    let browser = open_pizza_board(savt).await;
    browser.read("#connection", "Live").await;
    browser.press(&format!("More about {name}")).await;
    browser.see("#sheet[open] h2").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_sheet_shows_changes_by_others() {
    let savt = savt().await;
    let browser = open_sheet(&savt, "Mozzarella").await;
    let bob = savt.person_called("Bob").await;
    bob.veto(1).await;
    browser.read("#sheet .vetoers", "vetoed by Bob").await;
    browser.focus_on("#sheet .close button").await;
    bob.edit_feature(1, "Burrata", 2).await;
    browser.read("#sheet h2", "Burrata ×2").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "Burrata");
    assert_eq!(browser.value("#sheet select[name=amount]").await, "2");
    // A new item becomes a target to move to.
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
async fn input_stays_until_the_latest_version_is_requested() {
    let savt = savt().await;
    let browser = open_sheet(&savt, "Mozzarella").await;
    browser.set_viewport(PHONE, false).await;
    let field = "#sheet input[name=name]";
    browser.retype(field, "half a na").await;
    let bob = savt.person_called("Bob").await;
    // Changes elsewhere on the board.
    bob.create_item("Marinara").await;
    bob.suggest("Salt", 1, None).await;
    // It may be below the window.
    browser
        .until_script("return !!document.getElementById('feature-2')", true)
        .await;
    bob.veto(1).await;
    browser
        .read("#sheet .outdated", "This has changed in the meantime.")
        .await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a na");
    browser.screenshot("sheet-outdated-phone-light").await;
    browser.press("Show the latest version").await;
    browser.read("#sheet .vetoers", "vetoed by Bob").await;
    browser.see_no(".outdated").await;
    assert_eq!(browser.value(field).await, "Mozzarella");
    // An own change closes the sheet without a notice.
    browser.retype(field, "Burrata\n").await;
    browser.see_no("#sheet").await;
    browser.read("#feature-1 .name", "Burrata").await;
    browser.see_no(".outdated").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_closes_when_its_object_is_deleted_unless_it_holds_input() {
    let savt = savt().await;
    let browser = open_sheet(&savt, "Mozzarella").await;
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

/// Opens a board and requests a sheet, whose response is held until [`Browser::release_responses`].
async fn open_with_held_sheet(savt: &Savt, name: &str, address: &str) -> Browser {
    let browser = open_pizza_board(savt).await;
    browser.read("#connection", "Live").await;
    browser.hold_responses(address).await;
    browser.press(&format!("More about {name}")).await;
    browser.see(".more[aria-busy]").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loading_sheet_includes_concurrent_changes() {
    let savt = savt().await;
    let browser = open_with_held_sheet(&savt, "Mozzarella", "/features/").await;
    let bob = savt.person_called("Bob").await;
    bob.edit_feature(1, "Burrata", 2).await;
    browser.read("#feature-1 .name", "Burrata").await;
    browser.see_no("#sheet").await;
    browser.release_responses().await;
    browser.read("#sheet h2", "Burrata ×2").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "Burrata");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loading_sheet_of_a_deleted_feature_closes_with_a_message() {
    let savt = savt().await;
    let browser = open_with_held_sheet(&savt, "Mozzarella", "/features/").await;
    savt.person_called("Bob").await.delete_feature(1).await;
    browser.see_no("#feature-1").await;
    browser.release_responses().await;
    browser.read("#toasts .failed", "deleted").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1 .more").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loading_sheet_of_a_deleted_item_closes_with_a_message() {
    let savt = savt().await;
    let browser = open_with_held_sheet(&savt, "Margherita", "/items/").await;
    savt.person_called("Bob").await.delete_item(1).await;
    browser.see_no("#item-1").await;
    browser.release_responses().await;
    browser.read("#toasts .failed", "deleted").await;
    browser.see_no("#sheet").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_form_carries_what_the_person_sees() {
    let savt = savt().await;
    let browser = open_sheet(&savt, "Mozzarella").await;
    let bob = savt.person_called("Bob").await;
    let field = "#sheet input[name=name]";
    let was = "return document.querySelector('#sheet input[name=was_name]').value";
    // A sheet without input follows the changes of others, and so does what the form carries.
    bob.edit_feature(1, "Burrata", 1).await;
    browser.read("#sheet h2", "Burrata").await;
    assert_eq!(browser.value(field).await, "Burrata");
    assert_eq!(browser.script(was).await, "Burrata");
    // A sheet with input stays, and the form carries what the person saw when typing.
    browser.retype(field, "Feta").await;
    bob.edit_feature(1, "Ricotta", 3).await;
    browser.see("#sheet .outdated").await;
    assert_eq!(browser.script(was).await, "Burrata");
    browser.press("Save").await;
    browser
        .read("#edit-reason", "changed the name to Ricotta")
        .await;
    browser.read("#edit-reason", "You entered Feta").await;
    assert_eq!(browser.value(field).await, "Feta");
    assert_eq!(browser.script(was).await, "Ricotta");
    browser.see_no("#toasts .failed").await;
    browser.screenshot("edit-conflict").await;
    browser.press("Save").await;
    browser.see_no("#sheet").await;
    // The amount was not edited here, so it is still that of the other person.
    browser.read("#feature-1", "Feta ×3").await;
    browser.close().await;
}
