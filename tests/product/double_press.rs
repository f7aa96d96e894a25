//! A double press in a browser without scripts, which sends a form twice.

use std::time::{Duration, Instant};

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    databases::db_test,
};

/// Sends a form twice at once, as a double press does: the answers. Sends others, named by a number, until both are processed within
/// 0.4 s, because the machine may be slow.
async fn press_twice(
    person: &TestClient,
    path: &str,
    fields: impl Fn(&str) -> Vec<(&'static str, String)>,
) -> (String, [Answer; 2]) {
    for number in 0..20 {
        let name = format!("Number {number}");
        let fields = fields(&name);
        let fields: Vec<_> = fields
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let begin = Instant::now();
        let (first, second) = tokio::join!(person.post(path, &fields), person.post(path, &fields));
        if begin.elapsed() < Duration::from_millis(400) {
            return (name, [first, second]);
        }
    }
    panic!("no two requests were processed within 0.4 s");
}

db_test!(two_equal_forms_at_once_are_one);
async fn two_equal_forms_at_once_are_one(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let pizza = alice.create_item("Funghi").await;
    let named = |name: &str| vec![("name", name.to_owned())];
    let topping = |name: &str| {
        let name = ("name", name.to_owned());
        vec![
            name,
            ("amount", "1".to_owned()),
            ("item_id", pizza.to_string()),
        ]
    };
    let several = |name: &str| vec![("names", format!("A {name}\nB {name}"))];
    let (item, answers) = press_twice(&alice, "/create/item/", named).await;
    assert_same(&alice, answers, &format!("Alice added {item}")).await;
    assert!(!alice.sees().await.contains(&format!("{item}-2")));

    let (feature, answers) = press_twice(&alice, "/create/feature/", topping).await;
    assert_same(
        &alice,
        answers,
        &format!("Alice suggested {feature} for Funghi"),
    )
    .await;
    assert!(!alice.sees().await.contains(&format!("{feature} ×2")));

    let (both, answers) = press_twice(&alice, "/create/items/", several).await;
    assert_same(&alice, answers, &format!("Alice added A {both}, B {both}")).await;
    assert!(!alice.sees().await.contains(&format!("B {both}-2")));
}

async fn assert_same(person: &TestClient, answers: [Answer; 2], toast: &str) {
    let [first, second] = answers.map(|answer| answer.is(303).header("location").to_owned());
    assert_eq!(first, second);
    assert_eq!(person.page().await.toasts, [toast]);
}

db_test!(closing_twice_at_once_is_closing);
async fn closing_twice_at_once_is_closing(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    alice.create_item("Funghi").await;
    let fields = [("chosen", "1"), ("outcome", "At 8,\r\nat Anna's")];
    let (one, other) = tokio::join!(alice.post("/close", &fields), alice.post("/close", &fields));
    let toast = "Alice closed the decision with Funghi";
    assert_same(&alice, [one, other], toast).await;
    // Another outcome, another person, and a script, which swallows the second press itself.
    let bob = savt.person_called("Bob").await;
    let version = savt.stored().await.version();
    alice.post("/close", &fields[1..]).await.is(423);
    alice.post("/close", &fields[..1]).await.is(423);
    bob.post("/close", &fields).await.is(423);
    alice.with_htmx().post("/close", &fields).await.is(423);
    assert_eq!(savt.stored().await.version(), version);
}

db_test!(a_script_creates_as_often_as_it_sends);
async fn a_script_creates_as_often_as_it_sends(savt: Savt) {
    let alice = savt.person_called("Alice").await;
    let script = alice.with_htmx();
    for _ in 0..2 {
        let name = [("name", "Funghi")];
        script.post("/create/item/", &name).await.is(200);
        script
            .post("/create/feature/", &[("name", "Ham")])
            .await
            .is(200);
    }
    assert_eq!(alice.sees().await, "Funghi\nFunghi-2\nfree: Ham ×2");
    // Another person is never a repetition.
    let bob = savt.person_called("Bob").await;
    let (one, other) = tokio::join!(
        alice.post("/create/item/", &[("name", "Napoli")]),
        bob.post("/create/item/", &[("name", "Napoli")]),
    );
    assert_ne!(one.header("location"), other.header("location"));
}
