//! Toasts: one at a time, gone once outdated, and never over what the user works on.

use super::savt;
use crate::harness::{
    app::Savt,
    browser::{Browser, ESCAPE},
};

const WIDTH: u32 = 390;

/// The height of a line of text with its buttons, in CSS pixels.
const ONE_LINE: f64 = 60.0;

/// A board with more rows than a phone shows, on a phone.
async fn open_long_board_on_phone(savt: &Savt) -> Browser {
    let alice = savt.person_called("Alice").await;
    for item in 1..=4 {
        let pizza = alice.create_item(&format!("Pizza number {item}")).await;
        for feature in 1..=6 {
            let name = format!("A topping with a long name, number {item}.{feature}");
            alice.suggest(&name, 1, pizza).await;
        }
    }
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(WIDTH, false).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser
}

/// Waits until there is one toast, within the visible part of the page, that does not intersect the element.
async fn assert_clear_of(browser: &Browser, css: &str) {
    let script = format!(
        "const toast = document.querySelector('#toasts .toast:last-child')?.getBoundingClientRect();
         const element = document.querySelector({css:?})?.getBoundingClientRect();
         const bottom = visualViewport.offsetTop + visualViewport.height;
         return Boolean(toast && element)
             && [...document.querySelectorAll('.toast')].filter((toast) => toast.checkVisibility()).length === 1
             && toast.top >= visualViewport.offsetTop && toast.bottom <= bottom
             && (toast.bottom <= element.top || toast.top >= element.bottom);"
    );
    browser.until_script(&script, true).await;
    let height = "return document.querySelector('#toasts .toast:last-child').offsetHeight";
    let height = browser.script(height).await.as_f64().unwrap();
    assert!(height <= ONE_LINE, "the toast over {css} is {height} high");
}

/// Scrolls an element to an edge of the page ("start" or "end") and clicks it.
async fn click_at(browser: &Browser, css: &str, edge: &str) {
    browser
        .script(&format!(
            "const element = document.querySelector({css:?});
             document.documentElement.style.scrollPadding = '0';
             element.scrollIntoView({{ block: {edge:?}, behavior: 'instant' }});
             element.click();"
        ))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_toast_on_a_phone_covers_neither_the_row_nor_the_field() {
    let savt = savt().await;
    let browser = open_long_board_on_phone(&savt).await;
    for (feature, edge) in [(9, "end"), (10, "start"), (11, "center")] {
        let row = format!("#feature-{feature}");
        click_at(&browser, &format!("{row} button.veto"), edge).await;
        browser.see(&format!("{row} .vetoers")).await;
        browser
            .read("#toasts .toast", &format!("number 2.{}", feature - 6))
            .await;
        assert_clear_of(&browser, &row).await;
        browser.screenshot(&format!("toast-phone-{edge}")).await;
    }
    // The field at the bottom, also above the keyboard.
    let field = "#item-3 .suggest input[name=name]";
    for (height, name) in [(800, "Basil"), (420, "Olives")] {
        browser
            .script(&format!(
                "Object.defineProperty(visualViewport, 'height', {{ value: {height}, configurable: true }});
                 const field = document.querySelector({field:?});
                 field.focus();
                 window.scrollBy({{ top: field.getBoundingClientRect().bottom - {height} + 4, behavior: 'instant' }});
                 visualViewport.dispatchEvent(new Event('resize'));"
            ))
            .await;
        browser
            .script(&format!(
                "const field = document.querySelector({field:?});
                 field.value = {name:?};
                 field.form.requestSubmit();"
            ))
            .await;
        browser.read("#toasts .toast", name).await;
        browser.focus_on(field).await;
        assert_clear_of(&browser, field).await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outdated_toast_goes() {
    let savt = savt().await;
    let browser = open_long_board_on_phone(&savt).await;
    let alice = savt.person();
    let veto = async || {
        click_at(&browser, "#feature-2 button.veto", "center").await;
        browser.see("#feature-2 [aria-pressed=true]").await;
        browser.see("#toasts .add-reason").await;
    };
    veto().await;
    alice.claim("User-2").await;
    // Withdrawn on another device.
    alice.withdraw_veto(2).await;
    browser.see_no("#toasts .add-reason").await;
    browser.see("#feature-2 .veto:not([aria-pressed])").await;
    // Undone on another device.
    alice.veto(2).await;
    browser.see("#feature-2 [aria-pressed=true]").await;
    click_at(&browser, "#feature-3 button.veto", "center").await;
    browser.see("#toasts .add-reason").await;
    alice.undo(alice.last_event().await).await;
    browser.see_no("#toasts .toast").await;
    // A sheet that is still open cannot veto again.
    click_at(&browser, "#feature-4 button.veto", "center").await;
    browser.see("#toasts .add-reason").await;
    click_at(&browser, "#toasts .add-reason", "nearest").await;
    browser
        .focus_on("#sheet .reason-form input:not([type=hidden])")
        .await;
    alice.withdraw_veto(4).await;
    browser.see("#feature-4 .veto:not([aria-pressed])").await;
    browser.keys("too salty\n").await;
    browser
        .read("#sheet .toast", "You have taken back your veto")
        .await;
    browser.keys(ESCAPE).await;
    browser.see_no("#sheet").await;
    assert_eq!(
        alice
            .page()
            .await
            .feature("A topping with a long name, number 1.4")
            .vetoers,
        None
    );
    browser.close().await;
}
