//! Rule 10: one field of an edit form, with the value it held when the person saw it (`was_…`).

use super::form_fields::FormFields;
use crate::{
    model::{FieldConflict, FieldEdit, Kind, Name, Note},
    view::{self, Message, SentField, Texts},
    web::error::HttpError,
};

/// Why a field was rejected.
#[derive(Default)]
pub(in crate::web) struct FieldReason {
    text: Option<Message<'static>>,
    /// The current value, if the text names it: the person sees it, so the form carries it from now on.
    now: Option<String>,
}

impl FieldReason {
    pub(in crate::web) fn new(text: Option<Message<'static>>) -> FieldReason {
        FieldReason { text, now: None }
    }

    /// The reason for the field name. An error that is no conflict concerns the name: it is taken.
    pub(in crate::web) fn of_name(error: &HttpError) -> FieldReason {
        if error.conflicts().is_empty() {
            return FieldReason::new(Some(error.reason.clone()));
        }
        FieldReason::conflict(error, |conflict| match conflict {
            FieldConflict::Name { now, .. } => Some(now.to_string()),
            _ => None,
        })
    }

    pub(in crate::web) fn of_kind(error: &HttpError) -> FieldReason {
        FieldReason::conflict(error, |conflict| match conflict {
            FieldConflict::Kind { now, .. } => {
                Some(now.as_ref().map_or_else(String::new, Kind::to_string))
            }
            _ => None,
        })
    }

    pub(in crate::web) fn of_note(error: &HttpError) -> FieldReason {
        FieldReason::conflict(error, |conflict| match conflict {
            FieldConflict::Note { now, .. } => {
                Some(now.as_ref().map_or_else(String::new, Note::to_string))
            }
            _ => None,
        })
    }

    pub(in crate::web) fn of_amount(error: &HttpError) -> FieldReason {
        FieldReason::conflict(error, |conflict| match conflict {
            FieldConflict::Amount { now, .. } => Some(now.to_string()),
            _ => None,
        })
    }

    /// The conflict of one field; `now` returns its current value.
    pub(super) fn conflict(
        error: &HttpError,
        now: impl Fn(&FieldConflict) -> Option<String>,
    ) -> FieldReason {
        let found = error.conflicts().iter().find_map(|conflict| {
            Some(FieldReason {
                now: Some(now(conflict)?),
                text: Some(view::field_conflict(conflict)),
            })
        });
        found.unwrap_or_default()
    }

    /// The reason in the reader's language.
    pub(super) fn text(self, texts: &Texts) -> Option<String> {
        self.text.map(|text| texts.text(text).into_owned())
    }
}

/// One field of an edit form, as it was sent.
pub(in crate::web) struct EditedField<'f> {
    value: Option<&'f str>,
    was: Option<&'f str>,
}

impl<'f> EditedField<'f> {
    /// A field that may be left out, which leaves it as it is.
    pub(in crate::web) fn optional(
        fields: &'f FormFields,
        name: &str,
        was: &str,
    ) -> EditedField<'f> {
        EditedField {
            value: fields.get(name),
            was: fields.get(was),
        }
    }

    /// A field that every form has; if it is missing, it is empty.
    pub(in crate::web) fn required(
        fields: &'f FormFields,
        name: &str,
        was: &str,
    ) -> EditedField<'f> {
        EditedField {
            value: Some(fields.text(name)),
            was: fields.get(was),
        }
    }

    pub(super) fn value(&self) -> Option<&'f str> {
        self.value
    }

    pub(super) fn was(&self) -> Option<&'f str> {
        self.was
    }

    /// Whether the field was left out, or is as the person saw it.
    pub(super) fn is_unchanged(&self) -> bool {
        self.value.is_none() || self.value == self.was
    }

    /// What the person changed the field to; none if it is as they saw it. An unchanged value is not parsed: it may be of an earlier
    /// version, which accepted other names. `stored` reads the value that the page showed.
    pub(in crate::web) fn edit<T: PartialEq>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, Message<'static>>,
        stored: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<FieldEdit<T>>, Message<'static>> {
        let Some(value) = self.value.filter(|value| self.was != Some(*value)) else {
            return Ok(None);
        };
        let edit = FieldEdit {
            to: parse(value)?,
            was: self.was.and_then(stored),
        };
        Ok((edit.was.as_ref() != Some(&edit.to)).then_some(edit))
    }

    /// The field for the rejected form.
    pub(in crate::web) fn rejected(&self, reason: FieldReason, texts: &Texts) -> SentField {
        SentField {
            value: self.value.map(str::to_owned),
            was: reason.now.or(self.was.map(str::to_owned)),
            reason: reason.text.map(|text| texts.text(text).into_owned()),
        }
    }
}

/// A name that a page showed.
pub(in crate::web) fn shown_name(text: &str) -> Option<Name> {
    Some(Name::from_stored(text.to_owned()))
}

/// A kind that a page showed; empty if there was none.
pub(in crate::web) fn shown_kind(text: &str) -> Option<Option<Kind>> {
    Some((!text.is_empty()).then(|| Kind::from_stored(text.to_owned())))
}

/// A note that a page showed; empty if there was none. Browsers send line breaks as CR LF.
pub(in crate::web) fn shown_note(text: &str) -> Option<Option<Note>> {
    let text = text.replace("\r\n", "\n");
    Some((!text.is_empty()).then(|| Note::from_stored(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Amount;

    fn name(
        value: Option<&str>,
        was: Option<&str>,
    ) -> Result<Option<FieldEdit<Name>>, Message<'static>> {
        EditedField { value, was }.edit(
            |text| Name::parse(text).map_err(|_| "name-empty".into()),
            shown_name,
        )
    }

    fn replaced(was: Option<&str>, to: &str) -> Result<Option<FieldEdit<Name>>, Message<'static>> {
        let name = |text: &str| Name::from_stored(text.to_owned());
        Ok(Some(FieldEdit {
            to: name(to),
            was: was.map(name),
        }))
    }

    #[test]
    fn an_unchanged_or_missing_field_is_no_edit() {
        assert_eq!(name(None, Some("Ham")), Ok(None));
        assert_eq!(name(None, None), Ok(None));
        assert_eq!(name(Some("Ham"), Some("Ham")), Ok(None));
        assert_eq!(name(Some(" Ham "), Some("Ham")), Ok(None));
        // Names of earlier versions may not be valid any more.
        let old = "x".repeat(200);
        assert_eq!(name(Some(&old), Some(&old)), Ok(None));
    }

    #[test]
    fn a_changed_field_is_an_edit_of_what_was_seen() {
        assert_eq!(name(Some("Egg"), Some("Ham")), replaced(Some("Ham"), "Egg"));
        assert_eq!(name(Some("Egg"), None), replaced(None, "Egg"));
        assert!(name(Some(""), Some("Ham")).is_err());
    }

    #[test]
    fn a_kind_can_be_removed_and_a_forged_amount_is_ignored() {
        let kind = EditedField {
            value: Some(""),
            was: Some("vegan"),
        };
        let none = |_: &str| Ok(None::<Kind>);
        let was = Some(Some(Kind::from_stored("vegan".to_owned())));
        let edit = kind.edit(none, shown_kind);
        assert_eq!(edit, Ok(Some(FieldEdit { to: None, was })));
        let kind = EditedField {
            value: Some(" "),
            was: Some(""),
        };
        assert_eq!(kind.edit(none, shown_kind), Ok(None));
        let amount = EditedField {
            value: Some("2"),
            was: Some("many"),
        };
        let parse = |text: &str| text.parse().map_err(|_| "invalid-amount".into());
        let edit = amount.edit(parse, |was| was.parse::<Amount>().ok());
        assert_eq!(edit, Ok(Amount::new(2).map(FieldEdit::replacing)));
    }
}
