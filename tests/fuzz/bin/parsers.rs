#![no_main]

use savt_fuzz::parsers::{ParserInput, run};

libfuzzer_sys::fuzz_target!(|input: ParserInput| run(input));
