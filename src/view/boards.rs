//! The boards of a browser: those on which it is somebody, those it only looked at, which its own script knows, and the form for
//! another one.

use maud::{Markup, html};

use super::{Page, Site, bdi, board::called, feature::reason, layout::back};
use crate::model::{Moment, Name, Slug};

/// Where they are shown, and where a new one is made.
pub const ADDRESS: &str = "/boards";

/// A board on which one is somebody.
pub struct Entry {
    pub slug: Slug,
    pub board: Name,
    /// What one is called there.
    pub me: Name,
    /// When somebody last changed the board.
    pub changed: Moment,
}

/// The page of one's boards; `more` says that there are others, older ones.
pub fn page(boards: &[Entry], more: bool) -> Markup {
    let main = html! {
        section aria-labelledby="boards-heading" {
            h2 #boards-heading { "Your boards" }
            @if boards.is_empty() {
                p.empty { "You have not taken part in any board with this browser. Boards you do something on are listed here." }
            }
            ul.boards #boards { @for board in boards { (row(board)) } }
            @if more { p.hint { "There are more: these are the ones where something happened last." } }
        }
        (looked_at())
        (new_board("", None))
    };
    Page::new("Your boards")
        .header(html! { h1 { a href="/" hx-boost="false" { "SAVT" } } })
        .main(main)
        .render()
}

fn row(board: &Entry) -> Markup {
    let home = Site::home_of(&board.slug);
    let changed = board.changed;
    html! {
        li {
            a href=(home) hx-boost="false" { bdi { (called(&board.slug, &board.board)) } }
            p.hint {
                "You are " (bdi(&board.me)) ". Last change: "
                time datetime=(changed.format("%Y-%m-%dT%H:%M:%SZ")) { (changed.format("%-d %b %Y %H:%M UTC")) }
            }
        }
    }
}

/// What the script fills with the boards this browser has shown, and which it alone remembers.
fn looked_at() -> Markup {
    html! {
        section #looked-at hidden aria-labelledby="looked-at-heading" {
            h2 #looked-at-heading { "Only looked at" }
            ul.boards {}
            p.hint { "This browser alone remembers these." }
            template {
                li {
                    a hx-boost="false" { bdi {} }
                    button type="button" data-name="Forget {board}" { "Forget" }
                }
            }
        }
    }
}

/// The id of the place for the reason why a new board is refused.
const NEW_BOARD_REASON: &str = "new-board-reason";

/// The form for a board of one's own.
pub(super) fn new_board(name: &str, refused: Option<&str>) -> Markup {
    html! {
        form.new-board method="post" action=(ADDRESS) hx-boost="false" {
            label { "Another decision?"
                input name="name" value=(name) placeholder="Its name" required autocomplete="off"
                    aria-describedby=(NEW_BOARD_REASON); }
            button { "New board" }
            (reason(NEW_BOARD_REASON, refused))
        }
    }
}

/// The form for a new board again, filled as it was, with the reason.
pub fn new_board_page(name: &str, reason: &str) -> Markup {
    Page::new("New board")
        .header(html! { h1 { a href="/" hx-boost="false" { "SAVT" } } })
        .main(html! { (new_board(name, Some(reason))) (back("/")) })
        .render()
}
