//! The sheet and the forms, with what they reject.

use super::{
    super::{layout::assert_fits, savt},
    assert_accessible, open_demo_on_phone, submit_without_javascript,
};
use crate::harness::browser::too_long_name;

light_and_dark!(the_sheet_is_accessible);
async fn the_sheet_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let pineapple = savt.person().page().await.feature("Pineapple").id;
    for name in ["Ines", "Jack"] {
        savt.person_called(name).await.veto(pineapple).await;
    }
    for link in ["3 more who vetoed Pineapple", "More about Hawaii", "1 here"] {
        browser.press(link).await;
        browser.see("#sheet[open] h2").await;
        assert_accessible(&browser, link).await;
        browser.press("Close").await;
        browser.see_no("#sheet").await;
    }
    browser.keys("?").await;
    browser.see("#sheet[open] .keys").await;
    assert_accessible(&browser, "the shortcut list").await;
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    browser.see("#keys").await;
    browser.press("More about Pineapple").await;
    browser.retype("#sheet input[name=name]", "ham\n").await;
    browser.read("#edit-reason", "another name").await;
    assert_accessible(&browser, "a sheet with a rejection").await;
    savt.person_called("Karl").await.veto(pineapple).await;
    browser.read("#sheet .outdated", "has changed").await;
    assert_accessible(&browser, "an outdated sheet").await;
    for page in ["/features/1", "/items/1", "/presence", "/boards", "/result"] {
        browser.go(page).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

light_and_dark!(the_settings_are_accessible);
async fn the_settings_are_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    browser.press("Pizza night").await;
    browser.see("#sheet .settings-form").await;
    browser.retype("#sheet [name=item_word]", "venue").await;
    browser.press("Save").await;
    browser.read("#edit-words-reason", "all four").await;
    assert_accessible(&browser, "rejected settings").await;
    assert_fits(&browser, "rejected settings").await;
    let scheme = if dark { "dark" } else { "light" };
    browser
        .screenshot(&format!("settings-rejected-{scheme}"))
        .await;
    browser.retype("#sheet [name=item_word]", "").await;
    browser
        .choose("#sheet [name=reasons]", "has to say why")
        .await;
    browser.press("Save").await;
    browser.see_no("#sheet").await;
    browser.see("#board-name[data-reasons]").await;
    browser.press("Veto Basil").await;
    browser.read("#sheet #veto-reason", "has to say why").await;
    assert_accessible(&browser, "a veto that has to say why").await;
    browser
        .screenshot(&format!("veto-needs-reason-{scheme}"))
        .await;
    browser.close().await;
}

light_and_dark!(rejected_forms_are_accessible);
async fn rejected_forms_are_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let long = too_long_name();
    browser
        .type_into("#item-1 .suggest input[name=name]", &format!("{long}\n"))
        .await;
    browser.read("#suggest-reason-1", "too long").await;
    assert_accessible(&browser, "a rejected suggestion").await;
    for (form, reason) in [
        ("#create-item", "#create-item-reason"),
        ("#item-1 .suggest", "#suggest-reason-1"),
        (".new-board", "#new-board-reason"),
    ] {
        browser.go("/").await;
        submit_without_javascript(&browser, form, &long).await;
        browser.read(reason, "too long").await;
        let field = format!("{form} [aria-describedby={reason:?}]").replace("\"#", "\"");
        browser.see(&field).await;
        assert_accessible(&browser, &format!("the page of {reason}")).await;
    }
    browser.close().await;
}
