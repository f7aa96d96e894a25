//! Accessibility: axe-core finds no violation in any state of a page, in either color scheme, and every page fits when
//! the font size is doubled.

use std::fmt::Write;

use serde_json::Value;

use super::{layout::assert_fits, password, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE, SCREENS, too_long_name},
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

light_and_dark!(the_name_panel_is_accessible);
async fn the_name_panel_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    assert_accessible_within(&browser, "#me", "the name panel").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-reason", "This name is taken").await;
    assert_accessible_within(&browser, "#me", "a taken name").await;
    browser.close().await;
}

light_and_dark!(a_personal_link_is_accessible);
async fn a_personal_link_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_on_phone(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-name", "You are Alice").await;
    browser.go("/").await;
    browser.press("You are Alice").await;
    browser.see("#me .personal-link").await;
    assert_accessible_within(&browser, "#me", "the name panel with a personal link").await;
    browser.press("Use your name on another device").await;
    browser.see("#sheet[open] svg.qr").await;
    assert_fits(&browser, "a personal link").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("personal-link-{scheme}")).await;
    assert_accessible(&browser, "a personal link").await;
    let path = "const link = new URL(document.querySelector('#sheet .address a').href);
                return link.pathname + link.search";
    let path = browser.script(path).await.as_str().unwrap().to_owned();

    let other = open_on_phone(&savt, dark).await;
    other.go(&path).await;
    other.read("main h2", "Are you Alice?").await;
    assert_fits(&other, "the confirmation page").await;
    other
        .screenshot(&format!("personal-link-confirmation-{scheme}"))
        .await;
    assert_accessible(&other, "the confirmation page").await;
    other.press("Yes, I am Alice").await;
    other.read("#me-name", "You are Alice").await;
    other.go(&path).await;
    assert_eq!(
        other.path().await,
        "/",
        "a browser with this name skips the confirmation"
    );
    browser.close().await;
    other.close().await;
}

light_and_dark!(the_reference_of_the_api_is_accessible);
async fn the_reference_of_the_api_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(PHONE, dark).await;
    browser.go("/api").await;
    browser.read("h1", "SAVT API").await;
    assert_fits(&browser, "the reference of the API").await;
    assert_accessible(&browser, "the reference of the API").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("api-{scheme}")).await;
    browser.close().await;
}

light_and_dark!(the_login_page_is_accessible);
async fn the_login_page_is_accessible(dark: bool) {
    let [closed, _open] = password::start_with_password().await;
    let browser = Browser::at(closed.address()).await;
    browser.set_viewport(PHONE, dark).await;
    browser.go("/").await;
    browser.read("main h2", "Log in to SAVT").await;
    assert_fits(&browser, "the login page").await;
    assert_accessible(&browser, "the login page").await;
    browser.type_into("input[name=password]", "wrong\n").await;
    browser.read("#login-reason", "Wrong password").await;
    assert_fits(&browser, "a wrong password").await;
    assert_accessible(&browser, "a wrong password").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("login-{scheme}")).await;
    let password = format!("{}\n", password::PASSWORD);
    browser.type_into("input[name=password]", &password).await;
    browser.read("#connection", "Live").await;
    assert_accessible(&browser, "a board behind the password").await;
    browser.see(".log-out button").await;
    browser.screenshot(&format!("log-out-{scheme}")).await;
    browser.close_despite(&["422"]).await;
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

light_and_dark!(other_pages_are_accessible);
async fn other_pages_are_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let berta = savt.person_called("Berta").await;
    berta.delete_feature(1).await;
    berta.undo(berta.last_event().await).await;
    berta.delete_feature(2).await;
    for (page, text) in [
        ("/history", "undone by"),
        ("/nothing", "no page at this address"),
        ("/features/2", "deleted"),
    ] {
        browser.go(page).await;
        browser.read("main", text).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

light_and_dark!(closing_is_accessible);
async fn closing_is_accessible(dark: bool) {
    let savt = savt().await;
    savt.demo().await;
    let anna = savt.person_called("Anna").await;
    let deadline = [("at", "2999-12-31T23:30")];
    anna.post("/close", &deadline).await.is(303);
    let browser = open_on_phone(&savt, dark).await;
    browser.read("#outcome .clock", "in ").await;
    assert_accessible(&browser, "a board with a deadline").await;
    assert_fits(&browser, "a board with a deadline").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.press("Change or close now").await;
    browser.see("#close-form").await;
    browser
        .see("#close-form summary")
        .await
        .click()
        .await
        .unwrap();
    browser.screenshot(&format!("closing-{scheme}")).await;
    assert_accessible(&browser, "the form that closes a board").await;
    assert_fits(&browser, "the form that closes a board").await;
    let outcome = [
        ("chosen", "2"),
        ("outcome", "At eight, at Anna's.\nBring wine."),
    ];
    anna.post("/close", &outcome).await.is(303);
    for path in ["/", "/?view=wall", "/close", "/items/1"] {
        browser.go(path).await;
        browser.read("#outcome h2", "Decided: Marinara").await;
        assert_accessible(&browser, path).await;
        assert_fits(&browser, path).await;
    }
    for (width, screen) in SCREENS {
        browser.set_viewport(width, dark).await;
        for (path, name) in [("/", "board"), ("/?view=wall", "projector")] {
            browser.go(path).await;
            browser.read("#connection", "Live").await;
            browser
                .screenshot(&format!("closed-{name}-{screen}-{scheme}"))
                .await;
        }
    }
    browser.close().await;
}

light_and_dark!(an_offline_page_is_accessible);
async fn an_offline_page_is_accessible(dark: bool) {
    let savt = savt().await;
    savt.person().suggest("Mozzarella", 1, None).await;
    let browser = open_on_phone(&savt, dark).await;
    keep_toasts(&browser).await;
    browser.offline(true).await;
    browser.read("#connection", "Offline, as of").await;
    browser.press("Veto Mozzarella").await;
    browser.read("#toasts .failed", "You are offline").await;
    assert_accessible(&browser, "offline").await;
    browser
        .close_despite(&["ERR_INTERNET_DISCONNECTED", "htmx"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_at_double_font_size() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::with_large_font(savt.address()).await;
    let size = "return getComputedStyle(document.querySelector('.feature .name')).fontSize";
    assert_eq!(browser.script(size).await, "32px");
    for (width, screen) in SCREENS {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        assert_fits(&browser, "the board").await;
        browser.see("#item-1 .suggest input[name=name]").await;
        browser
            .type_into("#item-1 .suggest input[name=name]", "Basil")
            .await;
        assert_fits(&browser, "a suggestion").await;
        browser
            .screenshot(&format!("large-font-{screen}-light"))
            .await;
        browser.go("/").await;
        browser.press("Who are you?").await;
        assert_fits(&browser, "the name panel").await;
        browser
            .screenshot(&format!("large-font-name-panel-{screen}-light"))
            .await;
        for page in ["/features/1", "/items/1", "/history", "/nothing"] {
            browser.go(page).await;
            assert_fits(&browser, page).await;
        }
        browser.go("/").await;
        browser.press("More about Margherita").await;
        browser.see("#sheet[open]").await;
        assert_fits(&browser, "the sheet").await;
        browser
            .screenshot(&format!("large-font-sheet-{screen}-light"))
            .await;
    }
    browser.close().await;
}

light_and_dark!(consent_is_accessible);
async fn consent_is_accessible(dark: bool) {
    let savt = savt().await;
    let browser = open_demo_on_phone(&savt, dark).await;
    let zoe = savt.person_called("Zoe").await;
    browser.see("#consent button").await;
    assert_accessible(&browser, "the button for consent").await;
    browser.press("I’m fine with the rest").await;
    browser.read("#consent", "You are fine").await;
    browser.press("Not now").await;
    assert_accessible(&browser, "a given consent").await;
    zoe.suggest("Capers", 1, 1).await;
    browser.read("#consent", "1 new topping").await;
    browser.see("main [data-new]").await;
    assert_accessible(&browser, "an outdated consent").await;
    let count = browser.see("#consent .fine-count").await;
    count.click().await.unwrap();
    browser.read("#sheet", "Since then something came").await;
    assert_accessible(&browser, "the list of people").await;
    browser.close().await;
}

light_and_dark!(new_boards_and_notes_are_accessible);
async fn new_boards_and_notes_are_accessible(dark: bool) {
    let savt = savt().await;
    let person = savt.person_called("Ann").await;
    let item = person.create_item("Margherita").await;
    person.suggest("Ham", 1, item).await;
    let note = "One\nhttps://example.com/menu\nThree\nFour";
    let fields = [("name", "Margherita"), ("note", note)];
    let path = format!("/items/{item}/edit");
    person.post(&path, &fields).await.is(303);
    let browser = open_on_phone(&savt, dark).await;
    browser.press("Start from a template").await;
    browser.see(".templates button").await;
    assert_accessible(&browser, "a board with a note and the templates").await;
    browser.press("More about Margherita").await;
    browser.see("#sheet textarea").await;
    assert_accessible(&browser, "the field for a note").await;
    browser.go("/copy").await;
    browser.see(".new-board input").await;
    assert_accessible(&browser, "the form for a copy").await;
    browser.close().await;
}
