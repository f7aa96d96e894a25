//! A link to hand on: its address, the buttons that copy and share it, and the warning if other devices cannot open it.

use maud::{Markup, html};

use super::language::Texts;

/// An absolute address, built from the one under which the browser reached SAVT.
pub struct ShareLink {
    pub url: String,
    /// The port, if the address is a loopback address that only this machine can open.
    pub loopback_port: Option<u16>,
}

impl ShareLink {
    /// The shortest form that still works when typed into a browser.
    pub fn short(&self) -> &str {
        let without_scheme = self.url.split_once("://").map_or("", |(_, rest)| rest);
        without_scheme.trim_end_matches('/')
    }
}

/// The buttons for browsers that can copy or share a link; the page's script finds out which can.
pub(super) fn buttons(link: &ShareLink, title: &str, texts: &Texts) -> Markup {
    html! {
        div.share-actions data-link=(link.url) data-title=(title)
            data-copied=(texts.text("share-copied")) data-not-copied=(texts.text("share-not-copied")) {
            button.copy type="button" { (texts.text("share-copy")) }
            button.native-share type="button" { (texts.text("share-with-device")) }
        }
        p.share-status role="status" {}
    }
}

/// The warning that other devices cannot open the link, and how to change that.
pub(super) fn loopback_warning(link: &ShareLink, texts: &Texts) -> Markup {
    html! {
        @if let Some(port) = link.loopback_port {
            @let option = html! { code { "--listen" } " " code { "0.0.0.0:" (port) } };
            p.local-only { (texts.markup_around("share-loopback", &[("option", option)])) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_leaves_out_scheme_and_trailing_slash() {
        for (url, short) in [
            ("http://192.168.1.7:8000/", "192.168.1.7:8000"),
            ("https://savt.example/b/abc", "savt.example/b/abc"),
        ] {
            let link = ShareLink {
                url: url.to_owned(),
                loopback_port: None,
            };
            assert_eq!(link.short(), short);
        }
    }
}
