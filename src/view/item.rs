//! An item: its card on the board, and the menu behind "More".

use maud::{Markup, PreEscaped, html};

use super::{
    Site,
    feature::{self, MENU_TITLE, SuggestForm, reason},
    language::message,
};
use crate::model::{Board, Item, ItemId};

/// The head of a card: name, kind and the way to its menu.
pub fn head(item: &Item, site: &Site) -> Markup {
    html! {
        header.head id={ "item-" (item.id) "-head" } {
            div.title {
                h3 id={ "item-" (item.id) "-name" } { bdi.name { (item.name) } }
                @if let Some(kind) = &item.kind { " " bdi.kind { (kind) } }
            }
            a.more href=(site.to_item(item.id, "")) aria-label=(site.texts.text(message("more-about").name("name", &item.name))) { "⋯" }
        }
    }
}

/// What comes before the rows of a card, around its head.
pub fn open(item: ItemId, head: &str) -> Markup {
    html! {
        (PreEscaped(format!("<li class=\"item\" id=\"item-{item}\" aria-labelledby=\"item-{item}-name\">{head}<ul class=\"features\" id=\"{}\">", features_id(Some(item)))))
    }
}

/// What comes after the rows of a card.
pub fn close(item: ItemId, form: Option<&SuggestForm>, site: &Site) -> Markup {
    html! {
        (PreEscaped("</ul>"))
        (feature::suggest(Some(item), form, site))
        (PreEscaped("</li>"))
    }
}

/// The id of the list that holds an item's features, or the free ones.
pub fn features_id(item: Option<ItemId>) -> String {
    match item {
        Some(item) => format!("item-{item}-features"),
        None => "free-features".to_owned(),
    }
}

/// What an edit form holds: what is, or what was typed and why it cannot be.
pub struct EditForm<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub reason: Option<String>,
}

/// Everything that can be done to an item.
pub fn menu(item: &Item, board: &Board, form: Option<EditForm>, site: &Site) -> Markup {
    let form = form.unwrap_or(EditForm {
        name: item.name.as_str(),
        kind: item.kind.as_ref().map_or("", |kind| kind.as_str()),
        reason: None,
    });
    let others = board.items().any(|other| other.id != item.id);
    let texts = &site.texts;
    let named = |id| texts.text(message(id).name("name", &item.name));
    html! {
        section.menu {
            h2 #(MENU_TITLE) { bdi.name { (item.name) } }
            form method="post" action=(site.to_item(item.id, "/edit")) {
                label { (texts.text("name"))
                    input name="name" value=(form.name) required autocomplete="off"
                        aria-describedby=(feature::EDIT_REASON); }
                label { (texts.text("item-kind"))
                    input name="kind" value=(form.kind) placeholder=(texts.text("item-kind-none")) autocomplete="off"; }
                button { (texts.text("save")) }
                (reason(feature::EDIT_REASON, form.reason.as_deref()))
            }
            @if others {
                form method="post" action=(site.to_item(item.id, "/merge")) {
                    label { (texts.text("merge-into")) select name="into" { (options(board, Some(item.id))) } }
                    button aria-label=(named("merge-named")) { (texts.text("merge")) }
                }
            }
            form method="post" action=(site.to_item(item.id, "/split")) {
                button aria-label=(named("split-named")) { (texts.text("split")) }
                p.hint { (texts.text("split-hint")) }
            }
            form method="post" action=(site.to_item(item.id, "/delete")) {
                button.delete aria-label=(named("delete-named")) { (texts.text("delete")) }
                p.hint { (texts.text("delete-item-hint")) }
            }
        }
    }
}

/// Every living item but one, to choose from.
pub(super) fn options(board: &Board, but: Option<ItemId>) -> Markup {
    html! {
        @for item in board.items().filter(|item| Some(item.id) != but) {
            option value=(item.id) { (item.name) }
        }
    }
}

/// What a form for a new item holds that was sent back.
pub struct CreateForm<'a> {
    pub name: &'a str,
    pub kind: &'a str,
    pub reason: String,
}

/// The form for a new item.
pub fn create(form: Option<&CreateForm>, site: &Site) -> Markup {
    let texts = &site.texts;
    html! {
        form.create #create-item method="post" action=(site.to("/create/item/")) {
            label { (texts.text("item-new"))
                input name="name" autocomplete="off" enterkeyhint="done" aria-describedby=(CREATE_REASON)
                    value=[form.map(|form| form.name)] placeholder=(texts.text("item-first")); }
            label { (texts.text("item-kind"))
                input name="kind" autocomplete="off" value=[form.map(|form| form.kind)] placeholder=(texts.text("item-kind-optional")); }
            button { (texts.text("item-add")) }
            (reason(CREATE_REASON, form.map(|form| form.reason.as_str())))
        }
    }
}

/// The id of the place for the reason why a new item is refused.
pub const CREATE_REASON: &str = "create-item-reason";
