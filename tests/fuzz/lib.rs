//! What the fuzzer feeds SAVT with, and what must hold whatever it makes of it. `make fuzz` goes on for as long as one likes, on
//! a nightly Rust, and learns (`bin/`); `make test` tries a few inputs that are always the same (`brief.rs`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[cfg(test)]
mod brief;
pub mod parsers;
pub mod requests;
pub mod rules;
pub mod typed;

use arbitrary::{Arbitrary, Result, Unstructured};

/// As many as there are bytes for, up to so many: the library's own lists end with every second thing.
fn as_many<'a, Thing: Arbitrary<'a>>(
    from: &mut Unstructured<'a>,
    most: usize,
) -> Result<Vec<Thing>> {
    let mut all = Vec::new();
    while all.len() < most && !from.is_empty() {
        all.push(from.arbitrary()?);
    }
    Ok(all)
}
