//! Boards in memory: each with one door through which every change goes, and a snapshot everyone reads.
//! Knows the rules (model), the tables (store) and how a row looks (view); knows nothing of HTTP.

mod backlog;
mod batch;
mod boards;
mod clock;
mod door;
mod feed;
mod figures;
mod follow;
mod fragments;
mod live;
mod outage;
mod patience;
mod peers;
mod presence;
mod rendering;
mod snapshot;
mod subscription;

pub use boards::{Boards, CacheState, KEPT, Unopened};
pub use clock::now;
pub use door::{Done, Failure};
pub use figures::Figures;
pub use live::LiveBoard;
pub use rendering::Rendering;
pub use snapshot::Snapshot;
pub use subscription::Subscription;
