//! The name to show for the actor of an event.

use crate::{
    board::Rendering,
    model::{Event, Name},
};

/// The actor's current name, or the name at the time of the event if the participant no longer exists.
pub(in crate::web) fn current_name(snapshot: &Rendering, event: &Event) -> Name {
    let actor = snapshot.board.participant(event.actor.id);
    actor.map_or_else(|| event.actor.name.clone(), |actor| actor.name.clone())
}
