//! Actions on items.

use super::super::*;

pub(super) fn actions() -> Vec<(Action, &'static str)> {
    vec![
        (
            Action::CreatedItem {
                item: name("Pizza-1"),
                kind: None,
                wanted: None,
            },
            r#"{"did":"created_item","item":"Pizza-1","kind":null,"wanted":null}"#,
        ),
        (
            Action::CreatedItem {
                item: name("Pizza-2"),
                kind: kind("vegan"),
                wanted: Some(name("Pizza")),
            },
            r#"{"did":"created_item","item":"Pizza-2","kind":"vegan","wanted":"Pizza"}"#,
        ),
        (
            Action::CreatedItems {
                items: vec![name("Funghi"), name("Napoli")],
                unlisted: 0,
                kind: None,
                taken: Vec::new(),
                unlisted_taken: 0,
            },
            r#"{"did":"created_items","items":["Funghi","Napoli"],"kind":null}"#,
        ),
        (
            Action::CreatedItems {
                items: vec![name("Funghi-2"), name("Napoli")],
                unlisted: 3,
                kind: kind("vegan"),
                taken: vec![name("Funghi")],
                unlisted_taken: 2,
            },
            r#"{"did":"created_items","items":["Funghi-2","Napoli"],"more":3,"kind":"vegan","taken":["Funghi"],"more_taken":2}"#,
        ),
        (
            Action::EditedItem {
                from: name("Pizza"),
                to: name("Pizzetta"),
                kind: kind("vegan"),
                note: false,
            },
            r#"{"did":"edited_item","from":"Pizza","to":"Pizzetta","kind":"vegan"}"#,
        ),
        (
            Action::EditedItem {
                from: name("Pizza"),
                to: name("Pizza"),
                kind: None,
                note: false,
            },
            r#"{"did":"edited_item","from":"Pizza","to":"Pizza","kind":null}"#,
        ),
        (
            Action::EditedItem {
                from: name("Pizza"),
                to: name("Pizza"),
                kind: None,
                note: true,
            },
            r#"{"did":"edited_item","from":"Pizza","to":"Pizza","kind":null,"note":true}"#,
        ),
        (
            Action::Merged {
                item: name("A"),
                into: name("B"),
                name: name("A-B"),
                stays: true,
                left: Vec::new(),
                unlisted: 0,
            },
            r#"{"did":"merged","item":"A","into":"B","name":"A-B","stays":true}"#,
        ),
        (
            Action::Merged {
                item: name("A"),
                into: name("B"),
                name: name("A-B"),
                stays: true,
                left: vec![name("Ham")],
                unlisted: 2,
            },
            r#"{"did":"merged","item":"A","into":"B","name":"A-B","stays":true,"left":["Ham"],"more":2}"#,
        ),
        (
            Action::Split {
                item: name("A"),
                into: vec![name("A-Ham"), name("A-Egg")],
                unlisted: 0,
            },
            r#"{"did":"split","item":"A","into":["A-Ham","A-Egg"]}"#,
        ),
        (
            Action::Split {
                item: name("A"),
                into: vec![name("A-Ham"), name("A-Egg")],
                unlisted: 3,
            },
            r#"{"did":"split","item":"A","into":["A-Ham","A-Egg"],"more":3}"#,
        ),
        (
            Action::DeletedItem {
                item: name("A"),
                freed: 2,
                lost: vec![name("Ham")],
                unlisted: 0,
            },
            r#"{"did":"deleted_item","item":"A","freed":2,"lost":["Ham"]}"#,
        ),
        (
            Action::DeletedItem {
                item: name("A"),
                freed: 2,
                lost: vec![name("Ham")],
                unlisted: 4,
            },
            r#"{"did":"deleted_item","item":"A","freed":2,"lost":["Ham"],"more":4}"#,
        ),
        (
            Action::DeletedItem {
                item: name("A"),
                freed: 0,
                lost: Vec::new(),
                unlisted: 0,
            },
            r#"{"did":"deleted_item","item":"A","freed":0,"lost":[]}"#,
        ),
    ]
}
