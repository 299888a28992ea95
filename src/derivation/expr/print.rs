//! An expression as text, in symbols or in numbers: with the parentheses that it needs, and with "a − y" for a + (−y).

use super::{Expr, Operand};
use crate::number::exact;

/// How tightly an expression holds together: what is looser than its place needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Sum,
    Product,
    Atom,
}

/// A text without the sign before it.
struct Unsigned {
    text: String,
    tie: Tie,
    negative: bool,
    /// Whether it begins with 0, which has no sign.
    is_zero: bool,
}

impl Unsigned {
    fn plain(text: String, tie: Tie) -> Self {
        Self { text, tie, negative: false, is_zero: false }
    }

    /// What an operand or a number is printed as; a name can have a sign, such as that of −α ∂J/∂Θ.
    fn of(text: String) -> Self {
        match text.strip_prefix(['-', '−']) {
            Some(size) => Self { text: size.into(), tie: Tie::Atom, negative: true, is_zero: false },
            None => Self { is_zero: text == "0", ..Self::plain(text, Tie::Atom) },
        }
    }

    /// With its sign, and how tightly that holds together.
    fn signed(self) -> (String, Tie) {
        if self.negative && !self.is_zero { (format!("-{}", self.text), Tie::Sum) } else { (self.text, self.tie) }
    }
}

/// The name of an operand, or its number.
type OperandName<'a> = &'a dyn Fn(&Operand) -> String;

impl Expr {
    /// It in symbols.
    pub fn symbols(&self) -> String {
        self.tied(&|operand| operand.name.clone()).0
    }

    /// It in numbers, each in the shortest form that reads back exactly.
    pub fn numbers(&self) -> String {
        self.tied(&|operand| exact(operand.value)).0
    }

    /// The text, and how tightly it holds together.
    fn tied(&self, name: OperandName<'_>) -> (String, Tie) {
        match self {
            Self::Sum(terms) if terms.len() != 1 => (sum(terms, name), Tie::Sum),
            Self::Sum(terms) | Self::Product(terms) if terms.len() == 1 => terms[0].tied(name),
            _ => self.unsigned(name).signed(),
        }
    }

    fn at_least(&self, tie: Tie, name: OperandName<'_>) -> String {
        let (text, own) = self.tied(name);
        if own < tie { format!("({text})") } else { text }
    }

    /// The text without the sign of its first part.
    fn unsigned(&self, name: OperandName<'_>) -> Unsigned {
        match self {
            Self::Of(operand) => Unsigned::of(name(operand)),
            Self::Number(value) => Unsigned::of(exact(*value)),
            Self::Sum(terms) | Self::Product(terms) if terms.len() == 1 => terms[0].unsigned(name),
            Self::Sum(terms) => Unsigned::plain(sum(terms, name), Tie::Sum),
            Self::Product(factors) => {
                let rest: Vec<String> = factors.iter().skip(1).map(|factor| factor.at_least(Tie::Atom, name)).collect();
                headed(factors.first(), &format!(" × {}", rest.join(" × ")), name)
            }
            Self::Quotient(dividend, divisor) => {
                headed(Some(dividend), &format!(" / {}", divisor.at_least(Tie::Atom, name)), name)
            }
            Self::Minus(inner) => {
                let (text, own) = inner.tied(name);
                // A product or a quotient that begins with 0 is 0; a sum that begins with it is not.
                let is_zero = text == "0" || (own == Tie::Product && text.starts_with("0 "));
                // What is taken off keeps a sign of its own in parentheses.
                let (text, tie) = if own < Tie::Product { (format!("({text})"), Tie::Atom) } else { (text, own) };
                Unsigned { text, tie, negative: true, is_zero }
            }
            Self::Call(function, inner) => Unsigned::plain(function.wrapped(&inner.tied(name).0), Tie::Atom),
        }
    }
}

/// A product or a quotient by its first part and the rest.
fn headed(first: Option<&Expr>, rest: &str, name: OperandName<'_>) -> Unsigned {
    let Some(first) = first else { return Unsigned::plain("1".into(), Tie::Atom) };
    let head = first.unsigned(name);
    let head = if head.tie < Tie::Atom { Unsigned::plain(first.at_least(Tie::Atom, name), Tie::Atom) } else { head };
    Unsigned { text: format!("{}{rest}", head.text), tie: Tie::Product, ..head }
}

fn sum(terms: &[Expr], name: OperandName<'_>) -> String {
    let mut text = String::new();
    for term in terms {
        let part = term.unsigned(name);
        let inner =
            |part: &Unsigned| if part.tie < Tie::Product { format!("({})", part.text) } else { part.text.clone() };
        text.push_str(&match (text.is_empty(), part.negative) {
            (true, true) if !part.is_zero => format!("-{}", inner(&part)),
            (true, _) => inner(&part),
            (false, true) => format!(" − {}", inner(&part)),
            (false, false) => format!(" + {}", inner(&part)),
        });
    }
    if text.is_empty() { "0".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::Function;
    use super::*;

    fn x(value: f64) -> Expr {
        Expr::given("x", value, "a test")
    }

    fn y(value: f64) -> Expr {
        Expr::given("y", value, "a test")
    }

    #[test]
    fn it_is_printed_in_symbols_and_in_numbers_with_the_parentheses_that_it_needs() {
        let expr = Expr::Sum(vec![
            Expr::Product(vec![x(-0.5), y(2.0)]),
            Expr::Product(vec![Expr::Sum(vec![Expr::Number(1.0), x(-0.5).minus()]), x(-0.5)]),
        ]);
        assert_eq!(expr.symbols(), "x × y + (1 − x) × x");
        assert_eq!(expr.numbers(), "-0.5 × 2 + (1 − (-0.5)) × (-0.5)");
        assert_eq!(expr.value(), -1.75);
        assert_eq!(expr.operands().len(), 2);
    }

    #[test]
    fn quotients_and_functions_nest() {
        let expr = Expr::Number(1.0).over(Expr::Sum(vec![Expr::Number(1.0), x(2.0).minus().call(Function::Exp)]));
        assert_eq!(expr.symbols(), "1 / (1 + exp(-x))");
        assert_eq!(expr.numbers(), "1 / (1 + exp(-2))");
        assert_eq!(x(0.9).call(Function::Power(12)).numbers(), "0.9^12");
    }

    #[test]
    fn what_is_taken_off_is_subtracted_and_zero_has_no_sign() {
        let difference = |a: f64, b: f64| Expr::Sum(vec![x(a), y(b).minus()]);
        assert_eq!(difference(0.3, 1.0).symbols(), "x − y");
        assert_eq!(difference(0.3, 0.0).numbers(), "0.3 − 0");
        assert_eq!(difference(-0.0, -2.0).numbers(), "0 − (-2)");
        assert_eq!(Expr::Sum(vec![x(0.5), Expr::Product(vec![y(-2.0), x(3.0)])]).numbers(), "0.5 − 2 × 3");
        assert_eq!(Expr::Sum(vec![x(0.5), y(-0.25)]).numbers(), "0.5 − 0.25");
        let update = Expr::Sum(vec![x(0.5), Expr::given("−α y", 0.25, "a test")]);
        assert_eq!((update.symbols(), update.numbers()), ("x − α y".into(), "0.5 + 0.25".into()));
        let slope = Expr::Sum(vec![y(0.0).minus().over(x(0.46)), y(1.0).over(x(0.54))]);
        assert_eq!(slope.symbols(), "-y / x + y / x");
        assert_eq!(slope.numbers(), "0 / 0.46 + 1 / 0.54");
        assert_eq!(Expr::Product(vec![x(-0.0).minus(), y(3.0)]).numbers(), "0 × 3");
        assert_eq!(y(0.0).minus().numbers(), "0");
        assert_eq!(Expr::Sum(vec![x(1.0), Expr::Sum(vec![x(2.0), y(3.0)]).minus()]).numbers(), "1 − (2 + 3)");
        assert_eq!(Expr::Product(vec![x(0.1).minus(), y(-3.0)]).numbers(), "-0.1 × (-3)");
        let of_zero = Expr::Sum(vec![Expr::Product(vec![x(0.0), y(3.0)]), y(2.0)]);
        assert_eq!(of_zero.minus().numbers(), "-(0 × 3 + 2)");
    }
}
