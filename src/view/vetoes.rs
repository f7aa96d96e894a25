//! The vetoes of a feature: who vetoed it and why, the one-tap button, and the form with a reason.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    form::reason,
    language::{Texts, message},
    names::bdi,
    rich_text::rich_text,
};
use crate::model::{Board, Feature, Name, Reason, ReasonPolicy, Veto};

/// A row names up to `NAMED` vetoers. Of more it names `NAMED_OF_MANY` and counts the rest: the row is sent to every viewer
/// after each veto, so its size must not grow with their number.
const NAMED: usize = 3;
const NAMED_OF_MANY: usize = 2;

/// The vetoers as a row shows them: all, or the first ones and a link to the others. The text with the id `card` describes the link.
pub(super) fn short_vetoers(
    feature: &Feature,
    board: &Board,
    card: &str,
    context: &BoardContext,
) -> Markup {
    let count = board.vetoes_of(feature.id).count();
    let many = count > NAMED;
    let texts = &context.texts;
    let named = if many { NAMED_OF_MANY } else { count };
    let given_to = common_given_to(feature, board);
    let vetoes = board.vetoes_of(feature.id).take(named);
    let names = names_and_reasons(vetoes, given_to.is_none(), board, texts);
    let text = match many {
        false => texts.markup_around("vetoers", &[("names", names)]),
        true => {
            let more = message("vetoers-more").count("count", count - named);
            let label = message("vetoers-more-named")
                .count("count", count - named)
                .name("name", &feature.name);
            let link = html! {
                a.all-vetoers href=(context.urls.feature(feature.id)) aria-label=(texts.text(label)) aria-describedby=(card) { (texts.text(more)) }
            };
            texts.markup_around("vetoers-and-more", &[("names", names), ("more", link)])
        }
    };
    html! { " " span.vetoers { (given_when(text, given_to, texts)) } }
}

/// How many lines the vetoers in a row take, at this many characters a line: an estimate. A long name or reason begins a line and
/// takes at most two.
pub(super) fn row_lines(feature: &Feature, board: &Board, width: usize) -> usize {
    let count = board.vetoes_of(feature.id).count();
    if count == 0 {
        return 0;
    }
    let named = if count > NAMED { NAMED_OF_MANY } else { count };
    // "vetoed by" and "and 28 more".
    let mut chars = if count > NAMED { 22 } else { 10 };
    if let Some(given_to) = common_given_to(feature, board) {
        // ", when it was …".
        chars += 14 + given_to.as_str().chars().count();
    }
    let mut own_lines = 0;
    for veto in board.vetoes_of(feature.id).take(named) {
        let name = board
            .participant(veto.participant)
            .map(|person| person.name.as_str());
        let reason = veto.reason.as_ref().map(|reason| reason.as_str());
        for text in [name, reason].into_iter().flatten() {
            match text.chars().count() {
                long if long > SHORT => own_lines += 2,
                short => chars += short + 3,
            }
        }
    }
    chars.div_ceil(width) + own_lines
}

/// All vetoers. A long list scrolls, also with the keyboard.
pub(super) fn all_vetoers(feature: &Feature, board: &Board, texts: &Texts) -> Markup {
    let many = board.vetoes_of(feature.id).count() > NAMED;
    html! {
        p.vetoers tabindex=[many.then_some("0")] role=[many.then_some("group")]
            aria-label=[many.then(|| texts.text(message("vetoers-all").name("name", &feature.name)))] {
            (in_full(feature, board, texts))
        }
    }
}

/// All vetoers and their reasons as a sentence.
pub(super) fn in_full(feature: &Feature, board: &Board, texts: &Texts) -> Markup {
    let given_to = common_given_to(feature, board);
    let vetoes = board.vetoes_of(feature.id);
    let names = names_and_reasons(vetoes, given_to.is_none(), board, texts);
    let text = texts.markup_around("vetoers", &[("names", names)]);
    given_when(text, given_to, texts)
}

/// The name that all vetoes of a feature were given to, if it is called otherwise now: it is then said once, after all names.
fn common_given_to<'b>(feature: &Feature, board: &'b Board) -> Option<&'b Name> {
    let mut names = board
        .vetoes_of(feature.id)
        .map(|veto| veto.given_to.as_ref());
    let first = names.next().flatten();
    names.all(|name| name == first).then_some(first).flatten()
}

/// The vetoers, and the name that their vetoes were given to.
fn given_when(vetoers: Markup, given_to: Option<&Name>, texts: &Texts) -> Markup {
    match given_to {
        None => vetoers,
        Some(name) => {
            let when = html! { span.given-to { (texts.markup(message("vetoed-when").name("name", name))) } };
            texts.markup_around("vetoers-when", &[("vetoers", vetoers), ("when", when)])
        }
    }
}

/// The vetoers with their reasons and, `with_given_to`, what each veto was given to if its feature was renamed.
fn names_and_reasons<'a>(
    vetoes: impl Iterator<Item = &'a Veto>,
    with_given_to: bool,
    board: &Board,
    texts: &Texts,
) -> Markup {
    let people = vetoes.filter_map(|veto| Some((board.participant(veto.participant)?, veto)));
    let mut people = people.peekable();
    html! {
        @while let Some((person, veto)) = people.next() {
            @let comma = if people.peek().is_some() { "," } else { "" };
            (bdi(&person.name))
            @let given_to = veto.given_to.as_ref().filter(|_| with_given_to);
            @let last = if given_to.is_some() { "" } else { comma };
            @match &veto.reason {
                Some(reason) => { " " (in_parentheses(reason, last)) },
                None => (last),
            }
            @if let Some(name) = given_to {
                " " span.given-to { "(" (texts.markup(message("vetoed-when").name("name", name))) ")" (comma) }
            }
            @if !comma.is_empty() { " " }
        }
    }
}

/// The longest reason, in characters, that a row shows in full: two or three lines on a phone.
const SHORT: usize = 60;

/// A reason with the comma after it. The style sheet truncates a long one, including the comma.
fn in_parentheses(reason: &Reason, comma: &str) -> Markup {
    let long = reason.as_str().chars().count() > SHORT;
    html! { span.reason-text.long[long] { "(" bdi { (rich_text(reason.as_str())) } ")" (comma) } }
}

/// The one-tap button of a row: vetoes the feature, or withdraws the viewer's veto. The text with the id `card` describes it. It
/// knows its other label as well: it is as wide as both, and a press changes it at once.
pub(super) fn button(
    feature: &Feature,
    vetoed_by_viewer: bool,
    card: &str,
    context: &BoardContext,
) -> Markup {
    let (texts, urls) = (&context.texts, &context.urls);
    let named = |id| texts.text(message(id).name("name", &feature.name));
    html! {
        @if vetoed_by_viewer {
            form method="post" action=(urls.withdraw_veto(feature.id)) {
                button.veto aria-label=(named("unveto-named"))
                    aria-describedby=(card) data-other=(texts.text("veto")) aria-pressed="true" { (texts.text("unveto")) }
            }
        } @else {
            form method="post" action=(urls.veto(feature.id)) {
                button.veto aria-label=(named("veto-named"))
                    aria-describedby=(card) data-other=(texts.text("unveto")) { (texts.text("veto")) }
            }
        }
    }
}

/// The button of the sheet that withdraws the viewer's veto.
pub(super) fn withdraw_button(feature: &Feature, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let named = texts.text(message("unveto-named").name("name", &feature.name));
    html! {
        form method="post" action=(context.urls.withdraw_veto(feature.id)) {
            button.veto aria-label=(named) aria-pressed="true" { (texts.text("unveto-long")) }
        }
    }
}

/// The id of the element that says why the reason of a veto was rejected.
pub const VETO_REASON: &str = "veto-reason";

/// A veto form that was rejected: the reason of the veto, and why it was rejected.
pub struct VetoForm<'a> {
    pub why: &'a str,
    pub reason: String,
}

/// The form that vetoes with a reason, changes the reason of the viewer's own veto, or gives it anew after a rename.
pub(super) fn reason_form(
    feature: &Feature,
    own: Option<&Veto>,
    form: Option<&VetoForm>,
    reasons: ReasonPolicy,
    context: &BoardContext,
) -> Markup {
    let texts = &context.texts;
    let named = texts.text(message("veto-named").name("name", &feature.name));
    let stored = own.and_then(|veto| veto.reason.as_ref());
    // A veto that was given before reasons were required stays valid without one.
    let is_old = own.is_some_and(|veto| veto.reason.is_none() && veto.given_to.is_none());
    let required = reasons == ReasonPolicy::Required && !is_old;
    let value = form.map(|form| form.why).or(stored.map(Reason::as_str));
    html! {
        form.reason-form method="post" action=(context.urls.veto(feature.id)) {
            label {
                (texts.text(if required { "veto-reason-needed" } else { "veto-reason" }))
                input name="reason" value=[value] required[required] maxlength=(Reason::MAX) dir="auto" autocomplete="off"
                    enterkeyhint="done" aria-describedby=(VETO_REASON);
            }
            // If the veto is withdrawn meanwhile, this form must not veto again.
            @if own.is_some() { input type="hidden" name="existing" value="1"; }
            @match own {
                Some(own) if own.given_to.is_some() => button {
                    (texts.markup(message("veto-again").name("name", &feature.name)))
                },
                Some(_) => button { (texts.text("veto-reason-save")) },
                None => button.veto aria-label=(named) { (texts.text("veto")) },
            }
            (reason(VETO_REASON, form.map(|form| form.reason.as_str())))
        }
    }
}
