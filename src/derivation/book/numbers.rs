//! The numbers beside the equations of a page: those of a net that runs where it has them, else those of an example, with what they are of.

use super::at::NumbersAt;
use super::examples::examples;
use super::lacks::lacks;
use super::passage::PageEquation;
use super::section::Section;
use crate::derivation::explain::by_form;
use crate::derivation::expr::{Expr, Operand};
use crate::derivation::graph::definition::{EquationForm, When};
use crate::derivation::graph::node::{Mark, Node, letter};
use crate::derivation::{Explanation, Graph, Trace, Values};
use crate::number::{brief, exact};
use crate::train::Snapshot;

/// Terms of a sum that are shown, those of a Θ^(l) of three units a layer.
const TERMS: usize = 9;
/// A number whose print is as wide as that of nearly every other one.
const WIDEST: f64 = -1.234e-5;

/// The numbers beside an equation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EquationNumbers {
    /// Of which net they are, and of which number of it; empty where there is nothing to say, or no number.
    pub source: String,
    /// A line for each quantity that the equation is of.
    pub lines: Vec<NumberLine>,
}

/// `name = symbols = numbers = value`, each number rounded to four digits; what would be said twice is said once.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberLine {
    /// What stands before the first `=`.
    pub name: String,
    /// What stands behind each `=`, and a text of the same words that is as wide as it may become while the numbers change.
    pub sides: Vec<(String, String)>,
}

impl NumberLine {
    /// It in one line, and the text that is as wide as it may become.
    pub fn whole(&self) -> [String; 2] {
        let joined = |of: fn(&(String, String)) -> &String| {
            let sides: Vec<&str> = self.sides.iter().map(|side| of(side).as_str()).collect();
            format!("{} = {}", self.name, sides.join(" = "))
        };
        [joined(|side| &side.0), joined(|side| &side.1)]
    }
}

/// A net that runs, and what of it somebody looks at.
#[derive(Clone, Copy)]
pub struct RunningNet<'a> {
    /// Its next update.
    pub snapshot: &'a Snapshot,
    /// The way of the sample that is looked at, in a dense net.
    pub trace: Option<&'a Trace>,
    /// What is looked at.
    pub at: NumbersAt,
}

/// A net with its equations and the numbers of a sample.
pub(super) struct NumberedNet<'a> {
    pub(super) graph: &'a Graph,
    pub(super) values: Values<'a>,
    pub(super) at: NumbersAt,
}

/// A number that an equation is of.
#[derive(Clone, Copy)]
pub(super) struct FoundNumber<'g> {
    pub(super) node: Node,
    form: &'g EquationForm,
    is_looked_at: bool,
}

impl Section {
    /// The numbers beside each of its equations: of a net that runs where it has this equation, else of an example.
    pub fn numbers(&self, running: Option<RunningNet<'_>>) -> Vec<EquationNumbers> {
        let graph = running.map(|net| Graph::of(net.snapshot));
        let net = running.zip(graph.as_ref()).map(|(RunningNet { snapshot, trace, at }, graph)| NumberedNet {
            graph,
            values: Values::of(snapshot, at.sample, trace),
            at,
        });
        self.page_equations().iter().map(|equation| beside(equation, net.as_ref())).collect()
    }
}

fn beside(equation: &PageEquation, net: Option<&NumberedNet<'_>>) -> EquationNumbers {
    if let Some(net) = net {
        let found = net.numbers(equation, true);
        if let Some((node, _)) = found.first() {
            let source = format!("of this net{}:", net.place(*node));
            return EquationNumbers { source, lines: found.into_iter().map(|(_, line)| line).collect() };
        }
    }
    for example in examples(equation.number) {
        let snapshot = example.snapshot();
        // A step in the middle has one before it and one after it.
        let (graph, at) = (Graph::of(snapshot), NumbersAt { t: 2, ..NumbersAt::first(snapshot) });
        let trace = Trace::of(at.sample, snapshot);
        let values = Values::of(snapshot, at.sample, trace.as_ref());
        let found = NumberedNet { graph: &graph, values, at }.numbers(equation, false);
        if !found.is_empty() {
            let source = match net {
                Some(net) => {
                    let why = lacks(equation.number, net.values.snapshot, net.at.sample);
                    format!("of {}, since {why}:", example.name)
                }
                None if example.is_the_main_one() => String::new(),
                None => format!("of {}:", example.name),
            };
            return EquationNumbers { source, lines: found.into_iter().map(|(_, line)| line).collect() };
        }
    }
    EquationNumbers::default()
}

impl<'a> NumberedNet<'a> {
    /// The lines of an equation, with the numbers that they are of; with room for other numbers where they change.
    fn numbers(&self, equation: &PageEquation, changing: bool) -> Vec<(Node, NumberLine)> {
        let mut groups: Vec<(String, Vec<FoundNumber<'a>>)> = Vec::new();
        for found in self.found(equation) {
            let key = found.node.key;
            // Of several layers one is shown, of several gates that have equations of their own each.
            let of = if matches!(key.mark, Mark::Layer(_)) { "" } else { found.form.equation.symbols };
            let group = format!("{}{of}", key.letter);
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, all)) => all.push(found),
                None => groups.push((group, vec![found])),
            }
        }
        let line = |FoundNumber { node, form, .. }: FoundNumber<'_>| {
            let explanation = by_form(node, form, (self.graph, &self.values))?;
            Some((node, told(&explanation, changing)))
        };
        let first = |mut all: Vec<FoundNumber<'a>>| {
            let layer = |mark| if let Mark::Layer(l) = mark { l } else { 0 };
            all.sort_by_key(|found| (!found.is_looked_at, layer(found.node.key.mark)));
            all.into_iter().find_map(line)
        };
        groups.into_iter().filter_map(|(_, all)| first(all)).collect()
    }

    /// The numbers that an equation is of, in the order of the algorithm: where a proof has a step of this number, what that is of.
    pub(super) fn found(&self, equation: &PageEquation) -> Vec<FoundNumber<'a>> {
        let snapshot = self.values.snapshot;
        if !equation.is_of(snapshot) {
            return Vec::new();
        }
        let number = equation.number;
        let mut all = Vec::new();
        for definition in self.graph.definitions() {
            let steps = definition.proof.iter().filter(|step| step.number == number);
            let has_form = definition.forms.iter().any(|form| equation.is(&form.equation));
            let (node, is_looked_at) = self.at.node(definition, snapshot);
            let of_proof = steps.filter_map(|step| match &step.of {
                Some(reference) => self.graph.target(node, reference),
                None => Some(node),
            });
            let nodes = of_proof.chain(has_form.then_some(node));
            all.extend(nodes.filter_map(|node| {
                let (node, form) = self.form(equation, node)?;
                Some(FoundNumber { node, form, is_looked_at })
            }));
        }
        all
    }

    /// The equation of a number that is meant, or of the bias beside it where that alone has it.
    fn form(&self, equation: &PageEquation, node: Node) -> Option<(Node, &'a EquationForm)> {
        let definition = self.graph.get(node.key)?;
        let in_batch = self.values.is_carried(node.sample);
        let is_meant = |form: &&EquationForm| equation.is(&form.equation);
        let mut also = definition.forms.iter().filter(|form| !form.is_result && definition.holds(form, node, in_batch));
        let result = |node: Node| self.graph.result(node, &self.values).filter(is_meant);
        let bias = Node { i: 0, ..node };
        let of_bias = || result(bias).filter(|form| form.when == When::Bias && definition.has(bias));
        let here = also.find(is_meant).or_else(|| result(node));
        here.map(|form| (node, form)).or_else(|| of_bias().map(|form| (bias, form)))
    }

    /// Where in the net a number is, as words behind a comma.
    fn place(&self, node: Node) -> String {
        let Some(definition) = self.graph.get(node.key) else { return String::new() };
        let (axes, key) = (definition.axes, node.key);
        let mut words = String::new();
        if axes.sample {
            let part = node.sample.adjectives();
            let what = if self.values.dense.is_some() { "sample" } else { "sequence" };
            words.push_str(&format!(", {part}{what} {}", node.sample.row + 1));
        }
        if axes.steps.is_some() {
            words.push_str(&format!(", step {}", node.t));
        }
        match key.mark {
            Mark::Layer(l) if axes.sample && axes.columns.is_none() => words.push_str(&format!(", layer {l}")),
            _ => {}
        }
        if axes.columns.is_some() && definition.ratio.is_none() && key.letter != letter::PATH {
            words.push_str(&format!(", weight [{},{}] of Θ{}", node.j, node.i, key.mark.text()));
        } else if axes.columns.is_none() && axes.rows > 0 {
            words.push_str(&format!(", {} {}", if axes.sample { "unit" } else { "row" }, node.j));
        }
        if [letter::DATA, letter::COST].contains(&key.letter) {
            words.push_str(", the next batch");
        }
        words
    }
}

/// An explanation as a line.
fn told(explanation: &Explanation, changing: bool) -> NumberLine {
    let value = |value: f64| exact(shown(value));
    let mut sides = Vec::new();
    if let Some(expr) = &explanation.expr {
        let expr = expr.shortened(TERMS);
        let (symbols, numbers) = (with(&expr, &|value| value).symbols(), with(&expr, &shown).numbers());
        let room = if changing { with(&expr, &|_| WIDEST).numbers() } else { numbers.clone() };
        sides.extend([(symbols.clone(), symbols), (numbers, room)]);
    }
    let result = value(explanation.value);
    let room = if changing { exact(WIDEST) } else { result.clone() };
    sides.push((result, room));
    sides.dedup_by(|one, other| one.0 == other.0);
    let begin = sides.first().is_some_and(|side| side.0 == explanation.name);
    sides.drain(..usize::from(begin));
    NumberLine { name: explanation.name.clone(), sides }
}

/// What a number with four digits is.
fn shown(value: f64) -> f64 {
    brief(value).parse().unwrap_or(value)
}

/// The same with every number that has a name as another one, and the others as they are shown.
fn with(expr: &Expr, other: &dyn Fn(f64) -> f64) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| with(part, other)).collect();
    match expr {
        Expr::Of(operand) => {
            let mut operand: Operand = operand.clone();
            operand.value = other(operand.value);
            Expr::Of(operand)
        }
        Expr::Number(value) => Expr::Number(shown(*value)),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Quotient(dividend, divisor) => with(dividend, other).over(with(divisor, other)),
        Expr::Minus(inner) => with(inner, other).minus(),
        Expr::Call(function, inner) => with(inner, other).call(*function),
    }
}

#[cfg(test)]
mod tests {
    use crate::derivation::book::pages::{page_of, pages};

    /// The lines beside an equation in the book as it is printed.
    fn printed(number: &str) -> String {
        let (page, _) = page_of(number).expect("it has a page");
        let section = &pages()[page];
        let at = section.page_equations().iter().position(|equation| equation.number == number).expect("it is there");
        let lines: Vec<String> = section.numbers(None)[at].lines.iter().map(|line| line.whole()[0].clone()).collect();
        lines.join("\n")
    }

    #[test]
    fn the_numbers_of_the_example_are_those_that_a_hand_finds() {
        assert_eq!(
            printed("1.1.2"),
            "z^(2)_1 = Θ^(1)[1,0] × 1 + Θ^(1)[1,1] × a^(1)_1 + Θ^(1)[1,2] × a^(1)_2 + Θ^(1)[1,3] × a^(1)_3 \
             = 0.1 × 1 + 0.3 × 1 − 0.2 × 0.5 + 0.4 × 0.2 = 0.38"
        );
        assert_eq!(printed("2.1.1"), "a^(2)_1 = 1 / (1 + exp(-z^(2)_1)) = 1 / (1 + exp(-0.38)) = 0.5939");
        assert!(printed("1.2.4").ends_with(" = 0.06"), "{}", printed("1.2.4"));
        assert_eq!(printed("2.6.1"), "(λ/m)Θ^(1)[1,1] = (λ / m) × Θ^(1)[1,1] = (0.3 / 3) × 0.3 = 0.03");
        assert_eq!(printed("2.2.8"), "∂z^(2)_1/∂Θ^(1)[1,1] = a^(1)_1 = 1");
    }

    #[test]
    fn every_equation_of_every_page_has_numbers() {
        let mut without = Vec::new();
        for section in pages() {
            let all = section.page_equations();
            let beside: Vec<_> = all.iter().zip(section.numbers(None)).collect();
            for number in &section.equations {
                assert!(
                    beside.iter().any(|(of, numbers)| of.number == *number && !numbers.lines.is_empty()),
                    "{number}"
                );
            }
            let empty = beside.iter().filter(|(_, numbers)| numbers.lines.is_empty());
            without.extend(empty.map(|(equation, _)| equation.symbols().split(' ').next().unwrap_or_default()));
        }
        // These are names for a part of the next equation.
        assert_eq!(without, ["Σ_d", "v'", "q_t", "e_t", "q_t"]);
    }
}
