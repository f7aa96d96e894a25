//! Content that opens on top of the board, such as the menu of one item: as a fragment for the sheet, or as a separate page.

use maud::Markup;
use poem::Response;

use super::html;
use crate::{
    board::{Rendering, now},
    view::{self, Fragment, Swap},
    web::{error::HttpError, request::board_request::BoardRequest},
};

/// The content, by itself and as a page.
pub(in crate::web) struct SheetContent {
    fragment: String,
    page: String,
}

impl SheetContent {
    pub(in crate::web) fn new(snapshot: &Rendering, content: Markup) -> SheetContent {
        let fragment = content.0.clone();
        let page = view::board::sheet_page(&snapshot.board, now(), content, &snapshot.context);
        SheetContent {
            fragment,
            page: page.into_string(),
        }
    }

    /// The same for content with actions that change the board. On a closed board it says so, and the style sheet hides them.
    pub(in crate::web) fn of_actions(snapshot: &Rendering, content: Markup) -> SheetContent {
        match snapshot.board.closed(now()) {
            Some(_) => {
                let content = view::closing::with_closed_note(&content, &snapshot.context);
                SheetContent::new(snapshot, content)
            }
            None => SheetContent::of_open_board(snapshot, content),
        }
    }

    /// The same for a board that is open. The sheet is prepared for its closing; the page is not live.
    pub(in crate::web) fn of_open_board(snapshot: &Rendering, content: Markup) -> SheetContent {
        let sheet = view::closing::with_note_for_later(&content, &snapshot.context);
        SheetContent {
            fragment: sheet.into_string(),
            ..SheetContent::new(snapshot, content)
        }
    }

    pub(in crate::web) fn respond(self, request: &BoardRequest) -> Response {
        match request.wants_fragments {
            true => html::fragments(&[Fragment::sheet(self.fragment, request.texts())]),
            false => html::page(self.page),
        }
    }

    /// Shows an error in a form of the sheet: the page with the form as submitted, or for htmx the reason in the element with the
    /// id `reason_id`.
    pub(in crate::web) fn reject_form(
        self,
        request: &BoardRequest,
        error: HttpError,
        reason_id: &str,
    ) -> HttpError {
        let reason = Fragment::reason(reason_id, error.reason.clone(), request.texts());
        error.in_form(self.page, vec![reason])
    }

    /// Shows an error in the content itself, which opens with it.
    pub(in crate::web) fn reject_with_sheet(
        self,
        request: &BoardRequest,
        error: HttpError,
    ) -> HttpError {
        let sheet = Fragment::sheet(self.fragment, request.texts());
        error.in_form(self.page, vec![sheet])
    }

    /// Shows an error in the edit form of the sheet: the page with the form as submitted, or for htmx that form in the open sheet.
    /// Scripts keep the other forms of the sheet as they are, since they may hold text too.
    pub(in crate::web) fn reject_edit(self, error: HttpError, form: Markup) -> HttpError {
        let target = format!("#{}", view::EDIT_FORM);
        let form = Fragment::new(target, Swap::Morph, form.into_string());
        error.in_form(self.page, vec![form])
    }
}
