//! All queries: loads boards from their tables, writes changes to tables and log, reads the log.
//! Depends on the model and the database. Must not contain rules.

mod boards;
mod browsers;
mod check;
mod commit;
mod create;
mod epoch;
mod last_change;
mod log;
mod log_page;
mod position;
mod requests;
mod rows;
mod summaries;
pub mod webhooks;

pub use boards::load;
pub use browsers::{Membership, boards_of};
pub use check::{CheckSummary, Finding, check};
pub use commit::{BoardLock, CommitError, commit};
pub use create::{create_board, create_board_once};
pub use epoch::{renew_epoch, renew_epochs, renew_epochs_of_copy};
pub use last_change::last_change;
pub use log::{StoredEvent, event, events_after, events_between};
pub use log_page::{LogPage, LogPageSize, log_page};
pub use position::{Position, position, positions};
pub use requests::{StoredRequest, delete_old_requests, find_request, known_requests, save_answer};
pub use summaries::{LogEntry, entry, summaries_before};
