//! The terminology: what items and features are called.

use super::language::supported::Language;
use crate::model::BoardTerminology;

/// The words for item and feature, singular and plural, as they are written inside a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminology {
    pub item: String,
    pub items: String,
    pub feature: String,
    pub features: String,
}

impl Terminology {
    /// English terminology. The default plural is the singular with an s.
    pub fn new(
        item: String,
        items: Option<String>,
        feature: String,
        features: Option<String>,
    ) -> Terminology {
        Terminology {
            items: items.unwrap_or_else(|| format!("{item}s")),
            features: features.unwrap_or_else(|| format!("{feature}s")),
            item,
            feature,
        }
    }

    /// The terminology of a language unless the operator configures another one.
    pub fn default_for(language: Language) -> Terminology {
        let [item, items, feature, features] = match language {
            Language::English => ["item", "items", "feature", "features"],
            Language::German => ["Eintrag", "Einträge", "Merkmal", "Merkmale"],
        }
        .map(str::to_owned);
        Terminology {
            item,
            items,
            feature,
            features,
        }
    }

    /// The words of a board, which are the same in every language; German capitalizes them like any noun.
    pub(super) fn of_board(words: &BoardTerminology, language: Language) -> Terminology {
        let words = Terminology {
            item: words.item.to_string(),
            items: words.items.to_string(),
            feature: words.feature.to_string(),
            features: words.features.to_string(),
        };
        match language {
            Language::English => words,
            Language::German => words.all_capitalized(),
        }
    }

    /// All four words.
    pub fn words(&self) -> [&str; 4] {
        [&self.item, &self.items, &self.feature, &self.features]
    }

    /// The word for an item with a capital letter: `Pizza`.
    pub fn item_capitalized(&self) -> String {
        capitalized(&self.item)
    }

    /// The word for a feature with a capital letter: `Topping`.
    pub fn feature_capitalized(&self) -> String {
        capitalized(&self.feature)
    }

    /// All words with a capital letter, as German writes nouns.
    pub fn all_capitalized(&self) -> Terminology {
        Terminology {
            item: capitalized(&self.item),
            items: capitalized(&self.items),
            feature: capitalized(&self.feature),
            features: capitalized(&self.features),
        }
    }
}

/// A word with its first letter in upper case.
pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
