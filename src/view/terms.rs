//! What items and features are called here, and under which address the board lives.

use super::wall;
use crate::model::{FeatureId, ItemId, Slug};

/// The words for item and feature, singular and plural, in lower case as they stand in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub item: String,
    pub items: String,
    pub feature: String,
    pub features: String,
}

impl Terms {
    /// A plural left out is the word with an s.
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
}

impl Terms {
    /// The word for an item as it begins a sentence or a name: `Pizza`.
    pub fn item_at_head(&self) -> String {
        capital(&self.item)
    }

    /// The word for a feature as it begins a sentence or a name: `Topping`.
    pub fn feature_at_head(&self) -> String {
        capital(&self.feature)
    }
}

impl Default for Terms {
    fn default() -> Terms {
        Terms::new("item".to_owned(), None, "feature".to_owned(), None)
    }
}

/// A word at the head of a sentence.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Where a board lives and what its things are called: all a view has to know beside the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub terms: Terms,
    /// What every address of the board begins with: nothing, or `/b/{slug}`.
    base: String,
}

impl Site {
    pub fn of(terms: &Terms, board: &Slug) -> Site {
        let base = match board.is_main() {
            true => String::new(),
            false => format!("/b/{board}"),
        };
        Site {
            terms: terms.clone(),
            base,
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

    /// The page of another board.
    pub fn home_of(board: &Slug) -> String {
        Site::of(&Terms::default(), board).home()
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
