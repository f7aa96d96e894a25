//! `savt seed`: fills the board `main` with demo data.

use std::io::Write;

use super::{database, error::Error, output::output, schema::migrate_to_latest};
use crate::{
    board::{Boards, CacheSize},
    cli::Seed,
    seed,
};

pub(super) async fn seed(options: Seed) -> Result<(), Error> {
    let database = database::open(&options.database).await?;
    migrate_to_latest(&database).await?;
    let boards = Boards::with_limits(
        database,
        options.terminology.languages(),
        CacheSize::default(),
        options.limits.limits(),
    );
    let events = match options.items {
        None => seed::demo(&boards).await?,
        Some(items) => {
            let size = seed::Size {
                items,
                features: options.features,
                people: options.people,
            };
            seed::large(&boards, size).await?
        }
    };
    let mut out = output();
    match events {
        0 => writeln!(out, "the board is already seeded; nothing changed")?,
        _ => writeln!(out, "seeded the board with {events} events")?,
    }
    Ok(())
}
