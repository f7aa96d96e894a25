//! Pins the JSON that events are stored as. Databases keep these texts for ever: Rust names may change, the texts may not.
//! A new field or variant needs a new line here; no line that is here may change.

mod actions;
mod changes;

use super::*;

/// Events written before vetoes had reasons have no such field.
#[test]
fn a_veto_without_the_reason_field_can_be_read() {
    let json = r#"{"feature":1,"participant":2,"at":"2026-01-31T12:00:00"}"#;
    let veto: Veto = serde_json::from_str(json).unwrap();
    assert_eq!((veto.reason, veto.given_to), (None, None));
    let json = r#"{"did":"vetoed","feature":"Ham","item":null}"#;
    let action: Action = serde_json::from_str(json).unwrap();
    assert!(matches!(action, Action::Vetoed { reason: None, .. }));
}

fn name(text: &str) -> Name {
    Name::from_stored(text.to_owned())
}

fn kind(text: &str) -> Option<Kind> {
    Some(Kind::from_stored(text.to_owned()))
}

fn reason(text: &str) -> Option<Reason> {
    Some(Reason::from_stored(text.to_owned()))
}

fn amount(number: i64) -> Amount {
    Amount::new(number).unwrap()
}

/// Noon on a certain day, and this many microseconds.
fn at(micros: u32) -> chrono::NaiveDateTime {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    day.and_hms_micro_opt(12, 0, 0, micros).unwrap()
}
