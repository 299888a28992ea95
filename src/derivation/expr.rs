//! The right side of an equation with its numbers: printed in symbols, printed in numbers, and worked out.

use super::Subject;
use crate::nn::activation::normal;
use crate::number::exact;

/// A number in an equation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// Its name in the equation, such as `Θ^(1)[4,12]`.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// What it is, if it has an equation of its own.
    pub subject: Option<Subject>,
}

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// e to the power of it.
    Exp,
    /// Its natural logarithm.
    Log,
    /// Its hyperbolic tangent.
    Tanh,
    /// Its magnitude.
    Abs,
    /// Itself where it is above 0, else 0.
    Positive,
    /// −1, 0 or 1.
    Sign,
    /// Its square root.
    Root,
    /// Its sine.
    Sin,
    /// Its cosine.
    Cos,
    /// Φ: the share of a normal distribution below it.
    Normal,
}

impl Function {
    /// Whether it is above 0 for every number, however small it may be.
    pub(super) fn is_never_0(self) -> bool {
        matches!(self, Self::Exp | Self::Normal)
    }

    /// Its value.
    pub(super) fn of(self, x: f64) -> f64 {
        match self {
            Self::Exp => x.exp(),
            Self::Log => x.ln(),
            Self::Tanh => x.tanh(),
            Self::Abs => x.abs(),
            Self::Positive => x.max(0.0),
            Self::Sign if x == 0.0 => 0.0,
            Self::Sign => x.signum(),
            Self::Root => x.sqrt(),
            Self::Sin => x.sin(),
            Self::Cos => x.cos(),
            Self::Normal => normal(x),
        }
    }

    fn wrapped(self, inner: &str) -> String {
        match self {
            Self::Exp => format!("exp({inner})"),
            Self::Log => format!("log({inner})"),
            Self::Tanh => format!("tanh({inner})"),
            Self::Abs => format!("abs({inner})"),
            Self::Positive => format!("max(0, {inner})"),
            Self::Sign => format!("sign({inner})"),
            Self::Root => format!("sqrt({inner})"),
            Self::Sin => format!("sin({inner})"),
            Self::Cos => format!("cos({inner})"),
            Self::Normal => format!("Phi({inner})"),
        }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A named number.
    Of(Operand),
    /// A number that is its own name.
    Number(f64),
    /// A sum.
    Sum(Vec<Expr>),
    /// A product.
    Product(Vec<Expr>),
    /// A quotient.
    Quotient(Box<Expr>, Box<Expr>),
    /// The negative of something.
    Minus(Box<Expr>),
    /// A function of something.
    Call(Function, Box<Expr>),
}

/// Terms of a sum that are told one by one at most.
const MOST_TERMS: usize = 4_096;

/// How tightly an expression holds together: what is looser than its place needs parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Sum,
    Product,
    Atom,
}

impl Expr {
    /// An operand without an equation of its own.
    pub fn named(name: impl Into<String>, value: f64) -> Self {
        Self::Of(Operand { name: name.into(), value, subject: None })
    }

    /// a / b.
    pub fn over(self, divisor: Expr) -> Self {
        Self::Quotient(Box::new(self), Box::new(divisor))
    }

    /// −a.
    pub fn minus(self) -> Self {
        Self::Minus(Box::new(self))
    }

    /// f(a).
    pub fn call(self, function: Function) -> Self {
        Self::Call(function, Box::new(self))
    }

    /// A sum of so many terms, whose sizes are known; of more than 4,096 the smaller ones are one named remainder, so that
    /// a sum over millions of weights is quickly told.
    pub fn sum_of(sizes: &[f64], term: impl Fn(usize) -> Option<Expr>) -> Option<Self> {
        if sizes.len() <= MOST_TERMS {
            return (0..sizes.len()).map(term).collect::<Option<_>>().map(Self::Sum);
        }
        let mut order: Vec<usize> = (0..sizes.len()).collect();
        order.select_nth_unstable_by(MOST_TERMS, |&one, &other| sizes[other].abs().total_cmp(&sizes[one].abs()));
        let (kept, left_out) = order.split_at_mut(MOST_TERMS);
        kept.sort_unstable();
        let rest = remainder(left_out.len(), left_out.iter().map(|&index| sizes[index]).sum());
        kept.iter().map(|&index| term(index)).chain([Some(rest)]).collect::<Option<_>>().map(Self::Sum)
    }

    /// Its value, worked out as it stands.
    pub fn value(&self) -> f64 {
        match self {
            Self::Of(operand) => operand.value,
            Self::Number(value) => *value,
            Self::Sum(terms) => terms.iter().map(Self::value).sum(),
            Self::Product(factors) => factors.iter().map(Self::value).product(),
            Self::Quotient(dividend, divisor) => dividend.value() / divisor.value(),
            Self::Minus(inner) => -inner.value(),
            Self::Call(function, inner) => function.of(inner.value()),
        }
    }

    /// Everything in it that has a name, from left to right, each once.
    pub fn operands(&self) -> Vec<&Operand> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Operand>) {
        match self {
            Self::Of(operand) if !found.contains(&operand) => found.push(operand),
            Self::Of(_) | Self::Number(_) => {}
            Self::Sum(parts) | Self::Product(parts) => parts.iter().for_each(|part| part.collect(found)),
            Self::Quotient(dividend, divisor) => {
                dividend.collect(found);
                divisor.collect(found);
            }
            Self::Minus(inner) | Self::Call(_, inner) => inner.collect(found),
        }
    }

    /// The same with every sum of more than `most` terms cut to its largest ones, the others as one named remainder.
    pub fn shortened(&self, most: usize) -> Self {
        let inner = |inner: &Expr| Box::new(inner.shortened(most));
        match self {
            Self::Of(_) | Self::Number(_) => self.clone(),
            Self::Sum(terms) if terms.len() > most => largest(terms, most),
            Self::Sum(terms) => Self::Sum(terms.iter().map(|term| term.shortened(most)).collect()),
            Self::Product(factors) => Self::Product(factors.iter().map(|factor| factor.shortened(most)).collect()),
            Self::Quotient(dividend, divisor) => Self::Quotient(inner(dividend), inner(divisor)),
            Self::Minus(negated) => Self::Minus(inner(negated)),
            Self::Call(function, argument) => Self::Call(*function, inner(argument)),
        }
    }

    /// It in symbols.
    pub fn symbols(&self) -> String {
        self.print(&|operand| (operand.name.clone(), Tie::Atom))
    }

    /// It in numbers, each in the shortest form that reads back exactly.
    pub fn numbers(&self) -> String {
        self.print(&|operand| number(operand.value))
    }

    fn print(&self, name: &dyn Fn(&Operand) -> (String, Tie)) -> String {
        self.tied(name).0
    }

    /// The text, and how tightly it holds together.
    fn tied(&self, name: &dyn Fn(&Operand) -> (String, Tie)) -> (String, Tie) {
        let at_least = |part: &Expr, tie: Tie| {
            let (text, own) = part.tied(name);
            if own < tie { format!("({text})") } else { text }
        };
        let joined = |parts: &[Expr], between: &str, tie: Tie| {
            parts.iter().map(|part| at_least(part, tie)).collect::<Vec<_>>().join(between)
        };
        match self {
            Self::Of(operand) => name(operand),
            Self::Number(value) => number(*value),
            Self::Sum(terms) if terms.len() == 1 => terms[0].tied(name),
            Self::Sum(terms) => (joined(terms, " + ", Tie::Product), Tie::Sum),
            Self::Product(factors) if factors.len() == 1 => factors[0].tied(name),
            Self::Product(factors) => (joined(factors, " × ", Tie::Atom), Tie::Product),
            Self::Quotient(dividend, divisor) => {
                (format!("{} / {}", at_least(dividend, Tie::Atom), at_least(divisor, Tie::Atom)), Tie::Product)
            }
            Self::Minus(inner) => (format!("-{}", at_least(inner, Tie::Atom)), Tie::Sum),
            Self::Call(function, inner) => (function.wrapped(&inner.tied(name).0), Tie::Atom),
        }
    }
}

/// The largest terms of a sum in their order, and the sum of the others under one name.
fn largest(terms: &[Expr], most: usize) -> Expr {
    let mut order: Vec<usize> = (0..terms.len()).collect();
    order.sort_by(|&one, &other| terms[other].value().abs().total_cmp(&terms[one].value().abs()));
    let (mut kept, left_out) = (order[..most].to_vec(), &order[most..]);
    kept.sort_unstable();
    let rest = left_out.iter().map(|&index| terms[index].value()).sum();
    let rest = remainder(left_out.len(), rest);
    Expr::Sum(kept.into_iter().map(|index| terms[index].clone()).chain([rest]).collect())
}

/// The terms of a sum that are not told one by one.
fn remainder(terms: usize, value: f64) -> Expr {
    Expr::named(format!("[{terms} smaller terms]"), value)
}

/// A number as it reads back exactly; one with a sign needs parentheses in a product.
fn number(value: f64) -> (String, Tie) {
    (exact(value), if value < 0.0 { Tie::Sum } else { Tie::Atom })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(value: f64) -> Expr {
        Expr::named("x", value)
    }

    #[test]
    fn it_is_printed_in_symbols_and_in_numbers_with_the_parentheses_that_it_needs() {
        let expr = Expr::Sum(vec![
            Expr::Product(vec![x(-0.5), Expr::named("y", 2.0)]),
            Expr::Product(vec![Expr::Sum(vec![Expr::Number(1.0), x(-0.5).minus()]), x(-0.5)]),
        ]);
        assert_eq!(expr.symbols(), "x × y + (1 + (-x)) × x");
        assert_eq!(expr.numbers(), "(-0.5) × 2 + (1 + (-(-0.5))) × (-0.5)");
        assert_eq!(expr.value(), -1.75);
        assert_eq!(expr.operands().len(), 2);
    }

    #[test]
    fn quotients_and_functions_nest() {
        let expr = Expr::Number(1.0).over(Expr::Sum(vec![Expr::Number(1.0), x(2.0).minus().call(Function::Exp)]));
        assert_eq!(expr.symbols(), "1 / (1 + exp(-x))");
        assert_eq!(expr.numbers(), "1 / (1 + exp(-2))");
    }

    #[test]
    fn a_long_sum_shows_its_largest_terms_and_the_rest_as_one() {
        let expr = Expr::Sum((1..=9).map(|value| Expr::Number(f64::from(value))).collect());
        let short = expr.shortened(3);
        assert_eq!(short.symbols(), "7 + 8 + 9 + [6 smaller terms]");
        assert_eq!(short.numbers(), "7 + 8 + 9 + 21");
        assert_eq!(short.value(), expr.value());
        assert_eq!(expr.shortened(9), expr);
    }
}
