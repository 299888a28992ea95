//! Separated values, with every option of reading.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::rows::separated(data));
