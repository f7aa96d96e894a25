//! Trims the value of an option.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
};

use crate::cli::trim::trim;

/// A trimmed value; in a list, also the items are trimmed, and empty ones are left out.
pub(super) fn clean(value: &OsStr, delimiter: Option<char>) -> OsString {
    match (value.to_str(), delimiter) {
        (Some(text), None) => trim(text).into(),
        (Some(text), Some(delimiter)) => {
            let items = text.split(delimiter).map(trim);
            let items: Vec<_> = items.filter(|item| !item.is_empty()).collect();
            items.join(&delimiter.to_string()).into()
        }
        // Not UTF-8, such as the path of a file.
        (None, _) => OsString::from_vec(value.as_bytes().trim_ascii().to_vec()),
    }
}
