//! Weights in each of their formats.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::weights::weights(data));
