//! Concurrent requests: rules 2, 3 and 4.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::harness::{
    app::Savt,
    client::{Answer, TestClient},
    consistency::assert_consistent,
    databases::db_test,
};

/// Posts the same form from all clients concurrently, after each has loaded the page.
async fn post_concurrently(
    people: &[TestClient],
    path: &str,
    fields: &[(&str, &str)],
) -> Vec<Answer> {
    join_all(people.iter().map(TestClient::page)).await;
    let sent = people.iter().map(|person| {
        let person = person.clone();
        let path = path.to_owned();
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        tokio::spawn(async move {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            person.post(&path, &fields).await
        })
    });
    let answers = join_all(sent).await.into_iter();
    answers.map(Result::unwrap).collect()
}

fn assert_all_succeeded(answers: &[Answer]) {
    for answer in answers {
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
}

db_test!(concurrent_items_with_one_name_get_distinct_names);
async fn concurrent_items_with_one_name_get_distinct_names(savt: Savt) {
    let people = savt.people(33);
    let answers = post_concurrently(&people, "/create/item/", &[("name", "Margherita")]).await;
    assert_all_succeeded(&answers);
    let page = savt.person().page().await;
    let names: Vec<String> = page.shown.items.into_iter().map(|item| item.name).collect();
    let first = "Margherita".to_owned();
    let numbered = (2..=33).map(|n| format!("Margherita-{n}"));
    let expected: Vec<String> = std::iter::once(first).chain(numbered).collect();
    assert_eq!(names, expected);
    assert_eq!(page.stats, "33 pizzas, 0 toppings, 0 vetoed, 33 people");
    assert_consistent(&[&savt]).await;
}

db_test!(concurrent_items_without_a_name_get_distinct_names);
async fn concurrent_items_without_a_name_get_distinct_names(savt: Savt) {
    let people = savt.people(33);
    assert_all_succeeded(&post_concurrently(&people, "/create/item/", &[("name", "")]).await);
    let page = savt.person().page().await;
    let names: BTreeSet<String> = page.shown.items.into_iter().map(|item| item.name).collect();
    assert_eq!(names, (1..=33).map(|n| format!("Pizza-{n}")).collect());
}

db_test!(a_hundred_concurrent_vetoes_all_count);
async fn a_hundred_concurrent_vetoes_all_count(savt: Savt) {
    let people = savt.people(100);
    let ham = people[0].suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}/veto");
    assert_all_succeeded(&post_concurrently(&people, &path, &[]).await);
    let page = people[0].page().await;
    let row = page.feature("Ham");
    let vetoers = row.vetoers.as_ref().unwrap();
    assert!(vetoers.ends_with(" and 98 more"), "{vetoers}");
    let all = people[0].get(&format!("/features/{ham}")).await.is(200);
    assert_eq!(all.one(".vetoers").split(", ").count(), 100);
    assert_eq!(row.button, "Take back veto on Ham");
    assert_consistent(&[&savt]).await;

    let path = format!("/features/{ham}/unveto");
    assert_all_succeeded(&post_concurrently(&people, &path, &[]).await);
    assert_eq!(people[0].sees().await, "free: Ham");
    assert_consistent(&[&savt]).await;
}

db_test!(concurrent_suggestions_of_one_feature_add_up_to_three);
async fn concurrent_suggestions_of_one_feature_add_up_to_three(savt: Savt) {
    let people = savt.people(33);
    let pizza = people[0].create_item("Margherita").await.to_string();
    let fields = [("name", "Basil"), ("amount", "1"), ("item_id", &pizza)];
    assert_all_succeeded(&post_concurrently(&people, "/create/feature/", &fields).await);
    assert_eq!(people[0].sees().await, "Margherita: Basil ×3");
    assert_consistent(&[&savt]).await;
}

db_test!(concurrent_renames_to_one_name_have_one_winner);
async fn concurrent_renames_to_one_name_have_one_winner(savt: Savt) {
    let people = savt.people(33);
    let answers = post_concurrently(&people, "/participant", &[("name", "Alice")]).await;
    let count = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((count(303), count(409)), (1, 32));
    assert_eq!(savt.stored().await.stats().people, 1);
}

db_test!(concurrent_deletions_of_one_item_have_one_winner);
async fn concurrent_deletions_of_one_item_have_one_winner(savt: Savt) {
    let people = savt.people(33);
    let pizza = people[0].create_item("Margherita").await;
    people[0].suggest("Basil", 2, pizza).await;
    let answers = post_concurrently(&people, &format!("/items/{pizza}/delete"), &[]).await;
    let count = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((count(303), count(410)), (1, 32));
    assert_eq!(people[0].sees().await, "free: Basil ×2");
    assert_consistent(&[&savt]).await;
}

db_test!(concurrent_first_readers_get_the_same_board);
async fn concurrent_first_readers_get_the_same_board(savt: Savt) {
    savt.fill(20, 5).await;
    let fresh = savt.another().await;
    let pages = join_all(fresh.people(33).iter().map(TestClient::page)).await;
    let expected = savt.person().page().await.shown;
    for page in pages {
        assert_eq!(page.shown, expected);
    }
}
