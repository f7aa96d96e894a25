//! The question for a name, in a browser: it takes no focus and covers nothing that is worked on.

use super::savt;
use crate::harness::browser::{Browser, DESKTOP, PHONE, SCHEMES};

const QUESTION: &str = "#ask-name form";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_action_asks_for_a_name() {
    let savt = savt().await;
    let alice = savt.person_called("Alice").await;
    for n in 1..=12 {
        let item = alice.create_item(&format!("Pizza {n}")).await;
        alice.suggest("Ham", 1, item).await;
    }
    let phone = Browser::at(savt.address()).await;
    phone.set_viewport(PHONE, false).await;
    phone.go("/").await;
    phone.see_no(QUESTION).await;
    phone.read("#connection", "Live").await;

    // A row at the top of the window, where the question appears.
    phone
        .script(
            "const row = document.getElementById('feature-9');
             scrollTo(0, scrollY + row.getBoundingClientRect().top - 4);
             row.querySelector('button.veto').focus();
             row.querySelector('button.veto').click();",
        )
        .await;
    phone
        .read("#ask-name", "You are User-2. What should others")
        .await;
    phone.focus_on("#feature-9 button.veto").await;
    phone
        .until_script(
            "const box = (id) => document.getElementById(id).getBoundingClientRect();
             const [question, row] = [box('ask-name'), box('feature-9')];
             return question.bottom <= row.top
                 && document.documentElement.scrollWidth <= innerWidth;",
            true,
        )
        .await;
    for (dark, scheme) in SCHEMES {
        phone.set_viewport(PHONE, dark).await;
        phone
            .screenshot(&format!("name-question-phone-{scheme}"))
            .await;
    }

    phone
        .type_into("#ask-name input[name=name]", "alice\n")
        .await;
    phone.read("#ask-reason", "This name is taken").await;
    phone.screenshot("name-question-taken").await;
    phone.press("That's me").await;
    phone.see_no(QUESTION).await;
    phone.read("#me-name", "You are Alice").await;
    phone.focus_on("#me > summary").await;
    phone.read("#feature-9 .vetoers", "vetoed by Alice").await;
    phone.close().await;

    // Dismissed: never again, also on another board.
    let desktop = Browser::at(savt.address()).await;
    desktop.set_viewport(DESKTOP, false).await;
    let field = "#create-item input[name=name]";
    desktop.type_into(field, "Napoli\n").await;
    desktop.see(QUESTION).await;
    desktop.screenshot("name-question-desktop").await;
    desktop.press("Not now").await;
    desktop.see_no(QUESTION).await;
    desktop.type_into(field, "Marinara\n").await;
    desktop.read("#items", "Marinara").await;
    desktop.see_no(QUESTION).await;
    desktop.go(&alice.create_board("Where to eat").await).await;
    desktop.type_into(field, "Here\n").await;
    desktop.read("#items", "Here").await;
    desktop.see_no(QUESTION).await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_question_closes_when_the_name_is_chosen_elsewhere() {
    let savt = savt().await;
    let browser = Browser::at(savt.address()).await;
    browser
        .type_into("#create-item input[name=name]", "Napoli\n")
        .await;
    browser.see(QUESTION).await;
    browser.press("You are User-1").await;
    browser.retype("#me input[name=name]", "Bob\n").await;
    browser.read("#me-name", "You are Bob").await;
    browser.see_no(QUESTION).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_question_works_without_javascript() {
    let savt = savt().await;
    let browser = Browser::without_javascript(savt.address()).await;
    let field = "#create-item input[name=name]";
    browser.type_into(field, "Napoli\n").await;
    browser.read("#ask-name", "You are User-1").await;
    browser.type_into("#ask-name input[name=name]", "Bob").await;
    browser.press("OK").await;
    browser.read("#me-name", "You are Bob").await;
    browser.see_no(QUESTION).await;
    browser.close().await;
}
