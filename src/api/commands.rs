//! Sends commands to a board, and explains what stands in the way.

use super::{
    call::Call,
    problem::Problem,
    resources::{
        feature::Feature,
        item::Item,
        problem::{Current, ProblemMembers},
    },
};
use crate::{
    board::{CommandError, CommandOutcome, Snapshot},
    model::{
        ActionSequence, BoardAction, BoardObject, BrowserId, Command, FeatureId, Rejection, RowTag,
    },
};

impl Call {
    /// Acts as the participant of the token.
    pub(super) async fn act(&self, action: BoardAction) -> Result<CommandOutcome, Problem> {
        let actor = self.actor().await?;
        self.execute_as(actor, Command::Act(action)).await
    }

    /// Several actions, all or nothing.
    pub(super) async fn act_in_sequence(
        &self,
        precondition: Option<(BoardObject, RowTag)>,
        actions: Vec<BoardAction>,
    ) -> Result<CommandOutcome, Problem> {
        let sequence = ActionSequence {
            precondition,
            actions,
        };
        let actor = self.actor().await?;
        self.execute_as(actor, Command::Sequence(Box::new(sequence)))
            .await
    }

    /// Executes a command of a participant, who may be erased before it is its turn.
    pub(super) async fn execute_as(
        &self,
        actor: BrowserId,
        command: Command,
    ) -> Result<CommandOutcome, Problem> {
        self.execute(actor, Command::AsParticipant(Box::new(command)))
            .await
    }

    /// Sends a command to the board's writer and waits for the outcome.
    pub(super) async fn execute(
        &self,
        browser: BrowserId,
        command: Command,
    ) -> Result<CommandOutcome, Problem> {
        let edited = edited_feature(&command);
        let board = self.board()?;
        let outcome = match &self.execution {
            Some(execution) => execution.execute(board, browser, command).await,
            None => board.execute(browser, command).await,
        };
        match outcome {
            Ok(outcome) => Ok(outcome),
            Err(CommandError::Rejected(rejection)) => {
                let snapshot = self.read().await?;
                Err(explain(&rejection, edited, &snapshot))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The feature that a command edits.
fn edited_feature(command: &Command) -> Option<FeatureId> {
    let sequence = match command {
        Command::AsParticipant(command) => return edited_feature(command),
        Command::Sequence(sequence) => sequence,
        _ => return None,
    };
    sequence.actions.iter().find_map(|action| match action {
        BoardAction::EditFeature { feature, .. } => Some(*feature),
        _ => None,
    })
}

/// The problem, with what the board says about it.
fn explain(rejection: &Rejection, edited: Option<FeatureId>, snapshot: &Snapshot) -> Problem {
    let problem = Problem::from(rejection);
    let board = &snapshot.board;
    let existing = match rejection {
        Rejection::ItemNameTaken(name) => board.item_named(name).map(|item| item.id.0),
        Rejection::FeatureNameTaken(name) => {
            let edited = edited.and_then(|id| board.live_feature(id).ok());
            let existing = edited.and_then(|edited| board.feature_named(edited.item, name));
            existing.map(|feature| feature.id.0)
        }
        Rejection::ParticipantNameTaken(name) => {
            board.participant_named(name).map(|person| person.id.0)
        }
        _ => None,
    };
    let current = match rejection {
        Rejection::RowChanged(BoardObject::Item(id), _) => {
            let item = board.live_item(*id).ok();
            item.map(|item| Current::Item(Item::new(item, board)))
        }
        Rejection::RowChanged(BoardObject::Feature(id), _) => {
            let feature = board.live_feature(*id).ok();
            feature.map(|feature| Current::Feature(Feature::new(feature, board)))
        }
        _ => None,
    };
    match existing.is_some() || current.is_some() {
        true => problem.with_members(ProblemMembers {
            existing_id: existing,
            current: current.map(Box::new),
            ..ProblemMembers::default()
        }),
        false => problem,
    }
}
