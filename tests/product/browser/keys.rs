//! Keys: each does what the list says, none while one types, and none at all for those who switch them off.

use super::{at_a_pizza, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, ESCAPE},
};

const SUGGEST: &str = "#item-1 .suggest input[name=name]";

/// No field has the focus.
async fn leave_the_field(browser: &Browser) {
    browser.script("document.activeElement.blur()").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_goes_from_row_to_row_and_vetoes() {
    let savt = savt().await;
    savt.person().suggest("Salt", 1, None).await;
    let browser = at_a_pizza_below(&savt).await;
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
    // No letter reaches what lies behind.
    browser.keys("v").await;
    browser.keys("j").await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1-head .more").await;
    // Only what is shown is a row.
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

/// At a pizza with one topping, above one for all.
async fn at_a_pizza_below(savt: &Savt) -> Browser {
    let alice = savt.person_called("Alice").await;
    let margherita = alice.create_item("Margherita").await;
    alice.suggest("Mozzarella", 1, margherita).await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_to_fields_and_do_nothing_there() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    leave_the_field(&browser).await;
    browser.keys("n").await;
    browser.focus_on("#create-item input[name=name]").await;
    browser.keys("nvjmsufh?").await;
    assert_eq!(
        browser.value("#create-item input[name=name]").await,
        "nvjmsufh?"
    );
    browser.see_no("#sheet").await;
    leave_the_field(&browser).await;
    browser.keys("j").await;
    browser.focus_on("#item-1-head .more").await;
    browser.keys("s").await;
    browser.focus_on(SUGGEST).await;
    browser.keys("s\n").await;
    browser.read("#feature-2 .name", "s").await;
    leave_the_field(&browser).await;
    browser.keys("s").await;
    browser
        .focus_on("#free-features + .suggest input[name=name]")
        .await;
    // A list of amounts is chosen from by letters, too; with Ctrl they are the browser's.
    for (field, key) in [("#item-1 .suggest select", "h"), ("#presence", "\u{e009}h")] {
        browser.type_into(SUGGEST, "x").await;
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
async fn their_list_opens_closes_and_switches_them_off() {
    let savt = savt().await;
    let browser = at_a_pizza(&savt).await;
    leave_the_field(&browser).await;
    browser.keys("j").await;
    browser.keys("?").await;
    browser.read("#sheet[open] h2", "Keys").await;
    browser.read("#sheet dl", "Add a new pizza").await;
    browser.screenshot("keys-desktop-light").await;
    browser.keys("?").await;
    browser.see_no("#sheet").await;
    browser.focus_on("#item-1-head .more").await;

    browser.keys("?").await;
    let on = "#sheet .keys [type=checkbox]:checked";
    browser.see(on).await.click().await.unwrap();
    browser.see_no(on).await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    for _ in 0..2 {
        browser.keys("n").await;
        browser.keys("?").await;
        browser.see_no("#sheet, #create-item input:focus").await;
        browser.go("/").await;
    }
    // Who switched them off finds the way back.
    browser.press("Keys").await;
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
async fn without_script_nobody_is_told_of_keys() {
    let savt = savt().await;
    let browser = Browser::without_script(savt.address()).await;
    browser.see(".new-board").await;
    browser.see_no("#keys").await;
    browser.close().await;
}
