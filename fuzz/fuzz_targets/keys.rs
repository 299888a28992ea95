//! Keys on the screen of a dense network.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::keys::keys(data));
