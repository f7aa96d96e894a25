//! A feature: its row on the board, and the menu behind "More".

use maud::{Markup, html};

use super::{Site, Texts, bdi, item::options, language::message};
use crate::model::{Amount, Board, Feature, ItemId, ParticipantId, Reason, Veto};

/// A row of the board, as someone sees it who did (`mine`) or did not veto the feature.
pub fn row(feature: &Feature, board: &Board, mine: bool, site: &Site) -> Markup {
    let vetoed = board.vetoes_of(feature.id).next().is_some();
    html! {
        li.feature.vetoed[vetoed] id={ "feature-" (feature.id) } {
            div.what {
                (what(feature))
                @if vetoed { (vetoers(feature, board, site)) }
            }
            (veto(feature, mine, site))
            a.more href=(site.to_feature(feature.id, "")) aria-label=(site.texts.text(message("more-about").name("name", &feature.name))) { "⋯" }
        }
    }
}

fn what(feature: &Feature) -> Markup {
    html! {
        bdi.name { (feature.name) }
        @if feature.amount > Amount::ONE { " " span.amount { "×" (feature.amount) } }
    }
}

/// How many vetoers a row names. Of more it names the first and counts the rest, so that a row stays small however many
/// object: it goes to everyone who looks, each time one more does.
const NAMED: usize = 3;
const NAMED_OF_MANY: usize = 2;

/// Who vetoed a feature, as its row says it: all of a few, and of many the first and the way to all.
fn vetoers(feature: &Feature, board: &Board, site: &Site) -> Markup {
    let count = board.vetoes_of(feature.id).count();
    let many = count > NAMED;
    let texts = &site.texts;
    let named = if many { NAMED_OF_MANY } else { count };
    let names = names(board.vetoes_of(feature.id).take(named), board);
    let said = match many {
        false => texts.markup_around("vetoers", &[("names", names)]),
        true => {
            let more = message("vetoers-more").count("count", count - named);
            let whose = message("vetoers-more-of").count("count", count - named);
            let link = html! {
                a.all href=(site.to_feature(feature.id, ""))
                    aria-label=(texts.text(whose.name("name", &feature.name))) { (texts.text(more)) }
            };
            texts.markup_around("vetoers-and-more", &[("names", names), ("more", link)])
        }
    };
    html! { " " span.vetoers { (said) } }
}

/// The same in full. What is too long to stand above the forms can be scrolled, with keys as well.
fn all_vetoers(feature: &Feature, board: &Board, texts: &Texts) -> Markup {
    let many = board.vetoes_of(feature.id).count() > NAMED;
    html! {
        p.vetoers tabindex=[many.then_some("0")] role=[many.then_some("group")]
            aria-label=[many.then(|| texts.text(message("vetoers-all").name("name", &feature.name)))] {
            (texts.markup_around("vetoers", &[("names", names(board.vetoes_of(feature.id), board))]))
        }
    }
}

/// Who gave these vetoes, and why, as far as they said.
fn names<'a>(vetoes: impl Iterator<Item = &'a Veto>, board: &Board) -> Markup {
    let people = vetoes.filter_map(|veto| Some((board.participant(veto.participant)?, veto)));
    let mut people = people.peekable();
    html! {
        @while let Some((person, veto)) = people.next() {
            @let comma = if people.peek().is_some() { "," } else { "" };
            (bdi(&person.name))
            @match &veto.reason {
                Some(reason) => { " " (because(reason, comma)) },
                None => (comma),
            }
            @if !comma.is_empty() { " " }
        }
    }
}

/// The longest reason, in characters, that a row shows whole: two or three lines on a phone.
const SHORT: usize = 60;

/// With what comes after it, which is cut off with the rest of a long one.
fn because(reason: &Reason, comma: &str) -> Markup {
    let long = reason.as_str().chars().count() > SHORT;
    html! { span.because.long[long] { "(" bdi { (reason) } ")" (comma) } }
}

fn veto(feature: &Feature, mine: bool, site: &Site) -> Markup {
    let texts = &site.texts;
    let named = |id| texts.text(message(id).name("name", &feature.name));
    html! {
        @if mine {
            form method="post" action=(site.to_feature(feature.id, "/unveto")) {
                button.veto aria-label=(named("unveto-named")) aria-pressed="true" { (texts.text("veto")) }
            }
        } @else {
            form method="post" action=(site.to_feature(feature.id, "/veto")) {
                button.veto aria-label=(named("veto-named")) { (texts.text("veto")) }
            }
        }
    }
}

/// The id of the place for the reason why what somebody says of a veto cannot be taken.
pub const VETO_REASON: &str = "veto-reason";

/// What the form for a veto holds that was sent back.
pub struct VetoForm<'a> {
    pub why: &'a str,
    pub reason: String,
}

/// The form to veto and say why, or, where one's veto stands, to say it now or otherwise.
fn why(feature: &Feature, own: Option<&Veto>, form: Option<&VetoForm>, site: &Site) -> Markup {
    let texts = &site.texts;
    let named = texts.text(message("veto-named").name("name", &feature.name));
    let given = own.and_then(|veto| veto.reason.as_ref());
    let value = form.map(|form| form.why).or(given.map(Reason::as_str));
    html! {
        form.why method="post" action=(site.to_feature(feature.id, "/veto")) {
            label {
                (texts.text("why"))
                input name="reason" value=[value] maxlength=(Reason::MAX) autocomplete="off"
                    enterkeyhint="done" aria-describedby=(VETO_REASON);
            }
            @match own {
                Some(_) => button { (texts.text("why-save")) },
                None => button.veto aria-label=(named) { (texts.text("veto")) },
            }
            (reason(VETO_REASON, form.map(|form| form.reason.as_str())))
        }
    }
}

/// The id of the place for the reason why an edit is refused: only one menu is open at a time.
pub const EDIT_REASON: &str = "edit-reason";

/// The id of a menu's heading, which names the sheet around it.
pub(super) const MENU_TITLE: &str = "menu-title";

/// What an edit form holds: what is, or what was typed and why it cannot be.
pub struct EditForm<'a> {
    pub name: &'a str,
    pub amount: &'a str,
    pub reason: Option<String>,
}

/// The forms of a feature's menu that were sent back.
#[derive(Default)]
pub struct MenuForms<'a> {
    pub veto: Option<VetoForm<'a>>,
    pub edit: Option<EditForm<'a>>,
}

/// Everything that can be done to a feature.
pub fn menu(
    feature: &Feature,
    board: &Board,
    viewer: Option<ParticipantId>,
    forms: MenuForms,
    site: &Site,
) -> Markup {
    let own = viewer.and_then(|viewer| board.veto_by(viewer, feature.id));
    let amount = feature.amount.to_string();
    let form = forms.edit.unwrap_or(EditForm {
        name: feature.name.as_str(),
        amount: &amount,
        reason: None,
    });
    let texts = &site.texts;
    let named = |id| texts.text(message(id).name("name", &feature.name));
    html! {
        section.menu {
            h2 #(MENU_TITLE) { (what(feature)) }
            @if let Some(item) = board.item_name(feature.item) { p.place { (texts.markup(message("feature-on").name("item", &item))) } }
            @if board.vetoes_of(feature.id).next().is_some() { (all_vetoers(feature, board, texts)) }
            (why(feature, own, forms.veto.as_ref(), site))
            @if own.is_some() { (veto(feature, true, site)) }
            form method="post" action=(site.to_feature(feature.id, "/edit")) {
                label { (texts.text("name"))
                    input name="name" value=(form.name) required autocomplete="off" aria-describedby=(EDIT_REASON); }
                label { (texts.text("amount")) (amounts(form.amount, texts)) }
                button { (texts.text("save")) }
                (reason(EDIT_REASON, form.reason.as_deref()))
            }
            form method="post" action=(site.to_feature(feature.id, "/move")) {
                label {
                    (texts.text("move-to"))
                    select name="item_id" {
                        option value="" selected[feature.item.is_none()] { (texts.text("move-to-free")) }
                        (options(board, feature.item))
                    }
                }
                button aria-label=(named("move-named")) { (texts.text("move")) }
            }
            form method="post" action=(site.to_feature(feature.id, "/delete")) {
                button.delete aria-label=(named("delete-named")) { (texts.text("delete")) }
            }
        }
    }
}

/// What a suggestion form holds that was sent back.
pub struct SuggestForm<'a> {
    pub item: Option<ItemId>,
    pub name: &'a str,
    pub amount: &'a str,
    pub reason: String,
}

/// The form under an item, or under the free features, to suggest one more.
pub fn suggest(item: Option<ItemId>, form: Option<&SuggestForm>, site: &Site) -> Markup {
    let form = form.filter(|form| form.item == item);
    let place = suggest_reason(item);
    let texts = &site.texts;
    html! {
        form.suggest method="post" action=(site.to("/create/feature/")) {
            @if let Some(item) = item { input type="hidden" name="item_id" value=(item); }
            input name="name" required autocomplete="off" enterkeyhint="done"
                value=[form.map(|form| form.name)]
                placeholder=(texts.text("feature-new-placeholder"))
                aria-label=(texts.text("feature-new")) aria-describedby=(place);
            (amounts(form.map_or("1", |form| form.amount), texts))
            button { (texts.text("suggest")) }
            (reason(&place, form.map(|form| form.reason.as_str())))
        }
    }
}

/// The id of the place for the reason why a suggestion is refused.
pub fn suggest_reason(item: Option<ItemId>) -> String {
    match item {
        Some(item) => format!("suggest-reason-{item}"),
        None => "suggest-reason-free".to_owned(),
    }
}

/// The place beside a field where the reason goes if what was typed cannot be.
pub(super) fn reason(id: &str, reason: Option<&str>) -> Markup {
    html! { p.reason #(id) role="alert" { (reason.unwrap_or_default()) } }
}

fn amounts(chosen: &str, texts: &Texts) -> Markup {
    html! {
        select name="amount" aria-label=(texts.text("amount")) {
            @for amount in 1..=Amount::MAX.get() {
                option value=(amount) selected[chosen == amount.to_string()] { "×" (amount) }
            }
        }
    }
}
