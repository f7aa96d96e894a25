//! The page that asks for the password of a closed installation, and the way out again.

use maud::{Markup, html};

use super::{Page, Texts, feature::reason, language::choice_on_the_way};

/// Where it is.
pub const ADDRESS: &str = "/login";

/// The id of the place for the reason why one is not let in.
const REASON: &str = "login-reason";

/// The whole page; `to` is where its reader wanted to go.
pub fn page(to: &str, refused: Option<&str>, texts: &Texts) -> Markup {
    let main = html! {
        section.menu aria-labelledby="login-heading" {
            h2 #login-heading { (texts.text("login-heading")) }
            p.hint { (texts.text("login-hint")) }
            form method="post" action=(ADDRESS) hx-boost="false" {
                label {
                    (texts.text("login-password"))
                    input type="password" name="password" required autofocus autocomplete="current-password"
                        aria-describedby=(REASON) aria-invalid=[refused.map(|_| "true")];
                }
                button { (texts.text("login")) }
                input type="hidden" name="to" value=(to);
                (reason(REASON, refused))
            }
        }
    };
    Page::new(texts.text("login-heading"), texts)
        .header(html! { h1 { "SAVT" } })
        .main(main)
        .footer(choice_on_the_way(to, texts))
        .render()
}

/// The way out.
pub(super) fn leave(texts: &Texts) -> Markup {
    html! {
        form.log-out method="post" action="/logout" hx-boost="false" { button { (texts.text("logout")) } }
    }
}
