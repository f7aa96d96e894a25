//! What a veto says besides who gave it, as plain text.

use super::super::language::{Texts, message};
use crate::model::ResultVeto;

/// The reason of a veto, and what it was given to if its feature was renamed: `too sweet; when it was Pineapple`.
pub(super) fn veto_note(veto: &ResultVeto, texts: &Texts) -> Option<String> {
    let reason = veto.reason.map(ToString::to_string);
    let given_to = veto.given_to.map(|name| {
        let when = message("vetoed-when").name("name", name);
        texts.text(when).into_owned()
    });
    let parts: Vec<String> = reason.into_iter().chain(given_to).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
