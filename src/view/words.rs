//! What happened, and why something cannot be, in words.

use maud::{Markup, html};

use super::{bdi, terms::Terms};
use crate::model::{Action, Amount, BadName, Drift, Name, Note, Refusal, Target, Thing};

/// "Alice vetoed Anchovies on Capricciosa".
pub(super) fn sentence(by: &Name, action: &Action, terms: &Terms) -> Markup {
    html! { (bdi(by)) " " (predicate(action, terms)) }
}

fn predicate(action: &Action, terms: &Terms) -> Markup {
    let item_word = &terms.item;
    match action {
        Action::Joined => html! { "joined" },
        Action::Renamed { from, to } => {
            html! { "is now called " (bdi(to)) " instead of " (bdi(from)) }
        }
        Action::Claimed { name, was } => html! {
            @match was {
                Some(_) => { "is " (bdi(name)) " on this browser from now on" },
                None => "came back on another browser",
            }
        },
        Action::CreatedItem { item, kind, wanted } => html! {
            "added " (bdi(item))
            @if let Some(kind) = kind { " (" bdi { (kind) } ")" }
            @if let Some(wanted) = wanted { ", because " (bdi(wanted)) " was taken" }
        },
        Action::EditedItem { from, to, kind } => html! {
            @if from == to { "changed " (bdi(to)) } @else { "renamed " (bdi(from)) " to " (bdi(to)) }
            @if let Some(kind) = kind { " (" bdi { (kind) } ")" } @else if from == to { ": no kind" }
        },
        Action::Merged {
            item,
            into,
            name,
            stays,
        } => html! {
            "merged " (bdi(item)) " into " (bdi(into)) ": now " (bdi(name))
            @if *stays { "; not everything fitted, so " (bdi(item)) " stays with the rest" }
        },
        Action::Split { item, into } => html! {
            "split " (bdi(item)) " into "
            @for (n, part) in into.iter().enumerate() {
                @if n > 0 { ", " }
                (bdi(part))
            }
        },
        Action::DeletedItem { item, freed, lost } => html! {
            "deleted " (bdi(item))
            @if *freed > 0 { "; its " (terms.features) " are free now" }
            @if !lost.is_empty() {
                ", but not all of "
                @for (n, name) in lost.iter().enumerate() {
                    @if n > 0 { ", " }
                    (bdi(name))
                }
                " fitted"
            }
        },
        Action::Suggested {
            feature,
            item,
            amount,
        } => html! { "suggested " (bdi(feature)) (times(*amount)) (place(" for ", item)) },
        Action::Added {
            feature,
            item,
            amount,
            over,
        } => html! {
            "suggested more " (bdi(feature)) (place(" for ", item)) ": it was there already, now ×" (amount)
            @if over.is_some() { ", which is the most" }
        },
        Action::EditedFeature {
            from,
            to,
            item,
            amount,
        } => html! {
            @if from == to { "changed " (bdi(to)) } @else { "renamed " (bdi(from)) " to " (bdi(to)) }
            (place(" on ", item)) " (×" (amount) ")"
        },
        Action::Moved {
            feature,
            from,
            to,
            left,
        } => html! {
            @match to {
                Some(to) => { "moved " (bdi(feature)) (place(" from ", from)) " to " (bdi(to)) },
                None => { "set " (bdi(feature)) (place(" of ", from)) " free" },
            }
            @if let Some(left) = left { "; ×" (left) " did not fit and stayed" }
        },
        Action::DeletedFeature { feature, item } => {
            html! { "deleted " (bdi(feature)) (place(" from ", item)) }
        }
        Action::Vetoed {
            feature,
            item,
            reason,
        } => html! {
            "vetoed " (bdi(feature)) (place(" on ", item))
            @if let Some(reason) = reason { " (" bdi { (reason) } ")" }
        },
        Action::GaveReason {
            feature,
            item,
            reason,
        } => html! {
            @match reason {
                Some(reason) => {
                    "gave a reason for the veto of " (bdi(feature)) (place(" on ", item)) " (" bdi { (reason) } ")"
                }
                None => { "took away the reason for the veto of " (bdi(feature)) (place(" on ", item)) }
            }
        },
        Action::TookBack { feature, item } => {
            html! { "took back the veto of " (bdi(feature)) (place(" on ", item)) }
        }
        Action::Undid { number, what } => {
            html! { "undid " (number) ": " (noun(what, item_word)) }
        }
        Action::Redid { number, what } => {
            html! { "undid " (number) ", so this holds again: " (noun(what, item_word)) }
        }
    }
}

/// An action as the thing that was undone.
fn noun(action: &Action, item_word: &str) -> Markup {
    match action {
        Action::Joined => html! { "somebody's joining" },
        Action::Renamed { from, to } => html! { (bdi(from)) " being called " (bdi(to)) },
        Action::Claimed { name, .. } => html! { "being " (bdi(name)) " on another browser" },
        Action::CreatedItem { item, .. } => html! { "the new " (item_word) " " (bdi(item)) },
        Action::EditedItem { from, to, .. } if from == to => html! { "the new kind of " (bdi(to)) },
        Action::EditedItem { from, to, .. } | Action::EditedFeature { from, to, .. }
            if from != to =>
        {
            html! { "the new name of " (bdi(from)) ", " (bdi(to)) }
        }
        Action::EditedItem { to, .. } | Action::EditedFeature { to, .. } => {
            html! { "the change of " (bdi(to)) }
        }
        Action::Merged { item, into, .. } => {
            html! { "the merge of " (bdi(item)) " into " (bdi(into)) }
        }
        Action::Split { item, .. } => html! { "the split of " (bdi(item)) },
        Action::DeletedItem { item, .. } => html! { "the deletion of " (bdi(item)) },
        Action::Suggested { feature, item, .. } => {
            html! { "the suggestion of " (bdi(feature)) (place(" for ", item)) }
        }
        Action::Added { feature, item, .. } => {
            html! { "more " (bdi(feature)) (place(" for ", item)) }
        }
        Action::Moved {
            feature, from, to, ..
        } => html! {
            "the move of " (bdi(feature)) (place(" from ", from)) (place(" to ", to))
        },
        Action::DeletedFeature { feature, item } => {
            html! { "the deletion of " (bdi(feature)) (place(" from ", item)) }
        }
        Action::Vetoed { feature, item, .. } => {
            html! { "the veto of " (bdi(feature)) (place(" on ", item)) }
        }
        Action::GaveReason { feature, item, .. } => {
            html! { "the new reason for the veto of " (bdi(feature)) (place(" on ", item)) }
        }
        Action::TookBack { feature, item } => {
            html! { "taking back the veto of " (bdi(feature)) (place(" on ", item)) }
        }
        Action::Undid { what, .. } | Action::Redid { what, .. } => noun(what, item_word),
    }
}

fn place(preposition: &str, item: &Option<Name>) -> Markup {
    html! { @if let Some(item) = item { (preposition) (bdi(item)) } }
}

fn times(amount: Amount) -> Markup {
    html! { @if amount > Amount::ONE { " ×" (amount) } }
}

pub(super) fn note(note: &Note) -> String {
    match note {
        Note::Full(feature) => format!("{feature} is there as often as can be: ×{}.", Amount::MAX),
    }
}

/// Why a name or a kind cannot be.
pub fn name_reason(bad: BadName) -> String {
    match bad {
        BadName::Empty => "Please type a name.".to_owned(),
        BadName::TooLong(max) => format!("That is too long: at most {max} characters."),
        BadName::Control => "That has control characters in it.".to_owned(),
        BadName::Bidirectional => {
            "That has characters in it that turn the direction of the text around them.".to_owned()
        }
        BadName::Invisible => "That has no character one can see.".to_owned(),
    }
}

/// Why an amount cannot be.
pub fn amount_reason() -> String {
    format!("Please choose an amount from 1 to {}.", Amount::MAX)
}

/// Why a rule said no, and what can be done.
pub fn refusal(refusal: &Refusal, terms: &Terms) -> String {
    let (item, feature) = (&terms.item, &terms.feature);
    match refusal {
        Refusal::Unknown(Target::Thing(Thing::Item(_))) => {
            format!("There is no such {item} on this board.")
        }
        Refusal::Unknown(Target::Thing(Thing::Feature(_))) => {
            format!("There is no such {feature} on this board.")
        }
        Refusal::Unknown(Target::Event(number)) => {
            format!("There is no event {number} on this board.")
        }
        Refusal::Gone(thing, name) => {
            let name = match (name, thing) {
                (Some(name), _) => name.to_string(),
                (None, Thing::Item(_)) => format!("This {item}"),
                (None, Thing::Feature(_)) => format!("This {feature}"),
            };
            format!(
                "{name} is not there any more: somebody deleted, merged or split it meanwhile. \
                 The history can bring it back."
            )
        }
        Refusal::ItemNameTaken(name) => {
            format!("Another {item} is called {name}. Please choose another name.")
        }
        Refusal::FeatureNameTaken(name) => {
            format!("There is another {name} at the same place. Please choose another name.")
        }
        Refusal::ParticipantNameTaken(_) => "That name is taken".to_owned(),
        Refusal::IntoItself(name) => {
            format!("{name} cannot be merged into itself. Please choose another {item}.")
        }
        Refusal::NothingToSplit(name) => format!(
            "There is nothing to split: {name} needs at least two {}, or one of amount 2 or 3.",
            terms.features
        ),
        Refusal::ChangedSince(Drift::Undone) => "This was undone already.".to_owned(),
        Refusal::ChangedSince(drift) => format!("This cannot be undone: {}.", since(drift)),
    }
}

fn since(drift: &Drift) -> String {
    match drift {
        Drift::Undone => "it was undone already".to_owned(),
        Drift::Deleted(name) => format!("{name} has been deleted since"),
        Drift::Restored(name) => format!("{name} has been brought back since"),
        Drift::Renamed { from, to } => format!("{from} has been renamed to {to} since"),
        Drift::KindChanged(name) => format!("the kind of {name} has been changed since"),
        Drift::AmountChanged { name, to } => format!("{name} has become ×{to} since"),
        Drift::Moved(name) => format!("{name} has been moved since"),
        Drift::VetoChanged(name) => format!("the vetoes of {name} have changed since"),
        Drift::BrowserChanged => "this browser has become somebody else since".to_owned(),
        Drift::BuiltUpon { name, by } => format!("{name} has got {by} since; delete it instead"),
        Drift::NameTaken(name) => {
            format!("something else is called {name} by now; rename that first")
        }
        Drift::OwnerGone(name) => format!("what {name} belonged to is gone"),
        Drift::TookPart(name) => format!("{name} has taken part since"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;

    fn name(text: &str) -> Name {
        Name::stored(text.to_owned())
    }

    #[test]
    fn says_who_did_what_where() {
        let vetoed = Action::Vetoed {
            feature: name("Anchovies"),
            item: Some(name("Capricciosa")),
            reason: Some(Reason::stored("too salty".to_owned())),
        };
        let sentence = sentence(&name("Alice"), &vetoed, &Terms::default()).into_string();
        let text = sentence.replace("<bdi>", "").replace("</bdi>", "");
        assert_eq!(text, "Alice vetoed Anchovies on Capricciosa (too salty)");
    }

    #[test]
    fn escapes_what_people_typed() {
        let joined = sentence(&name("<script>"), &Action::Joined, &Terms::default());
        assert_eq!(joined.into_string(), "<bdi>&lt;script&gt;</bdi> joined");
    }
}
