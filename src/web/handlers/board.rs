//! The board's page.

use maud::Markup;
use poem::{
    Request, Response, handler,
    http::{HeaderValue, header},
};

use super::{print, projector};
use crate::{
    board::{Rendering, now},
    http::etag::{self, short_hash},
    model::{Board, Event, Name, Notice},
    store,
    view::{board::Forms, name_question::NameQuestion, toast},
    web::{
        request::{board_request::BoardRequest, flash::Flash},
        response::{board_page, expiry, html, undo_right::may_undo},
    },
};

#[handler]
pub(in crate::web) async fn show(board_request: BoardRequest, request: &Request) -> Response {
    let snapshot = board_request.read().await;
    if projector::is_requested(&board_request) {
        let etag = etag(&board_request, &snapshot, projector::ETAG_SUFFIX);
        return conditional(request, etag, || projector::page(&board_request, &snapshot));
    }
    if print::is_requested(&board_request) {
        let etag = etag(&board_request, &snapshot, &print::etag_suffix());
        return conditional(request, etag, || print::page(&board_request, &snapshot));
    }
    if let Some(flash) = board_request.take_flash() {
        let toast = flash_toast(&board_request, &snapshot, flash).await;
        let remembered = board_request.remembered_name();
        let asks = matches!(
            flash,
            Flash::Event {
                asks_for_name: true,
                ..
            }
        );
        let forms = Forms {
            question: asks.then(|| NameQuestion {
                remembered: remembered.as_ref().map(Name::as_str),
                rejected: None,
            }),
            ..Forms::default()
        };
        // Without an entity tag, so that the message is shown only once.
        return page(&board_request, &snapshot, forms, toast);
    }
    let etag = etag(&board_request, &snapshot, "");
    conditional(request, etag, || {
        page(&board_request, &snapshot, Forms::default(), None)
    })
}

/// 304 if the browser already has the page with this entity tag.
pub(super) fn conditional(
    request: &Request,
    etag: String,
    page: impl FnOnce() -> Response,
) -> Response {
    let mut response = match etag::matches(request.headers(), &etag) {
        true => html::not_modified(),
        false => page(),
    };
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn page(
    request: &BoardRequest,
    snapshot: &Rendering,
    forms: Forms,
    toast: Option<Markup>,
) -> Response {
    let page = board_page::render(request, snapshot, forms, toast);
    request.app.metrics.record_page(page.length());
    html::page(page)
}

/// The entity tag of a page: everything that it depends on.
pub(super) fn etag(request: &BoardRequest, snapshot: &Rendering, suffix: &str) -> String {
    let (version, epoch) = (snapshot.board.version(), snapshot.board.epoch);
    let outage = if request.handle.is_disconnected() {
        "-cut-off"
    } else {
        ""
    };
    // The page contains its own link, and may be reached through several hosts.
    let link = request.board_link(snapshot);
    let address = link.as_ref().map_or("", |link| &link.url);
    let closing = closing_tag(&snapshot.board);
    let expires = match expiry::shown(request, &snapshot.board) {
        Some(_) => "-expires",
        None => "",
    };
    let shared = format!(
        "{epoch}-{}-{}-{}{outage}{closing}{expires}",
        request.app.page_hash,
        short_hash(&[address]),
        request.language.tag()
    );
    match snapshot.board.participant_for(&request.browser) {
        Some(viewer) => format!("\"{version}-{viewer}-{shared}{suffix}\""),
        // Before the first action the page offers the name last chosen on another board.
        None => {
            let offered = request.remembered_name();
            let offered = offered.as_ref().map_or("", Name::as_str);
            format!("\"{version}-{}-{shared}{suffix}\"", short_hash(&[offered]))
        }
    }
}

/// What a page shows of the deadline of its board: whether it has passed, and else how much time is left.
fn closing_tag(board: &Board) -> String {
    let now = now();
    match board.deadline() {
        Some(deadline) if deadline.at > now => format!("-{}", (deadline.at - now).num_minutes()),
        Some(_) => "-closed".to_owned(),
        None => String::new(),
    }
}

/// The message that this browser's last action left for this page.
async fn flash_toast(request: &BoardRequest, snapshot: &Rendering, flash: Flash) -> Option<Markup> {
    let board = &snapshot.board;
    let number = match flash {
        Flash::Event { number, .. } => number,
        Flash::Full(id) => {
            let feature = board.live_feature(id).ok()?;
            let notice = Notice::Full(feature.name.clone());
            return Some(toast::notice(&notice, request.texts()));
        }
    };
    let database = request.app.boards.database();
    let entry = store::entry(database, board.id, number).await;
    let entry = entry.ok()??;
    let vetoed = entry.whole.as_ref().and_then(Event::vetoed_feature);
    let may_undo = may_undo(request, snapshot, &entry);
    Some(toast::event(
        &entry.event,
        vetoed,
        may_undo,
        &snapshot.context,
    ))
}
