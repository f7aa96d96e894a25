#![no_main]

use savt_fuzz::rules::{Turns, run};

libfuzzer_sys::fuzz_target!(|input: Turns| run(input));
