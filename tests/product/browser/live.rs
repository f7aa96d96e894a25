//! Several browsers at one board: each shows what the others do, and nobody is disturbed by it.

use serde_json::json;

use super::{COUNT_LOADS, at_a_pizza, lets_go, savt};
use crate::harness::{app::Savt, browser::Browser};

/// A browser at the same board, which follows it.
async fn another_at(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn two_phones_follow_each_other() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    let other = another_at(&savt).await;
    one.read("#presence", "2 here").await;

    other.press("Veto Mozzarella").await;
    one.read("#feature-1 .vetoers", "vetoed by User-2").await;
    one.read("#stats", "1 vetoed").await;
    one.press("Veto Mozzarella").await;
    other
        .read("#feature-1 .vetoers", "vetoed by User-1, User-2")
        .await;
    other.see("#feature-1 button[aria-pressed=true]").await;

    one.type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    other
        .type_into("#item-2 .suggest input[name=name]", "Garlic\n")
        .await;
    one.read("#item-2-features", "Garlic").await;
    one.press("More about Margherita").await;
    one.press("Delete Margherita").await;
    other.see_no("#item-1").await;
    other.read("#free-features", "Mozzarella").await;

    other.close().await;
    one.read("#presence", "1 here").await;
    one.press("1 here").await;
    one.read("#sheet", "User-1").await;
    one.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_why_is_read_by_the_others() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    let other = another_at(&savt).await;
    one.press("Veto Mozzarella").await;
    one.press("Say why you vetoed Mozzarella").await;
    one.focus_on("#sheet .why input").await;
    one.see_no("#toasts .say-why").await;
    one.keys("too much of it\n").await;
    let said = "vetoed by User-1 (too much of it)";
    one.read("#feature-1 .vetoers", said).await;
    one.focus_on("#feature-1 .more").await;
    other.read("#feature-1 .vetoers", said).await;

    // The other one says so at once.
    other.press("More about Mozzarella").await;
    other.type_into("#sheet .why input", "no milk\n").await;
    let both = format!("{said}, User-2 (no milk)");
    one.read("#feature-1 .vetoers", &both).await;
    let taking_back = other.see("#feature-1 button[aria-pressed]").await;
    // By the keyboard, for a toast may lie over it.
    taking_back.send_keys("\n").await.unwrap();
    one.read("#feature-1 .vetoers", said).await;
    other.see("#feature-1 button:not([aria-pressed])").await;

    // What cannot be said stays in the field, with the reason beside it.
    one.press("More about Mozzarella").await;
    one.see("#sheet .why").await;
    one.script(
        "const field = document.querySelector('#sheet .why input');
         field.value = 'r'.repeat(201);
         field.form.requestSubmit();",
    )
    .await;
    one.read("#veto-reason", "at most 200 characters").await;
    assert_eq!(one.value("#sheet .why input").await.len(), 201);
    one.retype("#sheet .why input", "no milk\n").await;
    one.read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    other
        .read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    one.close().await;
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_does_goes_on_while_others_change_the_board() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    let other = savt.person_called("Bob").await;
    for name in ["Marinara", "Funghi", "Diavola", "Hawaii"] {
        other.create_item(name).await;
    }
    one.see("#item-5").await;
    let field = "#item-5 .suggest input[name=name]";
    one.type_into(field, "half a na").await;
    one.script(
        "const field = document.activeElement;
         field.setSelectionRange(2, 4);
         scrollTo({ top: 300, behavior: 'instant' });
         window.was = [scrollY, field];",
    )
    .await;

    // Around it, in its own card, and that card itself.
    other.veto(1).await;
    other.suggest("Pineapple", 2, 5).await;
    other.edit_item(5, "Hawaii Five", "bold").await;
    other.create_item("Quattro").await;
    other.delete_item(2).await;
    one.see_no("#item-2").await;
    one.read("#item-5-head", "Hawaii Five").await;
    one.read("#item-5-features", "Pineapple").await;
    one.focus_on(field).await;
    assert_eq!(one.value(field).await, "half a na");
    let same = "const [top, field] = window.was;
        return [document.activeElement === field, field.selectionStart, field.selectionEnd, scrollY > 0];";
    assert_eq!(one.script(same).await, json!([true, 2, 4, true]));

    // An open menu, and what is typed there.
    one.press("More about Pineapple").await;
    one.retype("#sheet input[name=name]", "Ananas").await;
    other.veto(2).await;
    one.read("#feature-2 .vetoers", "Bob").await;
    one.focus_on("#sheet input[name=name]").await;
    assert_eq!(one.value("#sheet input[name=name]").await, "Ananas");
    one.keys("\n").await;
    one.read("#feature-2 .name", "Ananas").await;

    // The card itself goes: what was typed is not lost without a word.
    other.delete_item(5).await;
    one.read("#toasts .failed", "You were typing there: half a na")
        .await;
    one.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_echo_changes_nothing() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    one.read("#connection", "Live").await;
    one.script(
        "window.heard = 0;
         document.getElementById('connection').addEventListener('htmx:sse:after:message', () => window.heard++);
         window.changed = [];
         new MutationObserver((records) => {
             for (const record of records)
                 for (const node of [...record.addedNodes, ...record.removedNodes])
                     if (node.nodeType === 1) window.changed.push(node.className || node.id);
         }).observe(document.getElementById('items'), { childList: true, subtree: true });",
    )
    .await;
    one.press("Veto Mozzarella").await;
    one.read("#feature-1 .vetoers", "User-1").await;
    one.type_into("#item-1 .suggest input[name=name]", "Basil\n")
        .await;
    one.see("#feature-2").await;
    // The echo of both, and of something else after them.
    savt.person().suggest("Salt", 1, None).await;
    one.read("#free-features > [id]", "Salt").await;
    let changed = one.script("return window.changed").await;
    let count = |what: &str| {
        let changed = changed.as_array().unwrap().iter();
        changed.filter(|class| class.as_str() == Some(what)).count()
    };
    assert_eq!(count("feature"), 1, "{changed}");
    assert_eq!(count("vetoers"), 1, "{changed}");
    assert_ne!(one.script("return window.heard").await, 0);
    one.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_echo_does_not_overwrite_a_newer_answer() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    one.read("#connection", "Live").await;
    // The stream is slow: what it says arrives long after the answer to what was done later.
    one.script(
        "const held = new Promise((release) => { window.release = release; });
         document.getElementById('connection').addEventListener('htmx:sse:before:message',
             ({ detail }) => detail.waitUntil(held));",
    )
    .await;
    let bob = savt.person_called("Bob").await;
    bob.veto(1).await;
    bob.edit_feature(1, "Burrata", 2).await;
    bob.create_item("Marinara").await;
    bob.suggest("Garlic", 1, 2).await;
    one.press("Veto Mozzarella").await;
    one.read("#feature-1", "Burrata").await;
    one.script(
        "window.without = 0;
         new MutationObserver(() => {
             const row = document.getElementById('feature-1').textContent;
             if (!/Burrata.*Bob.*/.test(row) || !row.includes('User-1')) window.without++;
         }).observe(document.getElementById('items'), { childList: true, subtree: true, characterData: true });
         window.release();",
    )
    .await;
    one.read("#item-2-features", "Garlic").await;
    one.read("#stats", "2 pizzas, 2 toppings, 1 vetoed, 2 people")
        .await;
    assert_eq!(one.script("return window.without").await, 0);
    one.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_missed_too_much_gets_the_board_again_and_loses_nothing() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    one.read("#connection", "Live").await;
    let field = "#item-1 .suggest input[name=name]";
    one.type_into(field, "half a na").await;
    one.script("window.marked = true").await;
    one.script(COUNT_LOADS).await;
    let bob = savt.person_called("Bob").await;
    lets_go(&one, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    bob.veto(1).await;
    one.to_the_front().await;
    one.read("#free-features > [id]", "Salt 209").await;
    one.read("#connection", "Live").await;
    assert_eq!(one.script("return window.loads").await, 1);
    one.read("#feature-1 .vetoers", "Bob").await;
    one.read("#stats", "211 toppings").await;
    one.focus_on(field).await;
    assert_eq!(one.value(field).await, "half a na");
    // And goes on from there.
    bob.take_back(1).await;
    one.see_no("#feature-1 .vetoers").await;
    one.keys("me\n").await;
    one.read("#item-1-features > [id]", "half a name").await;
    assert_eq!(one.script("return window.marked").await, true);
    one.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_is_said_and_nothing_typed_is_lost() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    one.read("#connection", "Live").await;
    one.offline(true).await;
    one.read("#connection", "Offline, as of").await;
    let field = "#item-1 .suggest input[name=name]";
    one.retype(field, "Basil\n").await;
    one.read("#toasts .failed", "You are offline").await;
    assert_eq!(one.value(field).await, "Basil");
    one.screenshot("offline-desktop-light").await;

    one.offline(false).await;
    one.read("#connection", "Live").await;
    one.type_into(field, "\n").await;
    one.read("#item-1-features > [id]", "Basil").await;
    one.close_despite(&["ERR_INTERNET_DISCONNECTED", "htmx"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_in_the_background_lets_go_and_catches_up() {
    let savt = savt().await;
    let one = at_a_pizza(&savt).await;
    let other = another_at(&savt).await;
    other.read("#presence", "2 here").await;
    one.to_the_background().await;
    other.read("#presence", "1 here").await;
    other.press("Veto Mozzarella").await;
    other.read("#feature-1 .vetoers", "User-2").await;
    one.to_the_front().await;
    one.read("#feature-1 .vetoers", "User-2").await;
    one.read("#connection", "Live").await;
    other.read("#presence", "2 here").await;
    one.close().await;
    other.close().await;
}
