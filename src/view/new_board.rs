//! The form for a new board: it asks for a name only. The board starts empty, from a template, or as a copy of another one.

use maud::{Markup, html};

use super::{
    form::reason,
    language::{Texts, message},
    layout::{Page, back},
    subject::Subject,
    title::title,
    url::{self, BoardUrls},
};
use crate::model::{Board, Name, Slug};

/// The id of the element that says why a new board was rejected.
const REASON: &str = "new-board-reason";

/// What precedes the key of a template in the field `from`. No slug contains a colon.
pub const TEMPLATE_PREFIX: &str = "template:";

/// A form as it was sent. The default: not yet.
#[derive(Default)]
pub struct NewBoardForm<'a> {
    pub name: &'a str,
    /// The board to copy.
    pub from: Option<&'a Slug>,
    pub subject: Option<Subject>,
    pub rejected: Option<&'a str>,
}

pub(super) fn form(sent: &NewBoardForm, texts: &Texts) -> Markup {
    let (ask, button) = match sent.from {
        None => ("new-board-ask", "new-board"),
        Some(_) => ("copy-board-name", "copy-board-make"),
    };
    html! {
        form.new-board method="post" action=(url::BOARDS) hx-boost="false" {
            label { (texts.text(ask))
                input name="name" value=(sent.name) maxlength=(Name::MAX) dir="auto" placeholder=(texts.text("new-board-name")) required autocomplete="off"
                    aria-describedby=(REASON); }
            button { (texts.text(button)) }
            (reason(REASON, sent.rejected))
            @match sent.from {
                Some(from) => input type="hidden" name="from" value=(from.as_str());,
                None => {
                    (subjects(sent.subject, texts))
                    (templates(texts))
                }
            }
        }
    }
}

/// The choice of the terminology.
fn subjects(chosen: Option<Subject>, texts: &Texts) -> Markup {
    html! {
        label.subject { (texts.text("new-board-choose"))
            select name="terminology" autocomplete="off" {
                @for subject in Subject::CHOICES {
                    option value=(subject.key()) selected[chosen == Some(subject)] { (subject.terminology(texts).items.as_str()) }
                }
                option value="" selected[chosen.is_none()] { (texts.text("new-board-other")) }
            }
        }
    }
}

/// The templates, each with a button that makes the board at once. Without a name it is named after the template.
fn templates(texts: &Texts) -> Markup {
    html! {
        details.templates {
            summary { (texts.text("new-board-templates")) }
            p.hint { (texts.text("new-board-templates-hint")) }
            div {
                @for template in Subject::ALL {
                    button name="from" value={ (TEMPLATE_PREFIX) (template.key()) } formnovalidate { (template.title(texts)) }
                }
            }
        }
    }
}

/// The link to the form for a copy of a board.
pub(super) fn copy_link(urls: &BoardUrls, texts: &Texts) -> Markup {
    html! { p.back { a href=(urls.copy()) hx-boost="false" { (texts.text("copy-board")) } } }
}

/// The page for a copy of a board.
pub fn copy_page(board: &Board, texts: &Texts) -> Markup {
    let (title, urls) = (title(board), BoardUrls::new(&board.slug));
    let form_of_copy = NewBoardForm {
        name: &title,
        from: Some(&board.slug),
        ..NewBoardForm::default()
    };
    let main = html! {
        section aria-labelledby="copy-heading" {
            h2 #copy-heading { (texts.text("copy-board")) }
            p.hint { (texts.text("copy-board-hint")) }
        }
        (form(&form_of_copy, texts))
        (back(&urls.home(), texts))
    };
    Page::new(texts.text("copy-board"), texts)
        .header(html! { h1 { a href=(urls.home()) hx-boost="false" { (title) } } })
        .main(main)
        .render()
}

/// The page for a rejected new board: the form as it was sent, with the reason.
pub fn rejected_page(sent: &NewBoardForm, texts: &Texts) -> Markup {
    let home = sent.from.map(|from| BoardUrls::new(from).home());
    let home = home.as_deref().unwrap_or(url::HOME);
    Page::new(texts.text("new-board"), texts)
        .header(html! { h1 { a href=(url::HOME) hx-boost="false" { "SAVT" } } })
        .main(html! { (form(sent, texts)) (back(home, texts)) })
        .render()
}

/// Why a choice was rejected.
pub fn unknown_choice() -> super::Message<'static> {
    message("new-board-unknown-choice")
}
