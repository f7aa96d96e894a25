//! The projector view: it follows the board, has no controls, and its text and QR code fit every screen.

use serde_json::json;

use super::{
    COUNT_LOADS, accessibility::assert_accessible, disconnect_in_background, layout::assert_fits,
    savt,
};
use crate::harness::{
    app::Savt,
    browser::{Browser, NARROWEST, PHONE, SCHEMES},
    qr,
};

const PROJECTOR_VIEW: &str = "/?view=wall";

/// Opens the projector view and waits for its stream.
async fn open_projector_view(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.go(PROJECTOR_VIEW).await;
    browser.read("#connection", "Live").await;
    browser
}

/// Every visible element that accepts focus or clicks.
const CONTROLS: &str = "
    return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
        .filter((element) => element.checkVisibility() && !element.closest('[inert]'))
        .map((element) => element.outerHTML);
";

async fn assert_no_controls(browser: &Browser) {
    assert_eq!(browser.script(CONTROLS).await, json!([]));
    browser.keys("\t").await;
    let focused = browser
        .script("return document.activeElement.tagName")
        .await;
    assert_eq!(focused, "BODY");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_projector_view_follows_the_board() {
    let savt = savt().await;
    let browser = open_projector_view(&savt).await;
    browser.see(".empty").await;
    assert_no_controls(&browser).await;
    let bob = savt.person_called("Bob").await;
    let margherita = bob.create_item("Margherita").await;
    browser.read("#items .name", "Margherita").await;
    browser.see_no(".empty").await;
    let basil = bob.suggest("Basil", 2, margherita).await;
    browser.read("#item-1-features", "Basil ×2").await;
    let check_mark =
        "return getComputedStyle(document.querySelector('#item-1 h3'), '::after').content";
    assert!(
        browser
            .script(check_mark)
            .await
            .as_str()
            .unwrap()
            .contains('✓')
    );
    bob.veto(basil).await;
    browser.read("#feature-1 .vetoers", "vetoed by Bob").await;
    assert_eq!(browser.script(check_mark).await, "none");
    let decoration =
        "return getComputedStyle(document.querySelector('#feature-1 .name')).textDecorationLine";
    assert_eq!(browser.script(decoration).await, "line-through");
    bob.suggest("Salt", 1, None).await;
    browser.read("#free-features", "Salt").await;
    browser
        .read("#stats", "1 pizza, 2 toppings, 1 vetoed")
        .await;
    browser.read("#presence", "1 here").await;
    assert_no_controls(&browser).await;
    bob.set_name("Robert").await;
    browser
        .read("#feature-1 .vetoers", "vetoed by Robert")
        .await;
    bob.delete_item(margherita).await;
    browser.see_no("#item-1").await;
    browser.read("#free-features", "Basil").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn renaming_its_participant_does_not_reload_the_projector_view() {
    let savt = savt().await;
    let browser = open_projector_view(&savt).await;
    let set_name = |name: &str| {
        format!(
            "fetch('/participant', {{ method: 'POST', body: new URLSearchParams({{ name: '{name}' }}) }})"
        )
    };
    browser.script(COUNT_LOADS).await;
    browser.script(&set_name("Alice")).await;
    browser.read("#stats", "1 person").await;
    browser.script(&set_name("Alicia")).await;
    savt.person_called("Bob")
        .await
        .create_item("Margherita")
        .await;
    browser.see("#item-1").await;
    assert_eq!(browser.script("return window.loads").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_too_many_missed_changes_the_projector_view_reloads() {
    let savt = savt().await;
    let browser = open_projector_view(&savt).await;
    let bob = savt.person_called("Bob").await;
    browser.script(COUNT_LOADS).await;
    disconnect_in_background(&browser, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.close_front_tab().await;
    browser.read("#free-features", "Salt 209").await;
    browser.read("#connection", "Live").await;
    // Live updates continue after the reload.
    bob.create_item("Margherita").await;
    browser.see("#item-1").await;
    assert_eq!(browser.script("return window.loads").await, 1);
    assert_no_controls(&browser).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_projector_view_fits_every_screen_with_a_readable_qr_code() {
    let savt = savt().await;
    let link = format!("http://{}/", savt.address());
    let browser = open_projector_view(&savt).await;
    browser.set_viewport(1440, false).await;
    browser.screenshot("projector-empty-wide-light").await;
    savt.demo().await;
    for (width, screen) in [
        (NARROWEST, "narrow"),
        (PHONE, "phone"),
        (1440, "wide"),
        (1920, "full-hd"),
    ] {
        for (dark, scheme) in SCHEMES {
            browser.set_viewport(width, dark).await;
            browser.go(PROJECTOR_VIEW).await;
            browser.read("#presence", "1 here").await;
            assert_fits(&browser, "the projector view").await;
            assert_no_controls(&browser).await;
            let picture = browser
                .screenshot(&format!("projector-{screen}-{scheme}"))
                .await;
            if width > PHONE {
                assert_eq!(
                    qr::on_screen(&picture),
                    [link.as_str()],
                    "{screen} {scheme}"
                );
            }
        }
    }
    let zoe = savt.person_called("Zoe").await;
    let wide = zoe
        .create_item_of_kind(&"W".repeat(100), &"W".repeat(50))
        .await;
    let feature = zoe.suggest(&"W".repeat(100), 3, wide).await;
    zoe.veto(feature).await;
    for width in [NARROWEST, PHONE, 1440] {
        browser.set_viewport(width, false).await;
        // The script fits the view in the next frame.
        let fits = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth === clientWidth";
        browser.until_script(fits, true).await;
        assert_fits(&browser, "a projector view with long names").await;
    }
    browser.close().await;
}

/// The ids of the cards that are on the screen as a whole, with all their rows.
const WHOLE_CARDS: &str = "
    const { left, right, top, bottom } = document.querySelector('.pages').getBoundingClientRect();
    return [...document.querySelectorAll('#items > li')].filter((card) => {
        const boxes = [...card.getClientRects(), ...[...card.querySelectorAll('.name')].flatMap((name) => [...name.getClientRects()])];
        return boxes.every((box) => box.left >= left - 1 && box.right <= right + 1 && box.top >= top - 1 && box.bottom <= bottom + 1)
            && bottom <= innerHeight;
    }).map(({ id }) => id);
";

const TEXT_SIZE: &str = "return parseFloat(getComputedStyle(document.documentElement).fontSize)";

/// How much of the page is below or beside the screen, in pixels.
const OVERFLOW: &str = "
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return Math.max(scrollWidth - clientWidth, scrollHeight - clientHeight);
";

const ARROW_RIGHT: &str = "\u{e014}";

/// The number of pages, from the indicator.
async fn pages(browser: &Browser) -> u32 {
    let texts = browser.texts(".page-number").await;
    texts[0].rsplit(' ').next().unwrap().parse().unwrap()
}

async fn whole_cards(browser: &Browser) -> Vec<String> {
    serde_json::from_value(browser.script(WHOLE_CARDS).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_board_is_shown_in_pages() {
    let savt = savt().await;
    savt.fill(24, 4).await;
    let bob = savt.person_called("Bob").await;
    let browser = open_projector_view(&savt).await;
    for (width, height) in [(1280, 720), (1920, 1080)] {
        browser.set_screen(width, height, true).await;
        browser.go(PROJECTOR_VIEW).await;
        browser.read(".pager", "1 of ").await;
        let picture = browser
            .screenshot(&format!("projector-pages-{width}"))
            .await;
        let link = format!("http://{}/", savt.address());
        assert_eq!(qr::on_screen(&picture), [link]);
        let size = browser.script(TEXT_SIZE).await.as_f64().unwrap();
        assert!(size >= f64::from(height) / 50.0 && size >= 16.0, "{size}");
        assert_eq!(browser.script(OVERFLOW).await, 0);
        // Nothing moves by itself, so the pages are turned by hand: each card is on one of them.
        browser.see(".turning[aria-pressed=false]").await;
        let pages = pages(&browser).await;
        assert!((2..=4).contains(&pages), "{pages}");
        let mut cards = whole_cards(&browser).await;
        for page in 2..=pages {
            browser.keys(ARROW_RIGHT).await;
            browser.read(".pager", &format!("{page} of {pages}")).await;
            cards.extend(whole_cards(&browser).await);
        }
        let all: Vec<String> = (1..=24).map(|n| format!("item-{n}")).collect();
        assert_eq!(cards, all);
        browser.press("Next page").await;
        browser.read(".pager", "1 of ").await;
    }

    // Changes appear on the page that is shown.
    browser.press("Previous page").await;
    let last = format!("{0} of {0}", pages(&browser).await);
    browser.read(".pager", &last).await;
    let late = bob.create_item("Late").await;
    let is_whole = |id: i64| {
        let cards = WHOLE_CARDS.trim().trim_end_matches(';');
        format!("{cards}.includes('item-{id}')")
    };
    browser.until_script(&is_whole(late), true).await;
    bob.veto(93).await;
    browser.read("#feature-93 .vetoers", "Bob").await;
    browser.read(".pager", &last).await;
    // When everything fits again, there is one page.
    for item in (9..=24).chain([late]) {
        bob.delete_item(item).await;
    }
    browser.see_no(".pager").await;
    browser.until_script(&is_whole(1), true).await;
    assert_eq!(browser.script(OVERFLOW).await, 0);
    let larger = browser.script(TEXT_SIZE).await.as_f64().unwrap();
    assert!(larger > 1080.0 / 50.0 + 1.0, "{larger}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_turn_by_themselves_until_they_are_stopped() {
    let savt = savt().await;
    savt.fill(24, 4).await;
    let browser = open_projector_view(&savt).await;
    browser.set_screen(1280, 720, false).await;
    browser.go(PROJECTOR_VIEW).await;
    browser.read(".pager", "2 of ").await;
    browser
        .read(".pager", &format!("{0} of {0}", pages(&browser).await))
        .await;
    browser.press("Turn the pages automatically").await;
    browser.see(".turning[aria-pressed=false]").await;
    browser.set_screen(1280, 720, true).await;
    browser.go(PROJECTOR_VIEW).await;
    browser.see(".turning[aria-pressed=false]").await;
    assert_accessible(&browser, "the pages of the projector view").await;
    // A phone scrolls.
    browser.set_screen(390, 844, true).await;
    browser.see_no(".pager").await;
    browser.until_script(TEXT_SIZE, 16).await;
    assert_fits(&browser, "the projector view of a large board").await;
    assert!(browser.script(OVERFLOW).await.as_f64().unwrap() > 0.0);
    browser.close().await;

    let browser = Browser::without_javascript(savt.address()).await;
    browser.set_screen(1280, 720, true).await;
    browser.go(PROJECTOR_VIEW).await;
    browser.see("#item-1").await;
    browser.see("#item-24 .feature:last-child .name").await;
    browser.see_no(".pager").await;
    browser.close().await;
}
