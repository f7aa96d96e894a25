//! Actions on features and their vetoes.

use super::super::*;

pub(super) fn actions() -> Vec<(Action, &'static str)> {
    vec![
        (
            Action::Suggested {
                feature: name("Ham"),
                item: Some(name("A")),
                amount: amount(2),
            },
            r#"{"did":"suggested","feature":"Ham","item":"A","amount":2}"#,
        ),
        (
            Action::Suggested {
                feature: name("Ham"),
                item: None,
                amount: amount(1),
            },
            r#"{"did":"suggested","feature":"Ham","item":null,"amount":1}"#,
        ),
        (
            Action::Added {
                feature: name("Ham"),
                item: Some(name("A")),
                amount: amount(3),
                over: Some(amount(1)),
            },
            r#"{"did":"added","feature":"Ham","item":"A","amount":3,"over":1}"#,
        ),
        (
            Action::Added {
                feature: name("Ham"),
                item: None,
                amount: amount(2),
                over: None,
            },
            r#"{"did":"added","feature":"Ham","item":null,"amount":2,"over":null}"#,
        ),
        (
            Action::EditedFeature {
                from: name("Ham"),
                to: name("Speck"),
                item: Some(name("A")),
                amount: amount(3),
                vetoes: 0,
            },
            r#"{"did":"edited_feature","from":"Ham","to":"Speck","item":"A","amount":3}"#,
        ),
        (
            Action::EditedFeature {
                from: name("Ham"),
                to: name("Speck"),
                item: None,
                amount: amount(1),
                vetoes: 2,
            },
            r#"{"did":"edited_feature","from":"Ham","to":"Speck","item":null,"amount":1,"vetoes":2}"#,
        ),
        (
            Action::Moved {
                feature: name("Ham"),
                from: Some(name("A")),
                to: None,
                left: Some(amount(2)),
            },
            r#"{"did":"moved","feature":"Ham","from":"A","to":null,"left":2}"#,
        ),
        (
            Action::Moved {
                feature: name("Ham"),
                from: None,
                to: Some(name("A")),
                left: None,
            },
            r#"{"did":"moved","feature":"Ham","from":null,"to":"A","left":null}"#,
        ),
        (
            Action::DeletedFeature {
                feature: name("Ham"),
                item: Some(name("A")),
            },
            r#"{"did":"deleted_feature","feature":"Ham","item":"A"}"#,
        ),
        (
            Action::Vetoed {
                feature: name("Ham"),
                item: Some(name("A")),
                reason: None,
            },
            r#"{"did":"vetoed","feature":"Ham","item":"A"}"#,
        ),
        (
            Action::Vetoed {
                feature: name("Ham"),
                item: None,
                reason: reason("too salty"),
            },
            r#"{"did":"vetoed","feature":"Ham","item":null,"reason":"too salty"}"#,
        ),
        (
            Action::GaveReason {
                feature: name("Ham"),
                item: Some(name("A")),
                reason: reason("too salty"),
            },
            r#"{"did":"gave_reason","feature":"Ham","item":"A","reason":"too salty"}"#,
        ),
        (
            Action::GaveReason {
                feature: name("Ham"),
                item: None,
                reason: None,
            },
            r#"{"did":"gave_reason","feature":"Ham","item":null,"reason":null}"#,
        ),
        (
            Action::WithdrewVeto {
                feature: name("Ham"),
                item: Some(name("A")),
            },
            r#"{"did":"took_back","feature":"Ham","item":"A"}"#,
        ),
    ]
}
