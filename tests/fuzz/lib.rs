//! The fuzz targets and the properties they check. `make fuzz` runs them with a growing corpus, and needs a nightly Rust
//! (`bin/`); `make test` runs a few inputs that are always the same (`smoke.rs`).

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot continue should stop"
)]

pub mod import;
pub mod parsers;
pub mod requests;
pub mod rules;
#[cfg(test)]
mod smoke;
pub mod text_input;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Selects one of the options.
fn pick(options: &[&'static str], index: u8) -> &'static str {
    options[usize::from(index) % options.len()]
}

/// Up to `max` elements, as many as the input has bytes for. The lists of `arbitrary` end after each element with probability
/// one half, which is too short.
fn list_up_to<'a, T: Arbitrary<'a>>(input: &mut Unstructured<'a>, max: usize) -> Result<Vec<T>> {
    let mut list = Vec::new();
    while list.len() < max && !input.is_empty() {
        list.push(input.arbitrary()?);
    }
    Ok(list)
}
