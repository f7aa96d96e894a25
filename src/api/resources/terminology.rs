//! What a board calls its items and features.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::problem::Problem,
    model::{BoardTerminology, Word},
    view::{self, Texts},
};

/// What the board calls its items and features, as written inside a sentence.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Terminology {
    #[schema(min_length = 1, max_length = 30, example = "pizza")]
    pub(in crate::api) item: String,
    #[schema(min_length = 1, max_length = 30, example = "pizzas")]
    pub(in crate::api) items: String,
    #[schema(min_length = 1, max_length = 30, example = "topping")]
    pub(in crate::api) feature: String,
    #[schema(min_length = 1, max_length = 30, example = "toppings")]
    pub(in crate::api) features: String,
}

impl Terminology {
    /// The words that the board uses in these texts.
    pub(in crate::api) fn of(texts: &Texts) -> Terminology {
        let words = &texts.terminology;
        Terminology {
            item: words.item.clone(),
            items: words.items.clone(),
            feature: words.feature.clone(),
            features: words.features.clone(),
        }
    }

    pub(in crate::api) fn parse(&self, texts: &Texts) -> Result<BoardTerminology, Problem> {
        let word = |member: &str, text: &str| {
            Word::parse(text).map_err(|invalid| {
                let pointer = format!("/terminology/{member}");
                Problem::invalid(&pointer, view::name_reason(invalid), texts)
            })
        };
        Ok(BoardTerminology {
            item: word("item", &self.item)?,
            items: word("items", &self.items)?,
            feature: word("feature", &self.feature)?,
            features: word("features", &self.features)?,
        })
    }
}
