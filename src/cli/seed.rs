//! The options of `savt seed`.

use clap::Args;

use super::{database::DatabaseOptions, limits::LimitOptions, terminology::TerminologyArgs};

#[derive(Debug, Args)]
pub struct Seed {
    /// Create a large board with this many items instead of the demo board
    #[arg(long, env = "SAVT_SEED_ITEMS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub items: Option<u32>,
    /// Features per item of the large board
    #[arg(long, env = "SAVT_SEED_FEATURES", value_name = "N", default_value_t = 5, requires = "items", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub features: u32,
    /// Participants of the large board; each of them vetoes some features
    #[arg(long, env = "SAVT_SEED_PEOPLE", value_name = "N", default_value_t = 8, requires = "items", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub people: u32,
    #[command(flatten)]
    pub limits: LimitOptions,
    #[command(flatten)]
    pub database: DatabaseOptions,
    #[command(flatten)]
    pub terminology: TerminologyArgs,
}
