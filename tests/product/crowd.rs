//! Many people in the same instant: rules 2, 3 and 4.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::harness::{
    agreement::agree,
    app::Savt,
    client::{Answer, Person},
    databases::on_both,
};

/// Everyone sends this at once, from a page they have open. Gives all answers.
async fn all_at_once(people: &[Person], path: &str, fields: &[(&str, &str)]) -> Vec<Answer> {
    join_all(people.iter().map(Person::page)).await;
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

fn all_are_done(answers: &[Answer]) {
    for answer in answers {
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
}

on_both!(the_same_name_33_times_makes_33_items);
async fn the_same_name_33_times_makes_33_items(savt: Savt) {
    let people = savt.people(33);
    let answers = all_at_once(&people, "/create/item/", &[("name", "Margherita")]).await;
    all_are_done(&answers);
    let page = savt.person().page().await;
    let names: Vec<String> = page.shown.items.into_iter().map(|item| item.name).collect();
    let first = "Margherita".to_owned();
    let numbered = (2..=33).map(|n| format!("Margherita-{n}"));
    let expected: Vec<String> = std::iter::once(first).chain(numbered).collect();
    assert_eq!(names, expected);
    assert_eq!(page.stats, "33 pizzas, 0 toppings, 0 vetoed, 33 people");
    agree(&[&savt]).await;
}

on_both!(no_name_33_times_makes_33_items);
async fn no_name_33_times_makes_33_items(savt: Savt) {
    let people = savt.people(33);
    all_are_done(&all_at_once(&people, "/create/item/", &[("name", "")]).await);
    let page = savt.person().page().await;
    let names: BTreeSet<String> = page.shown.items.into_iter().map(|item| item.name).collect();
    assert_eq!(names, (1..=33).map(|n| format!("Pizza-{n}")).collect());
}

on_both!(a_hundred_vetoes_are_a_hundred_vetoes);
async fn a_hundred_vetoes_are_a_hundred_vetoes(savt: Savt) {
    let people = savt.people(100);
    let ham = people[0].suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}/veto");
    all_are_done(&all_at_once(&people, &path, &[]).await);
    let page = people[0].page().await;
    let row = page.feature("Ham");
    let vetoers = row.vetoers.as_ref().unwrap();
    assert!(vetoers.ends_with(" and 98 more"), "{vetoers}");
    let all = people[0].get(&format!("/features/{ham}")).await.is(200);
    assert_eq!(all.one(".vetoers").split(", ").count(), 100);
    assert_eq!(row.button, "Take back veto on Ham");
    agree(&[&savt]).await;

    let path = format!("/features/{ham}/unveto");
    all_are_done(&all_at_once(&people, &path, &[]).await);
    assert_eq!(people[0].sees().await, "free: Ham");
    agree(&[&savt]).await;
}

on_both!(the_same_feature_33_times_is_one_of_amount_three);
async fn the_same_feature_33_times_is_one_of_amount_three(savt: Savt) {
    let people = savt.people(33);
    let pizza = people[0].create_item("Margherita").await.to_string();
    let fields = [("name", "Basil"), ("amount", "1"), ("item_id", &pizza)];
    all_are_done(&all_at_once(&people, "/create/feature/", &fields).await);
    assert_eq!(people[0].sees().await, "Margherita: Basil ×3");
    agree(&[&savt]).await;
}

on_both!(of_33_who_want_one_name_one_gets_it);
async fn of_33_who_want_one_name_one_gets_it(savt: Savt) {
    let people = savt.people(33);
    let answers = all_at_once(&people, "/participant", &[("name", "Alice")]).await;
    let of = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((of(303), of(409)), (1, 32));
    assert_eq!(savt.stored().await.stats().people, 1);
}

on_both!(of_33_who_delete_an_item_one_does);
async fn of_33_who_delete_an_item_one_does(savt: Savt) {
    let people = savt.people(33);
    let pizza = people[0].create_item("Margherita").await;
    people[0].suggest("Basil", 2, pizza).await;
    let answers = all_at_once(&people, &format!("/items/{pizza}/delete"), &[]).await;
    let of = |status| {
        answers
            .iter()
            .filter(|answer| answer.status == status)
            .count()
    };
    assert_eq!((of(303), of(410)), (1, 32));
    assert_eq!(people[0].sees().await, "free: Basil ×2");
    agree(&[&savt]).await;
}

on_both!(a_board_nobody_opened_yet_is_loaded_for_all_at_once);
async fn a_board_nobody_opened_yet_is_loaded_for_all_at_once(savt: Savt) {
    savt.fill(20, 5).await;
    let fresh = savt.another().await;
    let pages = join_all(fresh.people(33).iter().map(Person::page)).await;
    let expected = savt.person().page().await.shown;
    for page in pages {
        assert_eq!(page.shown, expected);
    }
}
