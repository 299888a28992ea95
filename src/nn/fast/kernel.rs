//! How a pass over memory is compiled for several processors, and the product of numbers inside one.

use crate::nn::Real;

/// A pass over memory that is compiled for several processors: all that it calls must be inlined, or it is not.
macro_rules! pass {
    ($(#[$doc:meta])* $name:ident<$($life:lifetime,)? $($kind:ident: $bound:path),*> { $($field:ident: $type:ty,)* } -> $output:ty, $all:pat => $body:block) => {
        $(#[$doc])*
        struct $name<$($life,)? $($kind: $bound),*> { $($field: $type,)* }

        impl<$($life,)? $($kind: $bound),*> pulp::NullaryFnOnce for $name<$($life,)? $($kind),*> {
            type Output = $output;

            #[inline(always)]
            fn call(self) -> $output {
                let $all = self;
                $body
            }
        }
    };
}
pub(in crate::nn) use pass;

/// The products of numbers, one by one, inside a pass.
#[inline(always)]
pub(super) fn times<T: Real>(one: &[T], other: &[T], to: &mut [T]) {
    for ((&one, &other), to) in one.iter().zip(other).zip(to) {
        *to = one * other;
    }
}
