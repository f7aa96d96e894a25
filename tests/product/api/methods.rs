//! Methods: 405 with `Allow`, HEAD and OPTIONS.

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(other_methods_are_refused_with_those_that_work);
async fn other_methods_are_refused_with_those_that_work(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for (path, method, allow) in [
        ("", "DELETE", "GET, HEAD, OPTIONS, PATCH"),
        ("", "POST", "GET, HEAD, OPTIONS, PATCH"),
        ("/items", "PUT", "GET, HEAD, OPTIONS, POST"),
        ("/items/1", "POST", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("/features/1/veto", "GET", "DELETE, OPTIONS, PUT"),
        ("/features/1/veto", "HEAD", "DELETE, OPTIONS, PUT"),
        ("/close", "GET", "OPTIONS, POST"),
        (
            "/participants/me",
            "POST",
            "DELETE, GET, HEAD, OPTIONS, PATCH",
        ),
        ("/api/v1/boards", "GET", "OPTIONS, POST"),
        ("/api/v1/openapi.json", "POST", "GET, HEAD, OPTIONS"),
        ("/items", "BREW", "GET, HEAD, OPTIONS, POST"),
    ] {
        let answer = ann.send(method, path, None).await.is(405);
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

db_test!(head_answers_like_get_without_a_body);
async fn head_answers_like_get_without_a_body(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let item = format!("/items/{}", ann.add_item("Margherita").await);
    for path in ["", "/items", &item, "/result", "/api/v1/openapi.json"] {
        let get = ann
            .with("Accept-Encoding", "identity")
            .get(path)
            .await
            .is(200);
        let head = ann
            .with("Accept-Encoding", "identity")
            .send("HEAD", path, None)
            .await
            .is(200);
        assert_eq!(head.text(), "");
        for name in ["content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    assert_eq!(ann.send("HEAD", "/items/99", None).await.is(404).text(), "");
}

db_test!(options_need_no_token_and_change_nothing);
async fn options_need_no_token_and_change_nothing(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let version = ann.board().await["version"].clone();
    let answer = ann
        .anonymous()
        .send("OPTIONS", "/items", None)
        .await
        .is(204);
    assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS, POST");
    assert_eq!(ann.board().await["version"], version);
}

db_test!(addresses_that_do_not_exist_are_not_found);
async fn addresses_that_do_not_exist_are_not_found(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/items/1/eat",
        "/items/",
        "/items//",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let answer = ann.send(method, path, None).await;
            answer.problem(404, "not-found");
        }
    }
}
