//! What a chat shows of a link to a board: its name, how it stands, and an icon (the Open Graph protocol).

use maud::{Markup, html};

use super::{
    context::BoardContext,
    language::message,
    title::{is_unnamed, title},
};
use crate::model::Board;

/// The absolute addresses in a preview. A preview without them still has its texts.
pub struct PreviewLinks {
    /// The board's page.
    pub page: String,
    pub icon: String,
}

/// The title of a board as a preview shows it. As long as the board `main` has no name of its own, its items say what it is about.
pub(super) fn heading(board: &Board, context: &BoardContext) -> String {
    let title = title(board);
    match is_unnamed(board) {
        true => {
            let heading = message("preview-heading").text("board", title);
            context.texts.text(heading).into_owned()
        }
        false => title,
    }
}

/// How the board stands, in one line.
pub(super) fn standing(board: &Board, context: &BoardContext) -> String {
    let stats = board.stats();
    let standing = match stats.items + stats.features {
        0 => message("preview-empty"),
        _ => message("preview-standing")
            .count("items", stats.items)
            .count("features", stats.features)
            .count("vetoed", stats.vetoed),
    };
    let standing = context.texts.text(standing);
    let count = board.consent_count();
    let with_consent = match count.fine {
        0 => return standing.into_owned(),
        _ if board.is_agreed() => message("preview-agreed"),
        fine => message("preview-fine")
            .count("fine", fine)
            .count("of", count.of),
    };
    let with_consent = with_consent.text("standing", standing);
    context.texts.text(with_consent).into_owned()
}

/// The elements in the head of the page.
pub(super) fn preview(
    board: &Board,
    links: Option<&PreviewLinks>,
    context: &BoardContext,
) -> Markup {
    html! {
        meta property="og:type" content="website";
        meta property="og:site_name" content="SAVT";
        meta property="og:title" content=(heading(board, context));
        meta property="og:description" content=(standing(board, context));
        @if let Some(links) = links {
            meta property="og:url" content=(links.page);
            meta property="og:image" content=(links.icon);
        }
    }
}
