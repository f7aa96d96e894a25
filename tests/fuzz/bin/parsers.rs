#![no_main]

use savt_fuzz::parsers::{Read, run};

libfuzzer_sys::fuzz_target!(|input: Read| run(input));
