#![no_main]

use savt_fuzz::rules::{CommandSequence, run};

libfuzzer_sys::fuzz_target!(|input: CommandSequence| run(input));
