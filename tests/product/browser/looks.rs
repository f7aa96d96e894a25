//! How the pages look: nothing sticks out however long a name is, and pictures for people to judge in
//! `target/screenshots/`.

use super::savt;
use crate::harness::{
    app::Savt,
    browser::{Browser, DESKTOP, NARROWEST, PHONE, SCHEMES, SCREENS},
};

/// The page is no wider than the window, whatever is pressed is as large as a thumb, and no link is too small to hit.
pub(super) async fn assert_whole(browser: &Browser, what: &str) {
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.script(wide).await, 0, "{what} is too wide");
    // 44 pixels, less what is lost in counting; a link in a sentence is as high as its line.
    let small = "const least = (thing) => thing.matches('a:not(.more)') ? 24 : 43.9;
        return [...document.querySelectorAll('button, summary, a, input:not([type=hidden]), select')]
            .filter((thing) => thing.checkVisibility() && !thing.closest('[inert]'))
            .filter((thing) => {
                const { width, height } = thing.getBoundingClientRect();
                return Math.min(width, height) < least(thing);
            })
            .map((thing) => thing.outerHTML)";
    let none: Vec<String> = Vec::new();
    assert_eq!(
        browser.script(small).await,
        serde_json::json!(none),
        "{what} is too small to press"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_in_pictures() {
    let savt = savt().await;
    savt.demo().await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [(PHONE, "phone"), (768, "tablet"), (DESKTOP, "desktop")] {
        for (dark, scheme) in SCHEMES {
            browser.look(width, dark).await;
            browser.go("/").await;
            assert_whole(&browser, "the board").await;
            browser
                .screenshot(&format!("board-{screen}-{scheme}"))
                .await;
            let filter = "#filter label:has([value=vetoed])";
            browser.see(filter).await.click().await.unwrap();
            browser.read("#shown output", "Showing").await;
            assert_whole(&browser, "what is vetoed").await;
            browser
                .screenshot(&format!("vetoed-{screen}-{scheme}"))
                .await;
            let all = "#filter label:has([value=all])";
            browser.see(all).await.click().await.unwrap();
            browser.press("More about Artichokes").await;
            browser.see("#sheet[open]").await;
            assert_whole(&browser, "the menu").await;
            browser.screenshot(&format!("menu-{screen}-{scheme}")).await;
            browser.go("/history").await;
            assert_whole(&browser, "the history").await;
            browser
                .screenshot(&format!("history-{screen}-{scheme}"))
                .await;
        }
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_and_why_in_pictures() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Capricciosa").await;
    alice.suggest("Anchovies", 1, pizza).await;
    let long = "They are far too salty for me, and the children do not eat any of them either.";
    alice.veto_because(1, long).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in SCREENS {
        for (dark, scheme) in SCHEMES {
            browser.look(width, dark).await;
            browser.go("/").await;
            // By script, for a toast may lie over them.
            let press = async |css: &str| {
                let click = format!("document.querySelector({css:?}).click()");
                browser.script(&click).await;
            };
            press("#feature-1 .veto").await;
            browser.see(".say-why").await;
            assert_whole(&browser, "the toast after a veto").await;
            browser
                .screenshot(&format!("say-why-{screen}-{scheme}"))
                .await;
            press(".say-why").await;
            browser.retype("#sheet .why input", "too salty\n").await;
            browser.see_no("#sheet").await;
            browser.read("#feature-1 .vetoers", "(too salty)").await;
            press("#feature-1 .more").await;
            browser.see("#sheet .why").await;
            assert_whole(&browser, "the menu of one's own veto").await;
            browser.screenshot(&format!("why-{screen}-{scheme}")).await;
            press("#sheet .why + form .veto").await;
            browser.see_no("#sheet").await;
        }
    }
    browser.close().await;
}

/// Names at which a layout breaks: without a blank, from right to left, of pictures alone, of marks upon marks.
fn strange_names() -> [String; 5] {
    [
        "W".repeat(100),
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
            .to_owned(),
        "بيتزا مارغريتا مع جبنة الموزاريلا والفلفل الحار والزيتون الأسود".to_owned(),
        "👩‍👩‍👧‍👦🍕🏳️‍🌈".repeat(6),
        "Z\u{351}\u{36b}\u{343}a\u{330}\u{348}l\u{322}g\u{321}o\u{334}".repeat(5),
    ]
}

/// A pizza of 20 toppings, one of them vetoed by 30 people, and pizzas, toppings and people of strange names.
async fn crowd_the_board(savt: &Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Everything").await;
    for n in 1..=20 {
        alice
            .suggest(&format!("Topping {n}"), 1 + n % 3, pizza)
            .await;
    }
    for name in strange_names() {
        let person = savt.person_called(&name).await;
        let item = person.create_item_of_kind(&name, &"W".repeat(50)).await;
        let feature = person.suggest(&name, 3, item).await;
        person.suggest(&name, 2, None).await;
        for feature in [1, 2, 3, feature] {
            person.veto_because(feature, &name).await;
        }
    }
    for n in 6..=30 {
        savt.person_called(&format!("Guest {n}"))
            .await
            .veto(1)
            .await;
    }
}

/// What stands on a card stays on it.
async fn assert_nothing_sticks_out(browser: &Browser, what: &str) {
    let out =
        "return [...document.querySelectorAll('.item, #free-features, .menu')].flatMap((card) => {
            const { left, right } = card.getBoundingClientRect();
            return [...card.querySelectorAll('*')].filter((thing) => {
                const place = thing.getBoundingClientRect();
                return place.width && (place.left < left - 1 || place.right > right + 1);
            });
        }).map((thing) => thing.outerHTML)";
    let out = browser.script(out).await;
    assert_eq!(out, serde_json::json!([]), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_of_strange_names_keep_the_page_whole() {
    let savt = savt().await;
    crowd_the_board(&savt).await;
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [
        (NARROWEST, "narrow"),
        (PHONE, "phone"),
        (768, "tablet"),
        (1440, "wide"),
    ] {
        browser.look(width, false).await;
        browser.go("/").await;
        browser.read("#feature-1 .vetoers", "and 28 more").await;
        assert_whole(&browser, "the board").await;
        assert_nothing_sticks_out(&browser, "the board").await;
        browser.screenshot(&format!("crowd-{screen}-light")).await;
        browser
            .script("document.getElementById('free-heading').scrollIntoView()")
            .await;
        browser
            .screenshot(&format!("crowd-free-{screen}-light"))
            .await;
        browser.press("28 more who vetoed Topping 1").await;
        browser.read("#sheet .vetoers", "Guest 30").await;
        assert_whole(&browser, "everyone who vetoed").await;
        assert_nothing_sticks_out(&browser, "everyone who vetoed").await;
        browser
            .screenshot(&format!("crowd-sheet-{screen}-light"))
            .await;
        browser.press("Close").await;
        browser.focus_on("#feature-1 .vetoers a").await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_names_keep_the_page_whole() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser.look(NARROWEST, false).await;
    browser.screenshot("empty-narrow-light").await;
    assert_whole(&browser, "the empty board").await;

    let german = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let arabic = "بيتزا مارغريتا مع جبنة الموزاريلا والفلفل الحار والزيتون الأسود";
    let wide = "W".repeat(100);
    browser.press("Who are you?").await;
    browser
        .type_into("#me input[name=name]", &format!("{wide}\n"))
        .await;
    browser.focus_on("#me > summary").await;
    for (number, name) in (1..).zip([german, arabic, &wide]) {
        browser
            .type_into("#create-item input[name=kind]", &wide[..50])
            .await;
        browser
            .type_into("#create-item input[name=name]", &format!("{name}\n"))
            .await;
        browser
            .focus_on(&format!("#item-{number} .suggest input[name=name]"))
            .await;
        browser.keys(&format!("{name}\n")).await;
        let veto = browser.see(&format!("#feature-{number} button.veto")).await;
        // By the keyboard, for a toast may lie over it.
        veto.send_keys("\n").await.unwrap();
        browser.see(&format!("#feature-{number} .vetoers")).await;
    }
    assert_whole(&browser, "the board").await;
    browser.screenshot("long-narrow-light").await;
    for more in ["#feature-3 .more", "#item-3 > .head > .more"] {
        browser.see(more).await.send_keys("\n").await.unwrap();
        browser.see("#sheet[open]").await;
        assert_whole(&browser, "the menu").await;
        browser.press("Close").await;
        browser.see_no("#sheet").await;
    }
    for page in ["/history", "/features/3", "/items/3", "/nothing"] {
        browser.go(page).await;
        assert_whole(&browser, page).await;
    }
    browser.screenshot("error-narrow-light").await;
    browser.go("/").await;
    browser
        .type_into(".new-board input", &format!("{wide}\n"))
        .await;
    browser.read("h1", &wide).await;
    assert_whole(&browser, "a board of a long name").await;
    browser.close().await;
}
