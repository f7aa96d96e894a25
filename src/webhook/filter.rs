//! Which messages an endpoint gets, by their types.

use std::str::FromStr;

/// The types of all messages about events: the types of actions in the API, and those of decisions.
pub(super) const TYPES: [&str; 31] = [
    "joined",
    "renamed",
    "claimed",
    "handed_over",
    "created_item",
    "created_items",
    "edited_item",
    "merged_item",
    "split_item",
    "deleted_item",
    "suggested_feature",
    "added_amount",
    "edited_feature",
    "moved_feature",
    "deleted_feature",
    "vetoed",
    "changed_reason",
    "withdrew_veto",
    "edited_board",
    "filled_board",
    "consented",
    "withdrew_consent",
    "set_aside",
    "brought_back",
    "closed_board",
    "set_deadline",
    "reopened_board",
    "undid",
    "redid",
    AGREED,
    CLOSED,
];

/// A board became agreed.
pub(super) const AGREED: &str = "decision.agreed";
/// A board was closed.
pub(super) const CLOSED: &str = "decision.closed";

/// The types that an endpoint gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    types: Vec<&'static str>,
}

impl EventFilter {
    pub(super) fn accepts(&self, kind: &str) -> bool {
        self.types.contains(&kind)
    }
}

impl Default for EventFilter {
    /// All types.
    fn default() -> EventFilter {
        EventFilter {
            types: TYPES.to_vec(),
        }
    }
}

impl FromStr for EventFilter {
    type Err = String;

    /// Parses a comma-separated list of types; `decision.*` stands for all that begin with `decision.`.
    fn from_str(text: &str) -> Result<EventFilter, String> {
        let mut types = Vec::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let matches = |kind: &str| match part.strip_suffix('*') {
                Some(start) => kind.starts_with(start),
                None => kind == part,
            };
            let known = types.len();
            types.extend(TYPES.into_iter().filter(|kind| matches(kind)));
            if types.len() == known {
                let part = part.escape_debug();
                let all = TYPES.join(", ");
                return Err(format!("no event has the type {part}; the types are {all}"));
            }
        }
        match types.is_empty() {
            true => Err("names no types".to_owned()),
            false => Ok(EventFilter { types }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::api;

    #[test]
    fn the_types_are_those_of_the_actions_of_the_api() {
        let document: serde_json::Value =
            serde_json::to_value(api::document()).expect("the document is JSON");
        let actions = &document["components"]["schemas"]["Action"]["oneOf"];
        let described = actions.as_array().unwrap().iter().map(|action| {
            let kind = &action["properties"]["type"]["enum"][0];
            kind.as_str().unwrap().to_owned()
        });
        let described: BTreeSet<String> = described.collect();
        let actions = TYPES.iter().filter(|kind| !kind.starts_with("decision."));
        let actions: BTreeSet<String> = actions.map(|kind| (*kind).to_owned()).collect();
        assert_eq!(actions, described);
    }

    #[test]
    fn a_filter_names_types_and_prefixes() {
        let filter: EventFilter = "vetoed, decision.*,".parse().unwrap();
        for (kind, expected) in [
            ("vetoed", true),
            (AGREED, true),
            (CLOSED, true),
            ("undid", false),
        ] {
            assert_eq!(filter.accepts(kind), expected, "{kind}");
        }
        assert!("*".parse() == Ok(EventFilter::default()));
        for text in ["", ",", "veto", "vetoed,nothing", "x*"] {
            assert!(text.parse::<EventFilter>().is_err(), "{text}");
        }
    }
}
