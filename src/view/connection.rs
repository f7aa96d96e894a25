//! The live connection of a page: the address of its stream, and the texts for its states.

use maud::{Markup, html};

use super::{context::BoardContext, language::Texts};
use crate::model::Board;

/// The connection of a page that shows the board at this version. The script shows its state with the texts
/// given here; without JavaScript the page is not live and says so.
pub fn connection(board: &Board, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        p #connection role="status" data-version=(board.version()) data-epoch=(board.epoch)
            data-words=(texts.terminology.words().join(" "))
            data-live=(texts.text("live")) data-reconnecting=(texts.text("reconnecting"))
            data-gone-while-typing=(texts.pattern("gone-while-typing", &["name", "typed"]))
            data-offline=(texts.pattern("offline", &["time"]))
            hx-sse:connect=(context.urls.events(board)) hx-trigger="load, reconnect" hx-swap="none" {
            noscript { (texts.text("no-script")) }
        }
    }
}

/// The notice that the database does not answer and the board is shown from memory; empty while it answers.
pub fn outage(database_down: bool, texts: &Texts) -> Markup {
    html! { p #outage role="status" { @if database_down { (texts.text("outage")) } } }
}
