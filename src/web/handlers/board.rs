//! The board's page.

use maud::Markup;
use poem::{
    Request, Response, handler,
    http::{HeaderValue, header},
};

use super::{print, projector};
use crate::{
    board::Rendering,
    db::Database,
    http::etag::{self, short_hash},
    model::{Action, BoardId, FeatureId, Name, Notice},
    store::{self, StoredEvent},
    view::{board::Forms, toast},
    web::{
        request::board_request::BoardRequest,
        response::{actor_name::current_name, board_page, html},
    },
};

/// More than the change of a veto has, which is one row.
const MAX_VETO_BYTES: usize = 4_096;

#[handler]
pub(in crate::web) async fn show(board_request: BoardRequest, request: &Request) -> Response {
    let snapshot = board_request.read().await;
    if projector::is_requested(&board_request) {
        let suffix = projector::etag_suffix(&board_request, &snapshot);
        let etag = etag(&board_request, &snapshot, &suffix);
        return conditional(request, etag, || projector::page(&board_request, &snapshot));
    }
    if print::is_requested(&board_request) {
        let etag = etag(&board_request, &snapshot, &print::etag_suffix());
        return conditional(request, etag, || print::page(&board_request, &snapshot));
    }
    let flash = flash_toast(&board_request, &snapshot).await;
    if flash.is_some() {
        // Without an entity tag, so that the message is shown only once.
        return page(&board_request, &snapshot, flash);
    }
    let etag = etag(&board_request, &snapshot, "");
    conditional(request, etag, || page(&board_request, &snapshot, None))
}

/// 304 if the browser already has the page with this entity tag.
fn conditional(request: &Request, etag: String, page: impl FnOnce() -> Response) -> Response {
    let mut response = match etag::matches(request.headers(), &etag) {
        true => html::not_modified(),
        false => page(),
    };
    if let Ok(etag) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

fn page(request: &BoardRequest, snapshot: &Rendering, toast: Option<Markup>) -> Response {
    let page = board_page::render(request, snapshot, Forms::default(), toast);
    request.app.metrics.record_page(page.length());
    html::page(page)
}

/// The entity tag of a page: everything that it depends on.
fn etag(request: &BoardRequest, snapshot: &Rendering, suffix: &str) -> String {
    let (version, epoch) = (snapshot.board.version(), snapshot.board.epoch);
    let outage = if request.handle.is_disconnected() {
        "-cut-off"
    } else {
        ""
    };
    let shared = format!(
        "{epoch}-{}-{}{outage}",
        request.app.page_hash,
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

/// The message that this browser's last action left for this page.
async fn flash_toast(request: &BoardRequest, snapshot: &Rendering) -> Option<Markup> {
    let flash = request.take_flash()?;
    let board = &snapshot.board;
    if let Some(id) = flash.strip_prefix("full-") {
        let feature = board.live_feature(FeatureId(id.parse().ok()?)).ok()?;
        return Some(toast::notice(
            &Notice::Full(feature.name.clone()),
            request.texts(),
        ));
    }
    let database = request.app.boards.database();
    let event = store::summary(database, board.id, flash.parse().ok()?).await;
    let event = event.ok()??;
    let vetoed = match event.action {
        Action::Vetoed { .. } => vetoed_feature(database, board.id, event.number).await,
        _ => None,
    };
    let actor = current_name(snapshot, &event.actor);
    Some(toast::event(&event, vetoed, &actor, &snapshot.context))
}

/// The feature that an event vetoed.
async fn vetoed_feature(database: &Database, board: BoardId, number: i64) -> Option<FeatureId> {
    match store::event(database, board, number, MAX_VETO_BYTES).await {
        Ok(StoredEvent::Loaded(event)) => event.vetoed_feature(),
        _ => None,
    }
}
