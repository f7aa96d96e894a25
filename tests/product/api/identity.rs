//! Who acts: tokens, and nothing that a browser sends by itself.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use savt::{
    model::{BrowserId, Command, Identity, Slug},
    store::BoardLock,
    web::{Password, SitePassword},
};
use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(a_write_needs_a_token_of_this_board);
async fn a_write_needs_a_token_of_this_board(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let made = ann
        .post("/api/v1/boards", json!({"name": "Other"}))
        .await
        .is(201);
    let elsewhere = ann.on(made["slug"].as_str().unwrap());
    let stranger = ann.anonymous();
    for client in [
        &elsewhere,
        &stranger,
        &stranger.with_token("savt_0123456789abcdef0123456789abcdef"),
        &stranger.with_token("nonsense"),
        &stranger.with("Authorization", "Basic QW5uOg=="),
        &ann.with(
            "Authorization",
            "Bearer savt_0123456789abcdef0123456789abcdef",
        ),
    ] {
        for answer in [
            client.post("/items", json!({"name": "Margherita"})).await,
            client.patch("", json!({"name": "Mine"})).await,
            client.just("PUT", "/consent").await,
            client.just("POST", "/close").await,
            client.get("/participants/me").await,
        ] {
            let problem = answer.problem(401, "token-required");
            assert_eq!(problem.header("www-authenticate"), "Bearer");
        }
        // Reading needs none.
        client.get("/items").await.is(200);
    }
    assert_eq!(ann.sees().await, "free: ");
}

db_test!(cookies_are_not_accepted);
async fn cookies_are_not_accepted(savt: Savt) {
    let person = savt.person_called("Ann").await;
    let cookies = reqwest::cookie::CookieStore::cookies(
        &*person.jar,
        &person.address_of("/").parse().unwrap(),
    );
    let cookies = cookies.unwrap();
    let client = ApiClient::of(&savt).await;
    let browser = client.with("Cookie", cookies.to_str().unwrap());
    let answer = browser.post("/items", json!({"name": "Margherita"})).await;
    answer.problem(401, "token-required");
    // And the API sets none.
    let joined = browser
        .post("/participants", json!({"name": "Bob"}))
        .await
        .is(201);
    assert!(!joined.has_header("set-cookie"));
}

db_test!(other_sites_pass_with_a_token_only);
async fn other_sites_pass_with_a_token_only(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let elsewhere = |client: &ApiClient| {
        let client = client.with("Origin", "https://elsewhere.example");
        client.with("Sec-Fetch-Site", "cross-site")
    };
    let item = json!({"name": "Margherita"});
    let anonymous = elsewhere(&ann.anonymous());
    let answer = anonymous.post("/items", item.clone()).await;
    answer.problem(401, "token-required");
    elsewhere(&ann).post("/items", item).await.is(201);
    // No page of another site can read the answer.
    let read = elsewhere(&ann).get("").await.is(200);
    assert!(!read.has_header("access-control-allow-origin"));
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    text: String,
}

db_test!(a_token_is_stored_hashed_only);
async fn a_token_is_stored_hashed_only(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let joined = client
        .post("/participants", json!({"name": "Ann"}))
        .await
        .is(201);
    let token = joined["token"].as_str().unwrap();
    let digits = token.strip_prefix("savt_").unwrap();
    let mut stored = Vec::new();
    for (table, column) in [
        ("browsers", "token"),
        ("participants", "name"),
        ("events", "change"),
        ("events", "action"),
        ("events", "actor_name"),
    ] {
        let query = sql_query(format!("SELECT {column} AS text FROM {table}"));
        let mut conn = savt.database().read().await.unwrap();
        stored.extend(conn.load::<Stored, _>(query).await.unwrap());
    }
    assert!(stored.iter().any(|row| row.text == "Ann"));
    for row in stored {
        assert!(!row.text.contains(digits), "{}", row.text);
    }
}

db_test!(where_names_are_claimed_no_program_takes_one);
async fn where_names_are_claimed_no_program_takes_one(savt: Savt) {
    savt.person_called("Ann").await;
    let savt = savt
        .another_with(|app| app.with_identity(Identity::Claimed))
        .await;
    let client = ApiClient::of(&savt).await;
    let claim = json!({"name": "Ann", "claim": true});
    let answer = client.post("/participants", claim).await;
    answer.problem(403, "identity-claimed");
    client
        .post("/participants", json!({"name": "Ann"}))
        .await
        .problem(409, "name-taken");
    client.join("Bob").await.add_item("Margherita").await;
}

const PASSWORD: &str = "Käsekuchen & Co";

db_test!(an_installation_with_a_password_wants_access_too);
async fn an_installation_with_a_password_wants_access_too(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let password: Password = PASSWORD.parse().unwrap();
    let lock = SitePassword::new(&password).unwrap();
    let savt = savt.another_with(|app| app.with_site_password(lock)).await;
    let outside = ann.moved_to(&savt);
    for client in [
        &outside,
        &outside.with("SAVT-Access", ""),
        &outside.with("SAVT-Access", "nonsense"),
    ] {
        for answer in [
            client.get("").await,
            client.get("/items").await,
            client.post("/items", json!({"name": "Margherita"})).await,
            client.post("/api/v1/boards", json!({"name": "Mine"})).await,
            client.get("/api/v1/nothing").await,
        ] {
            answer.problem(401, "access-required");
        }
    }
    let wrong = outside
        .post("/api/v1/login", json!({"password": "guess"}))
        .await;
    wrong.problem(422, "wrong-password");
    let empty = outside.post("/api/v1/login", json!({})).await;
    empty.rejects("");
    let login = json!({ "password": PASSWORD });
    let access = outside.post("/api/v1/login", login).await.is(200);
    assert_eq!(access.header("cache-control"), "no-store");
    let inside = outside.with("SAVT-Access", access["access"].as_str().unwrap());
    inside.add_item("Margherita").await;
    // The access is no token, and the session of a browser is no access.
    let anonymous = inside.anonymous();
    let answer = anonymous.post("/items", json!({"name": "Marinara"})).await;
    answer.problem(401, "token-required");
    let cookie = format!("savt-session={}", access["access"].as_str().unwrap());
    let by_cookie = outside.with("Cookie", &cookie);
    by_cookie.get("").await.problem(401, "access-required");
    // The description is for everybody.
    outside.get("/api/v1/openapi.json").await.is(200);
}

db_test!(without_a_password_there_is_no_login);
async fn without_a_password_there_is_no_login(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    let answer = client.post("/api/v1/login", json!({"password": "x"})).await;
    answer.problem(404, "not-found");
}

db_test!(a_token_of_another_process_is_not_refused_before_this_one_can_know_it);
async fn a_token_of_another_process_is_not_refused_before_this_one_can_know_it(savt: Savt) {
    let another = savt.another().await;
    let there = another.boards().open(&Slug::main()).await.unwrap();
    let ann = ApiClient::called(&savt, "Ann").await.moved_to(&another);
    // The writer there waits for the lock, and cannot read that Ann has joined here.
    let lock = BoardLock::acquire(savt.database(), there.id()).await;
    let lock = lock.unwrap().unwrap();
    let bob = BrowserId::from_hash("the browser of Bob".to_owned());
    let bob = there.execute(bob, Command::Join);
    let ask = async {
        let answer = ann.get("/participants/me").await;
        lock.release().await.unwrap();
        answer
    };
    let (joined, answer) = tokio::join!(bob, ask);
    joined.unwrap();
    assert!([200, 503].contains(&answer.status()), "{answer:?}");
    assert_eq!(ann.get("/participants/me").await.is(200)["name"], "Ann");
    let unknown = ann.with_token("savt_0123456789abcdef0123456789abcdef");
    unknown.get("/participants/me").await.is(401);
}
