//! An archive of NumPy's arrays.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deltascope_fuzz::arrays::npz(data));
