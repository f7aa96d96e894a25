//! Runs each fuzz target with a few inputs that are the same each time.

use std::{
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use arbitrary::{Arbitrary, Unstructured};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{import, parsers, requests, rules};

/// The length of the initial inputs of `make fuzz`.
const INPUT_BYTES: usize = 1_024;

/// Prints the seed of the input if the test panics.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the input had the seed {}", self.0);
        }
    }
}

/// Runs a target with random inputs.
fn feed<Input: for<'a> Arbitrary<'a>>(inputs: u64, run: impl Fn(Input)) {
    for seed in 0..inputs {
        let _printed_on_panic = Seed(seed);
        let mut bytes = [0; INPUT_BYTES];
        StdRng::seed_from_u64(seed).fill_bytes(&mut bytes);
        run(Input::arbitrary_take_rest(Unstructured::new(&bytes)).unwrap());
    }
}

#[test]
fn rules() {
    feed(1_000, rules::run);
}

/// Enough inputs for one full check of the server. A panic in any task fails the test, as it does in the fuzzer.
#[test]
fn requests() {
    static PANICKED: AtomicBool = AtomicBool::new(false);
    let default_hook = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PANICKED.store(true, Ordering::Relaxed);
        default_hook(panic);
    }));
    feed(300, |input| {
        requests::run(input);
        assert!(!PANICKED.load(Ordering::Relaxed), "a task panicked");
    });
}

#[test]
fn import() {
    feed(3_000, import::run);
}

#[test]
fn parsers() {
    feed(20_000, parsers::run);
}
