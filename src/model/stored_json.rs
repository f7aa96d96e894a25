//! Pins the JSON that events are stored as. Databases keep these texts for ever: Rust names may change, the texts may not.
//! A new field or variant needs a new line here; no line that is here may change.

use super::*;

/// One action of each variant, in its shortest and its longest form, with the JSON it is stored as.
fn actions() -> Vec<(Action, &'static str)> {
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

/// The tag of each variant. A new variant does not compile without one, and then fails until [`actions`] has it.
fn tag(action: &Action) -> &'static str {
    match action {
        Action::Joined => "joined",
        Action::Renamed { .. } => "renamed",
        Action::Claimed { .. } => "claimed",
        Action::HandedOver { .. } => "handed_over",
        Action::CreatedItem { .. } => "created_item",
        Action::CreatedItems { .. } => "created_items",
        Action::EditedItem { .. } => "edited_item",
        Action::Merged { .. } => "merged",
        Action::Split { .. } => "split",
        Action::DeletedItem { .. } => "deleted_item",
        Action::Suggested { .. } => "suggested",
        Action::Added { .. } => "added",
        Action::EditedFeature { .. } => "edited_feature",
        Action::Moved { .. } => "moved",
        Action::DeletedFeature { .. } => "deleted_feature",
        Action::Vetoed { .. } => "vetoed",
        Action::GaveReason { .. } => "gave_reason",
        Action::WithdrewVeto { .. } => "took_back",
        Action::EditedBoard { .. } => "edited_board",
        Action::Filled { .. } => "filled",
        Action::Consented => "consented",
        Action::WithdrewConsent => "withdrew_consent",
        Action::SetAside { .. } => "set_aside",
        Action::BroughtBack { .. } => "brought_back",
        Action::Closed { .. } => "closed",
        Action::SetDeadline { .. } => "set_deadline",
        Action::Reopened => "reopened",
        Action::Undid { .. } => "undid",
        Action::Redid { .. } => "redid",
    }
}

const TAGS: [&str; 29] = [
    "joined",
    "renamed",
    "claimed",
    "handed_over",
    "created_item",
    "created_items",
    "edited_item",
    "edited_board",
    "filled",
    "consented",
    "withdrew_consent",
    "set_aside",
    "brought_back",
    "closed",
    "set_deadline",
    "reopened",
    "merged",
    "split",
    "deleted_item",
    "suggested",
    "added",
    "edited_feature",
    "moved",
    "deleted_feature",
    "vetoed",
    "gave_reason",
    "took_back",
    "undid",
    "redid",
];

#[test]
fn stored_actions_keep_their_json() {
    let mut seen = Vec::new();
    for (action, json) in actions() {
        assert_eq!(serde_json::to_string(&action).unwrap(), json);
        assert_eq!(serde_json::from_str::<Action>(json).unwrap(), action);
        let start = format!(r#"{{"did":"{}""#, tag(&action));
        assert!(json.starts_with(&start), "{json}");
        seen.push(tag(&action));
    }
    seen.dedup();
    assert_eq!(seen, TAGS, "each variant has an example");
}

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
