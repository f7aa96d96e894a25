//! When to ask for a name: once per browser, after the first action of somebody who has not chosen one.

use crate::{
    board::CommandOutcome,
    model::{Action, Name, Participant},
    web::request::board_request::BoardRequest,
};

/// The name to ask about, if the question is due with the response to this command. The browser is not asked again.
pub(super) fn ask(request: &BoardRequest, outcome: &CommandOutcome) -> Option<Name> {
    let first = outcome.events.first()?;
    let is_due = first.action == Action::Joined
        && Participant::is_default_name(&first.actor.name)
        && !request.was_asked_for_name();
    if !is_due {
        return None;
    }
    request.remember_question();
    Some(first.actor.name.clone())
}
