//! Work during which numbers that are too small to be normal count as 0, by the processor's own control register.
//!
//! Below its smallest normal number a format has fewer digits the smaller a number is, and many processors compute such subnormal
//! numbers in microcode: on an Intel Xeon a product of matrices is a hundred times slower where the terms are subnormal. To put 0 in
//! their place where they are written does not help, since the delay is in the operation that makes one, inside the products,
//! too. So a whole pass runs with the register set: MXCSR on x86-64 (FTZ and DAZ), FPCR on aarch64 (FZ). On other processors
//! subnormal numbers stay as they are.
//!
//! Rust assumes that this register is never changed and calls it undefined behaviour. SECURITY.md states the risk, and what
//! bounds it: the register is set here alone, by inline assembly that the compiler moves no memory access over, around a
//! call that is not inlined.

use super::Real;

/// Does some work with numbers below the smallest normal one as 0, on this thread, and then sets the register back, also if the
/// work panics.
#[inline]
pub fn flushed<R>(work: impl FnOnce() -> R) -> R {
    let _restored = Restored::after_setting();
    apart(work)
}

/// Keeps the work in a function of its own, so that none of its operations is moved out of it.
#[inline(never)]
fn apart<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// A number as `flushed` work has it: 0 in place of a subnormal one.
pub fn flush<T: Real>(number: T) -> T {
    if number.abs() < T::min_positive_value() { T::zero() } else { number }
}

/// Whether this processor has such a register.
pub const THERE_IS_ONE: bool = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));

/// Sets the register back when it goes, if it was this that set it.
struct Restored(Option<register::Value>);

impl Restored {
    fn after_setting() -> Self {
        let before = register::value();
        let set = before | register::FLUSHES;
        // To set it costs more than to read it, and passes are made inside of others.
        Self((set != before).then(|| {
            register::set(set);
            before
        }))
    }
}

impl Drop for Restored {
    fn drop(&mut self) {
        if let Some(before) = self.0 {
            register::set(before);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod register {
    //! MXCSR.

    use std::arch::asm;

    pub(super) type Value = u32;

    /// FTZ (results) and DAZ (operands).
    pub(super) const FLUSHES: Value = 1 << 15 | 1 << 6;

    #[allow(unsafe_code)]
    pub(super) fn value() -> Value {
        let mut value: Value = 0;
        // SAFETY: it writes four bytes, where there is place for them.
        unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack, preserves_flags)) };
        value
    }

    #[allow(unsafe_code)]
    pub(super) fn set(value: Value) {
        // SAFETY: the value is one that was read, but for the two bits, which every processor of this architecture has. That Rust
        // assumes them unset is the risk that the head of this file names.
        unsafe { asm!("ldmxcsr [{}]", in(reg) &raw const value, options(nostack)) };
    }
}

#[cfg(target_arch = "aarch64")]
mod register {
    //! FPCR.

    use std::arch::asm;

    pub(super) type Value = u64;

    /// FZ (operands and results).
    pub(super) const FLUSHES: Value = 1 << 24;

    #[allow(unsafe_code)]
    pub(super) fn value() -> Value {
        let value: Value;
        // SAFETY: it reads a register that every program may read.
        unsafe { asm!("mrs {}, fpcr", out(reg) value, options(nostack, preserves_flags)) };
        value
    }

    #[allow(unsafe_code)]
    pub(super) fn set(value: Value) {
        // SAFETY: the value is one that was read, but for one bit, which every processor of this architecture has. That Rust
        // assumes it unset is the risk that the head of this file names.
        unsafe { asm!("msr fpcr, {}", in(reg) value, options(nostack)) };
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod register {
    //! None.

    pub(super) type Value = u32;

    pub(super) const FLUSHES: Value = 0;

    pub(super) fn value() -> Value {
        0
    }

    pub(super) fn set(_: Value) {}
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// Whether subnormal results, and subnormal operands, count as 0 now: in double precision, then in single.
    fn flushes() -> [bool; 4] {
        let [small, tiny] = [1e-200_f64, 1e-310].map(black_box);
        let [small_single, tiny_single] = [1e-20_f32, 1e-40].map(black_box);
        [small * 1e-110 == 0.0, tiny * 1e200 == 0.0, small_single * 1e-20 == 0.0, tiny_single * 1e20 == 0.0]
    }

    #[test]
    fn subnormal_numbers_count_as_0_during_the_work_and_not_after_it() {
        assert_eq!(flushes(), [false; 4]);
        assert_eq!(flushed(flushes), [THERE_IS_ONE; 4]);
        assert_eq!(flushes(), [false; 4]);
    }

    #[test]
    fn work_inside_of_work_leaves_the_register_set_until_the_outer_one_is_done() {
        let told = flushed(|| [flushed(flushes), flushes()]);
        assert_eq!(told, [[THERE_IS_ONE; 4]; 2]);
        assert_eq!(flushes(), [false; 4]);
    }

    #[test]
    fn work_that_panics_leaves_the_register_as_it_was() {
        let work = || flushed(|| panic!("in the midst of it"));
        assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
        assert_eq!(flushes(), [false; 4]);
    }

    #[test]
    fn normal_numbers_have_the_same_bits_in_flushed_work() {
        let work = || -> Vec<u64> {
            (1..1_000).map(|n| (black_box(f64::from(n)).sqrt() / 3.0 - f64::MIN_POSITIVE * 2.0).to_bits()).collect()
        };
        assert_eq!(flushed(work), work());
        assert_eq!((flush(f64::MIN_POSITIVE), flush(-1e-310), flush(1e-40_f32)), (f64::MIN_POSITIVE, 0.0, 0.0));
        assert!(flush(f64::NAN).is_nan());
    }
}
