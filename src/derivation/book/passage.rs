//! An equation of a page, and which of the graph's equations of its number it is, where several have it.

use super::section::{Passage, Section};
use crate::derivation::Equation;
use crate::nn::Named;
use crate::train::Snapshot;

/// The numbers of the pages of recurrent nets, and those by which what all of them have is cited.
const RECURRENT: [&str; 3] = ["3.2 recurrent", "3.2 GRU", "3.2 LSTM"];
const SHARED: [&str; 2] = ["3.2 recurrent", "3.1.1"];

/// An equation of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEquation {
    /// Its number.
    pub number: &'static str,
    /// It in symbols.
    symbols: &'static str,
    /// Its left sides; and those of the others of this number on the page, if there are some.
    left: Vec<String>,
    others: Option<Vec<String>>,
}

impl Section {
    /// The equations that its text shows, in their order.
    pub fn page_equations(&self) -> Vec<PageEquation> {
        let shown: Vec<(&'static str, &'static str)> = self.passages.iter().filter_map(equation).collect();
        let all = shown.iter().enumerate();
        let of_number = |(at, &(number, symbols)): (usize, &(&'static str, &'static str))| {
            let others = shown.iter().enumerate().filter(|&(other, of)| other != at && of.0 == number);
            let others: Vec<_> = others.map(|(_, of)| left_sides(of.1)).collect();
            let others = (!others.is_empty()).then(|| others.concat());
            PageEquation { number, symbols, left: left_sides(symbols), others }
        };
        all.map(of_number).collect()
    }

    /// The place, among the equations of its text, of one that the screen cites: by its number, and of several by their left side.
    pub fn place_of(&self, equation: &Equation) -> Option<usize> {
        let all = self.page_equations();
        let numbered = || all.iter().enumerate().filter(|(_, of)| of.number == equation.number);
        numbered().find(|(_, of)| of.is(equation)).or_else(|| numbered().next()).map(|(at, _)| at)
    }
}

fn equation(passage: &Passage) -> Option<(&'static str, &'static str)> {
    if let Passage::Equation { number, symbols } = passage { Some((number, symbols)) } else { None }
}

impl PageEquation {
    /// It in symbols.
    pub fn symbols(&self) -> &'static str {
        self.symbols
    }

    /// Whether an equation of the graph is this one: it has its number, and of several on the page the same left side.
    pub fn is(&self, equation: &Equation) -> bool {
        if equation.number != self.number {
            // What every recurrent net has is cited by a number of its own, and stands on the page of each cell.
            let is_shared = RECURRENT.contains(&self.number) && SHARED.contains(&equation.number);
            return is_shared && self.left.contains(&left_side(equation.symbols));
        }
        let Some(others) = self.others.as_ref().filter(|_| self.rule().is_none()) else { return true };
        let left = left_side(equation.symbols);
        let is_like = |side: &String| letter(side) == letter(&left);
        self.left.contains(&left) || !others.contains(&left) && self.left.iter().any(is_like)
    }

    /// Whether it can hold in a net: an equation of the first weights is of one rule alone.
    pub(super) fn is_of(&self, snapshot: &Snapshot) -> bool {
        let (rule, config) = (self.rule(), &snapshot.config);
        rule.is_none_or(|rule| rule == Named::name(config.init) && config.weights.is_none())
    }

    /// The rule by which the first weights are drawn, where the equation begins with it.
    fn rule(&self) -> Option<&'static str> {
        self.symbols.split_once(": ").map(|(rule, _)| rule)
    }
}

/// The left sides of equations that stand beside each other.
fn left_sides(symbols: &str) -> Vec<String> {
    symbols.split(";  ").map(left_side).collect()
}

/// The left side of an equation: its letter, then what stands above and below it, in one order and without the indices of any layer,
/// sample or weight.
fn left_side(symbols: &str) -> String {
    let end = [" = ", " ← "].iter().filter_map(|sign| symbols.find(sign)).min().unwrap_or(symbols.len());
    let mut side: String = symbols[..end].chars().filter(|c| !"{}".contains(*c)).collect();
    for any in ["^(b)", "^(l)", "_ji"] {
        side = side.replace(any, "");
    }
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in side.chars() {
        if depth == 0 && "_^".contains(c) {
            parts.push(String::new());
        }
        depth += i32::from(c == '(') - i32::from(c == ')');
        parts.last_mut().expect("there is one").push(c);
    }
    parts[1..].sort_unstable();
    parts.concat()
}

/// What a left side begins with.
fn letter(side: &str) -> &str {
    side.split(['(', '_']).next().unwrap_or(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_left_side_is_the_same_in_any_order_of_its_indices() {
        assert_eq!(left_side("δ_i^(L) = a − y"), left_side("δ^(L)_i = Σ_k"));
        assert_eq!(left_side("∂J^(b)/∂h_t = x"), left_side("∂J/∂h_t = y"));
        assert_eq!(left_side("∂J/∂Θ^(l)_{ji} = D"), "∂J/∂Θ");
        assert_eq!(left_side("v ← β v"), "v");
        assert_ne!(left_side("z(g^r)_t = 1"), left_side("z(g^u)_t = 1"));
        assert_eq!(letter(&left_side("z(g^G)_t = 1")), "z");
    }
}
