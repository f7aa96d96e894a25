//! The response to a successful command: the changed fragments, or a redirect to the page.

use poem::{
    Response,
    http::{HeaderName, HeaderValue},
};

use super::{
    html, name_question, redirect::see_other, undo_right::may_undo_event, version_header::VERSION,
};
use crate::{
    board::CommandOutcome,
    model::{Action, BoardObject, Event, Name, Notice},
    view::{
        Fragment, Swap,
        name_question::{NameQuestion, content as question_content},
        participant, toast,
    },
    web::request::{board_request::BoardRequest, flash::Flash},
};

/// Makes htmx load the page again.
const REFRESH: HeaderName = HeaderName::from_static("hx-refresh");

/// Responds to a successful command. `reason_id` is the id of the element that shows why the form was rejected before; it is
/// cleared.
pub(in crate::web) fn respond(
    request: &BoardRequest,
    outcome: &CommandOutcome,
    reason_id: Option<&str>,
) -> Response {
    match request.wants_fragments {
        true => changed_fragments(request, outcome, reason_id),
        false => redirect_to_page(request, outcome),
    }
}

fn changed_fragments(
    request: &BoardRequest,
    outcome: &CommandOutcome,
    reason_id: Option<&str>,
) -> Response {
    let snapshot = outcome.snapshot.rendering(request.language);
    let viewer = request.viewer(&snapshot);
    let mut changes = outcome.events.iter().map(|event| &event.change);
    let mut fragments = snapshot.fragments(changes.clone(), &request.browser);
    if let (true, Some(BoardObject::Feature(id))) = (outcome.events.is_empty(), outcome.about) {
        // The command changed nothing, so the browser acted on an outdated page.
        fragments.extend(snapshot.row_fragment(id, viewer));
    }
    if changes.any(|change| !change.browsers.is_empty() || !change.participants.is_empty()) {
        let actor = snapshot.board.actor(&request.browser);
        let me = participant::me(
            actor.as_ref().map(|actor| &actor.name),
            None,
            None,
            &snapshot.context,
        );
        fragments.push(Fragment::new("#me", Swap::Morph, me.into_string()));
    }
    if let Some(name) = name_question::ask(request, outcome) {
        let remembered = request.remembered_name();
        let question = NameQuestion {
            remembered: remembered.as_ref().map(Name::as_str),
            rejected: None,
        };
        let question = question_content(&name, &question, &snapshot.context);
        fragments.push(Fragment::new(
            "#ask-name",
            Swap::Fill,
            question.into_string(),
        ));
    }
    if let Some(id) = reason_id {
        fragments.push(Fragment::new(format!("#{id}"), Swap::Fill, String::new()));
    }
    let needs_toast = |event: &&Event| !tells_itself(event);
    if let Some(event) = outcome.events.last().filter(needs_toast) {
        let vetoed = event.vetoed_feature();
        let may_undo = may_undo_event(request, &snapshot, event);
        let toast = toast::event(&event.into(), vetoed, may_undo, &snapshot.context);
        fragments.push(toast::fragment(toast));
    } else if let Some(note) = &outcome.note {
        fragments.push(toast::fragment(toast::notice(note, request.texts())));
    }
    let fragments = Fragment::join(&fragments);
    request.app.metrics.record_fragments(fragments.len());
    let mut response = html::page(fragments);
    if outcome.changes_words() {
        // Every text of the page has other words. The page that is loaded again says what happened.
        response
            .headers_mut()
            .insert(REFRESH, HeaderValue::from_static("true"));
        if let Some(event) = outcome.events.last() {
            request.set_flash(Flash::Event {
                number: event.number,
                asks_for_name: false,
            });
        }
    }
    let version = HeaderValue::from(snapshot.board.version());
    response.headers_mut().insert(VERSION, version);
    response
}

/// Redirects to the changed object on the page; a flash message makes the page say what happened.
fn redirect_to_page(request: &BoardRequest, outcome: &CommandOutcome) -> Response {
    let event = outcome.events.last().map(|event| event.number);
    match (event.or(outcome.repeats), &outcome.note, outcome.about) {
        (Some(number), ..) => request.set_flash(Flash::Event {
            number,
            asks_for_name: name_question::ask(request, outcome).is_some(),
        }),
        (None, Some(Notice::Full(_)), Some(BoardObject::Feature(id))) => {
            request.set_flash(Flash::Full(id));
        }
        _ => {}
    }
    let anchor = match outcome.about {
        Some(BoardObject::Item(id)) => format!("#item-{id}"),
        Some(BoardObject::Feature(id)) => format!("#feature-{id}"),
        None if outcome.events.last().is_some_and(tells_itself) => "#consent".to_owned(),
        None => String::new(),
    };
    see_other(&format!("{}{anchor}", request.home()))
}

/// Whether the page itself tells of the event: of one's own consent it says how one stands, and offers to change it.
fn tells_itself(event: &Event) -> bool {
    matches!(event.action, Action::Consented | Action::WithdrewConsent)
}
