//! Several browsers on one board: each shows the changes of the others, and no update disturbs its user.

use serde_json::json;

use super::{COUNT_LOADS, disconnect_in_background, open_pizza_board, savt};
use crate::harness::{app::Savt, browser::Browser};

/// Opens the same board in another browser and waits for its stream.
async fn open_another(savt: &Savt) -> Browser {
    let browser = Browser::at(savt.address()).await;
    browser.read("#connection", "Live").await;
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn two_browsers_show_each_others_changes() {
    let savt = savt().await;
    let first = open_pizza_board(&savt).await;
    let second = open_another(&savt).await;
    first.read("#presence", "2 here").await;

    second.press("Veto Mozzarella").await;
    first.read("#feature-1 .vetoers", "vetoed by User-2").await;
    first.read("#stats", "1 vetoed").await;
    first.press("Veto Mozzarella").await;
    second
        .read("#feature-1 .vetoers", "vetoed by User-1, User-2")
        .await;
    second.see("#feature-1 button[aria-pressed=true]").await;

    first
        .type_into("#create-item input[name=name]", "Marinara\n")
        .await;
    second
        .type_into("#item-2 .suggest input[name=name]", "Garlic\n")
        .await;
    first.read("#item-2-features", "Garlic").await;
    first.press("More about Margherita").await;
    first.press("Delete Margherita").await;
    second.see_no("#item-1").await;
    second.read("#free-features", "Mozzarella").await;

    second.close().await;
    first.read("#presence", "1 here").await;
    first.press("1 here").await;
    first.read("#sheet", "User-1").await;
    first.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_veto_reason_appears_in_other_browsers() {
    let savt = savt().await;
    let first = open_pizza_board(&savt).await;
    let second = open_another(&savt).await;
    first.press("Veto Mozzarella").await;
    first.press("Say why you vetoed Mozzarella").await;
    first.focus_on("#sheet .reason-form input").await;
    first.see_no("#toasts .add-reason").await;
    first.keys("too much of it\n").await;
    let vetoers = "vetoed by User-1 (too much of it)";
    first.read("#feature-1 .vetoers", vetoers).await;
    first.focus_on("#feature-1 .more").await;
    second.read("#feature-1 .vetoers", vetoers).await;

    // The second participant vetoes with a reason in one step.
    second.press("More about Mozzarella").await;
    second
        .type_into("#sheet .reason-form input", "no milk\n")
        .await;
    let both = format!("{vetoers}, User-2 (no milk)");
    first.read("#feature-1 .vetoers", &both).await;
    let withdraw = second.see("#feature-1 button[aria-pressed]").await;
    // With the keyboard, because a toast may cover the button.
    withdraw.send_keys("\n").await.unwrap();
    first.read("#feature-1 .vetoers", vetoers).await;
    second.see("#feature-1 button:not([aria-pressed])").await;

    // A rejected reason stays in the field, with an error message beside it.
    first.press("More about Mozzarella").await;
    first.see("#sheet .reason-form").await;
    first
        .script(
            "const field = document.querySelector('#sheet .reason-form input');
         field.value = 'r'.repeat(201);
         field.form.requestSubmit();",
        )
        .await;
    first.read("#veto-reason", "at most 200 characters").await;
    assert_eq!(first.value("#sheet .reason-form input").await.len(), 201);
    first.retype("#sheet .reason-form input", "no milk\n").await;
    first
        .read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    second
        .read("#feature-1 .vetoers", "vetoed by User-1 (no milk)")
        .await;
    first.close().await;
    second.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_by_others_keep_focus_input_and_scroll_position() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    let bob = savt.person_called("Bob").await;
    for name in ["Marinara", "Funghi", "Diavola", "Hawaii"] {
        bob.create_item(name).await;
    }
    browser.see("#item-5").await;
    let field = "#item-5 .suggest input[name=name]";
    browser.type_into(field, "half a na").await;
    browser
        .script(
            "const field = document.activeElement;
         field.setSelectionRange(2, 4);
         scrollTo({ top: 300, behavior: 'instant' });
         window.before = [scrollY, field];",
        )
        .await;

    // Changes in other cards, in the same card, and to the card itself.
    bob.veto(1).await;
    bob.suggest("Pineapple", 2, 5).await;
    bob.edit_item(5, "Hawaii Five", "bold").await;
    bob.create_item("Quattro").await;
    bob.delete_item(2).await;
    browser.see_no("#item-2").await;
    browser.read("#item-5-head", "Hawaii Five").await;
    browser.read("#item-5-features", "Pineapple").await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a na");
    let state = "const [top, field] = window.before;
        return [document.activeElement === field, field.selectionStart, field.selectionEnd, scrollY > 0];";
    assert_eq!(browser.script(state).await, json!([true, 2, 4, true]));

    // The open sheet keeps its focus and input, too.
    browser.press("More about Pineapple").await;
    browser.retype("#sheet input[name=name]", "Ananas").await;
    bob.veto(2).await;
    // The browser does not lay out a card that is off the screen, so its new text counts as invisible.
    let vetoers = "return document.querySelector('#feature-2 .vetoers')?.textContent ?? ''";
    browser.until_script(vetoers, "vetoed by Bob").await;
    browser.focus_on("#sheet input[name=name]").await;
    assert_eq!(browser.value("#sheet input[name=name]").await, "Ananas");
    browser.keys("\n").await;
    browser.read("#feature-2 .name", "Ananas").await;

    // When the card is deleted, a toast shows the typed text.
    bob.delete_item(5).await;
    browser
        .read("#toasts .failed", "You were typing there: half a na")
        .await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_echo_of_an_own_change_updates_nothing() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    browser.script(
        "window.messages = 0;
         document.getElementById('connection').addEventListener('htmx:sse:after:message', () => window.messages++);
         window.changes = [];
         new MutationObserver((records) => {
             for (const record of records)
                 for (const node of [...record.addedNodes, ...record.removedNodes])
                     if (node.nodeType === 1) window.changes.push(node.className || node.id);
         }).observe(document.getElementById('items'), { childList: true, subtree: true });",
    )
    .await;
    browser.press("Veto Mozzarella").await;
    browser.read("#feature-1 .vetoers", "User-1").await;
    browser
        .type_into("#item-1 .suggest input[name=name]", "Basil\n")
        .await;
    browser.see("#feature-2").await;
    // The later change by another participant shows that the echoes of both changes have arrived.
    savt.person().suggest("Salt", 1, None).await;
    browser.read("#free-features > [id]", "Salt").await;
    let changes = browser.script("return window.changes").await;
    let count = |name: &str| {
        let changes = changes.as_array().unwrap().iter();
        changes.filter(|class| class.as_str() == Some(name)).count()
    };
    assert_eq!(count("feature"), 1, "{changes}");
    assert_eq!(count("vetoers"), 1, "{changes}");
    assert_ne!(browser.script("return window.messages").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delayed_stream_message_does_not_overwrite_a_newer_response() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    // Stream messages are held until a response with newer data has arrived.
    browser
        .script(
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
    browser.press("Veto Mozzarella").await;
    browser.read("#feature-1", "Burrata").await;
    browser.script(
        "window.outdated = 0;
         new MutationObserver(() => {
             const row = document.getElementById('feature-1').textContent;
             if (!/Burrata.*Bob.*/.test(row) || !row.includes('User-1')) window.outdated++;
         }).observe(document.getElementById('items'), { childList: true, subtree: true, characterData: true });
         window.release();",
    )
    .await;
    browser.read("#item-2-features", "Garlic").await;
    browser
        .read("#stats", "2 pizzas, 2 toppings, 1 vetoed, 2 people")
        .await;
    assert_eq!(browser.script("return window.outdated").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_too_many_missed_changes_the_board_reloads_and_keeps_input() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    let field = "#item-1 .suggest input[name=name]";
    browser.type_into(field, "half a na").await;
    browser.script("window.marked = true").await;
    browser.script(COUNT_LOADS).await;
    let bob = savt.person_called("Bob").await;
    disconnect_in_background(&browser, &bob).await;
    for n in 0..210 {
        bob.suggest(&format!("Salt {n}"), 1, None).await;
    }
    bob.veto(1).await;
    browser.close_front_tab().await;
    browser.read("#free-features > [id]", "Salt 209").await;
    browser.read("#connection", "Live").await;
    assert_eq!(browser.script("return window.loads").await, 1);
    browser.read("#feature-1 .vetoers", "Bob").await;
    browser.read("#stats", "211 toppings").await;
    browser.focus_on(field).await;
    assert_eq!(browser.value(field).await, "half a na");
    // Live updates continue after the reload.
    bob.withdraw_veto(1).await;
    browser.see_no("#feature-1 .vetoers").await;
    browser.keys("me\n").await;
    browser.read("#item-1-features > [id]", "half a name").await;
    assert_eq!(browser.script("return window.marked").await, true);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_is_shown_and_input_is_kept() {
    let savt = savt().await;
    let browser = open_pizza_board(&savt).await;
    browser.read("#connection", "Live").await;
    browser.offline(true).await;
    browser.read("#connection", "Offline, as of").await;
    let field = "#item-1 .suggest input[name=name]";
    browser.retype(field, "Basil\n").await;
    browser.read("#toasts .failed", "You are offline").await;
    assert_eq!(browser.value(field).await, "Basil");
    browser.screenshot("offline-desktop-light").await;

    browser.offline(false).await;
    browser.read("#connection", "Live").await;
    browser.type_into(field, "\n").await;
    browser.read("#item-1-features > [id]", "Basil").await;
    browser
        .close_despite(&["ERR_INTERNET_DISCONNECTED", "htmx"])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_background_tab_disconnects_and_catches_up() {
    let savt = savt().await;
    let first = open_pizza_board(&savt).await;
    let second = open_another(&savt).await;
    second.read("#presence", "2 here").await;
    first.open_tab_in_front().await;
    second.read("#presence", "1 here").await;
    second.press("Veto Mozzarella").await;
    second.read("#feature-1 .vetoers", "User-2").await;
    first.close_front_tab().await;
    first.read("#feature-1 .vetoers", "User-2").await;
    first.read("#connection", "Live").await;
    second.read("#presence", "2 here").await;
    first.close().await;
    second.close().await;
}
