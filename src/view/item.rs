//! An item: its card on the board, the content of its sheet, and the form for a new one.

use maud::{Markup, PreEscaped, html};

use super::{
    card,
    context::BoardContext,
    feature::{self, SuggestForm},
    form::{
        EDIT_FORM, EDIT_KIND_REASON, EDIT_NOTE_REASON, EDIT_REASON, SentField, item_options, reason,
    },
    language::message,
    note, several_items,
    sheet::SHEET_TITLE,
};
use crate::model::{Board, Item, ItemId, Kind, Name};

/// The header of a card: name, kind, the link to the sheet and the note, and that the board was closed with the item.
pub fn head(item: &Item, is_chosen: bool, context: &BoardContext) -> Markup {
    let more_about = message("more-about").name("name", &item.name);
    html! {
        header.head id={ "item-" (item.id) "-head" } {
            @if is_chosen { p.chosen { (context.texts.text("item-chosen")) } }
            (title(item))
            a.more href=(context.urls.item(item.id)) aria-label=(context.texts.text(more_about)) { "⋯" }
            (note::on_card(item))
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

/// An edit form that was rejected.
#[derive(Default)]
pub struct EditForm {
    pub name: SentField,
    pub kind: SentField,
    pub note: SentField,
}

/// The content of the sheet: every action on the item.
pub fn sheet(item: &Item, board: &Board, form: &EditForm, context: &BoardContext) -> Markup {
    let has_others = board.items().any(|other| other.id != item.id);
    let (texts, urls) = (&context.texts, &context.urls);
    let named = |id| texts.text(message(id).name("name", &item.name));
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { bdi.name { (item.name) } }
            @if let Some(author) = board.participant(item.author) { p.author { (texts.markup(message("added-by").name("name", &author.name))) } }
            (note::whole(item))
            (edit_form(item, form, context))
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

/// The form that changes name, kind and note. It carries what each field held, so that it changes only what the person changed.
/// The browser must not restore the fields after a reload, since it does not restore what they held.
pub fn edit_form(item: &Item, form: &EditForm, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let (name, kind) = (
        item.name.as_str(),
        item.kind.as_ref().map_or("", Kind::as_str),
    );
    html! {
        form #(EDIT_FORM) method="post" action=(context.urls.edit_item(item.id)) autocomplete="off" {
            (form.name.was("was_name", name))
            (form.kind.was("was_kind", kind))
            label { (texts.text("name"))
                input name="name" value=(form.name.shown(name)) required maxlength=(Name::MAX) dir="auto" autocomplete="off" aria-describedby=(EDIT_REASON); }
            label { (texts.text("item-kind"))
                input name="kind" value=(form.kind.shown(kind)) maxlength=(Kind::MAX) dir="auto" placeholder=(texts.text("item-kind-none")) autocomplete="off"
                    aria-describedby=(EDIT_KIND_REASON); }
            (note::field(item, &form.note, texts))
            button { (texts.text("save")) }
            (reason(EDIT_REASON, form.name.reason.as_deref()))
            (reason(EDIT_KIND_REASON, form.kind.reason.as_deref()))
            (reason(EDIT_NOTE_REASON, form.note.reason.as_deref()))
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
                input name="name" maxlength=(Name::MAX) dir="auto" autocomplete="off" enterkeyhint="done" aria-describedby=(CREATE_REASON)
                    value=[form.map(|form| form.name)] placeholder=(texts.text("item-name-optional")); }
            // Shown by the style sheet on phones only; it shows the field below.
            details.kind-toggle { summary { (texts.text("item-kind")) } }
            label.kind-field { span { (texts.text("item-kind")) }
                input name="kind" maxlength=(Kind::MAX) dir="auto" autocomplete="off" value=[form.map(|form| form.kind)] placeholder=(texts.text("item-kind-optional")); }
            button { (texts.text("item-add")) }
            (several_items::link(context))
            (reason(CREATE_REASON, form.map(|form| form.reason.as_str())))
        }
        (several_items::template(context))
    }
}
