//! The only queries: a board out of its tables, a change into tables and log, the log itself.
//! Knows the model and the database; knows no rule.

mod boards;
mod browsers;
mod check;
mod commit;
mod log;
mod rows;

pub use boards::{create_board, load, version, versions};
pub use browsers::{Membership, boards_of};
pub use check::{Checked, Finding, check};
pub use commit::{CommitError, Turn, commit};
pub use log::{LogEntry, event, events_after, events_before, events_between};
