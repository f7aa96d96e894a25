//! The name to show for the actor of an event.

use crate::{
    board::Rendering,
    model::{Actor, Name},
};

/// The actor's current name, or the name at the time of the event if the participant no longer exists.
pub(in crate::web) fn current_name(snapshot: &Rendering, actor: &Actor) -> Name {
    let participant = snapshot.board.participant(actor.id);
    participant.map_or_else(
        || actor.name.clone(),
        |participant| participant.name.clone(),
    )
}
