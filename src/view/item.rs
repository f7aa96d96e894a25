//! An item: its card on the board, the content of its sheet, and the form for a new one.

use maud::{Markup, PreEscaped, html};

use super::{
    card,
    context::BoardContext,
    feature::{self, SuggestForm},
    form::{EDIT_REASON, item_options, reason},
    language::message,
    sheet::SHEET_TITLE,
};
use crate::model::{Board, Item, ItemId};

/// The header of a card: name, kind and the link to the sheet.
pub fn head(item: &Item, context: &BoardContext) -> Markup {
    let more_about = message("more-about").name("name", &item.name);
    html! {
        header.head id={ "item-" (item.id) "-head" } {
            (title(item))
            a.more href=(context.urls.item(item.id)) aria-label=(context.texts.text(more_about)) { "⋯" }
            (card::texts(item, context))
        }
    }
}

/// The heading of a card, and the kind of the item.
pub(super) fn title(item: &Item) -> Markup {
    html! {
        div.title {
            h3 id={ "item-" (item.id) "-name" } { bdi.name { (item.name) } }
            @if let Some(kind) = &item.kind { " " bdi.kind { (kind) } }
        }
    }
}

/// The start of a card, up to its rows.
pub fn card_start(item: ItemId, head: &str) -> Markup {
    html! {
        (PreEscaped(format!("<li class=\"item\" id=\"item-{item}\" aria-labelledby=\"item-{item}-name\">{head}<ul class=\"features\" id=\"{}\">", features_id(Some(item)))))
    }
}

/// The end of a card, after its rows.
pub fn card_end(item: ItemId, form: Option<&SuggestForm>, context: &BoardContext) -> Markup {
    html! {
        (PreEscaped("</ul>"))
        (feature::suggest(Some(item), form, context))
        (PreEscaped("</li>"))
    }
}

/// The id of the list of an item's features, or of the free features.
pub fn features_id(item: Option<ItemId>) -> String {
    match item {
        Some(item) => format!("item-{item}-features"),
        None => "free-features".to_owned(),
    }
}

/// An edit form: the current values, or those that were rejected and why.
pub struct EditForm<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub reason: Option<String>,
}

/// The content of the sheet: every action on the item.
pub fn sheet(item: &Item, board: &Board, form: Option<EditForm>, context: &BoardContext) -> Markup {
    let form = form.unwrap_or(EditForm {
        name: item.name.as_str(),
        kind: item.kind.as_ref().map_or("", |kind| kind.as_str()),
        reason: None,
    });
    let has_others = board.items().any(|other| other.id != item.id);
    let (texts, urls) = (&context.texts, &context.urls);
    let named = |id| texts.text(message(id).name("name", &item.name));
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { bdi.name { (item.name) } }
            form method="post" action=(urls.edit_item(item.id)) {
                label { (texts.text("name"))
                    input name="name" value=(form.name) required autocomplete="off" aria-describedby=(EDIT_REASON); }
                label { (texts.text("item-kind"))
                    input name="kind" value=(form.kind) placeholder=(texts.text("item-kind-none")) autocomplete="off"; }
                button { (texts.text("save")) }
                (reason(EDIT_REASON, form.reason.as_deref()))
            }
            @if has_others {
                form method="post" action=(urls.merge_item(item.id)) {
                    label { (texts.text("merge-into")) select name="into" { (item_options(board, Some(item.id))) } }
                    button aria-label=(named("merge-named")) { (texts.text("merge")) }
                }
            }
            form method="post" action=(urls.split_item(item.id)) {
                button aria-label=(named("split-named")) { (texts.text("split")) }
                p.hint { (texts.text("split-hint")) }
            }
            form method="post" action=(urls.delete_item(item.id)) {
                button.delete aria-label=(named("delete-named")) { (texts.text("delete")) }
                p.hint { (texts.text("delete-item-hint")) }
            }
        }
    }
}

/// A form for a new item that was rejected.
pub struct CreateForm<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub reason: String,
}

/// The id of the element that says why a new item was rejected.
pub const CREATE_REASON: &str = "create-item-reason";

/// The form for a new item.
pub fn create(form: Option<&CreateForm>, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    html! {
        form.create #create-item method="post" action=(context.urls.create_item()) {
            label.name-field { span { (texts.text("item-new")) }
                input name="name" autocomplete="off" enterkeyhint="done" aria-describedby=(CREATE_REASON)
                    value=[form.map(|form| form.name)] placeholder=(texts.text("item-first")); }
            // Shown by the style sheet on phones only; it shows the field below.
            details.kind-toggle { summary { (texts.text("item-kind")) } }
            label.kind-field { span { (texts.text("item-kind")) }
                input name="kind" autocomplete="off" value=[form.map(|form| form.kind)] placeholder=(texts.text("item-kind-optional")); }
            button { (texts.text("item-add")) }
            (reason(CREATE_REASON, form.map(|form| form.reason.as_str())))
        }
    }
}
