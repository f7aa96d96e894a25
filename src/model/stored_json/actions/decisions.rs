//! Actions on the board: its settings, consent and closing.

use super::super::*;

pub(super) fn actions() -> Vec<(Action, &'static str)> {
    vec![
        (
            Action::EditedBoard {
                name: None,
                purpose: false,
                terminology: false,
                reasons: None,
            },
            r#"{"did":"edited_board"}"#,
        ),
        (
            Action::EditedBoard {
                name: Some(name("Friday")),
                purpose: true,
                terminology: true,
                reasons: Some(ReasonPolicy::Required),
            },
            r#"{"did":"edited_board","name":"Friday","purpose":true,"terminology":true,"reasons":"required"}"#,
        ),
        (
            Action::Filled {
                from: None,
                items: 3,
                features: 7,
            },
            r#"{"did":"filled","items":3,"features":7}"#,
        ),
        (
            Action::Filled {
                from: Some(name("Friday")),
                items: 0,
                features: 0,
            },
            r#"{"did":"filled","from":"Friday","items":0,"features":0}"#,
        ),
        (Action::Consented, r#"{"did":"consented"}"#),
        (Action::WithdrewConsent, r#"{"did":"withdrew_consent"}"#),
        (
            Action::SetAside { name: name("Bob") },
            r#"{"did":"set_aside","name":"Bob"}"#,
        ),
        (
            Action::BroughtBack { name: name("Bob") },
            r#"{"did":"brought_back","name":"Bob"}"#,
        ),
        (
            Action::Closed {
                chosen: Vec::new(),
                unlisted: 0,
                text: None,
            },
            r#"{"did":"closed","chosen":[]}"#,
        ),
        (
            Action::Closed {
                chosen: vec![name("Pizza")],
                unlisted: 2,
                text: Some(OutcomeText::from_stored(
                    "At eight.\nBring cash.".to_owned(),
                )),
            },
            r#"{"did":"closed","chosen":["Pizza"],"more":2,"text":"At eight.\nBring cash."}"#,
        ),
        (
            Action::SetDeadline { at: Some(at(5)) },
            r#"{"did":"set_deadline","at":"2026-01-31T12:00:00.000005"}"#,
        ),
        (
            Action::SetDeadline { at: None },
            r#"{"did":"set_deadline","at":null}"#,
        ),
        (Action::Reopened, r#"{"did":"reopened"}"#),
    ]
}
