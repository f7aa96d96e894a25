//! What others change is said to those who do not see it: each as a sentence, many as their number, one's own not at all.

use std::time::Duration;

use serde_json::json;

use super::{at_a_pizza, lets_go, savt};
use crate::harness::{app::Savt, browser::Browser};

const HEARD: &str = "return document.getElementById('heard').textContent";
/// All that was said so far, and how far apart.
const LISTEN: &str = "
    window.said = [];
    window.when = [];
    const place = document.getElementById('heard');
    new MutationObserver(() => {
        if (!place.textContent) return;
        window.said.push(place.textContent);
        window.when.push(performance.now());
    }).observe(place, { childList: true, characterData: true, subtree: true });
";

/// Somebody who listens at a pizza.
async fn who_listens(savt: &Savt) -> Browser {
    let browser = at_a_pizza(savt).await;
    browser.read("#connection", "Live").await;
    browser.script(LISTEN).await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn one_change_is_a_sentence() {
    let savt = savt().await;
    let browser = who_listens(&savt).await;
    let bob = savt.person_called("Bob").await;
    let heard = async |words: &str| browser.until_script(HEARD, words).await;
    bob.veto(1).await;
    heard("Mozzarella: vetoed by Bob").await;
    bob.take_back(1).await;
    heard("Mozzarella: not vetoed any more").await;
    bob.edit_feature(1, "Mozzarella", 2).await;
    heard("Changed: Mozzarella ×2").await;
    bob.edit_feature(1, "Burrata", 2).await;
    heard("Mozzarella is now Burrata").await;
    bob.suggest("Basil", 1, 1).await;
    heard("New on Margherita: Basil").await;
    bob.suggest("Salt", 1, None).await;
    heard("New: Salt").await;
    bob.delete_feature(2).await;
    heard("Gone: Basil").await;
    bob.edit_item(1, "Margherita", "vegan").await;
    heard("Changed: Margherita vegan").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_a_number_and_not_told_too_often() {
    let savt = savt().await;
    let browser = who_listens(&savt).await;
    let other = Browser::at(savt.address()).await;
    other.script(LISTEN).await;
    for name in ["Basil", "Thyme", "Olives"] {
        let field = "#item-1 .suggest input[name=name]";
        other.type_into(field, &format!("{name}\n")).await;
        other.read("#item-1-features > [id]", name).await;
    }
    let said = "return window.said.length";
    browser.until_script(said, 1).await;
    other.press("Veto Basil").await;
    // However long they took, all of it was told, and nothing twice.
    let told = "return window.said.reduce((sum, words) => sum + Number(/: (\\d+)$/.exec(words)?.[1] ?? 1), 0)";
    browser.until_script(told, 4).await;
    let apart =
        "return Math.min(...window.when.slice(1).map((when, n) => when - window.when[n])) >= 4_900";
    assert_eq!(browser.script(apart).await, true);
    // Who did it hears nothing of it but the toasts.
    assert_eq!(other.script("return window.said").await, json!([]));
    browser.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_change_is_not_anothers_though_the_stream_is_quicker() {
    let savt = savt().await;
    savt.person_called("Bob")
        .await
        .suggest("Salt", 1, None)
        .await;
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser.script(LISTEN).await;
    browser.hold_answers("/veto").await;
    browser.press("Veto Salt").await;
    browser.read("#feature-1 .vetoers", "vetoed by").await;
    // Longer than a change waits for others.
    tokio::time::sleep(Duration::from_millis(2_700)).await;
    assert_eq!(browser.script("return window.said").await, json!([]));
    browser.let_answers_go().await;
    let bob = savt.person_called("Berta").await;
    bob.suggest("Pepper", 1, None).await;
    browser
        .until_script("return window.said", json!(["New: Pepper"]))
        .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_is_told_once() {
    let savt = savt().await;
    let browser = who_listens(&savt).await;
    let bob = savt.person_called("Bob").await;
    lets_go(&browser, &bob).await;
    for n in 0..3 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.to_the_front().await;
    let some = json!(["Changes on the board: 3"]);
    browser.until_script("return window.said", some).await;
    lets_go(&browser, &bob).await;
    for n in 3..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    browser.to_the_front().await;
    browser
        .until_script(HEARD, "Much has changed on the board")
        .await;
    browser.close().await;
}
