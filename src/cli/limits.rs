//! How large a board may become.

use clap::{Args, value_parser};

use crate::model::Limits;

/// Bytes in the unit of `--max-event-kib`.
const KIB: usize = 1_024;

#[derive(Debug, Args)]
pub struct LimitOptions {
    /// Maximum items of a board. Deleted ones do not count, but a board keeps at most ten times as many
    #[arg(long, env = "SAVT_MAX_ITEMS", value_name = "N", default_value_t = Limits::default().items as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_items: u32,
    /// Maximum features of a board, likewise; also, a board has at most ten times as many vetoes
    #[arg(long, env = "SAVT_MAX_FEATURES", value_name = "N", default_value_t = Limits::default().features as u32, value_parser = value_parser!(u32).range(1..=10_000_000))]
    pub max_features: u32,
    /// Maximum participants of a board, with at most ten times as many browsers
    #[arg(long, env = "SAVT_MAX_PARTICIPANTS", value_name = "N", default_value_t = Limits::default().participants as u32, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub max_participants: u32,
    /// Maximum size of one change in the log, in KiB. It limits how many features a merge, a split or a deletion can affect: some
    /// 800 by default
    #[arg(long, env = "SAVT_MAX_EVENT_KIB", value_name = "KIB", default_value_t = (Limits::default().event_bytes / KIB) as u32, value_parser = value_parser!(u32).range(16..=65_536))]
    pub max_event_kib: u32,
}

impl LimitOptions {
    pub fn limits(&self) -> Limits {
        Limits {
            items: self.max_items as usize,
            features: self.max_features as usize,
            participants: self.max_participants as usize,
            event_bytes: self.max_event_kib as usize * KIB,
        }
    }
}
