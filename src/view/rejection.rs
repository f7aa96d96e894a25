//! Messages for rejections: a rule of the board was violated, or a field has an invalid value.

use super::language::{Message, message};
use crate::model::{
    Amount, BoardObject, BoardTerminology, FieldConflict, InvalidName, Kind, Limit, Purpose,
    Rejection, Target, UndoConflict,
};

/// Why a name, kind or reason is invalid.
pub fn name_reason(bad: InvalidName) -> Message<'static> {
    match bad {
        InvalidName::Empty => message("name-empty"),
        InvalidName::TooLong(max) => message("name-too-long").count("most", max),
        InvalidName::Control => message("name-control"),
        InvalidName::Bidirectional => message("name-bidirectional"),
        InvalidName::Invisible => message("name-invisible"),
    }
}

/// Why an amount is invalid.
pub fn amount_reason() -> Message<'static> {
    message("invalid-amount").number("most", Amount::MAX.get())
}

/// Why a command was rejected, and what to do.
pub fn rejection(rejection: &Rejection) -> Message<'static> {
    let message = match rejection {
        Rejection::Unknown(Target::BoardObject(BoardObject::Item(_))) => message("no-such-item"),
        Rejection::Unknown(Target::BoardObject(BoardObject::Feature(_))) => {
            message("no-such-feature")
        }
        Rejection::Unknown(Target::Event(number)) => {
            message("no-such-event").text("event", number.to_string())
        }
        Rejection::Unknown(Target::Participant(_)) => message("no-such-participant"),
        Rejection::NoParticipant => message("no-participant"),
        Rejection::Gone(object, name) => match (name, object) {
            (Some(name), _) => message("gone").name("name", name),
            (None, BoardObject::Item(_)) => message("gone-item"),
            (None, BoardObject::Feature(_)) => message("gone-feature"),
        },
        Rejection::NoVeto(name) => message("no-veto").name("name", name),
        Rejection::ItemNameTaken(name) => message("item-name-taken").name("name", name),
        Rejection::FeatureNameTaken(name) => message("feature-name-taken").name("name", name),
        Rejection::ParticipantNameTaken(_) => message("participant-name-taken"),
        Rejection::EditConflict(conflicts) => match conflicts.first() {
            Some(conflict) => edit_conflict(conflict),
            None => message("sheet-outdated"),
        },
        Rejection::LinkInvalid => message("personal-link-expired"),
        Rejection::NotOwnIdentity(name) => message("undo-other-participant").name("name", name),
        Rejection::NotOwnVeto(name) => message("undo-other-veto").name("name", name),
        Rejection::NotOwnConsent(name) => message("undo-other-consent").name("name", name),
        Rejection::Closed {
            by,
            at,
            by_deadline,
        } => message(match by_deadline {
            true => "board-closed-by-deadline",
            false => "board-closed",
        })
        .name("by", by)
        .time("at", *at),
        Rejection::ReasonRequired(name) => message("veto-reason-required").name("name", name),
        Rejection::DeadlinePassed => message("deadline-passed"),
        Rejection::IntoItself(name) => message("merge-into-itself").name("name", name),
        Rejection::NothingToSplit(name) => message("split-nothing").name("name", name),
        Rejection::LimitExceeded { limit, max } => limit_exceeded(*limit, *max),
        Rejection::RowChanged(_, name) => message("row-changed").name("name", name),
        Rejection::ChangedSince(conflict) => undo_conflict(conflict),
    };
    message.into_owned()
}

/// What somebody else changed a field to, and what was sent.
pub fn field_conflict(conflict: &FieldConflict) -> Message<'static> {
    edit_conflict(conflict).into_owned()
}

fn edit_conflict(conflict: &FieldConflict) -> Message<'_> {
    match conflict {
        FieldConflict::Name { now, sent } => message("edit-conflict-name")
            .name("now", now)
            .name("sent", sent),
        FieldConflict::Kind { now, sent } => message("edit-conflict-kind")
            .optional_name("now", now.as_ref().map(Kind::as_str))
            .optional_name("sent", sent.as_ref().map(Kind::as_str)),
        FieldConflict::Amount { now, sent } => message("edit-conflict-amount")
            .number("now", now.get())
            .number("sent", sent.get()),
        FieldConflict::Note { .. } => message("edit-conflict-note"),
        FieldConflict::Purpose { now, .. } => {
            message("edit-conflict-purpose").optional_name("now", now.as_ref().map(Purpose::as_str))
        }
        FieldConflict::Terminology { now, .. } => match now {
            Some(words) => message("edit-conflict-terminology").text("now", listed(words)),
            None => message("edit-conflict-no-terminology"),
        },
        FieldConflict::Reasons { .. } => message("edit-conflict-reasons"),
    }
}

fn listed(words: &BoardTerminology) -> String {
    let [item, items, feature, features] =
        [&words.item, &words.items, &words.feature, &words.features];
    format!("{item}, {items}, {feature}, {features}")
}

fn limit_exceeded(limit: Limit, max: usize) -> Message<'static> {
    let id = match limit {
        Limit::Items => "limit-items",
        Limit::Features => "limit-features",
        Limit::Participants => "limit-participants",
        Limit::KeptItems => "limit-kept-items",
        Limit::KeptFeatures => "limit-kept-features",
        Limit::Vetoes => "limit-vetoes",
        Limit::Browsers => "limit-browsers",
        Limit::Chosen => "limit-chosen",
        Limit::EventBytes => return message("limit-event").count("most", max / 1_024),
    };
    message(id).count("most", max)
}

fn undo_conflict(conflict: &UndoConflict) -> Message<'_> {
    match conflict {
        UndoConflict::AlreadyUndone => message("undo-already-undone"),
        UndoConflict::Erased => message("undo-erased"),
        UndoConflict::Deleted(name) => message("undo-deleted").name("name", name),
        UndoConflict::Restored(name) => message("undo-restored").name("name", name),
        UndoConflict::Renamed { from, to } => {
            message("undo-renamed").name("from", from).name("to", to)
        }
        UndoConflict::KindChanged(name) => message("undo-kind").name("name", name),
        UndoConflict::NoteChanged(name) => message("undo-note").name("name", name),
        UndoConflict::SettingChanged(_) => message("undo-setting"),
        UndoConflict::ConsentChanged(name) => message("undo-consent").name("name", name),
        UndoConflict::AmountChanged { name, to } => message("undo-amount")
            .name("name", name)
            .number("to", to.get()),
        UndoConflict::Moved(name) => message("undo-moved").name("name", name),
        UndoConflict::VetoChanged(name) => message("undo-veto").name("name", name),
        UndoConflict::BrowserChanged => message("undo-browser"),
        UndoConflict::DependedOn { name, by } => message("undo-depended-on")
            .name("name", name)
            .name("by", by),
        UndoConflict::NameTaken(name) => message("undo-name-taken").name("name", name),
        UndoConflict::OwnerGone(name) => message("undo-owner-gone").name("name", name),
        UndoConflict::HasParticipated(name) => message("undo-took-part").name("name", name),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            language::{Language, Texts},
            terminology::Terminology,
        },
        *,
    };
    use crate::model::{
        FeatureId, ItemId, Name, ParticipantId, ReasonPolicy, SettingKey, Timestamp,
    };

    #[test]
    fn every_rejection_has_a_text_in_every_language() {
        let ada = || Name::from_stored("Ada".to_owned());
        let conflicts = [
            UndoConflict::AlreadyUndone,
            UndoConflict::Erased,
            UndoConflict::Deleted(ada()),
            UndoConflict::Restored(ada()),
            UndoConflict::Renamed {
                from: ada(),
                to: ada(),
            },
            UndoConflict::KindChanged(ada()),
            UndoConflict::NoteChanged(ada()),
            UndoConflict::SettingChanged(SettingKey::Deadline),
            UndoConflict::ConsentChanged(ada()),
            UndoConflict::AmountChanged {
                name: ada(),
                to: Amount::MAX,
            },
            UndoConflict::Moved(ada()),
            UndoConflict::VetoChanged(ada()),
            UndoConflict::BrowserChanged,
            UndoConflict::DependedOn {
                name: ada(),
                by: ada(),
            },
            UndoConflict::NameTaken(ada()),
            UndoConflict::OwnerGone(ada()),
            UndoConflict::HasParticipated(ada()),
        ];
        let closed = |by_deadline| Rejection::Closed {
            by: ada(),
            at: Timestamp::default(),
            by_deadline,
        };
        let objects = [
            BoardObject::Item(ItemId(1)),
            BoardObject::Feature(FeatureId(1)),
        ];
        let gone = objects.map(|object| {
            let unknown = Rejection::Unknown(Target::BoardObject(object));
            [
                unknown,
                Rejection::Gone(object, None),
                Rejection::Gone(object, Some(ada())),
            ]
        });
        let others = [
            Rejection::Unknown(Target::Event(7)),
            Rejection::NoParticipant,
            Rejection::NoVeto(ada()),
            Rejection::ItemNameTaken(ada()),
            Rejection::FeatureNameTaken(ada()),
            Rejection::ParticipantNameTaken(ada()),
            Rejection::EditConflict(Vec::new()),
            Rejection::LinkInvalid,
            Rejection::NotOwnIdentity(ada()),
            Rejection::NotOwnVeto(ada()),
            Rejection::NotOwnConsent(ada()),
            Rejection::Unknown(Target::Participant(ParticipantId(7))),
            Rejection::ReasonRequired(ada()),
            Rejection::DeadlinePassed,
            closed(false),
            closed(true),
            Rejection::IntoItself(ada()),
            Rejection::NothingToSplit(ada()),
        ];
        let limits = [
            Limit::Items,
            Limit::Features,
            Limit::Participants,
            Limit::KeptItems,
            Limit::KeptFeatures,
            Limit::Vetoes,
            Limit::Browsers,
            Limit::Chosen,
            Limit::EventBytes,
        ];
        let limits = limits.map(|limit| Rejection::LimitExceeded { limit, max: 2_000 });
        let conflicts = conflicts.map(Rejection::ChangedSince);
        let vegan = || Some(Kind::from_stored("vegan".to_owned()));
        let fields = [
            FieldConflict::Name {
                now: ada(),
                sent: ada(),
            },
            FieldConflict::Kind {
                now: vegan(),
                sent: None,
            },
            FieldConflict::Kind {
                now: None,
                sent: vegan(),
            },
            FieldConflict::Amount {
                now: Amount::MAX,
                sent: Amount::ONE,
            },
            FieldConflict::Note {
                now: None,
                sent: None,
            },
            FieldConflict::Purpose {
                now: None,
                sent: None,
            },
            FieldConflict::Terminology {
                now: None,
                sent: None,
            },
            FieldConflict::Reasons {
                now: ReasonPolicy::Required,
                sent: ReasonPolicy::Optional,
            },
        ];
        let fields = fields.map(|field| Rejection::EditConflict(vec![field]));
        let all = [gone.as_flattened(), &others, &limits, &conflicts, &fields].concat();
        let names = [
            InvalidName::Empty,
            InvalidName::TooLong(100),
            InvalidName::Control,
            InvalidName::Bidirectional,
            InvalidName::Invisible,
        ];
        for language in Language::ALL {
            let texts = Texts::new(language, Terminology::default_for(language));
            for reason in all.iter().map(rejection).chain(names.map(name_reason)) {
                assert!(texts.text(reason).len() > 10);
            }
            assert!(texts.text(amount_reason()).contains('3'));
        }
    }
}
