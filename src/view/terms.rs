//! What items and features are called here, and under which address the board lives.

use std::sync::Arc;

use super::{Language, Texts, wall};
use crate::model::{FeatureId, ItemId, Slug};

/// The words for item and feature, singular and plural, as they stand in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub item: String,
    pub items: String,
    pub feature: String,
    pub features: String,
}

impl Terms {
    /// English ones. A plural left out is the word with an s.
    pub fn new(
        item: String,
        items: Option<String>,
        feature: String,
        features: Option<String>,
    ) -> Terms {
        Terms {
            items: items.unwrap_or_else(|| format!("{item}s")),
            features: features.unwrap_or_else(|| format!("{feature}s")),
            item,
            feature,
        }
    }

    /// Those of a language if nobody chose others.
    pub fn usual(language: Language) -> Terms {
        let [item, items, feature, features] = match language {
            Language::English => ["item", "items", "feature", "features"],
            Language::German => ["Eintrag", "Einträge", "Merkmal", "Merkmale"],
        }
        .map(str::to_owned);
        Terms {
            item,
            items,
            feature,
            features,
        }
    }

    /// All four.
    pub fn words(&self) -> [&str; 4] {
        [&self.item, &self.items, &self.feature, &self.features]
    }

    /// The word for an item as it begins a sentence or a name: `Pizza`.
    pub fn item_at_head(&self) -> String {
        capital(&self.item)
    }

    /// The word for a feature as it begins a sentence or a name: `Topping`.
    pub fn feature_at_head(&self) -> String {
        capital(&self.feature)
    }

    /// The same words as nouns of German, which have a capital wherever they stand.
    pub fn capitals(&self) -> Terms {
        Terms {
            item: capital(&self.item),
            items: capital(&self.items),
            feature: capital(&self.feature),
            features: capital(&self.features),
        }
    }
}

/// A word at the head of a sentence.
pub(in crate::view) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Where a board lives and in which language it is shown: all a view has to know beside the board.
#[derive(Clone)]
pub struct Site {
    pub texts: Arc<Texts>,
    /// What every address of the board begins with: nothing, or `/b/{slug}`.
    base: String,
}

impl Site {
    pub fn of(texts: &Arc<Texts>, board: &Slug) -> Site {
        Site {
            texts: texts.clone(),
            base: base_of(board),
        }
    }

    /// The address of a path of this board: `to("/history")`.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The board's own page.
    pub fn home(&self) -> String {
        match self.base.as_str() {
            "" => "/".to_owned(),
            base => base.to_owned(),
        }
    }

    /// The page of a board.
    pub fn home_of(board: &Slug) -> String {
        match base_of(board) {
            base if base.is_empty() => "/".to_owned(),
            base => base,
        }
    }

    /// The board for everybody in the room to see.
    pub fn wall(&self) -> String {
        format!("{}?view={}", self.home(), wall::VIEW)
    }

    pub fn to_item(&self, item: ItemId, action: &str) -> String {
        format!("{}/items/{item}{action}", self.base)
    }

    pub fn to_feature(&self, feature: FeatureId, action: &str) -> String {
        format!("{}/features/{feature}{action}", self.base)
    }
}

/// What every address of a board begins with.
fn base_of(board: &Slug) -> String {
    match board.is_main() {
        true => String::new(),
        false => format!("/b/{board}"),
    }
}
