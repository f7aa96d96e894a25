#![no_main]

use savt_fuzz::import::{ImportInput, run};

libfuzzer_sys::fuzz_target!(|input: ImportInput| run(input));
