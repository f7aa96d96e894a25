//! The board's page, for its own route and for rejected forms.

use maud::Markup;

use super::large_page;
use crate::{
    assets,
    board::{Rendering, now},
    http::pieces::Pieces,
    model::Name,
    view::{
        self, Fragment, PreviewLinks,
        board::{Forms, PageContext},
        projector::ProjectorContext,
    },
    web::{error::HttpError, request::board_request::BoardRequest, response::expiry},
};

/// The full page for this browser.
pub(in crate::web) fn render(
    request: &BoardRequest,
    snapshot: &Rendering,
    forms: Forms,
    toasts: Option<Markup>,
) -> Pieces {
    let actor = snapshot.board.actor(&request.browser);
    let viewer = actor.as_ref().map(|actor| actor.id);
    let remembered = request.remembered_name();
    let feature_form = forms.feature.clone();
    let page_context = PageContext {
        me: actor.as_ref().map(|actor| &actor.name),
        viewer,
        remembered: remembered.as_ref().map(Name::as_str),
        forms,
        toasts,
        database_down: request.handle.is_disconnected(),
        links: preview_links(request, snapshot),
        login_required: request.app.site_password.is_some(),
        expires: expiry::shown(request, &snapshot.board),
    };
    large_page::assemble(snapshot, viewer, feature_form.as_ref(), |cards, free| {
        view::board::page(
            &snapshot.board,
            now(),
            cards,
            free,
            page_context,
            &snapshot.context,
        )
    })
}

/// The absolute addresses for the preview that a chat shows.
fn preview_links(request: &BoardRequest, snapshot: &Rendering) -> Option<PreviewLinks> {
    Some(PreviewLinks {
        page: request.board_link(snapshot)?.url,
        icon: request.link(assets::ICON_512)?.url,
    })
}

/// The projector view for this browser.
pub(in crate::web) fn render_projector(request: &BoardRequest, snapshot: &Rendering) -> Pieces {
    let viewer = request.viewer(snapshot);
    let link = request.board_link(snapshot);
    let links = preview_links(request, snapshot);
    let page_context = ProjectorContext {
        viewer,
        link: link.as_ref(),
        links: links.as_ref(),
        database_down: request.handle.is_disconnected(),
    };
    large_page::assemble(snapshot, viewer, None, |cards, free| {
        view::projector::page(
            &snapshot.board,
            now(),
            cards,
            free,
            &page_context,
            &snapshot.context,
        )
    })
}

/// Shows an error in a form of the board's page: the page with the form as submitted, or for htmx the reason in the element with
/// the id `reason_id`.
pub(in crate::web) async fn reject_form(
    request: &BoardRequest,
    error: HttpError,
    reason_id: &str,
    forms: Forms<'_>,
) -> HttpError {
    let snapshot = request.read().await;
    let page = render(request, &snapshot, forms, None);
    let reason = Fragment::reason(reason_id, error.reason.clone(), request.texts());
    error.in_form(page, vec![reason])
}
