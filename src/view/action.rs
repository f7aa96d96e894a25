//! An action as a sentence for toasts and history: "Alice vetoed Anchovies".

mod noun;

use maud::{Markup, html};

use noun::{about_feature, noun};

use super::{
    language::{Message, Texts, message},
    names::comma_separated,
    time::time,
};
use crate::model::{Action, Amount, Kind, Name, Reason};

/// The sentence about an action: "Alice vetoed Anchovies on Capricciosa".
pub(super) fn sentence(by: &Name, action: &Action, texts: &Texts) -> Markup {
    match action {
        Action::CreatedItems {
            items,
            unlisted,
            kind,
            taken,
            unlisted_taken,
        } => {
            let id = match taken.is_empty() {
                true => "did-create-items",
                false => "did-create-items-numbered",
            };
            let message = message(id)
                .name("by", by)
                .optional_name("kind", kind.as_ref().map(Kind::as_str));
            let mut lists = vec![("items", name_list(items, *unlisted, texts))];
            if !taken.is_empty() {
                lists.push(("taken", name_list(taken, *unlisted_taken, texts)));
            }
            texts.markup_around(message, &lists)
        }
        Action::Split {
            item,
            into,
            unlisted,
        } => {
            let message = message("did-split").name("by", by).name("item", item);
            texts.markup_around(message, &[("parts", name_list(into, *unlisted, texts))])
        }
        Action::Merged {
            item,
            into,
            name,
            left,
            unlisted,
            ..
        } if !left.is_empty() => {
            let message = message("did-merge-left")
                .name("by", by)
                .name("item", item)
                .name("into", into)
                .name("name", name);
            texts.markup_around(message, &[("left", name_list(left, *unlisted, texts))])
        }
        Action::DeletedItem {
            item,
            freed,
            lost,
            unlisted,
        } if !lost.is_empty() => {
            let message = message("did-delete-item-lost")
                .name("by", by)
                .name("item", item);
            texts.markup_around(
                message.count("freed", *freed),
                &[("lost", name_list(lost, *unlisted, texts))],
            )
        }
        Action::EditedBoard { .. } if board_name(action).is_none() => {
            let what = board_settings(action, texts);
            texts.markup_around(message("did-edit-board").name("by", by), &[("what", what)])
        }
        Action::Closed {
            chosen, unlisted, ..
        } if !chosen.is_empty() => {
            let chosen = name_list(chosen, *unlisted, texts);
            texts.markup_around(
                message("did-close-chosen").name("by", by),
                &[("chosen", chosen)],
            )
        }
        Action::BroughtBack { name } if name == by => {
            texts.markup(message("did-return").name("by", by))
        }
        Action::SetDeadline { at: Some(at) } => {
            let message = message("did-set-deadline").name("by", by);
            texts.markup_around(message, &[("time", time(*at, texts))])
        }
        Action::Undid { number, what } | Action::Redid { number, what } => {
            let id = match action {
                Action::Undid { .. } => "did-undo",
                _ => "did-redo",
            };
            let message = message(id).name("by", by).text("event", number.to_string());
            texts.markup_around(message, &[("what", texts.markup(noun(what)))])
        }
        _ => texts.markup(did(action).name("by", by)),
    }
}

/// The new name of a board, if nothing else was changed with it.
fn board_name(action: &Action) -> Option<&Name> {
    match action {
        Action::EditedBoard {
            name,
            purpose: false,
            terminology: false,
            reasons: None,
        } => name.as_ref(),
        _ => None,
    }
}

/// The settings that were changed: "the purpose of the board, the words of the board".
fn board_settings(action: &Action, texts: &Texts) -> Markup {
    let Action::EditedBoard {
        name,
        purpose,
        terminology,
        reasons,
    } = action
    else {
        return html! {};
    };
    let changed = [
        (name.is_some(), "board-name-noun"),
        (*purpose, "board-purpose-noun"),
        (*terminology, "board-terminology-noun"),
        (reasons.is_some(), "board-reasons-noun"),
    ];
    let changed = changed.into_iter().filter(|(is_changed, _)| *is_changed);
    let nouns: Vec<_> = changed.map(|(_, noun)| texts.text(noun)).collect();
    html! { (nouns.join(", ")) }
}

/// The names, and how many more there are.
pub(super) fn name_list(names: &[Name], unlisted: usize, texts: &Texts) -> Markup {
    let names = comma_separated(names);
    match unlisted {
        0 => names,
        _ => texts.markup_around(
            message("names-and-more").count("more", unlisted),
            &[("names", names)],
        ),
    }
}

/// The sentence about an action that has only names and numbers in it; [`sentence`] handles the others.
fn did(action: &Action) -> Message<'_> {
    match action {
        Action::Joined => message("did-join"),
        Action::Renamed { from, to } => {
            message("did-rename-self").name("from", from).name("to", to)
        }
        Action::Claimed { name, was } => match was {
            Some(_) => message("did-claim-other").name("name", name),
            None => message("did-claim"),
        },
        Action::HandedOver { name, .. } => message("did-hand-over").name("name", name),
        Action::CreatedItem { item, kind, wanted } => message("did-create-item")
            .name("item", item)
            .optional_name("kind", kind.as_ref().map(Kind::as_str))
            .optional_name("wanted", wanted.as_ref().map(Name::as_str)),
        Action::EditedItem {
            from,
            to,
            note: true,
            ..
        } if from == to => message("did-edit-note").name("to", to),
        Action::EditedItem { from, to, kind, .. } => match from == to {
            true => message("did-edit-item"),
            false => message("did-rename-item").name("from", from),
        }
        .name("to", to)
        .optional_name("kind", kind.as_ref().map(Kind::as_str)),
        Action::Merged {
            item,
            into,
            name,
            stays,
            ..
        } => message(if *stays {
            "did-merge-some"
        } else {
            "did-merge"
        })
        .name("item", item)
        .name("into", into)
        .name("name", name),
        Action::DeletedItem { item, freed, .. } => message(match freed {
            0 => "did-delete-item",
            _ => "did-delete-item-freed",
        })
        .name("item", item),
        Action::Suggested {
            feature,
            item,
            amount,
        } => message("did-suggest")
            .name("feature", feature)
            .optional_name("item", item.as_ref().map(Name::as_str))
            .number("amount", amount.get()),
        Action::Added {
            feature,
            item,
            amount,
            over,
        } => message("did-add")
            .name("feature", feature)
            .optional_name("item", item.as_ref().map(Name::as_str))
            .number("amount", amount.get())
            .flag("full", over.is_some()),
        Action::EditedFeature {
            from,
            to,
            item,
            amount,
            vetoes,
        } => match from == to {
            true => message("did-edit-feature"),
            false => message("did-rename-feature")
                .name("from", from)
                .count("vetoes", *vetoes),
        }
        .name("to", to)
        .optional_name("item", item.as_ref().map(Name::as_str))
        .number("amount", amount.get()),
        Action::Moved {
            feature,
            from,
            to,
            left,
        } => match to {
            Some(to) => message("did-move").name("to", to),
            None => message("did-move-to-all"),
        }
        .name("feature", feature)
        .optional_name("from", from.as_ref().map(Name::as_str))
        .number("left", left.map_or(0, Amount::get)),
        Action::DeletedFeature { feature, item } => {
            about_feature("did-delete-feature", feature, item)
        }
        Action::Vetoed {
            feature,
            item,
            reason,
        } => about_feature("did-veto", feature, item)
            .optional_name("reason", reason.as_ref().map(Reason::as_str)),
        Action::GaveReason {
            feature,
            item,
            reason,
        } => match reason {
            Some(_) => about_feature("did-set-reason", feature, item)
                .optional_name("reason", reason.as_ref().map(Reason::as_str)),
            None => about_feature("did-remove-reason", feature, item),
        },
        Action::WithdrewVeto { feature, item } => about_feature("did-unveto", feature, item),
        Action::EditedBoard { .. } => match board_name(action) {
            Some(name) => message("did-name-board").name("name", name),
            None => noun(action),
        },
        Action::Filled {
            items: 0,
            features: 0,
            from: None,
        } => message("did-set-up-board"),
        Action::Filled {
            from,
            items,
            features,
        } => match from {
            Some(from) => message("did-copy-board").name("from", from),
            None => message("did-fill-board"),
        }
        .count("items", *items)
        .count("features", *features),
        Action::Consented => message("did-consent"),
        Action::WithdrewConsent => message("did-withdraw-consent"),
        Action::SetAside { name } => message("did-set-aside").name("name", name),
        Action::BroughtBack { name } => message("did-bring-back").name("name", name),
        Action::Closed { .. } => message("did-close"),
        Action::SetDeadline { .. } => message("did-clear-deadline"),
        Action::Reopened => message("did-reopen"),
        Action::CreatedItems { .. }
        | Action::Split { .. }
        | Action::Undid { .. }
        | Action::Redid { .. } => noun(action),
    }
}

#[cfg(test)]
mod tests;
