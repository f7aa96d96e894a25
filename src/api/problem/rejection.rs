//! The problem that a rejection of the rules is, with what stands in the way as data.

use super::{Problem, ProblemKind};
use crate::{
    api::resources::{problem::ProblemMembers, time::rfc_3339},
    model::Rejection,
    view,
};

impl From<&Rejection> for Problem {
    fn from(rejection: &Rejection) -> Problem {
        let problem = Problem::new(kind(rejection)).with_message(view::rejection(rejection));
        let members = match rejection {
            Rejection::Closed {
                by,
                at,
                by_deadline,
            } => ProblemMembers {
                closed_by: Some(by.to_string()),
                closed_at: Some(rfc_3339(*at)),
                by_deadline: Some(*by_deadline),
                ..ProblemMembers::default()
            },
            Rejection::LimitExceeded { max, .. } => ProblemMembers {
                max: Some(*max),
                ..ProblemMembers::default()
            },
            Rejection::ChangedSince(conflict) => ProblemMembers {
                obstacle: Some(conflict.into()),
                ..ProblemMembers::default()
            },
            _ => ProblemMembers::default(),
        };
        problem.with_members(members)
    }
}

fn kind(rejection: &Rejection) -> ProblemKind {
    match rejection {
        Rejection::Unknown(_) => ProblemKind::NotFound,
        Rejection::NoParticipant => ProblemKind::TokenRequired,
        Rejection::Gone(..) | Rejection::NoVeto(_) | Rejection::LinkInvalid => ProblemKind::Gone,
        Rejection::NotOwnIdentity(_) | Rejection::NotOwnVeto(_) | Rejection::NotOwnConsent(_) => {
            ProblemKind::NotYours
        }
        Rejection::Closed { .. } => ProblemKind::Closed,
        Rejection::ItemNameTaken(_)
        | Rejection::FeatureNameTaken(_)
        | Rejection::ParticipantNameTaken(_) => ProblemKind::NameTaken,
        Rejection::EditConflict(_) => ProblemKind::Conflict,
        Rejection::ChangedSince(_) => ProblemKind::UndoConflict,
        Rejection::RowChanged(..) => ProblemKind::RowChanged,
        Rejection::IntoItself(_) => ProblemKind::MergeIntoItself,
        Rejection::NothingToSplit(_) => ProblemKind::NothingToSplit,
        Rejection::ReasonRequired(_) => ProblemKind::ReasonRequired,
        Rejection::DeadlinePassed => ProblemKind::DeadlinePassed,
        Rejection::LimitExceeded { .. } => ProblemKind::LimitExceeded,
    }
}
