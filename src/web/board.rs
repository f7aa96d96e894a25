//! The board's page.

use maud::Markup;
use poem::{
    Request, Response, handler,
    http::{HeaderValue, header},
};

use super::{
    answer::{self, name_today},
    error::Problem,
    etag::{self, short_hash},
    visit::Visit,
    wall,
};
use crate::{
    board::Rendering,
    model::{FeatureId, Name, Note},
    store,
    view::{
        self, Fragment,
        board::{Around, Forms},
        toast,
    },
};

#[handler]
pub(super) async fn show(visit: Visit, request: &Request) -> Response {
    let snapshot = visit.read().await;
    if wall::is_asked_for(&visit) {
        let etag = etag_of(&visit, &snapshot, &wall::mark(&visit, &snapshot));
        return unless_known(request, etag, || wall::page(&visit, &snapshot));
    }
    let news = news(&visit, &snapshot).await;
    if news.is_some() {
        // What is told once is not to be kept.
        return whole(&visit, &snapshot, news);
    }
    let etag = etag_of(&visit, &snapshot, "");
    unless_known(request, etag, || whole(&visit, &snapshot, None))
}

/// A page, unless the browser has it already.
fn unless_known(request: &Request, etag: String, page: impl FnOnce() -> Response) -> Response {
    let mut response = match etag::is_known(request.headers(), &etag) {
        true => answer::not_modified(),
        false => page(),
    };
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn whole(visit: &Visit, snapshot: &Rendering, news: Option<Markup>) -> Response {
    let page = page(visit, snapshot, Forms::default(), news);
    visit.app.figures.page(page.len());
    answer::page(page)
}

/// The page as this browser would see it: by the board's version, by who looks, by what makes pages, and by which page it is.
fn etag_of(visit: &Visit, snapshot: &Rendering, which: &str) -> String {
    let version = snapshot.board.version();
    let outage = if visit.live.is_cut_off() {
        "-cut-off"
    } else {
        ""
    };
    let look = format!("{}-{}{outage}", visit.app.look, visit.language.tag());
    match snapshot.board.participant_at(&visit.token) {
        Some(viewer) => format!("\"{version}-{viewer}-{look}{which}\""),
        // Before the first action the page offers the name last chosen on another board.
        None => {
            let offered = visit.remembered();
            let offered = offered.as_ref().map_or("", Name::as_str);
            format!("\"{version}-{}-{look}{which}\"", short_hash(&[offered]))
        }
    }
}

/// The whole page as this browser sees it.
pub(super) fn page(
    visit: &Visit,
    snapshot: &Rendering,
    forms: Forms,
    toasts: Option<Markup>,
) -> String {
    let actor = snapshot.board.actor(&visit.token);
    let viewer = actor.as_ref().map(|actor| actor.id);
    let remembered = visit.remembered();
    let cards = snapshot.cards(viewer, forms.feature.as_ref());
    let free = snapshot.free(viewer);
    let around = Around {
        me: actor.as_ref().map(|actor| &actor.name),
        remembered: remembered.as_ref().map(Name::as_str),
        forms,
        toasts,
        cut_off: visit.live.is_cut_off(),
        closed: visit.app.lock.is_some(),
    };
    view::board::page(&snapshot.board, cards, free, around, &snapshot.site).into_string()
}

/// A form of the board's page that cannot be taken: the page again with the form as it was, or the reason for its place.
pub(super) async fn refused(
    visit: &Visit,
    problem: Problem,
    place: &str,
    forms: Forms<'_>,
) -> Problem {
    let snapshot = visit.read().await;
    let page = page(visit, &snapshot, forms, None);
    let reason = Fragment::reason(place, problem.reason.clone(), visit.texts());
    problem.at_form(page, vec![reason])
}

/// What this browser did just before it was sent here.
async fn news(visit: &Visit, snapshot: &Rendering) -> Option<Markup> {
    let news = visit.take_news()?;
    let board = &snapshot.board;
    if let Some(id) = news.strip_prefix("full-") {
        let feature = board.living_feature(FeatureId(id.parse().ok()?)).ok()?;
        return Some(toast::note(
            &Note::Full(feature.name.clone()),
            visit.texts(),
        ));
    }
    let database = visit.app.boards.database();
    let event = store::event(database, board.id, news.parse().ok()?).await;
    let event = event.ok()??;
    let by = name_today(snapshot, &event);
    Some(toast::done(&event, &by, &snapshot.site))
}
