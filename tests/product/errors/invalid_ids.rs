//! Invalid ids in every path and every field.

use super::BoardFixture;
use crate::harness::{app::Savt, databases::db_test};

/// Every action on an item, with a valid form.
const ITEM_ACTIONS: [(&str, &[(&str, &str)]); 4] = [
    ("edit", &[("name", "Fine"), ("kind", "")]),
    ("merge", &[("into", "2")]),
    ("split", &[]),
    ("delete", &[]),
];

/// Every action on a feature, with a valid form.
const FEATURE_ACTIONS: [(&str, &[(&str, &str)]); 5] = [
    ("veto", &[]),
    ("unveto", &[]),
    ("move", &[("item_id", "2")]),
    ("edit", &[("name", "Fine"), ("amount", "1")]),
    ("delete", &[]),
];

/// Ids that never existed.
const UNKNOWN: [&str; 4] = ["0", "99", "-1", "9223372036854775807"];

/// Malformed ids.
const MALFORMED_IDS: [&str; 6] = ["x", "1x", "1.0", "9223372036854775808", "%20", "1%2F2"];

db_test!(an_unknown_or_malformed_id_answers_404);
async fn an_unknown_or_malformed_id_answers_404(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    for (collection, noun, actions) in [
        ("items", "pizza", &ITEM_ACTIONS[..]),
        ("features", "topping", &FEATURE_ACTIONS[..]),
    ] {
        let unknown = format!("There is no such {noun} on this board.");
        for (action, fields) in actions {
            for id in UNKNOWN {
                let path = format!("/{collection}/{id}/{action}");
                let answers = fixture.post_both_ways(&path, fields).await;
                fixture.assert_refused(&path, &answers, 404, &unknown);
            }
            for id in MALFORMED_IDS {
                let path = format!("/{collection}/{id}/{action}");
                let answers = fixture.post_both_ways(&path, fields).await;
                fixture.assert_refused(
                    &path,
                    &answers,
                    404,
                    "There is no page at this address. Check the link.",
                );
            }
        }
        for id in UNKNOWN.iter().chain(&MALFORMED_IDS) {
            let path = format!("/{collection}/{id}");
            fixture.alice.get(&path).await.is(404);
            fixture.alice.with_htmx().get(&path).await.is(404);
        }
    }
    fixture.assert_unchanged().await;
}

db_test!(a_deleted_object_answers_410);
async fn a_deleted_object_answers_410(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let gone = |name: &str| {
        format!(
            "{name} no longer exists: somebody deleted, merged or split it. \
             You can restore it from the history."
        )
    };
    for (prefix, name, actions, fragment) in [
        ("/items/3", "Gone", &ITEM_ACTIONS[..], "delete #item-3"),
        (
            "/features/3",
            "Rest",
            &FEATURE_ACTIONS[..],
            "delete #feature-3",
        ),
    ] {
        for (action, fields) in actions {
            let path = format!("{prefix}/{action}");
            let answers = fixture.post_both_ways(&path, fields).await;
            fixture.assert_refused(&path, &answers, 410, &gone(name));
            let [_, fragments] = answers;
            assert_eq!(fragments.targets(), [fragment, "beforeend #toasts"]);
        }
        fixture.alice.get(prefix).await.is(410);
    }
    fixture.assert_unchanged().await;
}

db_test!(an_invalid_item_id_in_a_form_is_rejected);
async fn an_invalid_item_id_in_a_form_is_rejected(savt: Savt) {
    let fixture = BoardFixture::create(savt).await;
    let no_choice = "Choose one of the board's pizzas, or all pizzas.";
    let unknown = "There is no such pizza on this board.";
    let gone = "Gone no longer exists: somebody deleted, merged or split it. \
             You can restore it from the history.";
    let cases = UNKNOWN.map(|id| (id, 404, unknown));
    let cases = cases.into_iter().chain([("3", 410, gone)]);
    for (id, status, reason) in
        cases.chain(["x", "1.0", "9223372036854775808"].map(|id| (id, 422, no_choice)))
    {
        let fields = [("name", "Fine"), ("amount", "1"), ("item_id", id)];
        let answers = fixture.post_both_ways("/create/feature/", &fields).await;
        fixture.assert_refused(id, &answers, status, reason);
        let answers = fixture.post_both_ways("/features/1/move", &fields).await;
        fixture.assert_refused(id, &answers, status, reason);
        let merge = match status {
            422 => "Choose the pizza to merge into.",
            _ => reason,
        };
        let answers = fixture
            .post_both_ways("/items/1/merge", &[("into", id)])
            .await;
        fixture.assert_refused(id, &answers, status, merge);
    }
    fixture.assert_unchanged().await;
}
