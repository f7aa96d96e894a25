//! The options of `savt seed`.

use clap::Args;

use super::{DatabaseOptions, Words};

#[derive(Debug, Args)]
pub struct Seed {
    /// Make a large board of this many items instead of the demo
    #[arg(long, env = "SAVT_SEED_ITEMS", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub items: Option<u32>,
    /// Features of each item of a large board
    #[arg(long, env = "SAVT_SEED_FEATURES", value_name = "N", default_value_t = 5, requires = "items", value_parser = clap::value_parser!(u32).range(0..=1_000))]
    pub features: u32,
    /// People on a large board, each with some vetoes
    #[arg(long, env = "SAVT_SEED_PEOPLE", value_name = "N", default_value_t = 8, requires = "items", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub people: u32,
    #[command(flatten)]
    pub database: DatabaseOptions,
    #[command(flatten)]
    pub words: Words,
}
