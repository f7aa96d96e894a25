//! The question for a name, after the first action of somebody who has not chosen one.

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

fn asks(answer: &Answer) -> bool {
    !answer.all("#ask-name form").is_empty()
}

/// Whether the fragments of a response fill the question.
fn brings_question(answer: &Answer) -> bool {
    answer.targets().contains(&"innerHTML #ask-name".to_owned())
}

async fn loads(person: &TestClient) -> Answer {
    person.get("").await.is(200)
}

db_test!(the_first_action_asks_for_a_name_once);
async fn the_first_action_asks_for_a_name_once(savt: Savt) {
    let anna = savt.person();
    assert!(!asks(&loads(&anna).await), "not before the first action");
    anna.create_item("One").await;
    let page = loads(&anna).await;
    assert_eq!(
        page.one("#ask-name label"),
        "You are User-1. What should others call you?"
    );
    assert_eq!(page.one("#ask-name a"), "Not now");
    assert_eq!(page.attribute("#ask-name a", "href"), "/");
    assert_eq!(page.toasts(), ["User-1 added One"]);
    assert!(!asks(&loads(&anna).await), "only on one page");
    anna.create_item("Two").await;
    assert!(!asks(&loads(&anna).await), "not after another action");
    let other = anna.on_board(&anna.create_board("Where to eat").await);
    other.create_item("Here").await;
    assert!(!asks(&loads(&other).await), "not on another board");

    // With htmx.
    let bob = savt.person().with_htmx();
    let fields = [("name", "Egg")];
    let first = bob.post("/create/feature/", &fields).await.is(200);
    assert!(brings_question(&first));
    assert!(
        first
            .one("form[data-name] label")
            .starts_with("You are User-2.")
    );
    let ham = [("name", "Ham")];
    let second = bob.post("/create/feature/", &ham).await.is(200);
    assert!(!brings_question(&second));
    let other = bob.on_board(&savt.person().create_board("When").await);
    let elsewhere = other.post("/create/feature/", &ham).await.is(200);
    assert!(!brings_question(&elsewhere));
}

db_test!(people_with_a_name_are_not_asked);
async fn people_with_a_name_are_not_asked(savt: Savt) {
    let anna = savt.person_called("Anna").await;
    assert!(!asks(&loads(&anna).await));
    anna.create_item("One").await;
    assert!(!asks(&loads(&anna).await));
    // The first action on another board takes the name.
    let other = anna.on_board(&anna.create_board("Where to eat").await);
    other.create_item("Here").await;
    assert!(!asks(&loads(&other).await));
    // The name is taken there.
    let board = savt.person().create_board("When").await;
    savt.person().on_board(&board).set_name("Anna").await;
    let third = anna.on_board(&board);
    third.create_item("Monday").await;
    let page = loads(&third).await;
    assert!(asks(&page));
    let offered = page.attribute("#ask-name input[name=name]", "value");
    assert_eq!(offered, "Anna");
    // A rejected action asks nothing.
    let bob = savt.person().with_htmx();
    let rejected = bob.post("/features/99/veto", &[]).await.is(404);
    assert!(!brings_question(&rejected));
}

db_test!(the_answer_is_a_name_or_says_why_not);
async fn the_answer_is_a_name_or_says_why_not(savt: Savt) {
    savt.person_called("Anna").await;
    let phone = savt.person();
    let ham = phone.suggest("Ham", 1, None).await;
    phone.veto(ham).await;
    let answer = async |person: &TestClient, name: &str| {
        let fields = [("name", name), ("asked", "1")];
        person.post("/participant", &fields).await
    };
    let page = answer(&phone, "anna").await.is(409);
    assert_eq!(page.one("#ask-reason-text"), "This name is taken.");
    assert_eq!(page.one("#ask-reason button"), "That's me");
    assert_eq!(page.attribute("#ask-name [name=name]", "value"), "anna");
    assert!(page.all("#me[open]").is_empty());
    let htmx = answer(&phone.with_htmx(), "").await.is(422);
    assert_eq!(
        htmx.targets(),
        ["outerMorph #ask-reason", "beforeend #toasts"]
    );
    answer(&phone, "Bob").await.is(303);
    let page = loads(&phone).await;
    assert!(!asks(&page));
    assert_eq!(page.page().shown.to_string(), "free: Ham [vetoed by Bob]");
}

db_test!(the_question_is_asked_in_german);
async fn the_question_is_asked_in_german(savt: Savt) {
    let anna = savt.person().reading("de");
    anna.create_item("Eins").await;
    assert_eq!(
        loads(&anna).await.one("#ask-name label"),
        "Du bist User-1. Wie sollen dich die anderen nennen?"
    );
}
