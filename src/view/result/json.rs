//! The result as JSON, for programs. Its field names do not depend on the language and do not change:
//!
//! - `board`: `{slug, name, purpose, version}`; `state`: `"open"` or `"closed"`; `agreed`; `deadline`: when an open board closes
//! - `closed`: `{at, by, by_deadline}` or null; `outcome`: `{text, chosen: [{id, name}]}` or null
//! - `acceptable`, `others`: `[{id, name, kind, note, chosen, features}]`; `free_features`, and each `features`:
//!   `[{id, name, amount, vetoes: [{participant_id, name, reason, given_to}]}]`
//! - `consent`: `{fine, of}`; `people`: `{fine, outdated, none, not_taking_part}`, each a list of names
//!
//! Times are RFC 3339 in UTC.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{
    Amount, DecisionResult, FeatureId, ItemId, Kind, Name, Note, OutcomeText, ParticipantId,
    Purpose, Reason, ResultFeature, ResultItem, ResultVeto, Timestamp,
};

/// The whole document.
pub fn json(result: &DecisionResult) -> String {
    let document = ResultJson::new(result);
    // Cannot fail: every key is a string and nothing is fallible.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// What a board has come to, or how it stands so far.
#[derive(Serialize, ToSchema)]
#[schema(as = Result)]
pub struct ResultJson<'b> {
    board: BoardJson<'b>,
    state: &'static str,
    agreed: bool,
    /// When an open board closes by itself.
    #[schema(required, format = DateTime)]
    deadline: Option<String>,
    #[schema(required)]
    closed: Option<ClosedJson<'b>>,
    #[schema(required)]
    outcome: Option<OutcomeJson<'b>>,
    acceptable: Vec<ItemJson<'b>>,
    others: Vec<ItemJson<'b>>,
    free_features: Vec<FeatureJson<'b>>,
    consent: CountJson,
    people: PeopleJson<'b>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultBoard)]
struct BoardJson<'b> {
    slug: &'b str,
    #[schema(value_type = String)]
    name: &'b Name,
    #[schema(required, value_type = Option<String>)]
    purpose: Option<&'b Purpose>,
    version: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultClosed)]
struct ClosedJson<'b> {
    #[schema(format = DateTime)]
    at: String,
    #[schema(value_type = String)]
    by: &'b Name,
    by_deadline: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultOutcome)]
struct OutcomeJson<'b> {
    #[schema(required, value_type = Option<String>)]
    text: Option<&'b OutcomeText>,
    chosen: Vec<ChosenJson<'b>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultChosen)]
struct ChosenJson<'b> {
    #[schema(value_type = i64)]
    id: ItemId,
    #[schema(value_type = String)]
    name: &'b Name,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultItem)]
struct ItemJson<'b> {
    #[schema(value_type = i64)]
    id: ItemId,
    #[schema(value_type = String)]
    name: &'b Name,
    #[schema(required, value_type = Option<String>)]
    kind: Option<&'b Kind>,
    #[schema(required, value_type = Option<String>)]
    note: Option<&'b Note>,
    chosen: bool,
    features: Vec<FeatureJson<'b>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultFeature)]
struct FeatureJson<'b> {
    #[schema(value_type = i64)]
    id: FeatureId,
    #[schema(value_type = String)]
    name: &'b Name,
    #[schema(value_type = u8, minimum = 1, maximum = 3)]
    amount: Amount,
    vetoes: Vec<VetoJson<'b>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultVeto)]
struct VetoJson<'b> {
    #[schema(value_type = i64)]
    participant_id: ParticipantId,
    #[schema(value_type = String)]
    name: &'b Name,
    #[schema(required, value_type = Option<String>)]
    reason: Option<&'b Reason>,
    #[schema(required, value_type = Option<String>)]
    given_to: Option<&'b Name>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultCount)]
struct CountJson {
    fine: usize,
    of: usize,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ResultPeople)]
struct PeopleJson<'b> {
    #[schema(value_type = Vec<String>)]
    fine: &'b [&'b Name],
    #[schema(value_type = Vec<String>)]
    outdated: &'b [&'b Name],
    #[schema(value_type = Vec<String>)]
    none: &'b [&'b Name],
    #[schema(value_type = Vec<String>)]
    not_taking_part: &'b [&'b Name],
}

impl<'b> ResultJson<'b> {
    pub fn new(result: &'b DecisionResult<'b>) -> ResultJson<'b> {
        let board = result.board;
        let closed = result.closed.as_ref();
        let chosen = result.chosen.iter().map(|item| ChosenJson {
            id: item.id,
            name: &item.name,
        });
        ResultJson {
            board: BoardJson {
                slug: board.slug.as_str(),
                name: board.name(),
                purpose: board.purpose(),
                version: board.version(),
            },
            state: if closed.is_some() { "closed" } else { "open" },
            agreed: result.is_agreed,
            deadline: result.deadline.map(|deadline| rfc_3339(deadline.at)),
            closed: closed.map(|closed| ClosedJson {
                at: rfc_3339(closed.at),
                by: &closed.by,
                by_deadline: closed.by_deadline,
            }),
            outcome: closed.map(|closed| OutcomeJson {
                text: closed.outcome.text.as_ref(),
                chosen: chosen.collect(),
            }),
            acceptable: result.acceptable.iter().map(item).collect(),
            others: result.others.iter().map(item).collect(),
            free_features: result.free.iter().map(feature).collect(),
            consent: CountJson {
                fine: result.count.fine,
                of: result.count.of,
            },
            people: PeopleJson {
                fine: &result.fine,
                outdated: &result.outdated,
                none: &result.not_yet,
                not_taking_part: &result.not_taking_part,
            },
        }
    }
}

fn item<'b>(item: &'b ResultItem<'b>) -> ItemJson<'b> {
    ItemJson {
        id: item.item.id,
        name: &item.item.name,
        kind: item.item.kind.as_ref(),
        note: item.item.note.as_ref(),
        chosen: item.is_chosen,
        features: item.features.iter().map(feature).collect(),
    }
}

fn feature<'b>(feature: &'b ResultFeature<'b>) -> FeatureJson<'b> {
    FeatureJson {
        id: feature.feature.id,
        name: &feature.feature.name,
        amount: feature.feature.amount,
        vetoes: feature.vetoes.iter().map(veto).collect(),
    }
}

fn veto<'b>(veto: &ResultVeto<'b>) -> VetoJson<'b> {
    VetoJson {
        participant_id: veto.participant,
        name: veto.name,
        reason: veto.reason,
        given_to: veto.given_to,
    }
}

fn rfc_3339(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
