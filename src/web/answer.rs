//! What came of a wish, as the browser wants it: only the fragments that changed, or a way back to the page.

use poem::{
    IntoResponse, Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
    web::Html,
};

use super::visit::Visit;
use crate::{
    board::{Done, Rendering},
    model::{Event, Name, Note, Thing},
    view::{Fragment, Swap, participant, toast},
};

/// The number of the last event in an answer's fragments: what the page hears by its stream may be older.
pub(super) const VERSION: HeaderName = HeaderName::from_static("savt-version");

/// Answers a wish that was granted. `clears` is the id of the place for a reason beside the form that brought it.
pub(super) fn done(visit: &Visit, done: &Done, clears: Option<&str>) -> Response {
    match visit.htmx {
        true => fragments(visit, done, clears),
        false => back_to_the_page(visit, done),
    }
}

fn fragments(visit: &Visit, done: &Done, clears: Option<&str>) -> Response {
    let snapshot = done.snapshot.rendered(visit.language);
    let viewer = visit.viewer(&snapshot);
    let mut changes = done.events.iter().map(|event| &event.change);
    let mut fragments = snapshot.fragments(changes.clone(), &visit.token);
    if let (true, Some(Thing::Feature(id))) = (done.events.is_empty(), done.about) {
        // Nothing changed, so this browser saw something old.
        fragments.extend(snapshot.placed(id, viewer));
    }
    if changes.any(|change| !change.browsers.is_empty() || !change.participants.is_empty()) {
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
        let by = name_today(&snapshot, event);
        fragments.push(toast::fragment(toast::done(event, &by, &snapshot.site)));
    } else if let Some(note) = &done.note {
        fragments.push(toast::fragment(toast::note(note, visit.texts())));
    }
    let fragments = Fragment::join(&fragments);
    visit.app.figures.fragments(fragments.len());
    let mut answer = page(fragments);
    let version = HeaderValue::from(snapshot.board.version());
    answer.headers_mut().insert(VERSION, version);
    answer
}

/// Fragments as an answer.
pub(super) fn only(fragments: &[Fragment]) -> Response {
    page(Fragment::join(fragments))
}

/// A page, or fragments: never kept by anyone but the browser, and differing by what was asked for.
pub(super) fn page(html: String) -> Response {
    for_one_browser(Html(html).into_response())
}

/// The browser has the page already.
pub(super) fn not_modified() -> Response {
    for_one_browser(StatusCode::NOT_MODIFIED.into_response())
}

fn for_one_browser(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let private = HeaderValue::from_static("private, no-cache");
    headers.insert(header::CACHE_CONTROL, private);
    headers.insert(
        header::VARY,
        HeaderValue::from_static("HX-Request, Cookie, Accept-Language"),
    );
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
    see(&format!("{}{anchor}", visit.home()))
}

/// 303 to an address of ours.
pub(super) fn see(address: &str) -> Response {
    StatusCode::SEE_OTHER
        .with_header(header::LOCATION, address)
        .into_response()
}

/// What an actor is called now, or was called then if they are gone.
pub(super) fn name_today(snapshot: &Rendering, event: &Event) -> Name {
    let actor = snapshot.board.participant(event.actor.id);
    actor.map_or_else(|| event.actor.name.clone(), |actor| actor.name.clone())
}
