//! What an operator knows in the end.

use std::sync::Arc;

use super::{
    board_file::BoardFile,
    command::{Outcome, Ran},
    counts::AdministrationCounts,
};

/// A board that was imported to a new address.
pub struct Copy {
    pub slug: String,
    pub file: Arc<BoardFile>,
}

/// What an operator knows in the end.
#[derive(Default)]
pub struct OperatorReport {
    pub counts: AdministrationCounts,
    pub copies: Vec<Copy>,
    /// What was perhaps imported to an address that nobody was told.
    pub uncertain_copies: Vec<Arc<BoardFile>>,
    pub errors: Vec<String>,
}

impl OperatorReport {
    pub fn add(&mut self, ran: &Ran) {
        self.counts.add(ran);
        let is_failure = ran.outcome == Outcome::Unknown && !ran.is_killed;
        if is_failure && !ran.is_outage() || ran.err.contains("panicked") {
            self.errors.push(ran.text());
        }
    }

    /// Adds a board that a file was imported as, to a new address.
    pub fn add_copy(&mut self, ran: &Ran, file: &Arc<BoardFile>) -> Option<String> {
        let slug = ran.out.rsplit_once(" at /b/").map(|(_, slug)| slug.trim());
        match (ran.outcome, slug) {
            (Outcome::Done, Some(slug)) => {
                self.copies.push(Copy {
                    slug: slug.to_owned(),
                    file: file.clone(),
                });
                return Some(slug.to_owned());
            }
            (Outcome::Unknown, _) => self.uncertain_copies.push(file.clone()),
            _ => self.errors.push(format!("not imported: {}", ran.text())),
        }
        None
    }
}
