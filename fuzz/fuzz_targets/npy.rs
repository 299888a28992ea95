//! One array of NumPy's.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::arrays::npy(data));
