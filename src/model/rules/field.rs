//! Rule 10: an edit changes only the fields that its sender changed, and replaces no change that the sender did not see.

use crate::model::{
    command::FieldEdit,
    rejection::{FieldConflict, Rejection},
};

/// The conflicts found so far in the fields of one edit.
#[derive(Default)]
pub(super) struct FieldConflicts(Vec<FieldConflict>);

impl FieldConflicts {
    /// The value of a field after the edit. If the field is no longer as the sender saw it, and not as the sender wants it either,
    /// records the conflict between the current value and the one that was sent.
    pub(super) fn resolve<T: Clone + PartialEq>(
        &mut self,
        current: &T,
        edit: Option<FieldEdit<T>>,
        conflict: impl FnOnce(T, T) -> FieldConflict,
    ) -> T {
        let Some(FieldEdit { to, was }) = edit else {
            return current.clone();
        };
        let changed_since = was.is_some_and(|was| was != *current);
        if changed_since && to != *current {
            self.0.push(conflict(current.clone(), to.clone()));
        }
        to
    }

    /// Rejects the edit if there are conflicts.
    pub(super) fn check(self) -> Result<(), Rejection> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Rejection::EditConflict(self.0)),
        }
    }
}
