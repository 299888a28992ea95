//! A MATLAB 5 file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::arrays::mat(data));
