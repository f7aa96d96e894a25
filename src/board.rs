//! Boards in memory. Each board has one writer, through which every change goes, and one snapshot that everyone reads.
//! Depends on the rules (model), the tables (store) and the markup (view). Must not depend on HTTP.

mod administration;
mod batch;
mod boards;
mod broadcast;
mod changes;
mod clock;
mod closing_timer;
mod command;
mod committer;
mod create;
mod deadline;
mod dirty_set;
mod document;
mod handle;
mod metrics;
mod outage;
mod peers;
mod presence;
mod publisher;
mod queue_age;
mod registry;
mod render;
mod requests;
mod snapshot;
mod unconfirmed;
mod undo;
mod weight;
mod writer;

pub use administration::{
    announce::epochs_changed,
    close::{CloseError, close},
    delete::delete,
    epoch::renew_epochs,
    expiry::idle_since,
    forget::{ForgetError, forget},
};
pub use boards::{Boards, CacheState};
pub use broadcast::{
    event_batch::EventBatch,
    log_follower::{LogFollower, LogMessage},
    subscription::{Since, Subscription},
};
pub use changes::ChangedBoards;
pub use clock::now;
pub use command::{CommandError, CommandOutcome};
pub use create::{CreateError, CreatedBoard, NewBoard};
pub use document::{Coding, Document};
pub use handle::BoardHandle;
pub use metrics::Metrics;
pub use registry::OpenError;
pub use render::{page_rows::PageRows, rendering::Rendering};
pub use requests::once::{Interrupted, Once, Turn};
pub use snapshot::Snapshot;
pub use undo::LoadEventError;
pub use weight::{CacheSize, DEFAULT_CACHE_MIB};
