//! The JSON of each action.

mod decisions;
mod features;
mod items;
mod people;

use super::*;

/// One action of each variant, in its shortest and its longest form, with the JSON it is stored as.
fn actions() -> Vec<(Action, &'static str)> {
    let all = [
        people::actions(),
        items::actions(),
        decisions::actions(),
        features::actions(),
    ];
    all.into_iter().flatten().collect()
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
    "undid",
    "redid",
    "created_item",
    "created_items",
    "edited_item",
    "merged",
    "split",
    "deleted_item",
    "edited_board",
    "filled",
    "consented",
    "withdrew_consent",
    "set_aside",
    "brought_back",
    "closed",
    "set_deadline",
    "reopened",
    "suggested",
    "added",
    "edited_feature",
    "moved",
    "deleted_feature",
    "vetoed",
    "gave_reason",
    "took_back",
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
