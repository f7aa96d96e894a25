//! What a card tells about the controls on it. The same controls are on every card, and their names do not say for which item they
//! are; a description that a screen reader adds, or a longer name, does. The head of a card contains these texts, so they follow
//! when the item is renamed, and no row has to change.

use maud::{Markup, html};

use super::{context::BoardContext, language::message};
use crate::model::{Item, ItemId};

/// The id of the heading of the features that belong to no item.
pub(super) const FREE_HEADING: &str = "free-heading";

/// The id of the text that describes the controls of an item's features ("on Margherita"), or of the free ones.
pub(super) fn description_id(item: Option<ItemId>) -> String {
    match item {
        Some(item) => format!("item-{item}-on"),
        None => FREE_HEADING.to_owned(),
    }
}

/// The id of the text that names the field for a new feature of an item.
pub(super) fn new_feature_id(item: ItemId) -> String {
    format!("item-{item}-new")
}

/// The texts, invisible.
pub(super) fn texts(item: &Item, context: &BoardContext) -> Markup {
    let with_item = |id| context.texts.text(message(id).name("item", &item.name));
    html! {
        span id=(description_id(Some(item.id))) hidden { (with_item("feature-on")) }
        span id=(new_feature_id(item.id)) hidden { (with_item("feature-new-for")) }
    }
}
