//! Keys on the screen of a recurrent network.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::keys::time_keys(data));
