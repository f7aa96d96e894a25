//! What every page has in common.

use maud::{DOCTYPE, Markup, html};

use super::{Texts, feature::MENU_TITLE, manifest, toast};
use crate::assets;

/// htmx without its injected style element, which the Content-Security-Policy would refuse, and
/// without its history: going back is the browser's business.
const HTMX_CONFIG: &str = r#"{"includeIndicatorCSS":false,"history":false,"defaultTimeout":15000,
    "sse":{"reconnectDelay":300,"reconnectMaxDelay":5000}}"#;

/// Forms and "More" links go through htmx, which swaps in just the fragments the answer names.
const BOOST: &str = r#"swap:"none",push:"false""#;

/// The way back to a board, `home`, from every other page.
pub(super) fn back(home: &str, texts: &Texts) -> Markup {
    html! { p.back { a href=(home) hx-boost="false" { (texts.text("back")) } } }
}

/// A page: a title, a head line and a body.
pub struct Page<'t> {
    title: String,
    texts: &'t Texts,
    look: Option<&'static str>,
    header: Markup,
    main: Markup,
    footer: Markup,
    toasts: Markup,
}

impl<'t> Page<'t> {
    pub fn new(title: impl Into<String>, texts: &'t Texts) -> Page<'t> {
        Page {
            title: title.into(),
            texts,
            look: None,
            header: html! {},
            main: html! {},
            footer: html! {},
            toasts: html! {},
        }
    }

    /// The class by which the style sheet gives it another look.
    pub fn look(self, look: &'static str) -> Page<'t> {
        Page {
            look: Some(look),
            ..self
        }
    }

    pub fn header(self, header: Markup) -> Page<'t> {
        Page { header, ..self }
    }

    pub fn main(self, main: Markup) -> Page<'t> {
        Page { main, ..self }
    }

    pub fn footer(self, footer: Markup) -> Page<'t> {
        Page { footer, ..self }
    }

    pub fn toasts(self, toasts: Markup) -> Page<'t> {
        Page { toasts, ..self }
    }

    pub fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang=(self.texts.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    meta name="htmx-config" content=(HTMX_CONFIG);
                    title { (self.title) }
                    meta name="description" content=(self.texts.text("description"));
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
                        (toast::place(&self.toasts, self.texts))
                        dialog #sheet aria-labelledby=(MENU_TITLE)
                            data-changed=(self.texts.text("menu-stale")) data-again=(self.texts.text("menu-again")) {}
                    }
                }
            }
        }
    }
}
