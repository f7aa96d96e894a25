//! Every action has a sentence in every language.

use super::{
    super::{language::Language, terminology::Terminology},
    *,
};
use crate::model::{ReasonPolicy, Timestamp};

fn name(text: &str) -> Name {
    Name::from_stored(text.to_owned())
}

#[test]
fn a_sentence_names_actor_feature_item_and_reason() {
    let vetoed = Action::Vetoed {
        feature: name("Anchovies"),
        item: Some(name("Capricciosa")),
        reason: Some(Reason::from_stored("too salty".to_owned())),
    };
    let texts = Texts::new(
        Language::English,
        Terminology::default_for(Language::English),
    );
    let sentence = sentence(&name("Alice"), &vetoed, &texts).into_string();
    let text = sentence.replace("<bdi>", "").replace("</bdi>", "");
    assert_eq!(text, "Alice vetoed Anchovies on Capricciosa (too salty)");
}

#[test]
fn names_are_escaped() {
    let texts = Texts::new(
        Language::English,
        Terminology::default_for(Language::English),
    );
    let joined = sentence(&name("<script>"), &Action::Joined, &texts);
    assert_eq!(joined.into_string(), "<bdi>&lt;script&gt;</bdi> joined");
}

/// Every action, with and without its optional parts.
fn every_action() -> Vec<Action> {
    let [a, b, c] = ["Ada", "Bo", "Cy"].map(name);
    let kind = Kind::parse("vegan").unwrap();
    let reason = Reason::parse("too salty").unwrap();
    let amounts = [1, 3].map(|amount| amount.to_string().parse::<Amount>().unwrap());
    let mut all = vec![Action::Joined];
    for optional in [None, Some(c.clone())] {
        let some = optional.is_some();
        let amount = amounts[usize::from(some)];
        let (feature, item) = (a.clone(), optional.clone());
        all.extend([
            Action::Renamed {
                from: a.clone(),
                to: b.clone(),
            },
            Action::Claimed {
                name: a.clone(),
                was: optional.clone(),
            },
            Action::HandedOver {
                name: a.clone(),
                was: b.clone(),
            },
            Action::CreatedItem {
                item: a.clone(),
                kind: kind.clone().filter(|_| some),
                wanted: optional.clone(),
            },
            Action::CreatedItems {
                items: vec![a.clone(), b.clone()],
                unlisted: if some { 7 } else { 0 },
                kind: kind.clone().filter(|_| some),
                taken: optional.clone().into_iter().collect(),
                unlisted_taken: if some { 3 } else { 0 },
            },
            Action::EditedItem {
                from: a.clone(),
                to: if some { a.clone() } else { b.clone() },
                kind: kind.clone().filter(|_| some),
                note: false,
            },
            Action::EditedItem {
                from: a.clone(),
                to: a.clone(),
                kind: None,
                note: some,
            },
            Action::EditedBoard {
                name: Some(b.clone()),
                purpose: some,
                terminology: some,
                reasons: some.then_some(ReasonPolicy::Required),
            },
            Action::EditedBoard {
                name: None,
                purpose: true,
                terminology: false,
                reasons: None,
            },
            Action::Filled {
                from: optional.clone(),
                items: if some { 5 } else { 0 },
                features: if some { 1 } else { 0 },
            },
            Action::Filled {
                from: None,
                items: 1,
                features: 7,
            },
            Action::Consented,
            Action::WithdrewConsent,
            Action::SetAside { name: a.clone() },
            Action::BroughtBack {
                name: if some { a.clone() } else { name("Alice") },
            },
            Action::Closed {
                chosen: optional.clone().into_iter().collect(),
                unlisted: if some { 2 } else { 0 },
                text: None,
            },
            Action::SetDeadline {
                at: some.then(Timestamp::default),
            },
            Action::Reopened,
            Action::Merged {
                item: a.clone(),
                into: b.clone(),
                name: c.clone(),
                stays: some,
                left: Vec::new(),
                unlisted: 0,
            },
            Action::Merged {
                item: a.clone(),
                into: b.clone(),
                name: c.clone(),
                stays: true,
                left: vec![b.clone()],
                unlisted: usize::from(some),
            },
            Action::Split {
                item: a.clone(),
                into: vec![b.clone(), c.clone()],
                unlisted: if some { 1_234 } else { 0 },
            },
            Action::DeletedItem {
                item: a.clone(),
                freed: usize::from(some),
                lost: Vec::new(),
                unlisted: 0,
            },
            Action::DeletedItem {
                item: a.clone(),
                freed: usize::from(some),
                lost: vec![b.clone()],
                unlisted: usize::from(some),
            },
            Action::Suggested {
                feature: feature.clone(),
                item: item.clone(),
                amount,
            },
            Action::Added {
                feature: feature.clone(),
                item: item.clone(),
                amount,
                over: some.then_some(amount),
            },
            Action::EditedFeature {
                from: a.clone(),
                to: if some { a.clone() } else { b.clone() },
                item: item.clone(),
                amount,
                vetoes: 0,
            },
            Action::EditedFeature {
                from: a.clone(),
                to: b.clone(),
                item: item.clone(),
                amount,
                vetoes: if some { 1 } else { 7 },
            },
            Action::Moved {
                feature: feature.clone(),
                from: item.clone(),
                to: (!some).then(|| b.clone()),
                left: some.then_some(amount),
            },
            Action::DeletedFeature {
                feature: feature.clone(),
                item: item.clone(),
            },
            Action::Vetoed {
                feature: feature.clone(),
                item: item.clone(),
                reason: reason.clone().filter(|_| some),
            },
            Action::GaveReason {
                feature: feature.clone(),
                item: item.clone(),
                reason: reason.clone().filter(|_| some),
            },
            Action::WithdrewVeto { feature, item },
        ]);
    }
    let undone = all.clone().into_iter().enumerate().map(|(n, what)| {
        let (number, what) = (n as i64 + 10_000, Box::new(what));
        match n % 2 {
            0 => Action::Undid { number, what },
            _ => Action::Redid { number, what },
        }
    });
    let undone: Vec<_> = undone.collect();
    all.extend(undone);
    all
}

/// A missing text or argument panics in [`Texts`].
#[test]
fn every_action_has_a_sentence_in_every_language() {
    for language in Language::ALL {
        let texts = Texts::new(language, Terminology::default_for(language));
        for action in every_action() {
            let sentence = sentence(&name("Alice"), &action, &texts).into_string();
            // Whoever has a new name had the old one at that time.
            let by = match &action {
                Action::Renamed { from, .. } => from.as_str(),
                _ => "Alice",
            };
            assert!(
                sentence.starts_with(&format!("<bdi>{by}</bdi> ")),
                "{sentence}"
            );
            let wrong = ["  ", " ,", " ;", " :", "{", "}", "\u{F0000}"];
            assert!(
                !wrong.iter().any(|wrong| sentence.contains(wrong)),
                "{sentence}"
            );
            assert!(!sentence.ends_with(' '), "{sentence}");
        }
    }
}
