//! Wrong ids, in every address and every field that has one.

use super::Table;
use crate::harness::{app::Savt, databases::on_both};

/// Every address with the id of an item in it, and a form that would do for it.
const OF_ITEMS: [(&str, &[(&str, &str)]); 4] = [
    ("edit", &[("name", "Fine"), ("kind", "")]),
    ("merge", &[("into", "2")]),
    ("split", &[]),
    ("delete", &[]),
];

/// Every address with the id of a feature in it.
const OF_FEATURES: [(&str, &[(&str, &str)]); 5] = [
    ("veto", &[]),
    ("unveto", &[]),
    ("move", &[("item_id", "2")]),
    ("edit", &[("name", "Fine"), ("amount", "1")]),
    ("delete", &[]),
];

/// What was never on the board.
const UNKNOWN: [&str; 4] = ["0", "99", "-1", "9223372036854775807"];

/// What is no id at all.
const NO_ID: [&str; 6] = ["x", "1x", "1.0", "9223372036854775808", "%20", "1%2F2"];

on_both!(unknown_things_are_not_found);
async fn unknown_things_are_not_found(savt: Savt) {
    let table = Table::laid(savt).await;
    for (things, thing, actions) in [
        ("items", "pizza", &OF_ITEMS[..]),
        ("features", "topping", &OF_FEATURES[..]),
    ] {
        let unknown = format!("There is no such {thing} on this board.");
        for (action, fields) in actions {
            for id in UNKNOWN {
                let path = format!("/{things}/{id}/{action}");
                let answers = table.sends(&path, fields).await;
                table.refused(&path, &answers, 404, &unknown);
            }
            for id in NO_ID {
                let path = format!("/{things}/{id}/{action}");
                let answers = table.sends(&path, fields).await;
                table.refused(&path, &answers, 404, "There is nothing at this address.");
            }
        }
        for id in UNKNOWN.iter().chain(&NO_ID) {
            let path = format!("/{things}/{id}");
            table.alice.get(&path).await.is(404);
            table.alice.with_htmx().get(&path).await.is(404);
        }
    }
    table.is_as_it_was().await;
}

on_both!(deleted_things_are_gone);
async fn deleted_things_are_gone(savt: Savt) {
    let table = Table::laid(savt).await;
    let gone = |name: &str| {
        format!(
            "{name} is not there any more: somebody deleted, merged or split it meanwhile. \
             The history can bring it back."
        )
    };
    for (prefix, name, actions, card) in [
        ("/items/3", "Gone", &OF_ITEMS[..], "delete #item-3"),
        ("/features/3", "Rest", &OF_FEATURES[..], "delete #feature-3"),
    ] {
        for (action, fields) in actions {
            let path = format!("{prefix}/{action}");
            let answers = table.sends(&path, fields).await;
            table.refused(&path, &answers, 410, &gone(name));
            let [_, fragments] = answers;
            assert_eq!(fragments.targets(), [card, "beforeend #toasts"]);
        }
        table.alice.get(prefix).await.is(410);
    }
    table.is_as_it_was().await;
}

on_both!(wrong_items_in_a_form_are_refused);
async fn wrong_items_in_a_form_are_refused(savt: Savt) {
    let table = Table::laid(savt).await;
    let no_choice = "Please choose one of the board's pizzas, or none.";
    let unknown = "There is no such pizza on this board.";
    let gone = "Gone is not there any more: somebody deleted, merged or split it meanwhile. \
                The history can bring it back.";
    let wrong = UNKNOWN.map(|id| (id, 404, unknown));
    let wrong = wrong.into_iter().chain([("3", 410, gone)]);
    for (id, status, reason) in
        wrong.chain(["x", "1.0", "9223372036854775808"].map(|id| (id, 422, no_choice)))
    {
        let fields = [("name", "Fine"), ("amount", "1"), ("item_id", id)];
        let answers = table.sends("/create/feature/", &fields).await;
        table.refused(id, &answers, status, reason);
        let answers = table.sends("/features/1/move", &fields).await;
        table.refused(id, &answers, status, reason);
        let merge = match status {
            422 => "Please choose the pizza to merge into.",
            _ => reason,
        };
        let answers = table.sends("/items/1/merge", &[("into", id)]).await;
        table.refused(id, &answers, status, merge);
    }
    table.is_as_it_was().await;
}
