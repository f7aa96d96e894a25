//! What came of a wish, as the browser wants it: only the fragments that changed, or a way back to the page.

use poem::{
    IntoResponse, Response,
    http::{HeaderValue, StatusCode, header},
    web::Html,
};

use super::visit::Visit;
use crate::{
    board::{Done, Snapshot},
    model::{Change, Event, Name, Note, Thing},
    view::{Fragment, Swap, participant, toast},
};

/// Answers a wish that was granted. `clears` is the id of the place for a reason beside the form that brought it.
pub(super) fn done(visit: &Visit, done: &Done, clears: Option<&str>) -> Response {
    match visit.htmx {
        true => fragments(visit, done, clears),
        false => back_to_the_page(visit, done),
    }
}

fn fragments(visit: &Visit, done: &Done, clears: Option<&str>) -> Response {
    let snapshot = &done.snapshot;
    let viewer = visit.viewer(snapshot);
    let change = Change::net(done.events.iter().map(|event| &event.change));
    let mut fragments = snapshot.fragments(&change, viewer);
    if let (true, Some(Thing::Feature(id))) = (change.is_empty(), done.about)
        && let Some(row) = snapshot.row(id, viewer)
    {
        // Nothing changed, so this browser saw something old.
        let row_id = format!("#feature-{id}");
        fragments.push(Fragment::new(row_id, Swap::Morph, row.to_owned()));
    }
    if !change.browsers.is_empty() || !change.participants.is_empty() {
        let actor = snapshot.board.actor(&visit.token);
        let me = participant::me(
            actor.as_ref().map(|actor| &actor.name),
            None,
            None,
            &snapshot.site,
        );
        fragments.push(Fragment::new("#me", Swap::Morph, me.into_string()));
    }
    if let Some(id) = clears {
        fragments.push(Fragment::new(format!("#{id}"), Swap::Fill, String::new()));
    }
    if let Some(event) = done.events.last() {
        let by = name_today(snapshot, event);
        fragments.push(toast::fragment(toast::done(event, &by, &snapshot.site)));
    } else if let Some(note) = &done.note {
        fragments.push(toast::fragment(toast::note(note)));
    }
    only(&fragments)
}

/// Fragments as an answer.
pub(super) fn only(fragments: &[Fragment]) -> Response {
    page(Fragment::join(fragments))
}

/// A page, or fragments: never kept by anyone but the browser, and differing by what was asked for.
pub(super) fn page(html: String) -> Response {
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    let private = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, private);
    headers.insert(header::VARY, HeaderValue::from_static("HX-Request, Cookie"));
    response
}

/// Sends the browser to the page, at the thing changed; the page tells what was done.
fn back_to_the_page(visit: &Visit, done: &Done) -> Response {
    match (done.events.last(), &done.note, done.about) {
        (Some(event), ..) => visit.leave_news(event.number.to_string()),
        (None, Some(Note::Full(_)), Some(Thing::Feature(id))) => {
            visit.leave_news(format!("full-{id}"));
        }
        _ => {}
    }
    let anchor = match done.about {
        Some(Thing::Item(id)) => format!("#item-{id}"),
        Some(Thing::Feature(id)) => format!("#feature-{id}"),
        None => String::new(),
    };
    see(&format!("{}{anchor}", done.snapshot.site.home()))
}

/// 303 to an address of ours.
pub(super) fn see(address: &str) -> Response {
    StatusCode::SEE_OTHER
        .with_header(header::LOCATION, address)
        .into_response()
}

/// What an actor is called now, or was called then if they are gone.
pub(super) fn name_today(snapshot: &Snapshot, event: &Event) -> Name {
    let actor = snapshot.board.participant(event.actor.id);
    actor.map_or_else(|| event.actor.name.clone(), |actor| actor.name.clone())
}
