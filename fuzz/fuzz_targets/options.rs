//! A file of options.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::options::options(data));
