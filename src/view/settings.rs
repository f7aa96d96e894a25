//! The settings of a board: its name and purpose in the header of its pages, and the form that changes all settings.

use maud::{Markup, html};

use super::{
    context::BoardContext,
    form::{EDIT_FORM, EDIT_REASON, SentField, reason},
    rich_text::rich_text,
    sheet::SHEET_TITLE,
    title::{is_unnamed, title},
};
use crate::model::{Board, BoardTerminology, Name, Purpose, ReasonPolicy, Word};

/// The name of the board, in the header of its page and of the projector view. Scripts read there whether a veto has to say why.
pub fn name(board: &Board) -> Markup {
    let required = board.reasons() == ReasonPolicy::Required;
    html! { bdi #board-name data-reasons=[required.then_some("required")] { (title(board)) } }
}

/// The text of the document's title.
pub fn page_title(board: &Board) -> Markup {
    html! { (title(board)) }
}

/// The heading of the board's page, which leads to the settings.
pub(super) fn heading(board: &Board, context: &BoardContext) -> Markup {
    let label = context.texts.text("settings");
    html! { h1 { a.settings href=(context.urls.settings()) title=(label) { (name(board)) } } }
}

/// What the board is about, or the question for it. A phone shows all of it once it has the focus. The projector view hides the links to the settings.
pub fn purpose(board: &Board, context: &BoardContext) -> Markup {
    let (texts, settings) = (&context.texts, context.urls.settings());
    html! {
        p.purpose #purpose dir="auto" tabindex=[board.purpose().map(|_| "0")] {
            @match board.purpose() {
                Some(purpose) => {
                    (rich_text(purpose.as_str())) " "
                    a.settings href=(settings) aria-label=(texts.text("purpose-edit")) { "✎" }
                }
                None => a.settings href=(settings) { (texts.text("purpose-ask")) },
            }
        }
    }
}

/// What the board is about, for pages without links to the settings: the one to print, and the result.
pub(super) fn purpose_to_print(board: &Board) -> Markup {
    html! {
        @if let Some(purpose) = board.purpose() {
            p.purpose dir="auto" { (rich_text(purpose.as_str())) }
        }
    }
}

/// The link at the foot of the board's page.
pub(super) fn link(context: &BoardContext) -> Markup {
    html! { a.settings href=(context.urls.settings()) { (context.texts.text("settings")) } }
}

/// The names of the fields for the words, and their labels and examples.
pub const WORD_FIELDS: [&str; 4] = ["item_word", "item_words", "feature_word", "feature_words"];
const WAS_WORD_FIELDS: [&str; 4] = [
    "was_item_word",
    "was_item_words",
    "was_feature_word",
    "was_feature_words",
];
const WORD_TEXTS: [(&str, &str); 4] = [
    ("settings-item-word", "settings-item-example"),
    ("settings-item-words", "settings-items-example"),
    ("settings-feature-word", "settings-feature-example"),
    ("settings-feature-words", "settings-features-example"),
];

/// The name as the form shows it: none for the board `main` before it has one.
pub fn shown_name(board: &Board) -> &str {
    match is_unnamed(board) {
        true => "",
        false => board.name().as_str(),
    }
}

/// The words as the form shows them: none if they are those of the program.
pub fn shown_words(words: Option<&BoardTerminology>) -> [&str; 4] {
    words.map_or([""; 4], |words| {
        [&words.item, &words.items, &words.feature, &words.features].map(Word::as_str)
    })
}

/// The value of the choice whether a veto has to say why.
pub fn shown_reasons(reasons: ReasonPolicy) -> &'static str {
    match reasons {
        ReasonPolicy::Optional => "optional",
        ReasonPolicy::Required => "required",
    }
}

/// A form that was rejected.
#[derive(Default)]
pub struct SettingsForm {
    pub name: SentField,
    pub purpose: SentField,
    pub words: [SentField; 4],
    /// Why the words were rejected.
    pub words_reason: Option<String>,
    pub reasons: SentField,
}

/// The ids of the elements that say why a field was rejected; that of the name is the one of every edit form.
const PURPOSE_REASON: &str = "edit-purpose-reason";
const WORDS_REASON: &str = "edit-words-reason";
const REASONS_REASON: &str = "edit-reasons-reason";

/// The content of the sheet.
pub fn sheet(board: &Board, sent: &SettingsForm, context: &BoardContext) -> Markup {
    html! {
        section.menu {
            h2 #(SHEET_TITLE) { (context.texts.text("settings")) }
            (form(board, sent, context))
        }
    }
}

/// The form. It carries what each field held, so that it changes only what the person changed.
pub fn form(board: &Board, sent: &SettingsForm, context: &BoardContext) -> Markup {
    let texts = &context.texts;
    let name = shown_name(board);
    let purpose = board.purpose().map_or("", Purpose::as_str);
    let words = shown_words(board.terminology());
    let reasons = shown_reasons(board.reasons());
    html! {
        form.settings-form #(EDIT_FORM) method="post" action=(context.urls.settings()) autocomplete="off" {
            (sent.name.was("was_name", name))
            (sent.purpose.was("was_purpose", purpose))
            @for (number, field) in WAS_WORD_FIELDS.into_iter().enumerate() { (sent.words[number].was(field, words[number])) }
            (sent.reasons.was("was_reasons", reasons))
            label { (texts.text("new-board-name"))
                input name="name" value=(sent.name.shown(name)) required[!name.is_empty()] maxlength=(Name::MAX) dir="auto" autocomplete="off"
                    aria-describedby=(EDIT_REASON); }
            (reason(EDIT_REASON, sent.name.reason.as_deref()))
            label { (texts.text("settings-purpose"))
                textarea name="purpose" rows="3" maxlength=(Purpose::MAX) dir="auto" placeholder=(texts.text("settings-purpose-hint"))
                    aria-describedby=(PURPOSE_REASON) { (sent.purpose.shown(purpose)) } }
            (reason(PURPOSE_REASON, sent.purpose.reason.as_deref()))
            fieldset aria-describedby=(WORDS_REASON) {
                legend { (texts.text("settings-words")) }
                @for (number, field) in WORD_FIELDS.into_iter().enumerate() {
                    @let (label, example) = WORD_TEXTS[number];
                    label { (texts.text(label))
                        input name=(field) value=(sent.words[number].shown(words[number])) maxlength=(Word::MAX) dir="auto" autocomplete="off"
                            placeholder=(texts.text(example)); }
                }
            }
            (reason(WORDS_REASON, sent.words_reason.as_deref()))
            label { (texts.text("settings-reasons"))
                @let chosen = sent.reasons.shown(reasons);
                select name="reasons" aria-describedby=(REASONS_REASON) {
                    option value="optional" selected[chosen != "required"] { (texts.text("settings-reasons-optional")) }
                    option value="required" selected[chosen == "required"] { (texts.text("settings-reasons-required")) }
                }
            }
            (reason(REASONS_REASON, sent.reasons.reason.as_deref()))
            button { (texts.text("save")) }
        }
    }
}
