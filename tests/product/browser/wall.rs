//! The wall in a browser: it follows, there is nothing to press, and it can be read from afar.

use serde_json::json;

use super::{COUNT_LOADS, lets_go, looks::assert_whole, savt};
use crate::harness::{
    app::Savt,
    browser::{Browser, NARROWEST, PHONE, SCHEMES},
    qr,
};

const WALL: &str = "/?view=wall";

/// A browser that shows the wall and follows it.
async fn at_the_wall(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.go(WALL).await;
    browser.read("#connection", "Live").await;
    browser
}

/// Whatever the tab key can reach, or a pointer could press.
const CONTROLS: &str = "
    return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
        .filter((thing) => thing.checkVisibility() && !thing.closest('[inert]'))
        .map((thing) => thing.outerHTML);
";

async fn assert_nothing_to_press(browser: &Browser) {
    assert_eq!(browser.script(CONTROLS).await, json!([]));
    browser.keys("\t").await;
    let focused = browser
        .script("return document.activeElement.tagName")
        .await;
    assert_eq!(focused, "BODY");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_follows_what_others_do() {
    let savt = savt().await;
    let wall = at_the_wall(&savt).await;
    wall.see(".empty").await;
    assert_nothing_to_press(&wall).await;
    let bob = savt.person_called("Bob").await;
    let margherita = bob.create_item("Margherita").await;
    wall.read("#items .name", "Margherita").await;
    wall.see_no(".empty").await;
    let basil = bob.suggest("Basil", 2, margherita).await;
    wall.read("#item-1-features", "Basil ×2").await;
    let tick = "return getComputedStyle(document.querySelector('#item-1 h3'), '::after').content";
    assert!(wall.script(tick).await.as_str().unwrap().contains('✓'));
    bob.veto(basil).await;
    wall.read("#feature-1 .vetoers", "vetoed by Bob").await;
    assert_eq!(wall.script(tick).await, "none");
    let line =
        "return getComputedStyle(document.querySelector('#feature-1 .name')).textDecorationLine";
    assert_eq!(wall.script(line).await, "line-through");
    bob.suggest("Salt", 1, None).await;
    wall.read("#free-features", "Salt").await;
    wall.read("#stats", "1 pizza, 2 toppings, 1 vetoed").await;
    wall.read("#presence", "1 here").await;
    assert_nothing_to_press(&wall).await;
    bob.call("Robert").await;
    wall.read("#feature-1 .vetoers", "vetoed by Robert").await;
    bob.delete_item(margherita).await;
    wall.see_no("#item-1").await;
    wall.read("#free-features", "Basil").await;
    wall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_of_a_participant_goes_on_when_they_change_their_name() {
    let savt = savt().await;
    let wall = at_the_wall(&savt).await;
    let call = |name: &str| {
        format!(
            "fetch('/participant', {{ method: 'POST', body: new URLSearchParams({{ name: '{name}' }}) }})"
        )
    };
    wall.script(COUNT_LOADS).await;
    wall.script(&call("Alice")).await;
    wall.read("#stats", "1 person").await;
    wall.script(&call("Alicia")).await;
    savt.person_called("Bob")
        .await
        .create_item("Margherita")
        .await;
    wall.see("#item-1").await;
    assert_eq!(wall.script("return window.loads").await, 0);
    wall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_missed_too_much_gets_the_board_again() {
    let savt = savt().await;
    let wall = at_the_wall(&savt).await;
    let bob = savt.person_called("Bob").await;
    wall.script(COUNT_LOADS).await;
    lets_go(&wall, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    wall.to_the_front().await;
    wall.read("#free-features", "Salt 209").await;
    wall.read("#connection", "Live").await;
    // And follows the stream from there.
    bob.create_item("Margherita").await;
    wall.see("#item-1").await;
    assert_eq!(wall.script("return window.loads").await, 1);
    assert_nothing_to_press(&wall).await;
    wall.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wall_in_pictures() {
    let savt = savt().await;
    let link = format!("http://{}/", savt.address());
    let wall = at_the_wall(&savt).await;
    wall.look(1440, false).await;
    wall.screenshot("wall-empty-wide-light").await;
    savt.demo().await;
    for (width, screen) in [
        (NARROWEST, "narrow"),
        (PHONE, "phone"),
        (1440, "wide"),
        (1920, "projector"),
    ] {
        for (dark, scheme) in SCHEMES {
            wall.look(width, dark).await;
            wall.go(WALL).await;
            wall.read("#presence", "1 here").await;
            assert_whole(&wall, "the wall").await;
            assert_nothing_to_press(&wall).await;
            let picture = wall.screenshot(&format!("wall-{screen}-{scheme}")).await;
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
        wall.look(width, false).await;
        assert_whole(&wall, "a wall of long names").await;
    }
    wall.close().await;
}
