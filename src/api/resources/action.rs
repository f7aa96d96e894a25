//! What an event did. The words are those of the API: stored events have tags of their own.

mod from_model;

use serde::Serialize;
use utoipa::ToSchema;

use super::board::Reasons;

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
