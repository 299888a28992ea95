//! The right side of an equation with its numbers: printed in symbols, printed in numbers, and worked out.

use super::Subject;
use crate::nn::activation::normal;
use crate::nn::optimizer::power;

mod print;

/// A number in an equation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// Its name in the equation, such as `Θ^(1)[4,12]`.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// What it is, if it has an equation of its own.
    pub subject: Option<Subject>,
    /// Where it comes from, if it has none.
    pub origin: String,
    /// What it stands for.
    stands_for: StandsFor,
}

/// What an operand of a sum stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StandsFor {
    /// Itself.
    Itself,
    /// So many terms that are smaller than those listed one by one.
    Smaller(usize),
    /// Terms of which only the sum is known.
    Unknown,
}

impl Operand {
    /// A number that has an equation of its own.
    pub fn of(subject: Subject, name: String, value: f64) -> Self {
        Self { name, value, subject: Some(subject), origin: String::new(), stands_for: StandsFor::Itself }
    }

    /// The same under another name.
    pub fn renamed(self, name: String) -> Self {
        Self { name, ..self }
    }

    fn given(name: String, value: f64, origin: String) -> Self {
        Self { name, value, subject: None, origin, stands_for: StandsFor::Itself }
    }
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
    /// Itself so many times as a factor.
    Power(u64),
}

impl Function {
    /// Whether it is above 0 for every number.
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
            Self::Power(k) => power(x, k),
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
            Self::Power(k) => format!("{inner}^{k}"),
        }
    }

    fn in_latex(self, inner: &str) -> String {
        let called = |name: &str| format!(r"{name}\left({inner}\right)");
        match self {
            Self::Exp => called(r"\exp"),
            Self::Log => called(r"\log"),
            Self::Tanh => called(r"\tanh"),
            Self::Abs => format!(r"\left|{inner}\right|"),
            Self::Positive => format!(r"\max\left(0, {inner}\right)"),
            Self::Sign => called(r"\operatorname{sign}"),
            Self::Root => format!(r"\sqrt{{{inner}}}"),
            Self::Sin => called(r"\sin"),
            Self::Cos => called(r"\cos"),
            Self::Normal => called(r"\Phi"),
            Self::Power(k) => format!(r"\left({inner}\right)^{{{k}}}"),
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

impl Expr {
    /// An operand without an equation of its own, and where it comes from.
    pub fn given(name: impl Into<String>, value: f64, origin: impl Into<String>) -> Self {
        Self::Of(Operand::given(name.into(), value, origin.into()))
    }

    /// What so many samples add to a sum, of which nothing else is known; it is never counted among smaller terms.
    pub fn not_carried(samples: usize, value: f64) -> Self {
        let origin = "the sum over the whole batch minus the terms of the samples that are listed one by one";
        let operand = Operand::given(format!("[{samples} samples not carried]"), value, origin.into());
        Self::Of(Operand { stands_for: StandsFor::Unknown, ..operand })
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

    /// The terms of its outermost sum, each by the first of its operands that is in no other term; of a sum with fewer than two such
    /// terms none, since there is nothing to compare.
    pub fn terms(&self) -> Vec<(&Operand, f64)> {
        let Some(terms) = self.sum() else { return Vec::new() };
        let operands: Vec<Vec<&Operand>> = terms.iter().map(Self::operands).collect();
        let own = |(at, term): (usize, &Self)| {
            let is_elsewhere = |operand: &Operand| {
                operands.iter().enumerate().any(|(other, operands)| other != at && operands.contains(&operand))
            };
            operands[at].iter().find(|operand| !is_elsewhere(operand)).map(|&operand| (operand, term.value()))
        };
        // Beyond what is listed nobody compares.
        let told: Vec<_> = if terms.len() > 64 {
            terms.iter().filter_map(|term| Some((*term.operands().first()?, term.value()))).collect()
        } else {
            terms.iter().enumerate().filter_map(own).collect()
        };
        if told.len() < 2 { Vec::new() } else { told }
    }

    /// The terms of the outermost sum of several.
    fn sum(&self) -> Option<&[Expr]> {
        match self {
            Self::Sum(terms) if terms.len() > 1 => Some(terms),
            Self::Of(_) | Self::Number(_) => None,
            Self::Sum(parts) | Self::Product(parts) => parts.iter().find_map(Self::sum),
            Self::Quotient(dividend, divisor) => dividend.sum().or_else(|| divisor.sum()),
            Self::Minus(inner) | Self::Call(_, inner) => inner.sum(),
        }
    }

    /// The same with every sum of more than `most` terms cut to its largest ones, the others as one named remainder.
    pub fn shortened(&self, most: usize) -> Self {
        let inner = |inner: &Expr| Box::new(inner.shortened(most));
        match self {
            Self::Of(_) | Self::Number(_) => self.clone(),
            // One term alone is told rather than counted.
            Self::Sum(terms) if terms.len() > most + 1 => largest(terms, most),
            Self::Sum(terms) => Self::Sum(terms.iter().map(|term| term.shortened(most)).collect()),
            Self::Product(factors) => Self::Product(factors.iter().map(|factor| factor.shortened(most)).collect()),
            Self::Quotient(dividend, divisor) => Self::Quotient(inner(dividend), inner(divisor)),
            Self::Minus(negated) => Self::Minus(inner(negated)),
            Self::Call(function, argument) => Self::Call(*function, inner(argument)),
        }
    }
}

/// The largest terms of a sum in their order, and the sum of the others under one name; what is not known one by one stays by itself.
fn largest(terms: &[Expr], most: usize) -> Expr {
    let is_unknown = |index: &usize| stands_for(&terms[*index]) == StandsFor::Unknown;
    let (unknown, mut order): (Vec<usize>, Vec<usize>) = (0..terms.len()).partition(is_unknown);
    let is_rest = |index: usize| matches!(stands_for(&terms[index]), StandsFor::Smaller(_));
    order.sort_by(|&one, &other| {
        is_rest(one).cmp(&is_rest(other)).then(terms[other].value().abs().total_cmp(&terms[one].value().abs()))
    });
    let (mut kept, left_out) = (order[..most.min(order.len())].to_vec(), &order[most.min(order.len())..]);
    kept.sort_unstable();
    let count = |&index: &usize| match stands_for(&terms[index]) {
        StandsFor::Smaller(terms) => terms,
        StandsFor::Itself | StandsFor::Unknown => 1,
    };
    let sum = left_out.iter().map(|&index| terms[index].value()).sum();
    let rest = (!left_out.is_empty()).then(|| remainder(left_out.iter().map(count).sum(), sum));
    let kept = kept.into_iter().map(|index| terms[index].clone());
    Expr::Sum(kept.chain(rest).chain(unknown.into_iter().map(|index| terms[index].clone())).collect())
}

fn stands_for(term: &Expr) -> StandsFor {
    if let Expr::Of(operand) = term { operand.stands_for } else { StandsFor::Itself }
}

/// The terms of a sum that are not listed one by one.
fn remainder(terms: usize, value: f64) -> Expr {
    let operand =
        Operand::given(format!("[{terms} smaller terms]"), value, "the sum of terms that are not listed".into());
    Expr::Of(Operand { stands_for: StandsFor::Smaller(terms), ..operand })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sum_shows_its_largest_terms_and_the_rest_as_one() {
        let expr = Expr::Sum((1..=9).map(|value| Expr::Number(f64::from(value))).collect());
        let short = expr.shortened(3);
        assert_eq!(short.symbols(), "7 + 8 + 9 + [6 smaller terms]");
        assert_eq!(short.numbers(), "7 + 8 + 9 + 21");
        assert_eq!(short.value(), expr.value());
        assert_eq!(expr.shortened(9), expr);
        assert_eq!(expr.shortened(8), expr, "one term takes no more room than its count");
    }

    #[test]
    fn samples_that_are_not_carried_are_never_among_the_smaller_terms() {
        let mut terms: Vec<Expr> = (1..=9).map(|value| Expr::Number(f64::from(value))).collect();
        terms.push(Expr::not_carried(1182, 0.5));
        let short = Expr::Sum(terms).shortened(3);
        assert_eq!(short.symbols(), "7 + 8 + 9 + [6 smaller terms] + [1182 samples not carried]");
        assert_eq!(short.value(), 45.5);
    }

    #[test]
    fn a_remainder_of_a_remainder_counts_all_its_terms() {
        let sizes = vec![1.0; MOST_TERMS + 10];
        let sum = Expr::sum_of(&sizes, |_| Some(Expr::Number(1.0))).expect("every term is there");
        assert!(sum.shortened(8).symbols().ends_with(&format!("[{} smaller terms]", MOST_TERMS + 2)));
    }

    #[test]
    fn the_terms_of_one_sum_are_told_by_an_operand_of_their_own() {
        let theta = |i: usize| Expr::given(format!("theta{i}"), i as f64, "a test");
        let a = || Expr::given("a", 2.0, "a test");
        let sum = Expr::Sum((1..=3).map(|i| Expr::Product(vec![theta(i), a()])).collect());
        let mean = sum.over(Expr::given("B", 32.0, "a test"));
        let terms = mean.terms();
        let told: Vec<(&str, f64)> = terms.iter().map(|(operand, value)| (operand.name.as_str(), *value)).collect();
        assert_eq!(told, [("theta1", 2.0), ("theta2", 4.0), ("theta3", 6.0)]);
        assert!(a().over(theta(1)).terms().is_empty());
    }
}
