//! Requests with an `Idempotency-Key`: they take effect once, and each repetition gets the answer of the first.

use diesel::{dsl::sql_query, prelude::*};
use futures_util::future::join_all;
use savt::db::schema::requests;
use serde_json::json;

use super::client::{ApiAnswer, ApiClient};
use crate::harness::{app::Savt, consistency::assert_consistent, databases::db_test};

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

fn keyed(client: &ApiClient) -> ApiClient {
    client.with("Idempotency-Key", KEY)
}

#[track_caller]
fn assert_same(first: &ApiAnswer, again: &ApiAnswer) {
    assert_eq!(first.status(), again.status());
    assert_eq!(first.text(), again.text());
    for header in ["location", "cache-control", "content-type", "etag"] {
        assert_eq!(first.has_header(header), again.has_header(header));
        if first.has_header(header) {
            assert_eq!(first.header(header), again.header(header));
        }
    }
}

/// Makes SAVT forget how it answered, as if it had ended before.
async fn forget_answers(savt: &Savt) {
    let mut conn = savt.database().write().await.unwrap();
    let forget = sql_query("UPDATE requests SET answer = NULL");
    assert!(conn.execute(forget).await.unwrap() > 0);
    conn.commit().await.unwrap();
}

db_test!(a_repeated_request_changes_nothing_and_gets_the_same_answer);
async fn a_repeated_request_changes_nothing_and_gets_the_same_answer(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let new = || json!({"name": "Margherita", "kind": "vegetarian"});
    let first = keyed(&ann).post("/items", new()).await.is(201);
    // What happens meanwhile does not show in the answer.
    let id = first.id();
    ann.suggest("Basil", 1, Some(id)).await;
    ann.patch(&format!("/items/{id}"), json!({"name": "Funghi"}))
        .await
        .is(200);
    let again = keyed(&ann).post("/items", new()).await;
    assert_same(&first, &again);
    assert_eq!(ann.sees().await, "Funghi: Basil\nfree: ");
    // Also on another process, and after a restart.
    let other = savt.another().await;
    assert_same(
        &first,
        &keyed(&ann).moved_to(&other).post("/items", new()).await,
    );
    // Without the key, or with another one, it is another request.
    ann.post("/items", new()).await.is(201);
    ann.with("Idempotency-Key", "another")
        .post("/items", new())
        .await
        .problem(409, "name-taken");
    assert_consistent(&[&savt]).await;
}

db_test!(each_operation_that_posts_happens_once);
async fn each_operation_that_posts_happens_once(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    let other = ann.add_item("Funghi").await;
    ann.suggest("Basil", 1, Some(pizza)).await;
    let split = ann.add_item("Salami").await;
    ann.suggest("Ham", 2, Some(split)).await;
    let basil = json!({"name": "Basil", "item_id": pizza}).to_string();
    let into = json!({"into": other}).to_string();
    let outcome = json!({"outcome": "Funghi"}).to_string();
    for (number, (path, body)) in [
        ("/features".to_owned(), Some(&*basil)),
        (format!("/items/{split}/split"), None),
        (format!("/items/{pizza}/merge"), Some(&*into)),
        ("/close".to_owned(), Some(&*outcome)),
        ("/reopen".to_owned(), None),
    ]
    .into_iter()
    .enumerate()
    {
        let keyed = ann.with("Idempotency-Key", &format!("operation-{number}"));
        let before = ann.board().await["version"].as_i64().unwrap();
        let first = keyed.send("POST", &path, body).await.is(200);
        let after = ann.board().await["version"].as_i64().unwrap();
        assert!(after > before, "{path}");
        assert_same(&first, &keyed.send("POST", &path, body).await);
        assert_eq!(ann.board().await["version"], after, "{path}");
    }
}

db_test!(of_many_equal_requests_at_once_one_takes_effect);
async fn of_many_equal_requests_at_once_one_takes_effect(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let other = savt.another().await;
    let clients = [keyed(&ann), keyed(&ann).moved_to(&other)];
    let requests = (0..33).map(|n| {
        let client = &clients[n % 2];
        client.post("/features", json!({"name": "Ham", "amount": 1}))
    });
    let answers = join_all(requests).await;
    for answer in &answers {
        assert_same(&answers[0], answer);
    }
    assert_eq!(ann.sees().await, "free: Ham");
    assert_eq!(answers[0].status(), 201);
}

db_test!(a_key_belongs_to_one_request_of_one_participant);
async fn a_key_belongs_to_one_request_of_one_participant(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let bob = ApiClient::called(&savt, "Bob").await;
    let (margherita, funghi) = (json!({"name": "Margherita"}), json!({"name": "Funghi"}));
    keyed(&ann).post("/items", margherita.clone()).await.is(201);
    for (path, body) in [
        ("/items", funghi.clone()),
        ("/features", margherita.clone()),
    ] {
        let answer = keyed(&ann).post(path, body).await;
        answer.problem(422, "idempotency-key-reused");
    }
    // Another participant has keys of their own, and another board as well.
    keyed(&bob).post("/items", funghi).await.is(201);
    assert_eq!(ann.sees().await, "Margherita: \nFunghi: \nfree: ");
}

db_test!(a_refusal_is_repeated_too);
async fn a_refusal_is_repeated_too(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let id = ann.add_item("Margherita").await;
    let new = || json!({"name": "margherita"});
    let first = keyed(&ann).post("/items", new()).await;
    ann.delete(&format!("/items/{id}")).await.is(204);
    let again = keyed(&ann).post("/items", new()).await;
    assert_same(&first, &again);
    again.problem(409, "name-taken");
    // What was refused for its sender is not: the same request may succeed with a token.
    let anonymous = ann.anonymous();
    keyed(&anonymous).post("/items", new()).await.is(401);
    keyed(&anonymous).post("/items", new()).await.is(401);
    ann.post("/items", new()).await.is(201);
}

db_test!(a_repeated_join_gets_the_same_token_which_is_not_stored);
async fn a_repeated_join_gets_the_same_token_which_is_not_stored(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let join = || json!({"name": "Ann"});
    let first = keyed(&client).post("/participants", join()).await.is(201);
    assert_same(&first, &keyed(&client).post("/participants", join()).await);
    let token = first["token"].as_str().unwrap();
    let ann = client.with_token(token);
    assert_eq!(ann.get("/participants/me").await.is(200)["name"], "Ann");
    let query = requests::table.select(requests::answer);
    let mut conn = savt.database().read().await.unwrap();
    let answers: Vec<Option<Vec<u8>>> = conn.load(query).await.unwrap();
    drop(conn);
    let [Some(answer)] = &answers[..] else {
        panic!("{} answers", answers.len());
    };
    let answer = String::from_utf8_lossy(answer);
    assert!(answer.contains("Ann") && !answer.contains(&token["savt_".len()..]));
    // A board of its own, with the token of who made it.
    let new = || json!({"name": "Friday", "purpose": "Where?"});
    let maker = client.with("Idempotency-Key", "a-board-with-a-purpose");
    let made = maker.post("/api/v1/boards", new()).await.is(201);
    let again = maker.post("/api/v1/boards", new()).await;
    assert_same(&made, &again);
    let author = client
        .on(made["slug"].as_str().unwrap())
        .with_token(made["token"].as_str().unwrap());
    author.get("/participants/me").await.is(200);
    let plain = client.with("Idempotency-Key", "a-plain-board-0123456789");
    let first = plain
        .post("/api/v1/boards", json!({"name": "Plain"}))
        .await
        .is(201);
    assert_same(
        &first,
        &plain.post("/api/v1/boards", json!({"name": "Plain"})).await,
    );
}

db_test!(a_request_that_was_not_answered_is_answered_from_its_events);
async fn a_request_that_was_not_answered_is_answered_from_its_events(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let join = || json!({"name": "Ann"});
    let joined = keyed(&client).post("/participants", join()).await.is(201);
    let ann = client.with_token(joined["token"].as_str().unwrap());
    let item = keyed(&ann)
        .post("/items", json!({"name": "Margherita"}))
        .await;
    let empty = client.with("Idempotency-Key", "a-board-without-content");
    let made = empty
        .post("/api/v1/boards", json!({"name": "Friday"}))
        .await;
    let kept = client.with("Idempotency-Key", "a-board-with-a-purpose");
    let with_purpose = || json!({"name": "Friday", "purpose": "Where?"});
    let filled = kept.post("/api/v1/boards", with_purpose()).await;
    for _ in 0..2 {
        forget_answers(&savt).await;
        assert_same(&joined, &keyed(&client).post("/participants", join()).await);
        let again = keyed(&ann)
            .post("/items", json!({"name": "Margherita"}))
            .await;
        assert_same(&item, &again);
        let again = empty
            .post("/api/v1/boards", json!({"name": "Friday"}))
            .await;
        assert_same(&made, &again);
        assert_same(&filled, &kept.post("/api/v1/boards", with_purpose()).await);
    }
    assert_eq!(ann.sees().await, "Margherita: \nfree: ");
}

db_test!(a_key_that_is_no_key_is_refused);
async fn a_key_that_is_no_key_is_refused(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for key in ["", "with blank", &"x".repeat(256)] {
        let client = ann.with("Idempotency-Key", key);
        let answer = client.post("/items", json!({"name": "Margherita"})).await;
        assert_eq!(answer.is(422)["errors"][0]["pointer"], "Idempotency-Key");
    }
    // A token is derived from the key, so nobody must be able to guess it.
    let short = ann.anonymous().with("Idempotency-Key", "1");
    short.post("/participants", json!({})).await.is(422);
    let quoted = ann.with("Idempotency-Key", "\"k\"");
    let first = quoted
        .post("/items", json!({"name": "Margherita"}))
        .await
        .is(201);
    let plain = ann.with("Idempotency-Key", "k");
    assert_same(
        &first,
        &plain.post("/items", json!({"name": "Margherita"})).await,
    );
    // Other methods are idempotent by themselves.
    let id = first.id();
    keyed(&ann)
        .patch(&format!("/items/{id}"), json!({"name": "A"}))
        .await
        .is(200);
    keyed(&ann)
        .patch(&format!("/items/{id}"), json!({"name": "B"}))
        .await
        .is(200);
}
