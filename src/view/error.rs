//! The error page: what happened and what to do.

use maud::{Markup, html};

use super::{
    language::{Message, Texts},
    layout::{Page, back},
};

/// A whole page for an error; `home` is the address of the link back.
pub fn page(title: &str, reason: Message, home: &str, texts: &Texts) -> Markup {
    problem(title, reason, html! {}, home, texts)
}

/// A form as a browser sent it.
pub struct SentForm<'a> {
    pub action: &'a str,
    /// Names and values.
    pub fields: Vec<(&'a str, &'a str)>,
}

/// A whole page for an error that is not in the form itself: the form can be sent again as it was.
pub fn send_again(
    title: &str,
    reason: Message,
    form: &SentForm,
    home: &str,
    texts: &Texts,
) -> Markup {
    let form = html! {
        form.send-again method="post" action=(form.action) hx-boost="false" {
            @for (name, value) in &form.fields { input type="hidden" name=(name) value=(value); }
            button { (texts.text("send-again")) }
        }
    };
    problem(title, reason, form, home, texts)
}

fn problem(title: &str, reason: Message, form: Markup, home: &str, texts: &Texts) -> Markup {
    Page::new(title, texts)
        .header(html! { h1 { (title) } })
        .main(html! {
            section.problem {
                p { (texts.markup(reason)) }
                (form)
                (back(home, texts))
            }
        })
        .render()
}
