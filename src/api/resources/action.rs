//! What an event did. The words are those of the API: stored events have tags of their own.

use serde::Serialize;
use utoipa::ToSchema;

use super::{board::Reasons, time::rfc_3339};
use crate::model::{self, Name};

/// What an event did, with the names at that time. Lists have at most ten names; `more` counts the others. `item` is null for a feature
/// of no item. Expect further types.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(in crate::api) enum Action {
    /// A participant joined.
    Joined,
    /// A participant changed their name.
    Renamed {
        from: String,
        to: String,
    },
    /// A browser or program became the participant `name`.
    Claimed {
        name: String,
        /// Whom it was before.
        #[schema(required)]
        was: Option<String>,
    },
    /// A browser or program became the participant `name`, to whom everything belongs now that it did as `was`.
    HandedOver {
        name: String,
        was: String,
    },
    CreatedItem {
        item: String,
        #[schema(required)]
        kind: Option<String>,
        /// The requested name, if it was taken.
        #[schema(required)]
        requested: Option<String>,
    },
    CreatedItems {
        items: Vec<String>,
        more: usize,
        #[schema(required)]
        kind: Option<String>,
        /// The requested names that were taken.
        taken: Vec<String>,
        more_taken: usize,
    },
    /// Changed name, kind or note of an item.
    EditedItem {
        from: String,
        to: String,
        #[schema(required)]
        kind: Option<String>,
        changed_note: bool,
    },
    /// Merged an item `into` another one, which got a new `name`.
    MergedItem {
        item: String,
        into: String,
        name: String,
        /// Whether the item still exists, because some features did not fit.
        stays: bool,
        /// The features that did not fit.
        left: Vec<String>,
        more: usize,
    },
    /// Split an item into new ones.
    SplitItem {
        item: String,
        into: Vec<String>,
        more: usize,
    },
    DeletedItem {
        item: String,
        /// How many of its features became free.
        freed: usize,
        /// The features that did not fit among the free ones, and were deleted.
        lost: Vec<String>,
        more: usize,
    },
    SuggestedFeature {
        feature: String,
        #[schema(required)]
        item: Option<String>,
        amount: u8,
    },
    /// Suggested a feature that was there already, so that there is more of it.
    AddedAmount {
        feature: String,
        #[schema(required)]
        item: Option<String>,
        /// How much there is now.
        amount: u8,
        /// How much did not fit.
        #[schema(required)]
        excess: Option<u8>,
    },
    /// Changed name or amount of a feature.
    EditedFeature {
        from: String,
        to: String,
        #[schema(required)]
        item: Option<String>,
        amount: u8,
        /// How many vetoes were given to another name.
        vetoes: usize,
    },
    /// Moved a feature between items; null: none.
    MovedFeature {
        feature: String,
        #[schema(required)]
        from: Option<String>,
        #[schema(required)]
        to: Option<String>,
        /// How much did not fit and stayed.
        #[schema(required)]
        left: Option<u8>,
    },
    DeletedFeature {
        feature: String,
        #[schema(required)]
        item: Option<String>,
    },
    Vetoed {
        feature: String,
        #[schema(required)]
        item: Option<String>,
        #[schema(required)]
        reason: Option<String>,
    },
    /// Changed the reason of a veto, or removed it.
    ChangedReason {
        feature: String,
        #[schema(required)]
        item: Option<String>,
        #[schema(required)]
        reason: Option<String>,
    },
    WithdrewVeto {
        feature: String,
        #[schema(required)]
        item: Option<String>,
    },
    /// Changed settings of the board. What is null or false was not changed.
    EditedBoard {
        #[schema(required)]
        name: Option<String>,
        changed_purpose: bool,
        changed_terminology: bool,
        #[schema(required)]
        reasons: Option<Reasons>,
    },
    /// Added the content of another board or of a template.
    FilledBoard {
        /// The name of the other board.
        #[schema(required)]
        from: Option<String>,
        /// How many items were added.
        items: usize,
        /// How many features were added.
        features: usize,
    },
    Consented,
    WithdrewConsent,
    /// The decision does not wait for this participant any more.
    SetAside {
        name: String,
    },
    /// This participant counts again.
    BroughtBack {
        name: String,
    },
    ClosedBoard {
        /// The names of the chosen items.
        chosen: Vec<String>,
        more: usize,
        #[schema(required)]
        text: Option<String>,
    },
    /// Set when the board closes by itself; null: it does not.
    SetDeadline {
        #[schema(required, format = DateTime)]
        at: Option<String>,
    },
    ReopenedBoard,
    /// Undid an event.
    Undid {
        /// The number of the event.
        number: i64,
        /// What it had done.
        #[schema(no_recursion)]
        what: Box<Action>,
    },
    /// Undid an undo.
    Redid {
        /// The number of the undo.
        number: i64,
        /// What is in effect again.
        #[schema(no_recursion)]
        what: Box<Action>,
    },
}

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

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn every_member_of_an_action_is_described_as_present() {
        let schema = serde_json::to_value(Action::schema()).unwrap();
        let types = schema["oneOf"].as_array().unwrap();
        assert_eq!(types.len(), 29);
        for described in types {
            let members = described["properties"].as_object().unwrap();
            let required: Vec<&Value> = described["required"].as_array().unwrap().iter().collect();
            assert_eq!(required.len(), members.len(), "{described}");
        }
        let what = types.last().map(|redid| &redid["properties"]["what"]);
        let text = what.unwrap().to_string();
        assert!(text.contains("#/components/schemas/Action"), "{text}");
    }
}
