//! That everybody can use the pages, however they read and press: axe-core finds nothing in any state of them, in light
//! and in dark, and nothing sticks out where letters are large.

use std::fmt::Write;

use serde_json::Value;

use super::{looks::assert_whole, password, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE, SCREENS},
};

const AXE: &str = include_str!("../vendor/axe/axe.min.js");

/// Each element that breaks a rule of WCAG 2.2 (level AA), or of what axe holds good practice besides.
const FINDINGS: &str = "
    const done = arguments[0];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const frame = () => new Promise(requestAnimationFrame);
    // Colours that go over into one another are looked at when they have come to rest.
    const rest = async () => {
        await frame();
        await frame();
        await Promise.allSettled(document.getAnimations().map((moving) => moving.finished));
    };
    rest().then(() => axe.run(document, { runOnly: tags, resultTypes: ['violations'], preload: false })).then(
        ({ violations, passes }) => done({
            passed: passes.length,
            found: violations.flatMap((rule) => rule.nodes.map((node) => ({
                rule: rule.id, help: rule.help, target: node.target.join(' '), why: node.failureSummary,
            }))),
        }),
        (error) => done({ passed: 0, found: [{ rule: 'axe failed', help: String(error) }] }),
    );
";

/// Runs a test of a browser whose owner likes it light, and one who likes it dark: as `name::light` and `name::dark`. A page
/// is loaded as it is liked, for Chromium leaves some names in their old colour when that changes.
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

/// A phone at this board.
async fn phone_at(savt: &Savt, dark: bool) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.look(PHONE, dark).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    browser
}

/// A phone at the board of `savt seed`.
async fn phone_at_the_demo(savt: &Savt, dark: bool) -> Browser {
    savt.demo().await;
    phone_at(savt, dark).await
}

/// axe finds nothing in the page as it stands.
async fn assert_accessible(browser: &Browser, what: &str) {
    if browser.script("return !window.axe").await == true {
        browser.script(AXE).await;
    }
    let findings = browser.script_async(FINDINGS).await;
    let told = told(&findings["found"]);
    assert!(told.is_empty(), "{what}:{told}");
    let passed = findings["passed"].as_i64();
    assert!(passed > Some(10), "axe looked at {what}");
}

/// Lets toasts stay for as long as the test takes.
async fn keep_toasts(browser: &Browser) {
    browser
        .script(
            "const wait = window.setTimeout;
             window.setTimeout = (what, ms, ...rest) => ms >= 10_000 ? 0 : wait(what, ms, ...rest);",
        )
        .await;
}

fn told(found: &Value) -> String {
    let mut told = String::new();
    for one in found.as_array().unwrap() {
        let part = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
        let (rule, help, target, why) = (part("rule"), part("help"), part("target"), part("why"));
        // Writing to a String cannot fail.
        let _ = write!(told, "\n{rule}: {help}\n  at {target}\n  {why}");
    }
    told
}

/// Sends a form as a browser without script would.
async fn send(browser: &Browser, form: &str, name: &str) {
    let name = serde_json::json!(name);
    browser
        .script(&format!(
            "const form = document.querySelector({form:?});
             form.elements.name.value = {name};
             HTMLFormElement.prototype.submit.call(form);"
        ))
        .await;
}

light_and_dark!(the_board);
async fn the_board(dark: bool) {
    let savt = savt().await;
    let browser = phone_at(&savt, dark).await;
    assert_accessible(&browser, "an empty board").await;

    savt.demo().await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    assert_accessible(&browser, "the demo").await;
    keep_toasts(&browser).await;
    for topping in ["Olives", "Tuna", "Tiramisù"] {
        let veto = browser.see(&format!("[aria-label='Veto {topping}']")).await;
        // By the keyboard, for a toast may lie over it.
        veto.send_keys("\n").await.unwrap();
        browser
            .see(&format!("[aria-label='Take back veto on {topping}']"))
            .await;
    }
    browser.see("#toasts .toast:last-child").await;
    assert_accessible(&browser, "vetoes of one's own, with toasts").await;
    browser.go("/").await;
    assert_accessible(&browser, "vetoes of one's own").await;
    for choice in ["vetoed", "mine"] {
        let choice = format!("#filter label:has([value={choice}])");
        browser.see(&choice).await.click().await.unwrap();
        browser.read("#shown output", "Showing").await;
        assert_accessible(&browser, &choice).await;
    }
    browser.close().await;
}

light_and_dark!(the_sheet);
async fn the_sheet(dark: bool) {
    let savt = savt().await;
    let browser = phone_at_the_demo(&savt, dark).await;
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
    assert_accessible(&browser, "the keys").await;
    browser.press("Close").await;
    browser.see_no("#sheet").await;
    browser.see("#keys").await;
    browser.press("More about Pineapple").await;
    browser.retype("#sheet input[name=name]", "ham\n").await;
    browser.read("#edit-reason", "another name").await;
    assert_accessible(&browser, "a menu that refuses").await;
    savt.person_called("Karl").await.veto(pineapple).await;
    browser.read("#sheet .stale", "has changed").await;
    assert_accessible(&browser, "a menu that is not the latest").await;
    for page in ["/features/1", "/items/1", "/presence", "/boards"] {
        browser.go(page).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

light_and_dark!(who_one_is);
async fn who_one_is(dark: bool) {
    let savt = savt().await;
    let browser = phone_at_the_demo(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    assert_accessible(&browser, "the panel with one's name").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-reason", "That name is taken").await;
    assert_accessible(&browser, "a name that is taken").await;
    browser.close().await;
}

light_and_dark!(a_personal_link);
async fn a_personal_link(dark: bool) {
    let savt = savt().await;
    let browser = phone_at(&savt, dark).await;
    browser.press("Who are you?").await;
    browser.see("#me input[name=name]").await;
    browser.type_into("#me input[name=name]", "Alice\n").await;
    browser.read("#me-name", "You are Alice").await;
    browser.go("/").await;
    browser.press("You are Alice").await;
    browser.see("#me .take-along").await;
    assert_accessible(&browser, "the panel with a way to another device").await;
    browser.press("Take your name to another device").await;
    browser.see("#sheet[open] svg.qr").await;
    assert_whole(&browser, "a personal link").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("personal-link-{scheme}")).await;
    assert_accessible(&browser, "a personal link").await;
    let path = "const link = new URL(document.querySelector('#sheet .address a').href);
                return link.pathname + link.search";
    let path = browser.script(path).await.as_str().unwrap().to_owned();

    let other = phone_at(&savt, dark).await;
    other.go(&path).await;
    other.read("main h2", "Are you Alice?").await;
    assert_whole(&other, "the question").await;
    other
        .screenshot(&format!("personal-link-question-{scheme}"))
        .await;
    assert_accessible(&other, "the question").await;
    other.press("Yes, I am Alice").await;
    other.read("#me-name", "You are Alice").await;
    other.go(&path).await;
    assert_eq!(other.path().await, "/", "there is nothing left to ask");
    browser.close().await;
    other.close().await;
}

light_and_dark!(a_login);
async fn a_login(dark: bool) {
    let [closed, _open] = password::closed().await;
    let browser = Browser::at(closed.address()).await;
    browser.look(PHONE, dark).await;
    browser.go("/").await;
    browser.read("main h2", "Log in to SAVT").await;
    assert_whole(&browser, "the login page").await;
    assert_accessible(&browser, "the login page").await;
    browser.type_into("input[name=password]", "wrong\n").await;
    browser.read("#login-reason", "not the password").await;
    assert_whole(&browser, "a wrong password").await;
    assert_accessible(&browser, "a wrong password").await;
    let scheme = if dark { "dark" } else { "light" };
    browser.screenshot(&format!("login-{scheme}")).await;
    let right = format!("{}\n", password::PASSWORD);
    browser.type_into("input[name=password]", &right).await;
    browser.read("#connection", "Live").await;
    assert_accessible(&browser, "a closed board").await;
    browser.see(".log-out button").await;
    browser.screenshot(&format!("log-out-{scheme}")).await;
    browser.close_despite(&["422"]).await;
}

light_and_dark!(forms_that_are_refused);
async fn forms_that_are_refused(dark: bool) {
    let savt = savt().await;
    let browser = phone_at_the_demo(&savt, dark).await;
    let long = "x".repeat(101);
    browser
        .type_into("#item-1 .suggest input[name=name]", &format!("{long}\n"))
        .await;
    browser.read("#suggest-reason-1", "too long").await;
    assert_accessible(&browser, "a refused suggestion").await;
    for (form, reason) in [
        ("#create-item", "#create-item-reason"),
        ("#item-1 .suggest", "#suggest-reason-1"),
        (".new-board", "#new-board-reason"),
    ] {
        browser.go("/").await;
        send(&browser, form, &long).await;
        browser.read(reason, "too long").await;
        let field = format!("{form} [aria-describedby={reason:?}]").replace("\"#", "\"");
        browser.see(&field).await;
        assert_accessible(&browser, &format!("the page of {reason}")).await;
    }
    browser.close().await;
}

light_and_dark!(other_pages);
async fn other_pages(dark: bool) {
    let savt = savt().await;
    let browser = phone_at_the_demo(&savt, dark).await;
    let bob = savt.person_called("Berta").await;
    bob.delete_feature(1).await;
    bob.undo(bob.last_event().await).await;
    bob.delete_feature(2).await;
    for (page, words) in [
        ("/history", "undone by"),
        ("/nothing", "nothing at this address"),
        ("/features/2", "deleted"),
    ] {
        browser.go(page).await;
        browser.read("main", words).await;
        assert_accessible(&browser, page).await;
    }
    browser.close().await;
}

light_and_dark!(offline);
async fn offline(dark: bool) {
    let savt = savt().await;
    savt.person().suggest("Mozzarella", 1, None).await;
    let browser = phone_at(&savt, dark).await;
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
async fn letters_twice_as_large() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::with_large_letters(savt.address()).await;
    let size = "return getComputedStyle(document.querySelector('.feature .name')).fontSize";
    assert_eq!(browser.script(size).await, "32px");
    for (width, screen) in SCREENS {
        browser.look(width, false).await;
        browser.go("/").await;
        assert_whole(&browser, "the board").await;
        browser.see("#item-1 .suggest input[name=name]").await;
        browser
            .type_into("#item-1 .suggest input[name=name]", "Basil")
            .await;
        assert_whole(&browser, "a suggestion").await;
        browser.screenshot(&format!("letters-{screen}-light")).await;
        browser.go("/").await;
        browser.press("Who are you?").await;
        assert_whole(&browser, "the panel").await;
        browser
            .screenshot(&format!("letters-head-{screen}-light"))
            .await;
        for page in ["/features/1", "/items/1", "/history", "/nothing"] {
            browser.go(page).await;
            assert_whole(&browser, page).await;
        }
        browser.go("/").await;
        browser.press("More about Margherita").await;
        browser.see("#sheet[open]").await;
        assert_whole(&browser, "the menu").await;
        browser
            .screenshot(&format!("letters-menu-{screen}-light"))
            .await;
    }
    browser.close().await;
}
