//! A few inputs for each, the same each time: that they are still fed with what they read, and break nothing.

use std::{
    panic,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use arbitrary::{Arbitrary, Unstructured};
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::{parsers, requests, rules};

/// As long as what `make fuzz` begins with.
const LENGTH: usize = 1_024;

/// Tells which input it was, should that be the last one.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("with the noise of seed {}", self.0);
        }
    }
}

/// Feeds this with so many inputs of noise.
fn feed<Input: for<'a> Arbitrary<'a>>(inputs: u64, run: impl Fn(Input)) {
    for seed in 0..inputs {
        let _told = Seed(seed);
        let mut noise = [0; LENGTH];
        StdRng::seed_from_u64(seed).fill_bytes(&mut noise);
        run(Input::arbitrary_take_rest(Unstructured::new(&noise)).unwrap());
    }
}

#[test]
fn rules() {
    feed(1_000, rules::run);
}

/// More than it takes until all is checked. A panic of any task counts, as it does for the fuzzer.
#[test]
fn requests() {
    static PANICKED: AtomicBool = AtomicBool::new(false);
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        PANICKED.store(true, Ordering::Relaxed);
        tell(panic);
    }));
    feed(300, |asks| {
        requests::run(asks);
        assert!(!PANICKED.load(Ordering::Relaxed), "a task has panicked");
    });
}

#[test]
fn parsers() {
    feed(20_000, parsers::run);
}
