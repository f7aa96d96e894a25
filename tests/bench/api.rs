//! The JSON API: vetoes, compared with those by form, and whole boards, compared with a bare server that sends the same bytes.

mod boards;
mod vetoes;

use crate::harness::bench::Bench;

const CLIENTS: usize = 33;

pub async fn measure(bench: &mut Bench) {
    vetoes::measure(bench).await;
    boards::measure(bench).await;
}
