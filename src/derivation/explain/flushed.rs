//! What becomes of an equation's right side where numbers are too small to be normal: they count as 0, and that is said.

use crate::derivation::expr::Expr;
use crate::nn::subnormal::THERE_IS_ONE;
use crate::number::significant;
use crate::train::Precision;

/// The smallest normal number of a precision.
fn least(precision: Precision) -> f64 {
    match precision {
        Precision::F32 => f64::from(f32::MIN_POSITIVE),
        Precision::F64 => f64::MIN_POSITIVE,
    }
}

/// The value of a right side as the trainer works it out.
pub(super) fn value(expr: &Expr, precision: Precision) -> f64 {
    if THERE_IS_ONE { WorkedOut::of(expr, least(precision)).value } else { expr.value() }
}

/// The note on a number that differs from the exact value of its right side because numbers on the way count as 0; `None` for all
/// others.
pub(super) fn note(number: f64, expr: &Expr, precision: Precision) -> Option<String> {
    let least = least(precision);
    let (exact, counted) = (expr.value(), WorkedOut::of(expr, least));
    let is_nearer = counted.value != exact && (counted.value - number).abs() < (exact - number).abs();
    let vanished = number == 0.0 && counted.value == 0.0;
    (counted.flushed && (is_nearer || vanished)).then(|| {
        let with_them =
            if exact == 0.0 { String::new() } else { format!("; with them it would be {}", significant(exact, 2)) };
        let least = significant(least, 2);
        format!("numbers smaller in size than {least}, the smallest normal one, count as 0 in the training{with_them}")
    })
}

/// The value of an expression where all that is smaller than the smallest normal number is 0.
#[derive(Clone, Copy)]
struct WorkedOut {
    value: f64,
    /// Whether a number on the way was not 0 before it was flushed.
    flushed: bool,
}

impl WorkedOut {
    fn of(expr: &Expr, least: f64) -> Self {
        let of = |expr: &Expr| Self::of(expr, least);
        let all = |parts: &[Expr]| parts.iter().map(of).collect::<Vec<_>>();
        let flushed = |parts: &[Self]| parts.iter().any(|part| part.flushed);
        // A product, a quotient and a function are 0 by themselves where a factor, the dividend or the argument is.
        let (value, is_zero, before) = match expr {
            Expr::Of(operand) => (operand.value, operand.value == 0.0, false),
            Expr::Number(value) => (*value, *value == 0.0, false),
            Expr::Sum(terms) => {
                let terms = all(terms);
                let sum: f64 = terms.iter().map(|term| term.value).sum();
                (sum, sum == 0.0, flushed(&terms))
            }
            Expr::Product(factors) => {
                let factors = all(factors);
                let product = factors.iter().map(|factor| factor.value).product();
                (product, factors.iter().any(|factor| factor.value == 0.0), flushed(&factors))
            }
            Expr::Quotient(dividend, divisor) => {
                let parts = [of(dividend), of(divisor)];
                (parts[0].value / parts[1].value, parts[0].value == 0.0, flushed(&parts))
            }
            Expr::Minus(inner) => {
                let inner = of(inner);
                (-inner.value, inner.value == 0.0, inner.flushed)
            }
            Expr::Call(function, inner) => {
                let inner = of(inner);
                let value = function.of(inner.value);
                (value, value == 0.0 && !function.is_never_0(), inner.flushed)
            }
        };
        let is_small = value.abs() < least;
        Self { value: if is_small { 0.0 } else { value }, flushed: before || is_small && !is_zero }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::expr::Function;

    fn product(one: f64, other: f64) -> Expr {
        Expr::Product(vec![Expr::given("a", one, "a test"), Expr::given("b", other, "a test")])
    }

    #[test]
    fn a_product_that_is_subnormal_is_said_to_count_as_0() {
        let said = note(0.0, &product(1e-200, 1e-110), Precision::F64).expect("it is said");
        assert!(said.contains("smaller in size than 2.2e-308") && said.ends_with("it would be 1.0e-310"), "{said}");
        let said = note(0.0, &product(1e-30, 1e-10), Precision::F32).expect("it is said");
        assert!(said.contains("smaller in size than 1.2e-38") && said.ends_with("it would be 1.0e-40"), "{said}");
        assert_eq!(note(1e-40, &product(1e-30, 1e-10), Precision::F64), None, "a normal number of 64 bits");
    }

    #[test]
    fn a_product_and_a_function_that_no_number_can_tell_are_said_to_count_as_0() {
        assert!(note(0.0, &product(1e-200, 1e-200), Precision::F64).is_some());
        assert!(note(0.0, &Expr::Number(-800.0).call(Function::Exp), Precision::F64).is_some());
        assert!(note(0.0, &Expr::Number(1.0).over(Expr::Number(f64::INFINITY)), Precision::F64).is_some());
    }

    #[test]
    fn an_operand_and_a_term_that_are_subnormal_count_as_0_too() {
        assert!(note(0.0, &product(1e-310, 1e20), Precision::F64).is_some());
        let sum = Expr::Sum(vec![product(1e-200, 1e-108), Expr::Number(3e-308)]);
        assert!(note(3e-308, &sum, Precision::F64).is_some());
    }

    #[test]
    fn nothing_is_said_of_what_is_0_by_itself_or_kept() {
        let x = || Expr::given("x", 0.5, "a test");
        let nothing = [
            product(0.0, 1e-3),
            Expr::Sum(vec![x(), x().minus()]),
            Expr::Number(-2.0).call(Function::Positive),
            Expr::Number(0.0).over(Expr::Number(3.0)),
            Expr::Number(1.0).call(Function::Log),
        ];
        for expr in nothing {
            assert_eq!(note(0.0, &expr, Precision::F64), None, "{}", expr.symbols());
        }
        assert_eq!(note(1e-310, &product(1e-200, 1e-110), Precision::F64), None, "a processor that keeps them");
        assert_eq!(note(0.25, &product(0.5, 0.5), Precision::F32), None);
    }
}
