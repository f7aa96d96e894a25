//! Participants: rule 12.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_program_joins_and_renames_itself);
async fn a_program_joins_and_renames_itself(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let joined = client
        .post("/participants", json!({"name": " Ann "}))
        .await
        .is(201);
    let path = format!("/participants/{}", joined.id());
    assert_eq!(
        joined.header("location"),
        format!("/api/v1/boards/main{path}")
    );
    assert_eq!(joined.header("cache-control"), "no-store");
    assert_eq!(joined["name"], "Ann");
    assert_eq!(joined["consent"], "none");
    assert_eq!(joined["taking_part"], true);
    let token = joined["token"].as_str().unwrap();
    assert_eq!(token.len(), "savt_".len() + 32, "128 bits");
    let ann = client.with_token(token);
    let me = ann.get("/participants/me").await.is(200);
    assert_eq!(me.id(), joined.id());
    let renamed = ann
        .patch("/participants/me", json!({"name": "Anna"}))
        .await
        .is(200);
    assert_eq!(
        (renamed.id(), &renamed["name"]),
        (joined.id(), &json!("Anna"))
    );
    // No other answer has the token.
    for path in ["", "/participants", "/participants/me", &path] {
        let answer = ann.get(path).await.is(200);
        assert!(
            answer.text().contains("Anna") && !answer.text().contains("savt_"),
            "{path}"
        );
    }
    for (body, pointer) in [
        (json!({"name": null}), "/name"),
        (json!({"name": ""}), "/name"),
        (json!({}), ""),
        (json!({"name": "Bea", "id": 7}), "/id"),
    ] {
        ann.patch("/participants/me", body).await.rejects(pointer);
    }
    for path in ["/participants/0", "/participants/99", "/participants/you"] {
        ann.get(path).await.problem(404, "not-found");
    }
}

db_test!(a_new_name_shows_everywhere);
async fn a_new_name_shows_everywhere(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    ann.veto(ham).await;
    ann.patch("/participants/me", json!({"name": "Anna"}))
        .await
        .is(200);
    assert_eq!(ann.sees().await, "free: Ham [Anna]");
}

db_test!(a_taken_name_says_who_has_it);
async fn a_taken_name_says_who_has_it(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    // By case, and by letters that look alike: the first is Cyrillic.
    for name in ["ann", "\u{410}nn"] {
        let body = json!({"name": name});
        let joined = ann.post("/participants", body.clone()).await;
        let problem = joined.problem(409, "name-taken");
        assert_eq!(problem["existing_id"], ann.id());
        let renamed = bob.patch("/participants/me", body).await;
        let problem = renamed.problem(409, "name-taken");
        assert_eq!(problem["existing_id"], ann.id());
    }
}

db_test!(without_a_name_33_programs_are_33_participants);
async fn without_a_name_33_programs_are_33_participants(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let joining = (0..33).map(|_| client.just("POST", "/participants"));
    let joined = join_all(joining).await;
    let tokens = joined
        .iter()
        .map(|answer| answer["token"].as_str().unwrap());
    assert_eq!(tokens.collect::<BTreeSet<_>>().len(), 33);
    let names = joined
        .iter()
        .map(|answer| answer["name"].as_str().unwrap().to_owned());
    let expected: BTreeSet<String> = (1..=33).map(|n| format!("User-{n}")).collect();
    assert_eq!(names.collect::<BTreeSet<_>>(), expected);
}

db_test!(two_tokens_are_two_people);
async fn two_tokens_are_two_people(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let ham = ann.suggest("Ham", 1, None).await;
    ann.veto(ham).await;
    bob.veto(ham).await;
    assert_eq!(ann.sees().await, "free: Ham [Ann, Bob]");
    ann.delete(&format!("/features/{ham}/veto")).await.is(200);
    assert_eq!(ann.sees().await, "free: Ham [Bob]");
}

db_test!(an_existing_name_can_be_claimed);
async fn an_existing_name_can_be_claimed(savt: Savt) {
    let person = savt.person_called("Ann").await;
    let ham = person.suggest("Ham", 1, None).await;
    person.veto(ham).await;
    let client = ApiClient::of(&savt).await;
    let body = json!({"name": "ann", "claim": true});
    let claimed = client.post("/participants", body).await.is(201);
    assert_eq!(claimed["name"], "Ann");
    let ann = client.with_token(claimed["token"].as_str().unwrap());
    ann.delete(&format!("/features/{ham}/veto")).await.is(200);
    assert_eq!(ann.sees().await, "free: Ham");
    let nobody = client.post("/participants", json!({"claim": true})).await;
    nobody.rejects("/name");
    client
        .post("/participants", json!({"claim": 1}))
        .await
        .rejects("/claim");
}

db_test!(anyone_sets_a_participant_aside);
async fn anyone_sets_a_participant_aside(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let path = format!("/participants/{}/aside", bob.id());
    let aside = ann.just("PUT", &path).await.is(200);
    assert_eq!(
        (aside.id(), &aside["taking_part"]),
        (bob.id(), &json!(false))
    );
    let back = ann.delete(&path).await.is(200);
    assert_eq!(back["taking_part"], true);
    // Also as soon as they act.
    ann.just("PUT", &path).await.is(200);
    bob.add_item("Margherita").await;
    assert_eq!(bob.get("/participants/me").await["taking_part"], true);
    ann.just("PUT", "/participants/99/aside")
        .await
        .problem(404, "not-found");
    ann.delete("/participants/99/aside")
        .await
        .problem(404, "not-found");
}

db_test!(a_participant_is_forgotten_with_a_new_epoch);
async fn a_participant_is_forgotten_with_a_new_epoch(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ann.join("Bob").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let veto = format!("/features/{ham}/veto");
    ann.put(&veto, json!({"reason": "my illness"}))
        .await
        .is(200);
    let (epoch, version) = {
        let board = bob.board().await;
        (board["epoch"].clone(), board["version"].clone())
    };
    let refused = ann
        .send("DELETE", "/participants/me", Some("{\"all\": true}"))
        .await;
    refused.rejects("/all");
    ann.delete("/participants/me").await.is(204);
    ann.get("/participants/me")
        .await
        .problem(401, "token-required");
    let board = bob.board().await;
    assert_ne!(board["epoch"], epoch);
    assert_eq!(board["version"], version);
    assert_eq!(bob.sees().await, "free: Ham [User-1]");
    let log = bob.get("/events").await;
    assert!(!log.text().contains("Ann") && !log.text().contains("illness"));
}

db_test!(a_participant_who_is_forgotten_meanwhile_does_not_join_again);
async fn a_participant_who_is_forgotten_meanwhile_does_not_join_again(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let veto = format!("/features/{ham}/veto");
    const ROUNDS: usize = 10;
    for _ in 0..ROUNDS {
        let bob = ann.join("Bob").await;
        let bob = &bob;
        let writes = (0..12).map(|n| async move {
            match n % 4 {
                0 => bob.post("/features", json!({"name": "Basil"})).await,
                1 => bob.just("PUT", "/consent").await,
                2 => {
                    let name = json!({"name": format!("Bob {n}")});
                    bob.patch("/participants/me", name).await
                }
                _ => bob.delete("/participants/me").await,
            }
        });
        for answer in join_all(writes).await {
            match answer.status() {
                200 | 201 | 204 => {}
                // The board cannot be changed meanwhile.
                503 => drop(answer.problem(503, "busy")),
                _ => drop(answer.problem(401, "token-required")),
            }
        }
        ann.just("PUT", &veto).await.is(200);
        bob.just("PUT", &veto).await.problem(401, "token-required");
    }
    let board = ann.board().await;
    let people = board["participants"].as_array().unwrap();
    assert_eq!(people.len(), 1 + ROUNDS);
}
