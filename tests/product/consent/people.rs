//! The list of the people by how they stand.

use futures_util::future::join_all;

use crate::harness::{app::Savt, client::Answer, databases::db_test};

/// The groups of the list of people: heading, and names.
fn groups(answer: &Answer) -> Vec<(String, Vec<String>)> {
    let headings = answer.all(".menu h3");
    let lists = (1..=headings.len()).map(|n| answer.all(&format!(".people:nth-of-type({n}) bdi")));
    headings.into_iter().zip(lists).collect()
}

db_test!(the_people_are_listed_by_how_they_stand);
async fn the_people_are_listed_by_how_they_stand(savt: Savt) {
    let [alice, bob, chiara, dora] = [
        savt.person_called("Alice").await,
        savt.person_called("Bob").await,
        savt.person_called("Chiara").await,
        savt.person_called("Dora").await,
    ];
    let item = alice.create_item("Margherita").await;
    bob.consent().await;
    let ham = alice.suggest("Ham", 1, item).await;
    chiara.veto(ham).await;
    alice.consent().await;
    let page = alice.get("/presence").await.is(200);
    let group = |heading: &str, names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned());
        (heading.to_owned(), names.collect::<Vec<_>>())
    };
    assert_eq!(
        groups(&page),
        [
            group("Fine with the rest 1", &["Alice"]),
            group("Since then something came 1", &["Bob"]),
            group("Not yet 2", &["Chiara", "Dora"]),
        ]
    );
    assert!(
        page.all(".menu > .hint")
            .contains(&"1 of 4 is fine".to_owned())
    );
    assert_eq!(page.all(".people li > p")[2], "Chiara 1 veto");
    assert_eq!(page.all(".people li > p")[0], "Alice here");

    let button = "[action='/participants/4/aside'] button";
    assert_eq!(page.one(button), "Not taking part");
    let label = "Note that Dora is not taking part";
    assert_eq!(page.attribute(button, "aria-label"), label);
    alice
        .post("/participants/4/aside", &[("aside", "1")])
        .await
        .is(303);
    let toast = &alice.page().await.toasts[0];
    assert_eq!(toast, "Alice noted that Dora is not taking part");
    let page = alice.get("/presence").await.is(200);
    assert_eq!(groups(&page)[3], group("Not taking part 1", &["Dora"]));
    assert!(page.body.contains("1 of 3 is fine"));
    assert_eq!(dora.standing().await, "You are noted as not taking part.");
    bob.post("/participants/4/aside", &[("aside", "0")])
        .await
        .is(303);
    assert_eq!(dora.standing().await, "");

    for (path, fields, status) in [
        ("/participants/4/aside", &[("aside", "2")][..], 422),
        ("/participants/4/aside", &[], 422),
        ("/participants/99/aside", &[("aside", "1")], 404),
        ("/participants/x/aside", &[("aside", "1")], 404),
    ] {
        alice.post(path, fields).await.is(status);
    }
}

db_test!(a_long_list_of_people_is_cut);
async fn a_long_list_of_people_is_cut(savt: Savt) {
    let people = savt.people(70);
    let named = people.iter().enumerate().map(async |(n, person)| {
        person.set_name(&format!("Person {n}")).await;
    });
    join_all(named).await;
    let page = people[69].get("/presence").await.is(200);
    assert_eq!(page.one(".menu h3"), "Not yet 70");
    let rows = page.all(".people li");
    assert_eq!(rows.len(), 61);
    assert!(
        rows[0].starts_with("Person 69 here"),
        "whoever is here comes first"
    );
    assert_eq!(rows[60], "and 10 more");
}
