//! The login page of an installation with a password, and the logout button.

use maud::{Markup, html};

use super::{form::reason, language::Texts, language_picker, layout::Page, url};

/// The id of the element that says why the login failed.
const REASON: &str = "login-reason";

/// The whole page; `to` is the address to show after the login.
pub fn page(to: &str, rejected: Option<&str>, texts: &Texts) -> Markup {
    let main = html! {
        section.menu aria-labelledby="login-heading" {
            h2 #login-heading { (texts.text("login-heading")) }
            p.hint { (texts.text("login-hint")) }
            form method="post" action=(url::LOGIN) hx-boost="false" {
                label {
                    (texts.text("login-password"))
                    input type="password" name="password" required autofocus autocomplete="current-password"
                        aria-describedby=(REASON) aria-invalid=[rejected.map(|_| "true")];
                }
                button { (texts.text("login")) }
                input type="hidden" name="to" value=(to);
                (reason(REASON, rejected))
            }
        }
    };
    Page::new(texts.text("login-heading"), texts)
        .header(html! { h1 { "SAVT" } })
        .main(main)
        .footer(language_picker::on_login(to, texts))
        .render()
}

/// The logout button.
pub(super) fn logout(texts: &Texts) -> Markup {
    html! {
        form.log-out method="post" action=(url::LOGOUT) hx-boost="false" { button { (texts.text("logout")) } }
    }
}
