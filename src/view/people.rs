//! The people of a board, by how they stand to the decision: who is here, who is fine, how much each vetoed, and the form that
//! sets somebody aside.

use maud::{Markup, html};

use super::{
    context::BoardContext, language::message, names::bdi, presence::PresenceView,
    sheet::SHEET_TITLE,
};
use crate::model::{Board, Participant, Standing, Timestamp};

/// How many people each group names: whoever is here first.
const MAX_NAMES: usize = 60;

/// The groups, each with the id of its heading.
const GROUPS: [(Group, &str); 5] = [
    (Group::Needed(Standing::Fine), "people-fine"),
    (Group::Needed(Standing::Outdated), "people-outdated"),
    (Group::Needed(Standing::NotYet), "people-not-yet"),
    (Group::Needed(Standing::NotTakingPart), "people-aside"),
    (Group::Watching, "people-watching"),
];

#[derive(Clone, Copy, PartialEq)]
enum Group {
    /// The decision needs their consent, or they gave it anyway, or were set aside.
    Needed(Standing),
    /// Here, but nobody waits for them.
    Watching,
}

impl Group {
    /// None for somebody who has done nothing and is not here.
    fn of(person: &Participant, board: &Board, is_here: bool) -> Option<Group> {
        match board.standing(person.id) {
            Standing::NotYet if !board.is_needed(person.id) => is_here.then_some(Group::Watching),
            standing => Some(Group::Needed(standing)),
        }
    }
}

/// The list of all people at this time. While the board is closed, nobody can be set aside.
pub fn list(
    board: &Board,
    now: Timestamp,
    viewers: &PresenceView,
    context: &BoardContext,
) -> Markup {
    let is_open = board.closed(now).is_none();
    let texts = &context.texts;
    let with_count = |id, count| texts.text(message(id).count("count", count));
    let count = board.consent_count();
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (with_count("here", viewers.count())) }
            @if count.of > 0 {
                p.hint { (texts.text(message("consent-count").count("fine", count.fine).count("of", count.of))) }
            }
            @for (group, heading) in GROUPS { (members(group, heading, board, is_open, viewers, context)) }
            @if viewers.others > 0 { p.hint { (with_count("here-more", viewers.others)) } }
            @if viewers.guests > 0 { p.hint { (with_count("here-guests", viewers.guests)) } }
        }
    }
}

fn members(
    group: Group,
    heading: &'static str,
    board: &Board,
    is_open: bool,
    viewers: &PresenceView,
    context: &BoardContext,
) -> Markup {
    let is_here = |person: &&Participant| viewers.participants.contains(&person.id);
    let is_member =
        |person: &&Participant| Group::of(person, board, is_here(person)) == Some(group);
    let members = || board.participants().filter(is_member);
    let number = members().count();
    if number == 0 {
        return html! {};
    }
    let here = members().filter(is_here).map(|person| (person, true));
    let away = members().filter(|person| !is_here(person));
    let listed = here.chain(away.map(|person| (person, false)));
    let texts = &context.texts;
    html! {
        h3 { (texts.text(heading)) " " span.hint { (number) } }
        ul.people {
            @for (person, is_here) in listed.take(MAX_NAMES) { (row(person, is_here, board, is_open, context)) }
            @if number > MAX_NAMES {
                li.hint { (texts.text(message("here-more").count("count", number - MAX_NAMES))) }
            }
        }
    }
}

fn row(
    person: &Participant,
    is_here: bool,
    board: &Board,
    is_open: bool,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let vetoes = board.vetoed_by(person.id);
    let vetoes = vetoes.filter(|feature| board.live_feature(*feature).is_ok());
    let vetoes = vetoes.count();
    let form = match board.standing(person.id) {
        Standing::NotTakingPart => Some(("0", "people-bring-back", "people-bring-back-named")),
        Standing::Fine => None,
        _ if board.is_needed(person.id) => {
            Some(("1", "people-set-aside", "people-set-aside-named"))
        }
        _ => None,
    };
    html! {
        // With an id, so that the list can change while one of its buttons has the focus.
        li id={ "person-" (person.id) } {
            p {
                (bdi(&person.name))
                @if is_here { " " span.is-here { (texts.text("people-here")) } }
                @if vetoes > 0 { " " span.hint { (texts.text(message("people-vetoes").count("count", vetoes))) } }
            }
            @if let Some((aside, label, named)) = form.filter(|_| is_open) {
                form method="post" action=(context.urls.set_aside(person.id)) {
                    input type="hidden" name="aside" value=(aside);
                    button aria-label=(texts.text(message(named).name("name", &person.name))) { (texts.text(label)) }
                }
            }
        }
    }
}
