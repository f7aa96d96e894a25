#![no_main]

use savt_fuzz::requests::{Asks, run};

libfuzzer_sys::fuzz_target!(|input: Asks| run(input));
