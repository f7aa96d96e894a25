//! The tag of a row: changes whenever one of the fields changes that an edit may set.

use sha2::{Digest, Sha256};

use super::{feature::Feature, item::Item};

/// Tells whether a row is still as somebody knows it: 64 bits of a hash of its fields, in hexadecimal. Vetoes of a feature and
/// features of an item are rows of their own, and do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowTag(String);

impl RowTag {
    pub fn of_item(item: &Item) -> RowTag {
        let kind = item.kind.as_ref().map(|kind| kind.as_str());
        let note = item.note.as_ref().map(|note| note.as_str());
        RowTag::of(&[Some("item"), Some(item.name.as_str()), kind, note])
    }

    pub fn of_feature(feature: &Feature) -> RowTag {
        let item = feature.item.map(|item| item.to_string());
        let amount = feature.amount.get().to_string();
        let name = feature.name.as_str();
        RowTag::of(&[Some("feature"), Some(name), Some(&amount), item.as_deref()])
    }

    /// The tag that a client sends back, whatever it is.
    pub fn from_text(text: &str) -> RowTag {
        RowTag(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Fields are preceded by their length, so that no two rows are hashed as the same bytes.
    fn of(fields: &[Option<&str>]) -> RowTag {
        let mut hash = Sha256::new();
        for field in fields {
            let length = field.map_or(u64::MAX, |field| field.len() as u64);
            hash.update(length.to_be_bytes());
            hash.update(field.unwrap_or_default());
        }
        RowTag(hex::encode(&hash.finalize()[..8]))
    }
}
