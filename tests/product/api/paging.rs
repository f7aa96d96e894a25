//! Lists are paged by cursor.

use serde_json::{Value, json};

use super::client::ApiClient;
use crate::harness::{app::Savt, databases::db_test};

/// The ids of a list, page by page.
async fn pages(client: &ApiClient, list: &str, limit: usize) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut after = json!(0);
    while !after.is_null() {
        let path = format!("/{list}?after={after}&limit={limit}");
        let page = client.get(&path).await.is(200);
        let rows = page[list].as_array().unwrap().iter();
        pages.push(rows.map(|row| row["id"].as_i64().unwrap()).collect());
        after = page["next"].clone();
    }
    pages
}

db_test!(pages_are_complete_and_in_order);
async fn pages_are_complete_and_in_order(savt: Savt) {
    let ann = ApiClient::called(&savt, "Ann").await;
    for n in 1..=5 {
        ann.join(&format!("Guest {n}")).await;
        let item = ann.add_item(&format!("Item {n}")).await;
        ann.suggest("Ham", 1, Some(item)).await;
    }
    ann.delete("/items/2").await.is(204);
    assert_eq!(pages(&ann, "items", 2).await, [vec![1, 3], vec![4, 5]]);
    assert_eq!(
        pages(&ann, "features", 3).await,
        [vec![1, 2, 3], vec![4, 5]]
    );
    let participants = pages(&ann, "participants", 4).await;
    assert_eq!(participants, [vec![1, 2, 3, 4], vec![5, 6]]);
    assert_eq!(pages(&ann, "items", 1_000).await, [vec![1, 3, 4, 5]]);
    // Behind the end there is nothing.
    let behind = ann.get("/items?after=9223372036854775807").await.is(200);
    assert_eq!(*behind.json(), json!({"items": [], "next": null}));
}

db_test!(a_page_has_100_rows_unless_asked_for_others);
async fn a_page_has_100_rows_unless_asked_for_others(savt: Savt) {
    savt.fill(101, 1).await;
    let client = ApiClient::of(&savt).await;
    let length = |page: &Value| page.as_array().unwrap().len();
    let page = client.get("/items").await.is(200);
    assert_eq!(length(&page["items"]), 100);
    let rest = client
        .get(&format!("/items?after={}", page["next"]))
        .await
        .is(200);
    assert_eq!((length(&rest["items"]), &rest["next"]), (1, &json!(null)));
    let all = client.get("/items?limit=101").await.is(200);
    assert_eq!((length(&all["items"]), &all["next"]), (101, &json!(null)));
}

db_test!(parameters_are_checked);
async fn parameters_are_checked(savt: Savt) {
    let client = ApiClient::of(&savt).await;
    for list in ["items", "features", "participants"] {
        for (query, pointer) in [
            ("after=-1", "after"),
            ("after=x", "after"),
            ("after=", "after"),
            ("after=9223372036854775808", "after"),
            ("limit=0", "limit"),
            ("limit=1001", "limit"),
            ("limit=1.5", "limit"),
            ("limit", "limit"),
        ] {
            let path = format!("/{list}?{query}");
            client.get(&path).await.rejects(pointer);
        }
    }
}
