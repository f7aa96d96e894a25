//! All queries: loads boards from their tables, writes changes to tables and log, reads the log.
//! Depends on the model and the database. Must not contain rules.

mod board_heads;
mod board_list;
mod boards;
mod browsers;
mod check;
mod commit;
mod create;
mod delete;
mod discard;
mod epoch;
mod export;
mod forget;
mod last_change;
mod log;
mod log_page;
mod position;
mod publish;
mod requests;
mod rows;
mod staging;
mod summaries;
pub mod webhooks;

pub use board_heads::{BoardHead, board_head, board_heads, idle_boards};
pub use board_list::{BoardState, ListedBoard, board_list};
pub use boards::load;
pub use browsers::{Membership, boards_of};
pub use check::{CheckSummary, Finding, check};
pub use commit::{BoardLock, CommitError, commit};
pub use create::{create_board, create_board_once};
pub use delete::{
    DeletedBoard, DeletionReason, boards_to_clear, forget_deleted, is_deleted, mark_deleted,
    remove_rows,
};
pub use discard::{discard_board, discard_leftovers};
pub use epoch::{renew_epoch, renew_epochs, renew_epochs_of_copy};
pub use export::{StoredBoard, board_slugs, events_page, stored_board};
pub use forget::{Forgotten, Whom, forget};
pub use last_change::last_change;
pub use log::{StoredEvent, event, events_after, events_between};
pub use log_page::{LogPage, LogPageSize, log_page};
pub use position::{Position, position, positions};
pub use publish::{Publication, PublishError, publish};
pub use requests::{StoredRequest, delete_old_requests, find_request, known_requests, save_answer};
pub use staging::{SlugState, StagedBoard, slug_state};
pub use summaries::{LogEntry, entry, summaries_before};
