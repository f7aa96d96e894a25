//! A group decides, each step found on the page itself: from an empty page over vetoes, consent and closing to the result as text,
//! with two processes on one database.

use serde_json::json;

use crate::harness::{
    app::Savt,
    browser::{Browser, PHONE},
    databases::db_test,
    soak,
};

const NAMES: [&str; 8] = ["Ann", "Bob", "Cem", "Dora", "Eve", "Finn", "Gül", "Hugo"];

/// Keeps what the page copies.
const KEEP_COPIES: &str = "
    window.written = [];
    navigator.clipboard.write = async ([item]) => {
        window.written.push(await (await item.getType('text/plain')).text());
    };
";

db_test!(a_group_reaches_a_decision);
async fn a_group_reaches_a_decision(savt: Savt) {
    let other = savt.another().await;
    let count = soak::size(4, NAMES.len());
    let mut people = Vec::new();
    for n in 0..count {
        let server = if n % 2 == 0 { &savt } else { &other };
        let browser = Browser::at(server.address()).await;
        browser.set_viewport(PHONE, n % 2 == 0).await;
        people.push(browser);
    }

    // The first makes a board in two taps and passes its link on.
    people[0].press("Start from a template").await;
    people[0].press("Pizza night").await;
    people[0].read("#item-1-name", "Margherita").await;
    let board = people[0].path().await;
    for (person, name) in people.iter().zip(NAMES) {
        person.go(&board).await;
        person.read("#connection", "Live").await;
        person.see("#me-name").await.click().await.unwrap();
        person
            .retype("#me input[name=name]", &format!("{name}\n"))
            .await;
        person.read("#me-name", name).await;
    }

    // Somebody suggests, somebody objects and says why; all see it.
    people[0].press("Veto Tuna").await;
    people[1]
        .type_into("#item-1 .suggest input[name=name]", "Capers\n")
        .await;
    for person in &people {
        person.read("#item-1-features", "Capers").await;
        person.read("#items .vetoers", NAMES[0]).await;
    }

    // Consent of all but the last; then something new; then of everybody.
    let give = "I’m fine with the rest";
    for person in &people[..count - 1] {
        person.press(give).await;
        person.read("#consent", "You are fine with this").await;
    }
    people[count - 1]
        .read("#consent", &format!("{} of {count}", count - 1))
        .await;
    people[count - 1]
        .type_into("#item-2 .suggest input[name=name]", "Olives\n")
        .await;
    for person in &people[..count - 1] {
        person.read("#consent", "1 new topping since").await;
        person.press("I’m still fine").await;
        person.read("#consent", "You are fine with this").await;
    }
    people[count - 1].press(give).await;
    for person in &people {
        person.read("#consent .agreed", "Everybody is fine").await;
    }

    // Another one than the first closes with what is left.
    people[1].press("Close with what is left").await;
    people[1].see("#sheet .choice").await.click().await.unwrap();
    people[1].type_into("#sheet textarea", "At eight.").await;
    people[1]
        .see("#close-form button")
        .await
        .click()
        .await
        .unwrap();
    for person in &people {
        person.read("#outcome h2", "Decided: Margherita").await;
        person.see_no("button.veto").await;
    }

    // Everybody can take the result away.
    let last = &people[count - 1];
    last.press("Result").await;
    last.read("#result", "At eight.").await;
    last.script(KEEP_COPIES).await;
    last.press("Copy as text").await;
    last.until_script("return window.written.length", json!(1))
        .await;
    let written = last.script("return window.written[0]").await;
    let written = written.as_str().unwrap();
    assert!(
        written.contains("Decided: Margherita\nAt eight.\n"),
        "{written}"
    );
    assert!(
        written.contains("Everybody is fine with the rest."),
        "{written}"
    );
    let fine = format!("Fine with this ({count} of {count})");
    assert!(written.contains(&fine), "{written}");
    for person in people {
        person.close().await;
    }
}
