//! Whether the rows of a board refer to rows that exist. Those of a log from another place may not.

use super::{
    board::BoardRows,
    bounds::{OutOfBounds, require},
};

impl BoardRows {
    /// Checks that every row exists that another one refers to. The rows are in key order.
    ///
    /// # Errors
    /// Names the first row that refers to a missing one.
    pub fn check_references(&self) -> Result<(), OutOfBounds> {
        let person = |id| self.participants.binary_search_by_key(&id, |row| row.id);
        let item = |id| self.items.binary_search_by_key(&id, |row| row.id);
        let feature = |id| self.features.binary_search_by_key(&id, |row| row.id);
        for row in &self.browsers {
            require(person(row.participant).is_ok(), || {
                format!(
                    "a browser belongs to the missing participant {}",
                    row.participant
                )
            })?;
        }
        for row in &self.items {
            require(person(row.author).is_ok(), || {
                format!(
                    "item {} is by the missing participant {}",
                    row.id, row.author
                )
            })?;
        }
        for row in &self.features {
            require(person(row.author).is_ok(), || {
                format!(
                    "feature {} is by the missing participant {}",
                    row.id, row.author
                )
            })?;
            require(row.item.is_none_or(|id| item(id).is_ok()), || {
                format!("feature {} belongs to a missing item", row.id)
            })?;
        }
        for row in &self.vetoes {
            let is_known = person(row.participant).is_ok() && feature(row.feature).is_ok();
            require(is_known, || {
                let (feature, participant) = (row.feature, row.participant);
                format!(
                    "a veto of participant {participant} on feature {feature} refers to a missing row"
                )
            })?;
        }
        for row in &self.consents {
            require(person(row.participant).is_ok(), || {
                format!(
                    "a consent is that of the missing participant {}",
                    row.participant
                )
            })?;
        }
        Ok(())
    }
}
