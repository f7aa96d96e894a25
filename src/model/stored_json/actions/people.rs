//! Actions of participants on themselves, and undo.

use super::super::*;

pub(super) fn actions() -> Vec<(Action, &'static str)> {
    vec![
        (Action::Joined, r#"{"did":"joined"}"#),
        (
            Action::Renamed {
                from: name("User-1"),
                to: name("Zoë \"Z\" 🍕"),
            },
            r#"{"did":"renamed","from":"User-1","to":"Zoë \"Z\" 🍕"}"#,
        ),
        (
            Action::Claimed {
                name: name("Anna"),
                was: None,
            },
            r#"{"did":"claimed","name":"Anna","was":null}"#,
        ),
        (
            Action::Claimed {
                name: name("Anna"),
                was: Some(name("Guest")),
            },
            r#"{"did":"claimed","name":"Anna","was":"Guest"}"#,
        ),
        (
            Action::HandedOver {
                name: name("Anna"),
                was: name("User-3"),
            },
            r#"{"did":"handed_over","name":"Anna","was":"User-3"}"#,
        ),
        (
            Action::Undid {
                number: 7,
                what: Box::new(Action::Joined),
            },
            r#"{"did":"undid","number":7,"what":{"did":"joined"}}"#,
        ),
        (
            Action::Redid {
                number: 8,
                what: Box::new(Action::WithdrewVeto {
                    feature: name("Ham"),
                    item: None,
                }),
            },
            r#"{"did":"redid","number":8,"what":{"did":"took_back","feature":"Ham","item":null}}"#,
        ),
    ]
}
