//! The boards of a browser: those on which it is somebody, those it only looked at, which its own script knows, and the form for
//! another one.

use maud::{Markup, html};

use super::{
    Page, Site, Texts, board::called, feature::reason, history::moment, language::message,
    layout::back,
};
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
pub fn page(boards: &[Entry], more: bool, texts: &Texts) -> Markup {
    let main = html! {
        section aria-labelledby="boards-heading" {
            h2 #boards-heading { (texts.text("boards")) }
            @if boards.is_empty() {
                p.empty { (texts.text("boards-empty")) }
            }
            ul.boards #boards { @for board in boards { (row(board, texts)) } }
            @if more { p.hint { (texts.text("boards-more")) } }
        }
        (looked_at(texts))
        (new_board("", None, texts))
    };
    Page::new(texts.text("boards"), texts)
        .header(html! { h1 { a href="/" hx-boost="false" { "SAVT" } } })
        .main(main)
        .render()
}

fn row(board: &Entry, texts: &Texts) -> Markup {
    let home = Site::home_of(&board.slug);
    let changed = board.changed;
    let time = html! {
        time datetime=(changed.format("%Y-%m-%dT%H:%M:%SZ")) { (moment(changed, texts)) }
    };
    html! {
        li {
            a href=(home) hx-boost="false" { bdi { (called(&board.slug, &board.board)) } }
            p.hint {
                (texts.markup_around(message("boards-me").name("name", &board.me), &[("time", time)]))
            }
        }
    }
}

/// What the script fills with the boards this browser has shown, and which it alone remembers.
fn looked_at(texts: &Texts) -> Markup {
    html! {
        section #looked-at hidden aria-labelledby="looked-at-heading" {
            h2 #looked-at-heading { (texts.text("boards-looked-at")) }
            ul.boards {}
            p.hint { (texts.text("boards-looked-at-hint")) }
            template {
                li {
                    a hx-boost="false" { bdi {} }
                    button type="button" data-name=(texts.pattern("boards-forget-named", &["board"])) {
                        (texts.text("boards-forget"))
                    }
                }
            }
        }
    }
}

/// The id of the place for the reason why a new board is refused.
const NEW_BOARD_REASON: &str = "new-board-reason";

/// The form for a board of one's own.
pub(super) fn new_board(name: &str, refused: Option<&str>, texts: &Texts) -> Markup {
    html! {
        form.new-board method="post" action=(ADDRESS) hx-boost="false" {
            label { (texts.text("new-board-ask"))
                input name="name" value=(name) placeholder=(texts.text("new-board-name")) required autocomplete="off"
                    aria-describedby=(NEW_BOARD_REASON); }
            button { (texts.text("new-board")) }
            (reason(NEW_BOARD_REASON, refused))
        }
    }
}

/// The form for a new board again, filled as it was, with the reason.
pub fn new_board_page(name: &str, reason: &str, texts: &Texts) -> Markup {
    Page::new(texts.text("new-board"), texts)
        .header(html! { h1 { a href="/" hx-boost="false" { "SAVT" } } })
        .main(html! { (new_board(name, Some(reason), texts)) (back("/", texts)) })
        .render()
}
