//! The JSON of each kind of row, as it is before and after a change.

use super::*;

#[test]
fn stored_changes_keep_their_json() {
    for (change, json) in changes() {
        assert_eq!(serde_json::to_string(&change).unwrap(), json);
        assert_eq!(serde_json::from_str::<Change>(json).unwrap(), change);
    }
}

/// A change with every kind of row in its longest and its shortest form, and an empty one.
fn changes() -> Vec<(Change, &'static str)> {
    let person = Participant {
        id: ParticipantId(2),
        name: name("Anna"),
        joined: at(123_456),
    };
    let browser = Browser {
        id: BrowserId::from_hash("0a1b".to_owned()),
        participant: ParticipantId(2),
    };
    let item = Item {
        id: ItemId(3),
        name: name("Pizza"),
        kind: kind("vegan"),
        author: ParticipantId(2),
        created: at(100_000),
        deleted: None,
        note: None,
        added_by_event: 0,
    };
    let deleted_item = Item {
        kind: None,
        deleted: Some(at(0)),
        ..item.clone()
    };
    let feature = Feature {
        id: FeatureId(4),
        item: Some(ItemId(3)),
        name: name("Ham"),
        amount: amount(3),
        author: ParticipantId(2),
        created: at(1),
        deleted: None,
        remainder: false,
        added_by_event: 0,
    };
    let deleted_feature = Feature {
        item: None,
        amount: amount(1),
        deleted: Some(at(999_999)),
        ..feature.clone()
    };
    let veto = Veto {
        feature: FeatureId(4),
        participant: ParticipantId(2),
        at: at(123_456),
        reason: None,
        given_to: None,
    };
    let veto_with_reason = Veto {
        reason: reason("too salty"),
        ..veto.clone()
    };
    let veto_of_another_name = Veto {
        given_to: Some(name("Speck")),
        ..veto.clone()
    };
    let everything = Change {
        participants: vec![Edit {
            before: None,
            after: Some(person),
        }],
        browsers: vec![Edit {
            before: None,
            after: Some(browser),
        }],
        items: vec![Edit {
            before: Some(item),
            after: Some(deleted_item),
        }],
        features: vec![Edit {
            before: Some(feature),
            after: Some(deleted_feature),
        }],
        vetoes: vec![
            Edit {
                before: Some(veto),
                after: None,
            },
            Edit {
                before: None,
                after: Some(veto_with_reason),
            },
            Edit {
                before: Some(veto_of_another_name),
                after: None,
            },
        ],
        ..Change::default()
    };
    let json = concat!(
        r#"{"participants":[{"before":null,"after":{"id":2,"name":"Anna","joined":"2026-01-31T12:00:00.123456"}}],"#,
        r#""browsers":[{"before":null,"after":{"token":"0a1b","participant":2}}],"#,
        r#""items":[{"before":{"id":3,"name":"Pizza","kind":"vegan","author":2,"created":"2026-01-31T12:00:00.100","deleted":null},"#,
        r#""after":{"id":3,"name":"Pizza","kind":null,"author":2,"created":"2026-01-31T12:00:00.100","deleted":"2026-01-31T12:00:00"}}],"#,
        r#""features":[{"before":{"id":4,"item":3,"name":"Ham","amount":3,"author":2,"created":"2026-01-31T12:00:00.000001","deleted":null},"#,
        r#""after":{"id":4,"item":null,"name":"Ham","amount":1,"author":2,"created":"2026-01-31T12:00:00.000001","deleted":"2026-01-31T12:00:00.999999"}}],"#,
        r#""vetoes":[{"before":{"feature":4,"participant":2,"at":"2026-01-31T12:00:00.123456"},"after":null},"#,
        r#"{"before":null,"after":{"feature":4,"participant":2,"at":"2026-01-31T12:00:00.123456","reason":"too salty"}},"#,
        r#"{"before":{"feature":4,"participant":2,"at":"2026-01-31T12:00:00.123456","given_to":"Speck"},"after":null}]}"#,
    );
    vec![
        (everything, json),
        (Change::default(), "{}"),
        decisions(),
        notes(),
    ]
}

/// A change of consents and settings.
fn decisions() -> (Change, &'static str) {
    let change = Change {
        consents: vec![
            Edit {
                before: None,
                after: Some(Consent {
                    participant: ParticipantId(2),
                    state: ConsentState::Fine { as_of: 17 },
                }),
            },
            Edit {
                before: Some(Consent {
                    participant: ParticipantId(3),
                    state: ConsentState::NotTakingPart,
                }),
                after: None,
            },
        ],
        settings: settings()
            .into_iter()
            .map(|setting| Edit {
                before: None,
                after: Some(setting),
            })
            .collect(),
        ..Change::default()
    };
    let json = concat!(
        r#"{"consents":[{"before":null,"after":{"participant":2,"is":"fine","as_of":17}},"#,
        r#"{"before":{"participant":3,"is":"not_taking_part"},"after":null}],"settings":["#,
        r#"{"before":null,"after":{"setting":"name","value":"Friday"}},"#,
        r#"{"before":null,"after":{"setting":"purpose","value":"Where to?\nAnd when?"}},"#,
        r#"{"before":null,"after":{"setting":"terminology","value":{"item":"venue","items":"venues","feature":"perk","features":"perks"}}},"#,
        r#"{"before":null,"after":{"setting":"reasons","value":"required"}},"#,
        r#"{"before":null,"after":{"setting":"deadline","value":{"at":"2026-01-31T12:00:00.000009","by":2,"name":"Anna"}}},"#,
        r#"{"before":null,"after":{"setting":"closing","value":{"at":"2026-01-31T12:00:00.000007","by":2,"name":"Anna"}}},"#,
        r#"{"before":null,"after":{"setting":"closing","value":{"at":"2026-01-31T12:00:00.000007","by":2,"name":"Anna","text":"At eight.","chosen":[3,5]}}}]}"#,
    );
    (change, json)
}

/// A change of an item and a feature that know the event that added them.
fn notes() -> (Change, &'static str) {
    let item = Item {
        id: ItemId(3),
        name: name("Pizza"),
        kind: None,
        author: ParticipantId(2),
        created: at(0),
        deleted: None,
        note: Some(Note::from_stored("Via Roma 7\nat eight".to_owned())),
        added_by_event: 5,
    };
    let feature = Feature {
        id: FeatureId(4),
        item: None,
        name: name("Ham"),
        amount: amount(1),
        author: ParticipantId(2),
        created: at(0),
        deleted: None,
        remainder: true,
        added_by_event: 6,
    };
    let change = Change {
        items: vec![Edit {
            before: None,
            after: Some(item),
        }],
        features: vec![Edit {
            before: None,
            after: Some(feature),
        }],
        ..Change::default()
    };
    let json = concat!(
        r#"{"items":[{"before":null,"after":{"id":3,"name":"Pizza","kind":null,"author":2,"created":"2026-01-31T12:00:00","deleted":null,"#,
        r#""note":"Via Roma 7\nat eight","added":5}}],"features":[{"before":null,"#,
        r#""after":{"id":4,"item":null,"name":"Ham","amount":1,"author":2,"created":"2026-01-31T12:00:00","deleted":null,"remainder":true,"added":6}}]}"#,
    );
    (change, json)
}

/// One setting of each variant, in its shortest and its longest form.
fn settings() -> Vec<Setting> {
    let word = |text: &str| Word::from_stored(text.to_owned());
    let closing = |outcome| {
        Setting::Closing(Closing {
            at: at(7),
            by: ParticipantId(2),
            name: name("Anna"),
            outcome,
        })
    };
    vec![
        Setting::Name(name("Friday")),
        Setting::Purpose(Purpose::from_stored("Where to?\nAnd when?".to_owned())),
        Setting::Terminology(BoardTerminology {
            item: word("venue"),
            items: word("venues"),
            feature: word("perk"),
            features: word("perks"),
        }),
        Setting::Reasons(ReasonPolicy::Required),
        Setting::Deadline(Deadline {
            at: at(9),
            by: ParticipantId(2),
            name: name("Anna"),
        }),
        closing(Outcome::default()),
        closing(Outcome {
            text: Some(OutcomeText::from_stored("At eight.".to_owned())),
            chosen: vec![ItemId(3), ItemId(5)],
        }),
    ]
}
