//! Boards in memory: each with one door through which every change goes, and a snapshot everyone reads.
//! Knows the rules (model), the tables (store) and how a row looks (view); knows nothing of HTTP.

mod boards;
mod clock;
mod door;
mod fragments;
mod snapshot;

pub use boards::{Boards, LiveBoard, Unopened};
pub use clock::now;
pub use door::{Done, Failure};
pub use snapshot::Snapshot;
