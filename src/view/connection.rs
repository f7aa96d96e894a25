//! Whether the page follows the board: the way to its stream, and the words for how that stands.

use maud::{Markup, html};

use super::{Site, Texts};

/// The stream of a page that shows the board as it is after the event `version`. The script says how it stands, with the
/// words given here; without script nothing follows, and that is said too.
pub fn connection(version: i64, site: &Site) -> Markup {
    let stream = site.to(&format!("/events?since={version}"));
    let texts = &site.texts;
    html! {
        p #connection role="status" data-version=(version)
            data-live=(texts.text("live")) data-reconnecting=(texts.text("reconnecting"))
            data-gone-while-typing=(texts.pattern("gone-while-typing", &["name", "typed"]))
            data-offline=(texts.pattern("offline", &["time"]))
            hx-sse:connect=(stream) hx-trigger="load, again" hx-swap="none" {
            noscript { (texts.text("no-script")) }
        }
    }
}

/// That the database does not answer, if it does not: the board is shown out of memory.
pub fn outage(lasts: bool, texts: &Texts) -> Markup {
    html! { p #outage role="status" { @if lasts { (texts.text("cut-off")) } } }
}
