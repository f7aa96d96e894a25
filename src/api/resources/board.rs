//! Boards, and how they are made, changed and closed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    feature::Feature, item::Item, participant::Participant, terminology::Terminology,
    time::rfc_3339,
};
use crate::{
    api::{present::present, token::Token},
    model::{self, ReasonPolicy, Timestamp},
    view::Texts,
};

/// One group decision.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Board {
    /// The last part of its address; `main` for the board at `/`.
    #[schema(example = "a7c3-k9x2-m4pq-w8ze")]
    slug: String,
    #[schema(example = "Friday")]
    name: String,
    #[schema(required)]
    purpose: Option<String>,
    terminology: Terminology,
    reasons: Reasons,
    state: State,
    /// When an open board closes by itself, or when it closed a closed one.
    #[schema(required, format = DateTime, example = "2030-01-02T18:00:00Z")]
    deadline: Option<String>,
    /// What the board was closed with; null while it is open.
    #[schema(required)]
    outcome: Option<Outcome>,
    /// Whether everybody whose consent the decision needs is fine, and there is an item without a vetoed feature.
    agreed: bool,
    /// The number of the last event.
    #[schema(minimum = 0)]
    version: i64,
    /// Identifies the history that `version` counts in: changes if the database was restored to an earlier state.
    epoch: String,
    participants: Vec<Participant>,
    items: Vec<Item>,
    /// The features that belong to no item.
    free_features: Vec<Feature>,
    /// Only in the answer to `POST /boards`, of a board that starts with anything: the token of the participant who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "savt_0123456789abcdef0123456789abcdef")]
    token: Option<String>,
}

/// Whether a veto has to say why.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum Reasons {
    Optional,
    Required,
}

/// Whether the board can be changed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Open,
    Closed,
}

/// What a board was closed with.
#[derive(Serialize, ToSchema)]
struct Outcome {
    #[schema(required)]
    text: Option<String>,
    /// The ids of the chosen items.
    chosen: Vec<i64>,
}

/// A board to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct NewBoard {
    #[schema(min_length = 1, max_length = 100, example = "Friday")]
    pub(in crate::api) name: String,
    /// A question, a link to the menu, the date. Line breaks are kept.
    #[serde(default)]
    #[schema(max_length = 1_000)]
    pub(in crate::api) purpose: Option<String>,
    #[serde(default)]
    pub(in crate::api) terminology: Option<Terminology>,
    /// The slug of a board to copy: its items, features and words, without people, vetoes and history.
    #[serde(default)]
    pub(in crate::api) from: Option<String>,
}

/// What changes of a board: the members that are present (RFC 7396).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct BoardPatch {
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, nullable = false, min_length = 1, max_length = 100, example = "Friday evening")]
    pub(in crate::api) name: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 1_000)]
    pub(in crate::api) purpose: Option<Option<String>>,
    /// Null for the words of the installation.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Terminology>)]
    pub(in crate::api) terminology: Option<Option<Terminology>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Reasons>, nullable = false)]
    pub(in crate::api) reasons: Option<Option<Reasons>>,
    /// When the board closes by itself (RFC 3339); null: not by itself.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::api) deadline: Option<Option<String>>,
}

/// What to close a board with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Close {
    /// A sentence that says what was decided.
    #[serde(default)]
    #[schema(max_length = 500, example = "Margherita it is")]
    pub(in crate::api) outcome: Option<String>,
    /// The ids of the chosen items.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(in crate::api) chosen: Vec<i64>,
}

impl Board {
    /// The board at a time; `texts` are those of the board.
    pub(in crate::api) fn new(board: &model::Board, at: Timestamp, texts: &Texts) -> Board {
        let closed = board.closed(at);
        let participants = board.participants();
        let free = board.features_of(None);
        Board {
            slug: board.slug.as_str().to_owned(),
            name: board.name().to_string(),
            purpose: board.purpose().map(ToString::to_string),
            terminology: Terminology::of(texts),
            reasons: board.reasons().into(),
            state: match closed {
                Some(_) => State::Closed,
                None => State::Open,
            },
            deadline: board.deadline().map(|deadline| rfc_3339(deadline.at)),
            outcome: closed.map(|closed| Outcome {
                text: closed.outcome.text.as_ref().map(ToString::to_string),
                chosen: closed.outcome.chosen.iter().map(|item| item.0).collect(),
            }),
            agreed: board.is_agreed(),
            version: board.version(),
            epoch: board.epoch.to_string(),
            participants: participants
                .map(|participant| Participant::new(participant, board))
                .collect(),
            items: board.items().map(|item| Item::new(item, board)).collect(),
            free_features: free.map(|feature| Feature::new(feature, board)).collect(),
            token: None,
        }
    }

    /// The same with the token of the participant who made it.
    pub(in crate::api) fn with_token(self, token: &Token) -> Board {
        let token = Some(token.as_str().to_owned());
        Board { token, ..self }
    }
}

impl From<ReasonPolicy> for Reasons {
    fn from(policy: ReasonPolicy) -> Reasons {
        match policy {
            ReasonPolicy::Optional => Reasons::Optional,
            ReasonPolicy::Required => Reasons::Required,
        }
    }
}

impl From<Reasons> for ReasonPolicy {
    fn from(reasons: Reasons) -> ReasonPolicy {
        match reasons {
            Reasons::Optional => ReasonPolicy::Optional,
            Reasons::Required => ReasonPolicy::Required,
        }
    }
}
