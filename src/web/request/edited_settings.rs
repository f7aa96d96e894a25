//! Rule 13: the form for the settings of a board, as it was sent.

use super::{
    edited_field::{EditedField, FieldReason, shown_name},
    form_fields::FormFields,
};
use crate::{
    model::{
        Board, BoardTerminology, FieldConflict, FieldEdit, InvalidName, Name, Purpose,
        ReasonPolicy, SettingsEdit, Word,
    },
    view::{
        self, Message, Texts,
        settings::{SettingsForm, WORD_FIELDS, shown_reasons, shown_words},
    },
    web::error::HttpError,
};

/// The fields of the form. Each may be left out, which leaves the setting as it is.
pub(in crate::web) struct EditedSettings<'f> {
    name: EditedField<'f>,
    purpose: EditedField<'f>,
    words: [EditedField<'f>; 4],
    reasons: EditedField<'f>,
}

/// Why each field was rejected.
#[derive(Default)]
pub(in crate::web) struct SettingsReasons {
    name: FieldReason,
    purpose: FieldReason,
    words: FieldReason,
    /// The current words, if `words` names them.
    words_now: Option<[String; 4]>,
    reasons: FieldReason,
}

impl<'f> EditedSettings<'f> {
    pub(in crate::web) fn from_form(fields: &'f FormFields) -> EditedSettings<'f> {
        let field = |name: &str| EditedField::optional(fields, name, &format!("was_{name}"));
        EditedSettings {
            name: field("name"),
            purpose: field("purpose"),
            words: WORD_FIELDS.map(field),
            reasons: field("reasons"),
        }
    }

    /// What the person changed, or the first reason and all reasons why fields are invalid.
    pub(in crate::web) fn edit(
        &self,
        board: &Board,
    ) -> Result<SettingsEdit, Box<(Message<'static>, SettingsReasons)>> {
        let name = self.name.edit(parse_name, |was| match was {
            // The board `main` before it had a name.
            "" => Some(board.created_as().clone()),
            was => shown_name(was),
        });
        let purpose = self.purpose.edit(parse_purpose, shown_purpose);
        let words = self.edit_words(board.terminology());
        let reasons = self
            .reasons
            .edit(parse_reasons, |was| parse_reasons(was).ok());
        match (name, purpose, words, reasons) {
            (Ok(name), Ok(purpose), Ok(terminology), Ok(reasons)) => Ok(SettingsEdit {
                name,
                purpose,
                terminology,
                reasons,
            }),
            (name, purpose, words, reasons) => {
                let bad = [name.err(), purpose.err(), words.err(), reasons.err()];
                let first = bad.iter().flatten().next().cloned();
                let [name, purpose, words, reasons] = bad.map(FieldReason::new);
                let reasons = SettingsReasons {
                    name,
                    purpose,
                    words,
                    words_now: None,
                    reasons,
                };
                let first = first.unwrap_or_else(|| "bad-request".into());
                Err(Box::new((first, reasons)))
            }
        }
    }

    /// The four words are one setting: a field that was left out has the current word.
    fn edit_words(
        &self,
        current: Option<&BoardTerminology>,
    ) -> Result<Option<FieldEdit<Option<BoardTerminology>>>, Message<'static>> {
        if self.words.iter().all(EditedField::is_unchanged) {
            return Ok(None);
        }
        let current = shown_words(current);
        let pairs = || self.words.iter().zip(current);
        let sent = pairs().map(|(field, current)| field.value().unwrap_or(current));
        let to = parse_words(&sent.collect::<Vec<_>>())?;
        let was = pairs().map(|(field, current)| match field.value() {
            Some(_) => field.was(),
            None => Some(current),
        });
        let was = was.collect::<Option<Vec<_>>>();
        let edit = FieldEdit {
            was: was.map(|was| words(&was, |word| Word::from_stored((*word).to_owned()))),
            to,
        };
        Ok((edit.was.as_ref() != Some(&edit.to)).then_some(edit))
    }

    /// The form to show again.
    pub(in crate::web) fn rejected(&self, reasons: SettingsReasons, texts: &Texts) -> SettingsForm {
        let mut now = reasons.words_now.map(|words| words.map(Some));
        let mut words: [_; 4] = self
            .words
            .each_ref()
            .map(|field| field.rejected(FieldReason::default(), texts));
        for (field, now) in words.iter_mut().zip(now.iter_mut().flatten()) {
            field.was = now.take();
        }
        SettingsForm {
            name: self.name.rejected(reasons.name, texts),
            purpose: self.purpose.rejected(reasons.purpose, texts),
            words,
            words_reason: reasons.words.text(texts),
            reasons: self.reasons.rejected(reasons.reasons, texts),
        }
    }
}

impl SettingsReasons {
    /// The conflicts with what somebody else changed meanwhile.
    pub(in crate::web) fn of(error: &HttpError) -> SettingsReasons {
        let words_now = error
            .conflicts()
            .iter()
            .find_map(|conflict| match conflict {
                FieldConflict::Terminology { now, .. } => {
                    Some(shown_words(now.as_ref()).map(str::to_owned))
                }
                _ => None,
            });
        SettingsReasons {
            name: FieldReason::of_name(error),
            purpose: FieldReason::conflict(error, |conflict| match conflict {
                FieldConflict::Purpose { now, .. } => {
                    Some(now.as_ref().map_or_else(String::new, Purpose::to_string))
                }
                _ => None,
            }),
            words: FieldReason::conflict(error, |conflict| match conflict {
                FieldConflict::Terminology { .. } => Some(String::new()),
                _ => None,
            }),
            words_now,
            reasons: FieldReason::conflict(error, |conflict| match conflict {
                FieldConflict::Reasons { now, .. } => Some(shown_reasons(*now).to_owned()),
                _ => None,
            }),
        }
    }
}

fn parse_name(text: &str) -> Result<Name, Message<'static>> {
    Name::parse(text).map_err(view::name_reason)
}

fn parse_purpose(text: &str) -> Result<Option<Purpose>, Message<'static>> {
    Purpose::parse(text).map_err(view::name_reason)
}

/// A purpose that a page showed. Browsers send line breaks as two characters.
fn shown_purpose(text: &str) -> Option<Option<Purpose>> {
    let text = text.replace("\r\n", "\n");
    Some((!text.is_empty()).then(|| Purpose::from_stored(text)))
}

fn parse_reasons(text: &str) -> Result<ReasonPolicy, Message<'static>> {
    match text {
        "optional" => Ok(ReasonPolicy::Optional),
        "required" => Ok(ReasonPolicy::Required),
        _ => Err("settings-invalid-reasons".into()),
    }
}

/// Four words, or none for those of the program.
fn parse_words(sent: &[&str]) -> Result<Option<BoardTerminology>, Message<'static>> {
    if sent.iter().all(|word| word.trim().is_empty()) {
        return Ok(None);
    }
    let parsed = sent.iter().map(|word| Word::parse(word));
    let parsed = parsed.collect::<Result<Vec<_>, _>>();
    let parsed = parsed.map_err(|bad| match bad {
        InvalidName::Empty => "settings-words-incomplete".into(),
        bad => view::name_reason(bad),
    })?;
    Ok(words(&parsed, Word::clone))
}

fn words<T>(words: &[T], word: impl Fn(&T) -> Word) -> Option<BoardTerminology> {
    let [item, items, feature, features] = words else {
        return None;
    };
    let terminology = BoardTerminology {
        item: word(item),
        items: word(items),
        feature: word(feature),
        features: word(features),
    };
    (!shown_words(Some(&terminology))
        .iter()
        .all(|word| word.is_empty()))
    .then_some(terminology)
}
