//! What every page has in common.

use maud::{DOCTYPE, Markup, html};

use super::{feature::MENU_TITLE, manifest};
use crate::assets;

/// htmx without its injected style element, which the Content-Security-Policy would refuse, and
/// without its history: going back is the browser's business.
const HTMX_CONFIG: &str = r#"{"includeIndicatorCSS":false,"history":false,"defaultTimeout":15000,
    "sse":{"reconnectDelay":300,"reconnectMaxDelay":5000}}"#;

/// Forms and "More" links go through htmx, which swaps in just the fragments the answer names.
const BOOST: &str = r#"swap:"none",push:"false""#;

/// The way back to a board, `home`, from every other page.
pub(super) fn back(home: &str) -> Markup {
    html! { p.back { a href=(home) hx-boost="false" { "← Back to the board" } } }
}

/// A page: a title, a head line and a body.
pub struct Page {
    title: String,
    look: Option<&'static str>,
    header: Markup,
    main: Markup,
    footer: Markup,
    toasts: Markup,
}

impl Page {
    pub fn new(title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            look: None,
            header: html! {},
            main: html! {},
            footer: html! {},
            toasts: html! {},
        }
    }

    /// The class by which the style sheet gives it another look.
    pub fn look(self, look: &'static str) -> Page {
        Page {
            look: Some(look),
            ..self
        }
    }

    pub fn header(self, header: Markup) -> Page {
        Page { header, ..self }
    }

    pub fn main(self, main: Markup) -> Page {
        Page { main, ..self }
    }

    pub fn footer(self, footer: Markup) -> Page {
        Page { footer, ..self }
    }

    pub fn toasts(self, toasts: Markup) -> Page {
        Page { toasts, ..self }
    }

    pub fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    meta name="htmx-config" content=(HTMX_CONFIG);
                    title { (self.title) }
                    meta name="theme-color" media="(prefers-color-scheme: light)" content=(manifest::PAPER);
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content=(manifest::DARK_PAPER);
                    link rel="icon" type="image/svg+xml" href=(assets::ICON);
                    link rel="apple-touch-icon" href=(assets::ICON_192);
                    link rel="manifest" href=(manifest::ADDRESS);
                    link rel="stylesheet" href=(assets::STYLE);
                    script src=(assets::SCRIPT) defer {}
                }
                body class=[self.look] {
                    div.page hx-boost:inherited=(BOOST) {
                        header.top { (self.header) }
                        main { (self.main) }
                        footer { (self.footer) }
                        div #toasts role="status" aria-live="polite" { (self.toasts) }
                        dialog #sheet aria-labelledby=(MENU_TITLE)
                            data-changed="This has changed meanwhile." data-again="Show it as it is now" {}
                    }
                }
            }
        }
    }
}
