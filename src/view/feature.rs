//! A feature: its row on the board, the content of its sheet, and the form that suggests one.

use maud::{Markup, html};

use super::{
    card,
    context::BoardContext,
    form::{EDIT_AMOUNT_REASON, EDIT_FORM, EDIT_REASON, SentField, amounts, item_options, reason},
    language::{Texts, message},
    row_height::{extra_halves, tall},
    sheet::SHEET_TITLE,
    vetoes::{VetoForm, all_vetoers, button, reason_form, short_vetoers, withdraw_button},
};
use crate::model::{Amount, Board, Feature, ItemId, Name, ParticipantId};

/// The row on the board, for viewers who have vetoed the feature (`vetoed_by_viewer`) or not.
pub fn row(
    feature: &Feature,
    board: &Board,
    vetoed_by_viewer: bool,
    context: &BoardContext,
) -> Markup {
    let vetoed = board.vetoes_of(feature.id).next().is_some();
    let more_about = message("more-about").name("name", &feature.name);
    let card = card::description_id(feature.item);
    html! {
        li.feature.vetoed[vetoed] id={ "feature-" (feature.id) }
            data-tall=[tall(extra_halves(feature, board))] {
            div.feature-body {
                (name_and_amount(feature))
                (remainder(feature, &context.texts))
                @if vetoed { (short_vetoers(feature, board, &card, context)) }
            }
            (button(feature, vetoed_by_viewer, &card, context))
            a.more href=(context.urls.feature(feature.id)) aria-label=(context.texts.text(more_about)) aria-describedby=(card) { "⋯" }
        }
    }
}

/// Says that a move or a merge left the feature behind.
fn remainder(feature: &Feature, texts: &Texts) -> Markup {
    let most = Amount::MAX.get();
    html! {
        @if feature.remainder {
            " " span.remainder { (texts.text(message("feature-remainder").number("most", most))) }
        }
    }
}

pub(super) fn name_and_amount(feature: &Feature) -> Markup {
    html! {
        bdi.name { (feature.name) }
        @if feature.amount > Amount::ONE { " " span.amount { "×" (feature.amount) } }
    }
}

/// An edit form that was rejected.
#[derive(Default)]
pub struct EditForm {
    pub name: SentField,
    pub amount: SentField,
}

/// The forms of the sheet that were rejected.
#[derive(Default)]
pub struct SheetForms<'a> {
    pub veto: Option<VetoForm<'a>>,
    pub edit: EditForm,
}

/// The content of the sheet: every action on the feature.
pub fn sheet(
    feature: &Feature,
    board: &Board,
    viewer: Option<ParticipantId>,
    forms: SheetForms,
    context: &BoardContext,
) -> Markup {
    let own_veto = viewer.and_then(|viewer| board.veto_by(viewer, feature.id));
    let (texts, urls) = (&context.texts, &context.urls);
    let named = |id| texts.text(message(id).name("name", &feature.name));
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (name_and_amount(feature)) }
            @if feature.remainder { p.location { (remainder(feature, texts)) } }
            @if let Some(item) = board.item_name(feature.item) { p.location { (texts.markup(message("feature-on").name("item", &item))) } }
            @if let Some(author) = board.participant(feature.author) { p.author { (texts.markup(message("suggested-by").name("name", &author.name))) } }
            @if board.vetoes_of(feature.id).next().is_some() { (all_vetoers(feature, board, texts)) }
            (reason_form(feature, own_veto, forms.veto.as_ref(), board.reasons(), context))
            @if own_veto.is_some() { (withdraw_button(feature, context)) }
            (edit_form(feature, &forms.edit, context))
            form method="post" action=(urls.move_feature(feature.id)) {
                label {
                    (texts.text("move-to"))
                    select name="item_id" {
                        option value="" selected[feature.item.is_none()] { (texts.text("move-to-all")) }
                        (item_options(board, feature.item))
                    }
                }
                button aria-label=(named("move-named")) { (texts.text("move")) }
            }
            form method="post" action=(urls.delete_feature(feature.id)) {
                button.delete aria-label=(named("delete-named")) { (texts.text("delete")) }
            }
        }
    }
}

/// The form that changes name and amount. It carries what each field held, so that it changes only what the person changed.
/// The browser must not restore the fields after a reload, since it does not restore what they held.
pub fn edit_form(feature: &Feature, form: &EditForm, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let (name, amount) = (feature.name.as_str(), feature.amount.to_string());
    html! {
        form #(EDIT_FORM) method="post" action=(context.urls.edit_feature(feature.id)) autocomplete="off" {
            (form.name.was("was_name", name))
            (form.amount.was("was_amount", &amount))
            label { (texts.text("name"))
                input name="name" value=(form.name.shown(name)) required maxlength=(Name::MAX) dir="auto" autocomplete="off" aria-describedby=(EDIT_REASON); }
            label { (texts.text("amount")) (amounts(form.amount.shown(&amount), None, texts)) }
            button { (texts.text("save")) }
            (reason(EDIT_REASON, form.name.reason.as_deref()))
            (reason(EDIT_AMOUNT_REASON, form.amount.reason.as_deref()))
        }
    }
}

/// A suggestion that was rejected.
#[derive(Clone)]
pub struct SuggestForm<'a> {
    pub item: Option<ItemId>,
    pub name: &'a str,
    pub amount: &'a str,
    pub reason: String,
}

/// The form that suggests a feature for an item, or a free one.
pub fn suggest(item: Option<ItemId>, form: Option<&SuggestForm>, context: &BoardContext) -> Markup {
    let form = form.filter(|form| form.item == item);
    let reason_id = suggest_reason(item);
    let card = card::description_id(item);
    let texts = &context.texts;
    html! {
        form.suggest method="post" action=(context.urls.create_feature()) {
            @if let Some(item) = item { input type="hidden" name="item_id" value=(item); }
            input name="name" required maxlength=(Name::MAX) dir="auto" autocomplete="off" enterkeyhint="done"
                value=[form.map(|form| form.name)]
                placeholder=(texts.text("feature-new-placeholder"))
                aria-labelledby=[item.map(card::new_feature_id)]
                // The head of the card has the full name, which wins; this is for tools that do not follow the reference.
                aria-label=(texts.text(if item.is_some() { "feature-new" } else { "feature-new-for-all" }))
                aria-describedby=(reason_id);
            (amounts(form.map_or("1", |form| form.amount), Some(&card), texts))
            button aria-describedby=(card) { (texts.text("suggest")) }
            (reason(&reason_id, form.map(|form| form.reason.as_str())))
        }
    }
}

/// The id of the element that says why a suggestion was rejected.
pub fn suggest_reason(item: Option<ItemId>) -> String {
    match item {
        Some(item) => format!("suggest-reason-{item}"),
        None => "suggest-reason-free".to_owned(),
    }
}
