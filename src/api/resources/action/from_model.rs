//! How what an event did is told by the API.

use super::{super::time::rfc_3339, Action, Reasons};
use crate::model::{self, Name};

fn names(names: &[Name]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn text<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

impl From<&model::Action> for Action {
    fn from(action: &model::Action) -> Action {
        use model::Action as Done;
        match action {
            Done::Joined => Action::Joined,
            Done::Renamed { from, to } => Action::Renamed {
                from: from.to_string(),
                to: to.to_string(),
            },
            Done::Claimed { name, was } => Action::Claimed {
                name: name.to_string(),
                was: text(was.as_ref()),
            },
            Done::HandedOver { name, was } => Action::HandedOver {
                name: name.to_string(),
                was: was.to_string(),
            },
            Done::CreatedItem { item, kind, wanted } => Action::CreatedItem {
                item: item.to_string(),
                kind: text(kind.as_ref()),
                requested: text(wanted.as_ref()),
            },
            Done::CreatedItems {
                items,
                unlisted,
                kind,
                taken,
                unlisted_taken,
            } => Action::CreatedItems {
                items: names(items),
                more: *unlisted,
                kind: text(kind.as_ref()),
                taken: names(taken),
                more_taken: *unlisted_taken,
            },
            Done::EditedItem {
                from,
                to,
                kind,
                note,
            } => Action::EditedItem {
                from: from.to_string(),
                to: to.to_string(),
                kind: text(kind.as_ref()),
                changed_note: *note,
            },
            Done::Merged {
                item,
                into,
                name,
                stays,
                left,
                unlisted,
            } => Action::MergedItem {
                item: item.to_string(),
                into: into.to_string(),
                name: name.to_string(),
                stays: *stays,
                left: names(left),
                more: *unlisted,
            },
            Done::Split {
                item,
                into,
                unlisted,
            } => Action::SplitItem {
                item: item.to_string(),
                into: names(into),
                more: *unlisted,
            },
            Done::DeletedItem {
                item,
                freed,
                lost,
                unlisted,
            } => Action::DeletedItem {
                item: item.to_string(),
                freed: *freed,
                lost: names(lost),
                more: *unlisted,
            },
            Done::Suggested {
                feature,
                item,
                amount,
            } => Action::SuggestedFeature {
                feature: feature.to_string(),
                item: text(item.as_ref()),
                amount: amount.get(),
            },
            Done::Added {
                feature,
                item,
                amount,
                over,
            } => Action::AddedAmount {
                feature: feature.to_string(),
                item: text(item.as_ref()),
                amount: amount.get(),
                excess: over.map(|over| over.get()),
            },
            Done::EditedFeature {
                from,
                to,
                item,
                amount,
                vetoes,
            } => Action::EditedFeature {
                from: from.to_string(),
                to: to.to_string(),
                item: text(item.as_ref()),
                amount: amount.get(),
                vetoes: *vetoes,
            },
            Done::Moved {
                feature,
                from,
                to,
                left,
            } => Action::MovedFeature {
                feature: feature.to_string(),
                from: text(from.as_ref()),
                to: text(to.as_ref()),
                left: left.map(|left| left.get()),
            },
            Done::DeletedFeature { feature, item } => Action::DeletedFeature {
                feature: feature.to_string(),
                item: text(item.as_ref()),
            },
            Done::Vetoed {
                feature,
                item,
                reason,
            } => Action::Vetoed {
                feature: feature.to_string(),
                item: text(item.as_ref()),
                reason: text(reason.as_ref()),
            },
            Done::GaveReason {
                feature,
                item,
                reason,
            } => Action::ChangedReason {
                feature: feature.to_string(),
                item: text(item.as_ref()),
                reason: text(reason.as_ref()),
            },
            Done::WithdrewVeto { feature, item } => Action::WithdrewVeto {
                feature: feature.to_string(),
                item: text(item.as_ref()),
            },
            Done::EditedBoard {
                name,
                purpose,
                terminology,
                reasons,
            } => Action::EditedBoard {
                name: text(name.as_ref()),
                changed_purpose: *purpose,
                changed_terminology: *terminology,
                reasons: reasons.map(Reasons::from),
            },
            Done::Filled {
                from,
                items,
                features,
            } => Action::FilledBoard {
                from: text(from.as_ref()),
                items: *items,
                features: *features,
            },
            Done::Consented => Action::Consented,
            Done::WithdrewConsent => Action::WithdrewConsent,
            Done::SetAside { name } => Action::SetAside {
                name: name.to_string(),
            },
            Done::BroughtBack { name } => Action::BroughtBack {
                name: name.to_string(),
            },
            Done::Closed {
                chosen,
                unlisted,
                text: sentence,
            } => Action::ClosedBoard {
                chosen: names(chosen),
                more: *unlisted,
                text: text(sentence.as_ref()),
            },
            Done::SetDeadline { at } => Action::SetDeadline {
                at: at.map(rfc_3339),
            },
            Done::Reopened => Action::ReopenedBoard,
            Done::Undid { number, what } => Action::Undid {
                number: *number,
                what: Box::new(Action::from(&**what)),
            },
            Done::Redid { number, what } => Action::Redid {
                number: *number,
                what: Box::new(Action::from(&**what)),
            },
        }
    }
}
