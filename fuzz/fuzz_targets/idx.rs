//! Pictures and labels in the format IDX.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::arrays::idx(data));
