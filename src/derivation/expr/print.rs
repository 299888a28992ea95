//! An expression as text or as LaTeX, in symbols or in numbers: with the parentheses that it needs, and with "a − y" for a + (−y).

use super::{Expr, Function, Operand};
use crate::derivation::latex::latex;
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

/// How an expression is written: for a screen in one line, or for LaTeX.
#[derive(Clone, Copy)]
enum ExprForm {
    Line,
    Latex,
}

impl ExprForm {
    fn number(self, value: f64) -> String {
        match self {
            Self::Line => exact(value),
            Self::Latex => latex(&exact(value)),
        }
    }

    fn minus(self) -> char {
        if let Self::Line = self { '−' } else { '-' }
    }

    fn times(self) -> &'static str {
        if let Self::Line = self { " × " } else { r" \times " }
    }

    fn in_parentheses(self, text: &str) -> String {
        match self {
            Self::Line => format!("({text})"),
            Self::Latex => format!(r"\left({text}\right)"),
        }
    }

    fn call(self, function: Function, inner: &str) -> String {
        match self {
            Self::Line => function.wrapped(inner),
            Self::Latex => function.in_latex(inner),
        }
    }
}

/// How an expression becomes text.
#[derive(Clone, Copy)]
struct ExprPrinter<'a> {
    name: OperandName<'a>,
    form: ExprForm,
}

impl Expr {
    /// It in symbols.
    pub fn symbols(&self) -> String {
        ExprPrinter { name: &|operand| operand.name.clone(), form: ExprForm::Line }.tied(self).0
    }

    /// It in numbers, each in the shortest form that reads back exactly.
    pub fn numbers(&self) -> String {
        ExprPrinter { name: &|operand| exact(operand.value), form: ExprForm::Line }.tied(self).0
    }

    /// It in symbols, and in numbers, as LaTeX.
    pub fn latex(&self) -> [String; 2] {
        let name = |operand: &Operand| latex(&operand.name);
        let number = |operand: &Operand| latex(&exact(operand.value));
        let names: [OperandName<'_>; 2] = [&name, &number];
        names.map(|name| ExprPrinter { name, form: ExprForm::Latex }.tied(self).0)
    }
}

impl ExprPrinter<'_> {
    /// The text, and how tightly it holds together.
    fn tied(self, expr: &Expr) -> (String, Tie) {
        match expr {
            Expr::Sum(terms) if terms.len() != 1 => (self.sum(terms), Tie::Sum),
            Expr::Sum(terms) | Expr::Product(terms) if terms.len() == 1 => self.tied(&terms[0]),
            _ => self.unsigned(expr).signed(),
        }
    }

    fn at_least(self, expr: &Expr, tie: Tie) -> String {
        let (text, own) = self.tied(expr);
        if own < tie { self.form.in_parentheses(&text) } else { text }
    }

    /// The text without the sign of its first part.
    fn unsigned(self, expr: &Expr) -> Unsigned {
        match expr {
            Expr::Of(operand) => Unsigned::of((self.name)(operand)),
            Expr::Number(value) => Unsigned::of(self.form.number(*value)),
            Expr::Sum(terms) | Expr::Product(terms) if terms.len() == 1 => self.unsigned(&terms[0]),
            Expr::Sum(terms) => Unsigned::plain(self.sum(terms), Tie::Sum),
            Expr::Product(factors) => {
                let rest: Vec<String> = factors.iter().skip(1).map(|factor| self.at_least(factor, Tie::Atom)).collect();
                let times = self.form.times();
                self.headed(factors.first(), &format!("{times}{}", rest.join(times)))
            }
            Expr::Quotient(dividend, divisor) => match self.form {
                ExprForm::Line => self.headed(Some(dividend), &format!(" / {}", self.at_least(divisor, Tie::Atom))),
                ExprForm::Latex => {
                    let (over, under) = (self.unsigned(dividend), self.tied(divisor).0);
                    Unsigned { text: format!(r"\frac{{{}}}{{{under}}}", over.text), tie: Tie::Atom, ..over }
                }
            },
            Expr::Minus(inner) => {
                let (text, own) = self.tied(inner);
                // A product or a quotient that begins with 0 is 0; a sum that begins with it is not.
                let is_zero = text == "0" || (own == Tie::Product && text.starts_with("0 "));
                // What is taken off keeps a sign of its own in parentheses.
                let (text, tie) =
                    if own < Tie::Product { (self.form.in_parentheses(&text), Tie::Atom) } else { (text, own) };
                Unsigned { text, tie, negative: true, is_zero }
            }
            Expr::Call(function, inner) => Unsigned::plain(self.form.call(*function, &self.tied(inner).0), Tie::Atom),
        }
    }

    /// A product or a quotient by its first part and the rest.
    fn headed(self, first: Option<&Expr>, rest: &str) -> Unsigned {
        let Some(first) = first else { return Unsigned::plain("1".into(), Tie::Atom) };
        let head = self.unsigned(first);
        let head =
            if head.tie < Tie::Atom { Unsigned::plain(self.at_least(first, Tie::Atom), Tie::Atom) } else { head };
        Unsigned { text: format!("{}{rest}", head.text), tie: Tie::Product, ..head }
    }

    fn sum(self, terms: &[Expr]) -> String {
        let mut text = String::new();
        for term in terms {
            let part = self.unsigned(term);
            let inner = |part: &Unsigned| {
                if part.tie < Tie::Product { self.form.in_parentheses(&part.text) } else { part.text.clone() }
            };
            text.push_str(&match (text.is_empty(), part.negative) {
                (true, true) if !part.is_zero => format!("-{}", inner(&part)),
                (true, _) => inner(&part),
                (false, true) => format!(" {} {}", self.form.minus(), inner(&part)),
                (false, false) => format!(" + {}", inner(&part)),
            });
        }
        if text.is_empty() { "0".into() } else { text }
    }
}

#[cfg(test)]
mod tests {
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
