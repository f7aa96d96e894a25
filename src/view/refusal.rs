//! Why something cannot be, as a message in every language: what a rule refused, and what was typed wrong.

use super::{Message, language::message};
use crate::model::{Amount, BadName, Drift, Refusal, Target, Thing};

/// Why a name or a kind cannot be.
pub fn name_reason(bad: BadName) -> Message<'static> {
    match bad {
        BadName::Empty => message("name-empty"),
        BadName::TooLong(max) => message("name-too-long").count("most", max),
        BadName::Control => message("name-control"),
        BadName::Bidirectional => message("name-bidirectional"),
        BadName::Invisible => message("name-invisible"),
    }
}

/// Why an amount cannot be.
pub fn amount_reason() -> Message<'static> {
    message("amount-wrong").number("most", Amount::MAX.get())
}

/// Why a rule said no, and what can be done.
pub fn refusal(refusal: &Refusal) -> Message<'static> {
    let message = match refusal {
        Refusal::Unknown(Target::Thing(Thing::Item(_))) => message("no-such-item"),
        Refusal::Unknown(Target::Thing(Thing::Feature(_))) => message("no-such-feature"),
        Refusal::Unknown(Target::Event(number)) => {
            message("no-such-event").text("event", number.to_string())
        }
        Refusal::Gone(thing, name) => match (name, thing) {
            (Some(name), _) => message("gone").name("name", name),
            (None, Thing::Item(_)) => message("gone-item"),
            (None, Thing::Feature(_)) => message("gone-feature"),
        },
        Refusal::ItemNameTaken(name) => message("item-name-taken").name("name", name),
        Refusal::FeatureNameTaken(name) => message("feature-name-taken").name("name", name),
        Refusal::ParticipantNameTaken(_) => message("participant-name-taken"),
        Refusal::LinkSpent => message("personal-link-spent"),
        Refusal::OnlyThemselves(name) => message("undo-only-themselves").name("name", name),
        Refusal::IntoItself(name) => message("merge-into-itself").name("name", name),
        Refusal::NothingToSplit(name) => message("split-nothing").name("name", name),
        Refusal::ChangedSince(drift) => drifted(drift),
    };
    message.into_owned()
}

fn drifted(drift: &Drift) -> Message<'_> {
    match drift {
        Drift::Undone => message("undone-already"),
        Drift::Deleted(name) => message("undo-deleted").name("name", name),
        Drift::Restored(name) => message("undo-restored").name("name", name),
        Drift::Renamed { from, to } => message("undo-renamed").name("from", from).name("to", to),
        Drift::KindChanged(name) => message("undo-kind").name("name", name),
        Drift::AmountChanged { name, to } => message("undo-amount")
            .name("name", name)
            .number("to", to.get()),
        Drift::Moved(name) => message("undo-moved").name("name", name),
        Drift::VetoChanged(name) => message("undo-veto").name("name", name),
        Drift::BrowserChanged => message("undo-browser"),
        Drift::BuiltUpon { name, by } => {
            message("undo-built-upon").name("name", name).name("by", by)
        }
        Drift::NameTaken(name) => message("undo-name-taken").name("name", name),
        Drift::OwnerGone(name) => message("undo-owner-gone").name("name", name),
        Drift::TookPart(name) => message("undo-took-part").name("name", name),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Language, Terms, Texts},
        *,
    };
    use crate::model::{FeatureId, ItemId, Name};

    #[test]
    fn every_reason_can_be_said_in_every_language() {
        let ada = || Name::stored("Ada".to_owned());
        let drifts = [
            Drift::Undone,
            Drift::Deleted(ada()),
            Drift::Restored(ada()),
            Drift::Renamed {
                from: ada(),
                to: ada(),
            },
            Drift::KindChanged(ada()),
            Drift::AmountChanged {
                name: ada(),
                to: Amount::MAX,
            },
            Drift::Moved(ada()),
            Drift::VetoChanged(ada()),
            Drift::BrowserChanged,
            Drift::BuiltUpon {
                name: ada(),
                by: ada(),
            },
            Drift::NameTaken(ada()),
            Drift::OwnerGone(ada()),
            Drift::TookPart(ada()),
        ];
        let things = [Thing::Item(ItemId(1)), Thing::Feature(FeatureId(1))];
        let gone = things.map(|thing| {
            let unknown = Refusal::Unknown(Target::Thing(thing));
            [
                unknown,
                Refusal::Gone(thing, None),
                Refusal::Gone(thing, Some(ada())),
            ]
        });
        let others = [
            Refusal::Unknown(Target::Event(7)),
            Refusal::ItemNameTaken(ada()),
            Refusal::FeatureNameTaken(ada()),
            Refusal::ParticipantNameTaken(ada()),
            Refusal::LinkSpent,
            Refusal::OnlyThemselves(ada()),
            Refusal::IntoItself(ada()),
            Refusal::NothingToSplit(ada()),
        ];
        let drifts = drifts.map(Refusal::ChangedSince);
        let all = [gone.as_flattened(), &others, &drifts].concat();
        let names = [
            BadName::Empty,
            BadName::TooLong(100),
            BadName::Control,
            BadName::Bidirectional,
            BadName::Invisible,
        ];
        for language in Language::ALL {
            let texts = Texts::new(language, Terms::usual(language));
            for reason in all.iter().map(refusal).chain(names.map(name_reason)) {
                assert!(texts.text(reason).len() > 10);
            }
            assert!(texts.text(amount_reason()).contains('3'));
        }
    }
}
