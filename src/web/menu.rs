//! What stands behind a link of the board, such as the menu of one thing: as a fragment for the sheet, or as a page of its own.

use maud::Markup;
use poem::Response;

use super::{answer, error::Problem, visit::Visit};
use crate::{
    board::Rendering,
    view::{self, Fragment},
};

/// A menu by itself, and as a page of its own.
pub(super) struct Menu {
    alone: String,
    page: String,
}

impl Menu {
    pub(super) fn of(snapshot: &Rendering, menu: Markup) -> Menu {
        Menu {
            alone: menu.0.clone(),
            page: view::board::menu_page(&snapshot.board, menu, &snapshot.site).into_string(),
        }
    }

    pub(super) fn answer(self, visit: &Visit) -> Response {
        match visit.htmx {
            true => answer::only(&[Fragment::sheet(self.alone, visit.texts())]),
            false => answer::page(self.page),
        }
    }

    /// A form of the menu that cannot be taken: the menu again with the form as it was, or the reason for its `place`.
    pub(super) fn refused(self, visit: &Visit, problem: Problem, place: &str) -> Problem {
        let reason = Fragment::reason(place, problem.reason.clone(), visit.texts());
        problem.at_form(self.page, vec![reason])
    }
}
