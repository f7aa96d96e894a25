//! Announcements for screen readers: a change by others as a sentence, many changes as a count, own changes never.

use std::time::Duration;

use serde_json::json;

use super::{disconnect_in_background, open_pizza_board, savt};
use crate::harness::{app::Savt, browser::Browser};

const ANNOUNCEMENT: &str = "return document.getElementById('announcer').textContent";
/// Records every announcement and its time.
const RECORD: &str = "
    window.announcements = [];
    window.times = [];
    const announcer = document.getElementById('announcer');
    new MutationObserver(() => {
        if (!announcer.textContent) return;
        window.announcements.push(announcer.textContent);
        window.times.push(performance.now());
    }).observe(announcer, { childList: true, characterData: true, subtree: true });
";

/// Opens a board with a pizza and records the announcements.
async fn open_and_record(savt: &Savt) -> Browser {
    let browser = open_pizza_board(savt).await;
    browser.read("#connection", "Live").await;
    browser.script(RECORD).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_change_is_announced_as_a_sentence() {
    let savt = savt().await;
    let browser = open_and_record(&savt).await;
    let bob = savt.person_called("Bob").await;
    let announced = async |text: &str| browser.until_script(ANNOUNCEMENT, text).await;
    bob.veto(1).await;
    announced("Mozzarella: vetoed by Bob").await;
    bob.withdraw_veto(1).await;
    announced("Mozzarella: no longer vetoed").await;
    bob.edit_feature(1, "Mozzarella", 2).await;
    announced("Changed: Mozzarella ×2").await;
    bob.edit_feature(1, "Burrata", 2).await;
    announced("Mozzarella is now Burrata").await;
    bob.suggest("Basil", 1, 1).await;
    announced("New on Margherita: Basil").await;
    bob.suggest("Salt", 1, None).await;
    announced("New: Salt").await;
    bob.delete_feature(2).await;
    announced("Removed: Basil").await;
    bob.edit_item(1, "Margherita", "vegan").await;
    announced("Changed: Margherita vegan").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_announced_as_a_count_at_limited_intervals() {
    let savt = savt().await;
    let browser = open_and_record(&savt).await;
    let other = Browser::at(savt.address()).await;
    other.script(RECORD).await;
    for name in ["Basil", "Thyme", "Olives"] {
        let field = "#item-1 .suggest input[name=name]";
        other.type_into(field, &format!("{name}\n")).await;
        other.read("#item-1-features > [id]", name).await;
    }
    let count = "return window.announcements.length";
    browser.until_script(count, 1).await;
    other.press("Veto Basil").await;
    // Each change is announced exactly once, regardless of timing.
    let total = "return window.announcements.reduce((sum, text) => sum + Number(/: (\\d+)$/.exec(text)?.[1] ?? 1), 0)";
    browser.until_script(total, 4).await;
    let spaced = "return Math.min(...window.times.slice(1).map((time, n) => time - window.times[n])) >= 4_900";
    assert_eq!(browser.script(spaced).await, true);
    // The author of the changes gets only toasts.
    assert_eq!(other.script("return window.announcements").await, json!([]));
    browser.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_changes_are_not_announced_if_the_stream_precedes_the_response() {
    let savt = savt().await;
    savt.person_called("Bob")
        .await
        .suggest("Salt", 1, None)
        .await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.script(RECORD).await;
    browser.hold_responses("/veto").await;
    browser.press("Veto Salt").await;
    browser.read("#feature-1 .vetoers", "vetoed by").await;
    // Longer than the delay in which changes are collected.
    tokio::time::sleep(Duration::from_millis(2_700)).await;
    assert_eq!(
        browser.script("return window.announcements").await,
        json!([])
    );
    browser.release_responses().await;
    let berta = savt.person_called("Berta").await;
    berta.suggest("Pepper", 1, None).await;
    browser
        .until_script("return window.announcements", json!(["New: Pepper"]))
        .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_missed_in_the_background_are_announced_once() {
    let savt = savt().await;
    let browser = open_and_record(&savt).await;
    let bob = savt.person_called("Bob").await;
    disconnect_in_background(&browser, &bob).await;
    for n in 0..3 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.close_front_tab().await;
    let announcements = json!(["Changes on the board: 3"]);
    browser
        .until_script("return window.announcements", announcements)
        .await;
    disconnect_in_background(&browser, &bob).await;
    for n in 3..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.close_front_tab().await;
    browser
        .until_script(ANNOUNCEMENT, "A lot has changed on the board")
        .await;
    browser.close().await;
}
