//! Problem details, as they are sent.

use serde::Serialize;
use utoipa::ToSchema;

use super::{feature::Feature, item::Item};
use crate::model::UndoConflict;

/// Why a request failed (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(in crate::api) struct ProblemDetails {
    /// Identifies the kind of problem. Stable.
    #[serde(rename = "type")]
    #[schema(example = "/api#not-found")]
    pub(in crate::api) kind: String,
    #[schema(example = "There is no such resource.")]
    pub(in crate::api) title: &'static str,
    #[schema(minimum = 400, maximum = 599, example = 404)]
    pub(in crate::api) status: u16,
    /// What is wrong and what to do, in the language of the client where it concerns people.
    #[schema(example = "Check the address.")]
    pub(in crate::api) detail: String,
    /// What is wrong with single members of the body, parameters or headers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(in crate::api) errors: Vec<FieldError>,
    #[serde(flatten)]
    #[schema(inline)]
    pub(in crate::api) members: ProblemMembers,
}

/// What only some kinds of problems have.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(in crate::api) struct ProblemMembers {
    /// The item, feature or participant that has the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) existing_id: Option<i64>,
    /// The row as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) current: Option<Box<Current>>,
    /// What prevents an undo.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) obstacle: Option<Obstacle>,
    /// Who closed the board, or set its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) closed_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    pub(in crate::api) closed_at: Option<String>,
    /// Whether the deadline closed the board.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) by_deadline: Option<bool>,
    /// The limit that would be exceeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(in crate::api) max: Option<usize>,
}

/// A row as it is now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(in crate::api) enum Current {
    Item(Item),
    Feature(Feature),
}

/// What is wrong with one member.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(in crate::api) struct FieldError {
    /// The JSON pointer of the member (RFC 6901), empty for the whole body; the name of a parameter or header.
    #[schema(example = "/name")]
    pub(in crate::api) pointer: String,
    pub(in crate::api) detail: String,
}

impl FieldError {
    pub(in crate::api) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> FieldError {
        FieldError {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

/// The later change that prevents an undo.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct Obstacle {
    #[serde(rename = "type")]
    kind: ObstacleKind,
    /// The name that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// The new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
    /// The name of what depends on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    by: Option<String>,
}

/// What prevents an undo.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ObstacleKind {
    AlreadyUndone,
    Erased,
    Deleted,
    Restored,
    Renamed,
    KindChanged,
    NoteChanged,
    SettingChanged,
    ConsentChanged,
    AmountChanged,
    Moved,
    VetoChanged,
    TokenChanged,
    DependedOn,
    NameTaken,
    OwnerGone,
    HasParticipated,
}

impl From<&UndoConflict> for Obstacle {
    fn from(conflict: &UndoConflict) -> Obstacle {
        let (kind, name) = match conflict {
            UndoConflict::AlreadyUndone => (ObstacleKind::AlreadyUndone, None),
            UndoConflict::Erased => (ObstacleKind::Erased, None),
            UndoConflict::Deleted(name) => (ObstacleKind::Deleted, Some(name)),
            UndoConflict::Restored(name) => (ObstacleKind::Restored, Some(name)),
            UndoConflict::Renamed { from, .. } => (ObstacleKind::Renamed, Some(from)),
            UndoConflict::KindChanged(name) => (ObstacleKind::KindChanged, Some(name)),
            UndoConflict::NoteChanged(name) => (ObstacleKind::NoteChanged, Some(name)),
            UndoConflict::SettingChanged(_) => (ObstacleKind::SettingChanged, None),
            UndoConflict::ConsentChanged(name) => (ObstacleKind::ConsentChanged, Some(name)),
            UndoConflict::AmountChanged { name, .. } => (ObstacleKind::AmountChanged, Some(name)),
            UndoConflict::Moved(name) => (ObstacleKind::Moved, Some(name)),
            UndoConflict::VetoChanged(name) => (ObstacleKind::VetoChanged, Some(name)),
            UndoConflict::BrowserChanged => (ObstacleKind::TokenChanged, None),
            UndoConflict::DependedOn { name, .. } => (ObstacleKind::DependedOn, Some(name)),
            UndoConflict::NameTaken(name) => (ObstacleKind::NameTaken, Some(name)),
            UndoConflict::OwnerGone(name) => (ObstacleKind::OwnerGone, Some(name)),
            UndoConflict::HasParticipated(name) => (ObstacleKind::HasParticipated, Some(name)),
        };
        Obstacle {
            kind,
            name: name.map(ToString::to_string),
            to: match conflict {
                UndoConflict::Renamed { to, .. } => Some(to.to_string()),
                _ => None,
            },
            by: match conflict {
                UndoConflict::DependedOn { by, .. } => Some(by.to_string()),
                _ => None,
            },
        }
    }
}
