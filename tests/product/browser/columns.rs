//! Wide screens: cards in columns, without gaps, in the order of the document; others' changes move as little as possible.

use serde_json::Value;

use super::savt;
use crate::harness::browser::Browser;

/// The cards as they appear: the empty space in each, the space above each to the next card in its column, and whether they
/// follow each other from top to bottom and from left to right.
const COLUMNS: &str = "
    const cards = [...document.querySelectorAll('#items > .item')];
    const boxes = cards.map((card) => card.getBoundingClientRect());
    const slack = cards.map((card) => {
        const form = card.querySelector('.suggest').getBoundingClientRect();
        const list = card.querySelector('.features').getBoundingClientRect();
        return Math.round(form.top - list.bottom);
    });
    const gaps = boxes.map((box) => {
        const above = boxes.filter(({ left, bottom }) => left === box.left && bottom <= box.top + 1);
        return above.length ? Math.round(box.top - Math.max(...above.map(({ bottom }) => bottom))) : null;
    });
    const inOrder = boxes.every((box, n) => n === 0
        || boxes[n - 1].top < box.top || (boxes[n - 1].top === box.top && boxes[n - 1].left < box.left));
    return { slack, gaps, inOrder, columns: new Set(boxes.map(({ left }) => left)).size };
";

/// The positions of all cards by their ids.
const POSITIONS: &str = "
    return Object.fromEntries([...document.querySelectorAll('#items > .item')].map((card) => {
        const { left, top } = card.getBoundingClientRect();
        return [card.id, [Math.round(left), Math.round(top + scrollY)]];
    }));
";

fn numbers(values: &Value) -> Vec<i64> {
    let values = values.as_array().unwrap().iter();
    values.filter_map(Value::as_i64).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_stand_in_columns_in_reading_order() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    // Without wrapped text the gaps are all the same. The counts pass ten, twenty and thirty.
    for (n, features) in [1, 12, 3, 0, 31, 2, 20, 5, 10, 4, 9, 1]
        .into_iter()
        .enumerate()
    {
        let item = alice.create_item(&format!("Pizza {n}")).await;
        for feature in 0..features {
            alice.suggest(&format!("T{feature}"), 1, item).await;
        }
    }
    let browser = Browser::at(savt.address()).await;
    for (width, columns) in [(768, 2), (1440, 4)] {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        browser.see("#item-1").await;
        let seen = browser.script(COLUMNS).await;
        assert_eq!(seen["columns"], columns);
        assert_eq!(seen["inOrder"], true, "at {width}");
        assert!(
            numbers(&seen["slack"]).iter().all(|slack| *slack == 0),
            "{seen}"
        );
        let gaps = numbers(&seen["gaps"]);
        assert!(
            gaps.len() >= 8 && gaps.iter().all(|gap| (12..=18).contains(gap)),
            "{gaps:?} at {width}"
        );
    }
    // A new card moves no other.
    browser.read("#connection", "Live").await;
    let before = browser.script(POSITIONS).await;
    savt.person_called("Bob").await.create_item("New").await;
    browser
        .until_script("return document.querySelector('#item-13') !== null", true)
        .await;
    let mut after = browser.script(POSITIONS).await;
    assert!(after.as_object_mut().unwrap().remove("item-13").is_some());
    assert_eq!(after, before);
    // A new row moves nothing above it, and the order stays.
    savt.person_called("Cem").await.suggest("T9", 1, 8).await;
    browser
        .until_script(
            "return document.querySelector('#item-8-features').children.length",
            6,
        )
        .await;
    let after = browser.script(POSITIONS).await;
    for item in 1..=8 {
        let id = format!("item-{item}");
        assert_eq!(after[&id], before[&id]);
    }
    assert_eq!(browser.script(COLUMNS).await["inOrder"], true);
    // The keys follow the same order.
    let mut visited = Vec::new();
    browser
        .script("document.activeElement.blur(); scrollTo(0, 0)")
        .await;
    for _ in 0..4 {
        browser.keys("j").await;
        let card = "return document.activeElement.closest('.item').id";
        visited.push(browser.script(card).await);
    }
    assert_eq!(visited, ["item-1", "item-1", "item-2", "item-2"]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_board_has_no_stretched_cards_and_does_not_shift() {
    let savt = savt().await;
    savt.demo().await;
    let page = savt.person().page().await;
    let many = ["Tomato", "Mozzarella", "Mushrooms"].map(|name| page.feature(name).id);
    for name in ["Kim", "Lou", "Max", "Noa", "Oda"] {
        let person = savt.person_called(name).await;
        for feature in many {
            person
                .veto_because(feature, "I had too much of it last week")
                .await;
        }
    }
    let browser = Browser::at(savt.address()).await;
    for (width, screen) in [(768, "tablet"), (1440, "wide")] {
        browser.set_viewport(width, false).await;
        browser.go("/").await;
        browser.read("#presence", "1 here").await;
        let seen = browser.script(COLUMNS).await;
        assert_eq!(seen["inOrder"], true, "at {width}");
        assert!(
            numbers(&seen["slack"]).iter().all(|slack| *slack == 0),
            "{seen}"
        );
        // The heights of rows with wrapped text are estimated.
        let gaps = numbers(&seen["gaps"]);
        assert!(
            gaps.iter().all(|gap| (10..=56).contains(gap)),
            "{gaps:?} at {width}"
        );
        let shifts = "const [resolve] = arguments;
            new PerformanceObserver((list, observer) => {
                observer.disconnect();
                resolve(list.getEntries().map(({ value }) => Math.round(value * 1000)));
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(resolve, 500, []);";
        // In thousandths. A page that is painted while it arrives moves parts of its header, by little, and on a busy machine several
        // times; a page that changes its width moves by 100 and more at once.
        let shifts = numbers(&browser.script_async(shifts).await);
        assert!(
            shifts.iter().all(|shift| *shift < 90),
            "{shifts:?} at {width}"
        );
        browser.screenshot(&format!("columns-{screen}-light")).await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn large_boards_skip_cards_off_screen_without_moving_them() {
    let savt = savt().await;
    savt.fill(100, 5).await;
    let browser = Browser::at(savt.address()).await;
    browser.set_viewport(1440, false).await;
    browser.go("/").await;
    browser.read("#connection", "Live").await;
    let skipped = "return [...document.querySelectorAll('#items > .item')]
        .filter((card) => !card.querySelector('.suggest').checkVisibility({ contentVisibilityAuto: true })).length";
    let skipped = browser.script(skipped).await.as_i64().unwrap();
    assert!(skipped > 50, "{skipped} of 100 cards are skipped");
    // The column of a card does not depend on what has been rendered.
    let lefts = "return [...document.querySelectorAll('#items > .item')].map((card) => card.getBoundingClientRect().left)";
    let before = browser.script(lefts).await;
    browser
        .script("document.querySelector('#items > .item:last-child').scrollIntoView()")
        .await;
    browser.until_script("return document.querySelector('#items > .item:last-child .suggest').checkVisibility({ contentVisibilityAuto: true })", true).await;
    assert_eq!(browser.script(lefts).await, before);
    assert_eq!(browser.script(COLUMNS).await["inOrder"], true);
    browser.close().await;
}
