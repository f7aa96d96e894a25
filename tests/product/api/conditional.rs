//! Conditional requests: `ETag` and `If-None-Match` of a board, `If-Match` of a row.

use futures_util::future::join_all;
use serde_json::json;

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

db_test!(an_unchanged_board_is_not_sent_again);
async fn an_unchanged_board_is_not_sent_again(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    ann.add_item("Margherita").await;
    let board = ann.board().await;
    let tag = board.header("etag").trim_start_matches("W/");
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    assert_eq!(board.header("cache-control"), "private, no-cache");
    for known in [tag, "*", &format!("W/{tag}"), &format!("\"other\", {tag}")] {
        let same = ann.with("If-None-Match", known).get("").await.is(304);
        // Weak, since the body may be compressed.
        let same_tag = same.header("etag").trim_start_matches("W/");
        assert_eq!((same_tag, same.text()), (tag, ""), "{known}");
    }
    let other = ann.with("If-None-Match", "\"other\"");
    other.get("").await.is(200);
    let known = ann.with("If-None-Match", tag);
    ann.add_item("Marinara").await;
    let changed = known.get("").await.is(200);
    assert_ne!(changed.header("etag"), tag);
    assert_eq!(changed["items"].as_array().unwrap().len(), 2);
}

db_test!(a_changed_row_is_not_overwritten);
async fn a_changed_row_is_not_overwritten(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let pizza = ann.add_item("Margherita").await;
    let ham = ann.suggest("Ham", 1, Some(pizza)).await;
    for path in [format!("/items/{pizza}"), format!("/features/{ham}")] {
        let known = ann.get(&path).await.etag();
        let current = ann.patch(&path, json!({"name": "Changed"})).await.is(200);
        for tag in [known.clone(), format!("\"{known}\"")] {
            let late = ann.with("If-Match", &tag);
            for answer in [
                late.patch(&path, json!({"name": "Late"})).await,
                late.delete(&path).await,
            ] {
                let problem = answer.problem(412, "row-changed");
                assert_eq!(problem["current"], *current.json());
            }
        }
        let tag = format!("\"{}\"", current.etag());
        let timely = ann.with("If-Match", &tag);
        let changed = timely.patch(&path, json!({"name": "Timely"})).await.is(200);
        assert_eq!(
            ann.with("If-Match", "*")
                .patch(&path, json!({}))
                .await
                .is(200)
                .etag(),
            changed.etag()
        );
        for invalid in ["", "\"\"", "\"a b\"", "\"a\", \"b\"", "W/\"a\""] {
            let odd = ann.with("If-Match", invalid);
            odd.patch(&path, json!({"name": "Odd"}))
                .await
                .rejects("If-Match");
        }
    }
    // A veto does not change what a feature is.
    let path = format!("/features/{ham}");
    let before = ann.get(&path).await.etag();
    assert_eq!(ann.veto(ham).await.etag(), before);
    ann.with("If-Match", &before).delete(&path).await.is(204);
    // What is gone is gone, whatever the client knew.
    ann.with("If-Match", &before)
        .delete(&path)
        .await
        .problem(410, "gone");
}

db_test!(of_33_conditional_changes_one_succeeds);
async fn of_33_conditional_changes_one_succeeds(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    let ham = ann.suggest("Ham", 1, None).await;
    let path = format!("/features/{ham}");
    let tag = ann.get(&path).await.etag();
    let conditional = ann.with("If-Match", &tag);
    let path = path.as_str();
    let changes = (1..=33).map(|n| {
        let conditional = conditional.clone();
        async move {
            conditional
                .patch(path, json!({"name": format!("Ham {n}")}))
                .await
        }
    });
    let answers = join_all(changes).await;
    let (changed, refused): (Vec<_>, Vec<_>) = answers
        .into_iter()
        .partition(|answer| answer.status() == 200);
    assert_eq!((changed.len(), refused.len()), (1, 32));
    for answer in refused {
        let problem = answer.problem(412, "row-changed");
        assert_eq!(problem["current"], *changed[0].json());
    }
    assert_eq!(ann.get(path).await.json(), changed[0].json());
}
