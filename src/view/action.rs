//! An action as a sentence for toasts and history ("Alice vetoed Anchovies"), and as a noun for what was undone ("the veto
//! on Anchovies").

use maud::{Markup, html};

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

/// An action as the noun for what was undone.
fn noun(action: &Action) -> Message<'_> {
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
fn about_feature<'a>(id: &'static str, feature: &'a Name, item: &'a Option<Name>) -> Message<'a> {
    message(id)
        .name("feature", feature)
        .optional_name("item", item.as_ref().map(Name::as_str))
}

#[cfg(test)]
mod tests {
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
}
