//! The layout that all pages share: head, header, main, footer, toasts and sheet.

use maud::{DOCTYPE, Markup, html};

use super::{language::Texts, manifest, sheet, toast, url};
use crate::assets;

/// Disables the style element that htmx injects, which the Content-Security-Policy blocks, and its history, which the browser
/// handles.
const HTMX_CONFIG: &str = r#"{"includeIndicatorCSS":false,"history":false,"defaultTimeout":15000,
    "sse":{"reconnectDelay":300,"reconnectMaxDelay":5000}}"#;

/// Sends forms and "More" links through htmx, which swaps in only the fragments of the response.
const BOOST: &str = r#"swap:"none",push:"false""#;

/// The link back to the board.
pub(super) fn back(home: &str, texts: &Texts) -> Markup {
    html! { p.back { a href=(home) hx-boost="false" { (texts.text("back")) } } }
}

/// A page under construction.
pub struct Page<'t> {
    title: String,
    description: Option<String>,
    preview: Markup,
    texts: &'t Texts,
    body_class: Option<&'static str>,
    script: Option<&'static str>,
    header: Markup,
    question: Markup,
    main: Markup,
    foot: Markup,
    footer: Markup,
    toasts: Markup,
}

impl<'t> Page<'t> {
    pub fn new(title: impl Into<String>, texts: &'t Texts) -> Page<'t> {
        Page {
            title: title.into(),
            description: None,
            preview: html! {},
            texts,
            body_class: None,
            script: None,
            header: html! {},
            question: html! {},
            main: html! {},
            foot: html! {},
            footer: html! {},
            toasts: html! {},
        }
    }

    /// Sets what search engines and chats show of the page: one line of text, and elements for its head.
    pub(super) fn preview(self, description: String, preview: Markup) -> Page<'t> {
        Page {
            description: Some(description),
            preview,
            ..self
        }
    }

    /// Sets elements for the head of the page.
    pub(super) fn head(self, head: Markup) -> Page<'t> {
        Page {
            preview: head,
            ..self
        }
    }

    /// Sets a class on the body, for the style sheet.
    pub fn body_class(self, class: &'static str) -> Page<'t> {
        Page {
            body_class: Some(class),
            ..self
        }
    }

    /// Loads one more script, after that of all pages.
    pub(super) fn script(self, url: &'static str) -> Page<'t> {
        Page {
            script: Some(url),
            ..self
        }
    }

    pub fn header(self, header: Markup) -> Page<'t> {
        Page { header, ..self }
    }

    /// Sets what is asked between header and content.
    pub fn question(self, question: Markup) -> Page<'t> {
        Page { question, ..self }
    }

    pub fn main(self, main: Markup) -> Page<'t> {
        Page { main, ..self }
    }

    /// Sets what stands between content and footer. It may stay in sight while the content scrolls.
    pub(super) fn foot(self, foot: Markup) -> Page<'t> {
        Page { foot, ..self }
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
                    @match &self.description {
                        Some(description) => meta name="description" content=(description);,
                        None => meta name="description" content=(self.texts.text("description"));,
                    }
                    (self.preview)
                    meta name="theme-color" media="(prefers-color-scheme: light)" content=(manifest::BACKGROUND);
                    meta name="theme-color" media="(prefers-color-scheme: dark)" content=(manifest::DARK_BACKGROUND);
                    link rel="icon" type="image/svg+xml" href=(assets::ICON);
                    link rel="apple-touch-icon" href=(assets::ICON_192);
                    link rel="manifest" href=(url::MANIFEST);
                    link rel="stylesheet" href=(assets::STYLE);
                    script src=(assets::SCRIPT) defer {}
                    @if let Some(script) = self.script { script src=(script) defer {} }
                }
                body class=[self.body_class] {
                    div.page hx-boost:inherited=(BOOST) {
                        header.top { (self.header) }
                        // The script shows it on pages with forms.
                        p #no-cookies role="alert" hidden { (self.texts.text("no-cookies-here")) }
                        (self.question)
                        main { (self.main) }
                        (self.foot)
                        footer { (self.footer) }
                        (toast::region(&self.toasts, self.texts))
                        (sheet::dialog(self.texts))
                    }
                }
            }
        }
    }
}
