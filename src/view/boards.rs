//! The boards of a browser: those it takes part in, and those it only viewed, which the script remembers.

use maud::{Markup, html};

use super::{
    language::{Texts, message},
    layout::Page,
    new_board::{self, NewBoardForm},
    time::time,
    title::title_of,
    url::{self, BoardUrls},
};
use crate::model::{Name, Slug, Timestamp};

/// A board on which this browser is a participant.
pub struct BoardEntry {
    pub slug: Slug,
    /// The name that the board was created with, and the one it has now.
    pub created_as: Name,
    pub board: Name,
    /// The participant's name on this board.
    pub me: Name,
    /// The time of the board's last event.
    pub changed: Timestamp,
}

/// The whole page; `more` says that older boards are left out.
pub fn page(boards: &[BoardEntry], more: bool, texts: &Texts) -> Markup {
    let main = html! {
        section aria-labelledby="boards-heading" {
            h2 #boards-heading { (texts.text("boards")) }
            @if boards.is_empty() {
                p.empty { (texts.text("boards-empty")) }
            }
            ul.boards #boards { @for board in boards { (row(board, texts)) } }
            @if more { p.hint { (texts.text("boards-more")) } }
        }
        (viewed_boards(texts))
        (new_board::form(&NewBoardForm::default(), texts))
    };
    Page::new(texts.text("boards"), texts)
        .header(header())
        .main(main)
        .render()
}

fn header() -> Markup {
    html! { h1 { a href=(url::HOME) hx-boost="false" { "SAVT" } } }
}

fn row(board: &BoardEntry, texts: &Texts) -> Markup {
    let changed = time(board.changed, texts);
    html! {
        li {
            a href=(BoardUrls::new(&board.slug).home()) hx-boost="false" {
                bdi { (title_of(&board.slug, &board.created_as, &board.board)) }
            }
            p.hint {
                (texts.markup_around(message("boards-me").name("name", &board.me), &[("time", changed)]))
            }
        }
    }
}

/// The list that the script fills with the boards that this browser viewed without taking part. The server does not know
/// them.
fn viewed_boards(texts: &Texts) -> Markup {
    html! {
        section #recent-boards hidden aria-labelledby="recent-boards-heading" {
            h2 #recent-boards-heading { (texts.text("boards-viewed")) }
            ul.boards {}
            p.hint { (texts.text("boards-viewed-hint")) }
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
