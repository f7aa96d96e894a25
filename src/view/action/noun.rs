//! An action as a noun for what was undone: "the veto on Anchovies".

use super::super::language::{Message, message};
use crate::model::{Action, Name};

/// An action as the noun for what was undone.
pub(super) fn noun(action: &Action) -> Message<'_> {
    match action {
        Action::Joined => message("the-join"),
        Action::Renamed { from, to } => {
            message("the-rename-self").name("from", from).name("to", to)
        }
        Action::Claimed { name, .. } => message("the-claim").name("name", name),
        Action::HandedOver { name, was } => {
            message("the-hand-over").name("name", name).name("was", was)
        }
        Action::CreatedItem { item, .. } => message("the-create-item").name("item", item),
        Action::CreatedItems {
            items, unlisted, ..
        } => message("the-create-items").count("count", items.len() + unlisted),
        Action::EditedItem {
            from,
            to,
            note: true,
            ..
        } if from == to => message("the-edit-note").name("name", to),
        Action::EditedItem { from, to, .. } if from == to => {
            message("the-edit-kind").name("name", to)
        }
        Action::EditedItem { from, to, .. } | Action::EditedFeature { from, to, .. } => {
            match from == to {
                true => message("the-edit-amount").name("name", to),
                false => message("the-rename").name("from", from).name("to", to),
            }
        }
        Action::Merged { item, into, .. } => {
            message("the-merge").name("item", item).name("into", into)
        }
        Action::Split { item, .. } => message("the-split").name("item", item),
        Action::DeletedItem { item, .. } => message("the-delete").name("name", item),
        Action::Suggested { feature, item, .. } => about_feature("the-suggest", feature, item),
        Action::Added { feature, item, .. } => about_feature("the-add", feature, item),
        Action::Moved {
            feature, from, to, ..
        } => message("the-move")
            .name("feature", feature)
            .optional_name("from", from.as_ref().map(Name::as_str))
            .optional_name("to", to.as_ref().map(Name::as_str)),
        Action::DeletedFeature { feature, item } => {
            about_feature("the-delete-feature", feature, item)
        }
        Action::Vetoed { feature, item, .. } => about_feature("the-veto", feature, item),
        Action::GaveReason { feature, item, .. } => about_feature("the-reason", feature, item),
        Action::WithdrewVeto { feature, item } => about_feature("the-unveto", feature, item),
        Action::EditedBoard { .. } => message("the-edit-board"),
        Action::Filled { .. } => message("the-fill"),
        Action::Consented => message("the-consent"),
        Action::WithdrewConsent => message("the-withdraw-consent"),
        Action::SetAside { name } => message("the-set-aside").name("name", name),
        Action::BroughtBack { name } => message("the-bring-back").name("name", name),
        Action::Closed { .. } => message("the-close"),
        Action::SetDeadline { .. } => message("the-set-deadline"),
        Action::Reopened => message("the-reopen"),
        Action::Undid { what, .. } | Action::Redid { what, .. } => noun(what),
    }
}

/// A message about a feature of an item, or a free one.
pub(super) fn about_feature<'a>(
    id: &'static str,
    feature: &'a Name,
    item: &'a Option<Name>,
) -> Message<'a> {
    message(id)
        .name("feature", feature)
        .optional_name("item", item.as_ref().map(Name::as_str))
}
