//! Keyboard shortcuts: each works as listed, none acts on text fields, and users can disable them.

use super::{open_pizza_board, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, ESCAPE},
};

const SUGGEST_FIELD: &str = "#item-1 .suggest input[name=name]";

/// Removes the focus from the focused field.
async fn blur(browser: &Browser) {
    browser.script("document.activeElement.blur()").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_move_between_rows_and_veto() {
    let savt = savt().await;
    savt.person().suggest("Salt", 1, None).await;
    let browser = open_item_above_a_free_feature(&savt).await;
    let visible = "#item-1-head .more:focus-visible";
    browser.keys("j").await;
    browser.see(visible).await;
    browser.keys("k").await;
    browser.see(visible).await;
    browser.keys("j").await;
    browser.see("#feature-2 button.veto:focus-visible").await;
    browser.keys("v").await;
    browser.read("#feature-2 .vetoers", "vetoed by").await;
    browser.focus_on("#feature-2 [aria-pressed=true]").await;
    browser.keys("j").await;
    browser.focus_on("#feature-1 button.veto").await;
    browser.keys("j").await;
    browser.focus_on("#feature-1 button.veto").await;
    browser.keys("kk").await;
    browser.keys("m").await;
    browser.read("#sheet h2", "Margherita").await;
    // Shortcuts do not act behind the open sheet.
    browser.keys("v").await;
    browser.keys("j").await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1-head .more").await;
    // Shortcuts skip hidden rows.
    let mine = "#filter label:has([value=mine])";
    browser.see(mine).await.click().await.unwrap();
    browser.see_no("#feature-1").await;
    browser.keys("j").await;
    browser.see(visible).await;
    browser.keys("jj").await;
    browser.focus_on("#feature-2 button.veto").await;
    browser.keys("u").await;
    browser.see_no("#feature-2 .vetoers").await;
    browser.close().await;
}

/// Creates an item with one feature and opens the board, where an existing free feature follows it.
async fn open_item_above_a_free_feature(savt: &Savt) -> Browser {
    let alice = savt.person_called("Alice").await;
    let margherita = alice.create_item("Margherita").await;
    alice.suggest("Mozzarella", 1, margherita).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn shortcuts_focus_fields_and_are_ignored_while_typing() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    blur(&browser).await;
    browser.keys("n").await;
    browser.focus_on("#create-item input[name=name]").await;
    browser.keys("nvjmsufh?").await;
    assert_eq!(
        browser.value("#create-item input[name=name]").await,
        "nvjmsufh?"
    );
    browser.see_no("#sheet").await;
    blur(&browser).await;
    browser.keys("j").await;
    browser.focus_on("#item-1-head .more").await;
    browser.keys("s").await;
    browser.focus_on(SUGGEST_FIELD).await;
    browser.keys("s\n").await;
    browser.read("#feature-2 .name", "s").await;
    blur(&browser).await;
    browser.keys("s").await;
    browser
        .focus_on("#free-features + .suggest input[name=name]")
        .await;
    // Letters select an option of a focused list, and combinations with Ctrl belong to the browser.
    for (field, key) in [("#item-1 .suggest select", "h"), ("#presence", "\u{e009}h")] {
        browser.type_into(SUGGEST_FIELD, "x").await;
        browser
            .script(&format!("document.querySelector({field:?}).focus()"))
            .await;
        browser.keys(key).await;
        browser.focus_on(field).await;
    }
    browser.keys("f").await;
    browser.see("#filter label:has(:checked:focus)").await;
    browser.keys("h").await;
    browser.see(".history").await;
    assert_eq!(browser.path().await, "/history");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shortcut_list_opens_closes_and_disables_shortcuts() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    blur(&browser).await;
    browser.keys("j").await;
    browser.keys("?").await;
    browser.read("#sheet[open] h2", "Keyboard shortcuts").await;
    browser.read("#sheet dl", "Add a new pizza").await;
    browser.read("#sheet dl", "Redo what you undid last").await;
    browser.screenshot("shortcuts-desktop-light").await;
    browser.keys("?").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1-head .more").await;

    browser.keys("?").await;
    let enabled = "#sheet .keys [type=checkbox]:checked";
    browser.see(enabled).await.click().await.unwrap();
    browser.see_no(enabled).await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    for _ in 0..2 {
        browser.keys("n").await;
        browser.keys("?").await;
        browser.see_no("#sheet, #create-item input:focus").await;
        browser.go("/").await;
    }
    // Disabled shortcuts can be enabled again.
    browser.press("Keyboard shortcuts").await;
    browser
        .see("#sheet .keys [type=checkbox]:not(:checked)")
        .await
        .click()
        .await
        .unwrap();
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#keys").await;
    browser.go("/").await;
    browser.keys("n").await;
    browser.focus_on("#create-item input[name=name]").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_shortcuts_are_not_offered() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    browser.see(".new-board").await;
    browser.see_no("#keys").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u_undoes_ones_changes_one_by_one_and_shift_u_redoes_them() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    blur(&browser).await;
    // Before any response arrives.
    browser.hold_responses("/last").await;
    browser.keys("uu").await;
    browser.release_responses().await;
    browser.see_no("#item-1").await;
    browser.read("#toasts .toast", "undid event 2").await;
    browser.read("#toasts .toast form", "Redo").await;
    // Loading the page anew does not matter.
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser.keys("u").await;
    browser
        .read("#toasts .failed", "You have no more changes to undo")
        .await;
    browser.keys("UU").await;
    browser.read("#feature-1 .name", "Mozzarella").await;
    browser.keys("U").await;
    browser
        .read("#toasts .failed", "There is nothing to redo")
        .await;
    browser.keys("u").await;
    browser.see_no("#feature-1").await;
    browser.press("Redo").await;
    browser.read("#feature-1 .name", "Mozzarella").await;

    browser.go("/history").await;
    browser.press("Undo my last change").await;
    browser.read(".event:first-child p", "undid event 3").await;
    browser.press("Redo what I undid").await;
    browser.read(".event:first-child p", "restores").await;
    browser.close().await;
}
