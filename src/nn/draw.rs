//! A number from 0 up to 1 of 64 random bits.

/// The number from 0 up to, but not including, 1 that 64 random bits stand for; of 53 of them, so that every number of that range has the
/// same chance.
pub fn share_of(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
