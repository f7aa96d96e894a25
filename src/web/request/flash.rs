//! The message to the page that a browser is redirected to after a form, as the text of a cookie.

use std::fmt;

use crate::model::FeatureId;

/// What the next page shows once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::web) enum Flash {
    /// An event of this browser.
    Event {
        number: i64,
        /// Whether the page also asks for a name.
        asks_for_name: bool,
    },
    /// A suggestion had no effect: the feature has the maximum amount.
    Full(FeatureId),
}

const FULL: &str = "full-";
const ASK: &str = "ask-";

impl Flash {
    pub(in crate::web) fn parse(text: &str) -> Option<Flash> {
        if let Some(id) = text.strip_prefix(FULL) {
            return Some(Flash::Full(FeatureId(id.parse().ok()?)));
        }
        let (number, asks_for_name) = match text.strip_prefix(ASK) {
            Some(number) => (number, true),
            None => (text, false),
        };
        Some(Flash::Event {
            number: number.parse().ok()?,
            asks_for_name,
        })
    }
}

impl fmt::Display for Flash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flash::Event {
                number,
                asks_for_name: true,
            } => write!(f, "{ASK}{number}"),
            Flash::Event { number, .. } => write!(f, "{number}"),
            Flash::Full(id) => write!(f, "{FULL}{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_is_read_as_it_was_written() {
        let event = |number, asks_for_name| Flash::Event {
            number,
            asks_for_name,
        };
        for (flash, text) in [
            (event(7, false), "7"),
            (event(7, true), "ask-7"),
            (Flash::Full(FeatureId(3)), "full-3"),
        ] {
            assert_eq!(flash.to_string(), text);
            assert_eq!(Flash::parse(text), Some(flash));
        }
        for text in ["", "x", "full-", "ask-", "ask-full-1", "1.5"] {
            assert_eq!(Flash::parse(text), None, "{text}");
        }
    }
}
