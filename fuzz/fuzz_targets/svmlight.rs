//! The format svmlight.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::rows::svmlight(data));
