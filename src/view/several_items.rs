//! The form that adds several items at once, one a line.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    form::reason,
    language::{Message, Texts, message},
    rejection::name_reason,
    sheet::SHEET_TITLE,
};
use crate::model::{InvalidNames, Kind};

/// The id of the element that says why the items were rejected.
pub const ITEMS_REASON: &str = "create-items-reason";

/// The values of a form that was rejected, and why.
#[derive(Default)]
pub struct SeveralForm<'a> {
    pub names: &'a str,
    pub kind: &'a str,
    pub reason: Option<String>,
}

/// Why a list of names is invalid.
pub fn names_reason(invalid: InvalidNames, texts: &Texts) -> Message<'static> {
    match invalid {
        InvalidNames::Empty => message("name-empty"),
        InvalidNames::TooMany(max) => message("names-too-many").count("most", max),
        InvalidNames::Line { line, reason } => message("name-on-line")
            .count("line", line)
            .text("reason", texts.text(name_reason(reason)).into_owned()),
    }
}

/// The link beside the form for one item.
pub(super) fn link(context: &BoardContext) -> Markup {
    html! {
        a.add-several href=(context.urls.create_items()) hx-boost="false" { (context.texts.text("items-add-several")) }
    }
}

/// The form as a page, for browsers without JavaScript.
pub fn menu(values: &SeveralForm, context: &BoardContext) -> Markup {
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (context.texts.text("items-add-several")) }
            (form(values, false, context))
        }
    }
}

/// The form for the script, which shows it below the form for one item.
pub(super) fn template(context: &BoardContext) -> Markup {
    html! { template #several-items { (form(&SeveralForm::default(), true, context)) } }
}

fn form(values: &SeveralForm, can_cancel: bool, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let add = texts.text("items-add");
    html! {
        form.several #create-items method="post" action=(context.urls.create_items())
            data-all=(add) data-several=(texts.pattern("items-add-count", &["count"])) {
            label { (texts.text("items-names"))
                textarea name="names" required rows="6" autocomplete="off" aria-describedby=(ITEMS_REASON) { (values.names) } }
            label { (texts.text("item-kind"))
                input name="kind" maxlength=(Kind::MAX) dir="auto" autocomplete="off" value=(values.kind) placeholder=(texts.text("item-kind-optional")); }
            button { (add) }
            @if can_cancel { button.cancel type="button" { (texts.text("cancel")) } }
            (reason(ITEMS_REASON, values.reason.as_deref()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{language::Language, terminology::Terminology},
        *,
    };
    use crate::model::InvalidName;

    #[test]
    fn every_reason_has_a_text_in_every_language() {
        for language in Language::ALL {
            let texts = Texts::new(language, Terminology::default_for(language));
            for invalid in [
                InvalidNames::Empty,
                InvalidNames::TooMany(200),
                InvalidNames::Line {
                    line: 17,
                    reason: InvalidName::Control,
                },
            ] {
                let text = texts.text(names_reason(invalid, &texts)).into_owned();
                assert!(text.len() > 10, "{text}");
                let is_line = matches!(invalid, InvalidNames::Line { .. });
                assert_eq!(text.contains("17"), is_line, "{text}");
            }
        }
    }
}
