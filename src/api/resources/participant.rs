//! Participants.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::token::Token,
    model::{self, Board, Standing},
};

/// A person or a program that takes part in a decision.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Participant {
    #[schema(minimum = 1, example = 1)]
    pub(in crate::api) id: i64,
    #[schema(example = "Ann")]
    name: String,
    consent: ConsentState,
    /// False for who was set aside: the decision does not wait for them until they act again.
    taking_part: bool,
    /// Only in the answer to `POST …/participants`. Send it as `Authorization: Bearer`: anyone who has it can act as this participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "savt_0123456789abcdef0123456789abcdef")]
    token: Option<String>,
}

/// Whether a participant can live with everything that is not vetoed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ConsentState {
    Fine,
    /// Was fine until something was added by somebody else.
    Outdated,
    None,
}

/// Some participants, in the order in which they joined.
#[derive(Serialize, ToSchema)]
pub(in crate::api) struct Participants {
    pub(in crate::api) participants: Vec<Participant>,
    /// Send it as `after` for the next page; null on the last one.
    #[schema(required)]
    pub(in crate::api) next: Option<i64>,
}

/// Who joins a board.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Join {
    /// Without a name, the participant is called `User-N`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "Ann")]
    pub(in crate::api) name: Option<String>,
    /// Become the participant who already has this name.
    #[serde(default)]
    pub(in crate::api) claim: bool,
}

/// The new name of a participant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Rename {
    #[schema(min_length = 1, max_length = 100, example = "Anna")]
    pub(in crate::api) name: String,
}

/// What a participant consents to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Consent {
    /// The `version` of the board that the participant has seen; nobody is fine with what they never saw. Default: the current one.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub(in crate::api) version: Option<i64>,
}

impl Participant {
    pub(in crate::api) fn new(participant: &model::Participant, board: &Board) -> Participant {
        let standing = board.standing(participant.id);
        Participant {
            id: participant.id.0,
            name: participant.name.to_string(),
            consent: match standing {
                Standing::Fine => ConsentState::Fine,
                Standing::Outdated => ConsentState::Outdated,
                Standing::NotYet | Standing::NotTakingPart => ConsentState::None,
            },
            taking_part: standing != Standing::NotTakingPart,
            token: None,
        }
    }

    /// The same with the token that it acts with.
    pub(in crate::api) fn with_token(self, token: &Token) -> Participant {
        let token = Some(token.as_str().to_owned());
        Participant { token, ..self }
    }
}
