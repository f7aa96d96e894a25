//! Accessibility: axe-core finds no violation in any state of a page, in either color scheme, and every page fits when
//! the font size is doubled.

use std::fmt::Write;

use serde_json::Value;

use super::savt;
use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE},
};

const AXE: &str = include_str!("../vendor/axe/axe.min.js");

/// Where the button for consent covers part of a row, axe takes the row for too small; the row can be scrolled.
const SET_CONSENT_POSITION: &str =
    "const panel = document.getElementById('consent'); if (panel) panel.style.position =";

/// Cards off the screen have the height of an estimate, so their rows overlap with other cards until they are scrolled to.
const SHOW_ALL_CARDS: &str = "
    const rule = '#items > li { content-visibility: visible !important }';
    const sheet = document.styleSheets[0];
    if (sheet) sheet.insertRule(rule, sheet.cssRules.length);
";

/// Returns each element that violates WCAG 2.2 (level AA) or a best practice of axe.
const FIND_VIOLATIONS: &str = "
    const resolve = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const frame = () => new Promise(requestAnimationFrame);
    // Colors are checked after their transitions end.
    const animationsFinished = async () => {
        await frame();
        await frame();
        await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
    };
    // Sizes and overlaps are checked once nothing has moved for a while: cards off the screen get their height when they come near.
    const layout = () => [...document.querySelectorAll('button, a, input, summary')].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].join();
    }).join(' ');
    const layoutSettled = async () => {
        for (let before, now = layout(), tries = 0; before !== now && tries < 20; tries += 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            before = now;
            now = layout();
        }
    };
    animationsFinished().then(layoutSettled).then(() => axe.run(document.querySelector('WITHIN'), { runOnly: tags, resultTypes: ['violations'], preload: false })).then(
        ({ violations, passes }) => resolve({
            passed: passes.length,
            found: violations.flatMap((rule) => rule.nodes.map((node) => ({
                rule: rule.id, help: rule.help, target: node.target.join(' '), why: node.failureSummary,
            }))),
        }),
        (error) => resolve({ passed: 0, found: [{ rule: 'axe failed', help: String(error) }] }),
    );
";

/// Runs a test in both color schemes, as `name::light` and `name::dark`. Each loads its pages in that scheme, because
/// Chromium does not repaint all text when the scheme changes.
macro_rules! light_and_dark {
    ($test:ident) => {
        mod $test {
            #[tokio::test(flavor = "multi_thread")]
            async fn light() {
                super::$test(false).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn dark() {
                super::$test(true).await;
            }
        }
    };
}

mod decisions;
mod pages;
mod people;
mod sheets;

/// Opens the board in a window of phone size.
async fn open_on_phone(savt: &Savt, dark: bool) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(PHONE, dark).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser
}

/// Opens the demo board of `savt seed` in a window of phone size.
async fn open_demo_on_phone(savt: &Savt, dark: bool) -> Browser {
    savt.demo().await;
    open_on_phone(savt, dark).await
}

/// Asserts that axe finds no violation in the page as shown.
pub(crate) async fn assert_accessible(browser: &Browser, what: &str) {
    assert_accessible_within(browser, "html", what).await;
}

/// The same for a part of the page: what lies below an open panel is covered in part.
async fn assert_accessible_within(browser: &Browser, css: &str, what: &str) {
    if browser.script("return !window.axe").await == true {
        browser.script(AXE).await;
    }
    browser.script(SHOW_ALL_CARDS).await;
    browser
        .script(&format!("{SET_CONSENT_POSITION} 'static'"))
        .await;
    let find = FIND_VIOLATIONS.replace("WITHIN", css);
    let result = browser.script_async(&find).await;
    browser.script(&format!("{SET_CONSENT_POSITION} ''")).await;
    let violations = describe(&result["found"]);
    assert!(violations.is_empty(), "{what}:{violations}");
    let passed = result["passed"].as_i64();
    assert!(passed > Some(5), "axe checked too few rules of {what}");
}

/// Keeps toasts open until the end of the test.
async fn keep_toasts(browser: &Browser) {
    browser
        .script(
            "const originalSetTimeout = window.setTimeout;
             window.setTimeout = (callback, ms, ...args) => ms >= 10_000 ? 0 : originalSetTimeout(callback, ms, ...args);",
        )
        .await;
}

fn describe(violations: &Value) -> String {
    let mut description = String::new();
    for violation in violations.as_array().unwrap() {
        let part = |name: &str| violation[name].as_str().unwrap_or_default().to_owned();
        let (rule, help, target, why) = (part("rule"), part("help"), part("target"), part("why"));
        // Writing to a String cannot fail.
        let _ = write!(description, "\n{rule}: {help}\n  at {target}\n  {why}");
    }
    description
}

/// Submits a form as a browser without JavaScript does.
async fn submit_without_javascript(browser: &Browser, form: &str, name: &str) {
    let name = serde_json::json!(name);
    browser
        .script(&format!(
            "const form = document.querySelector({form:?});
             form.elements.name.value = {name};
             HTMLFormElement.prototype.submit.call(form);"
        ))
        .await;
}

light_and_dark!(the_board_is_accessible);
async fn the_board_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_on_phone(&savt, dark).await;
    assert_accessible(&browser, "an empty board").await;

    savt.demo().await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    assert_accessible(&browser, "the demo board").await;
    keep_toasts(&browser).await;
    for topping in ["Olives", "Tuna", "Tiramisù"] {
        let veto = browser.see(&format!("[aria-label='Veto {topping}']")).await;
        // With the keyboard, because a toast may cover the button.
        veto.send_keys("\n").await.unwrap();
        browser
            .see(&format!("[aria-label='Take back veto on {topping}']"))
            .await;
    }
    browser.see("#toasts .toast:last-child").await;
    assert_accessible(&browser, "own vetoes, with toasts").await;
    browser.go("/").await;
    assert_accessible(&browser, "own vetoes").await;
    for choice in ["vetoed", "mine"] {
        let choice = format!("#filter label:has([value={choice}])");
        browser.see(&choice).await.click().await.unwrap();
        browser.read("#shown output", "Showing").await;
        assert_accessible(&browser, &choice).await;
    }
    browser.close().await;
}
