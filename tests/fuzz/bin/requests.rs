#![no_main]

use savt_fuzz::requests::{RequestSequence, run};

libfuzzer_sys::fuzz_target!(|input: RequestSequence| run(input));
