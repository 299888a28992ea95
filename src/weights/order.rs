//! The order of the layers of a file: by the chain of their shapes, and where that leaves a choice by the numbers in their names.

use std::cmp::Ordering;

/// What is known of a layer before its place is found.
#[derive(Clone, Copy, Debug)]
pub(super) struct LayerLink<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Units of the layer before it.
    pub(super) inputs: usize,
    /// Its own units.
    pub(super) units: usize,
}

/// The order of some layers, as their indices.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The only one in which shapes and numbers fit.
    Sure(Vec<usize>),
    /// The only one in which the shapes fit; the numbers in the names have another one.
    AgainstNumbers(Vec<usize>),
    /// More than one fits; these layers have no certain place.
    Open(Vec<usize>),
    /// None fits.
    Broken,
}

/// Steps after which a search is given up, and the order counts as open.
const LONGEST_SEARCH: usize = 20_000;

/// The order of layers that are each as many units wide as the next one has inputs.
pub(super) fn order(links: &[LayerLink]) -> Order {
    let names: Vec<Vec<NamePart>> = links.iter().map(|link| parts(link.name)).collect();
    let numbered = by_name(links);
    let is_total = numbered.windows(2).all(|pair| by_numbers(&names[pair[0]], &names[pair[1]]) == Some(Ordering::Less));
    if is_total && fits(links, &numbered) {
        return Order::Sure(numbered);
    }
    let is_earlier = |other: usize, one: usize| by_numbers(&names[other], &names[one]) == Some(Ordering::Less);
    let earlier = |one: usize| (0..links.len()).filter(|&other| is_earlier(other, one)).collect();
    let mut search = Search::of(links, (0..links.len()).map(earlier).collect());
    search.run();
    if !search.found.is_empty() || search.is_given_up() {
        return search.outcome(Order::Sure);
    }
    let mut search = Search::of(links, vec![Vec::new(); links.len()]);
    search.run();
    search.outcome(Order::AgainstNumbers)
}

/// Layers sorted by their names, numbers by what they count.
pub(super) fn by_name(links: &[LayerLink]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..links.len()).collect();
    sorted.sort_by_cached_key(|&index| parts(links[index].name));
    sorted
}

/// Whether layers in this order are a chain, with numbers in their names that never fall.
pub(super) fn agrees(links: &[LayerLink], order: &[usize]) -> bool {
    let names: Vec<Vec<NamePart>> = order.iter().map(|&index| parts(links[index].name)).collect();
    let falls = |(at, name): (usize, &Vec<NamePart>)| {
        names[at + 1..].iter().any(|later| by_numbers(name, later) == Some(Ordering::Greater))
    };
    fits(links, order) && !names.iter().enumerate().any(falls)
}

/// Whether layers in this order are a chain.
fn fits(links: &[LayerLink], order: &[usize]) -> bool {
    order.windows(2).all(|pair| links[pair[0]].units == links[pair[1]].inputs)
}

/// A part of a name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NamePart {
    Number(u64),
    Text(String),
}

/// A name as texts and numbers in turn, so that layer 10 comes after layer 2.
fn parts(name: &str) -> Vec<NamePart> {
    let mut parts = Vec::new();
    for c in name.chars() {
        match (parts.last_mut(), c.to_digit(10)) {
            (Some(NamePart::Number(number)), Some(digit)) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (_, Some(digit)) => parts.push(NamePart::Number(u64::from(digit))),
            (Some(NamePart::Text(text)), None) => text.push(c),
            (_, None) => parts.push(NamePart::Text(c.into())),
        }
    }
    parts
}

/// Which of two names comes first, if they differ first in a number.
fn by_numbers(one: &[NamePart], other: &[NamePart]) -> Option<Ordering> {
    match one.iter().zip(other).find(|(one, other)| one != other)? {
        (NamePart::Number(one), NamePart::Number(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

/// A search for two chains of all layers.
struct Search<'a> {
    links: &'a [LayerLink<'a>],
    /// The layers that must come before each.
    earlier: Vec<Vec<usize>>,
    found: Vec<Vec<usize>>,
    path: Vec<usize>,
    used: Vec<bool>,
    steps: usize,
}

impl<'a> Search<'a> {
    fn of(links: &'a [LayerLink<'a>], earlier: Vec<Vec<usize>>) -> Self {
        Self { links, earlier, found: Vec::new(), path: Vec::new(), used: vec![false; links.len()], steps: 0 }
    }

    /// Looks for the first two, in the order of the indices.
    fn run(&mut self) {
        let mut from = 0;
        loop {
            self.steps += 1;
            if self.found.len() == 2 || self.is_given_up() {
                return;
            }
            if let Some(next) = (from..self.links.len()).find(|&next| self.may_follow(next)) {
                self.used[next] = true;
                self.path.push(next);
                from = 0;
                continue;
            }
            if self.path.len() == self.links.len() {
                self.found.push(self.path.clone());
            }
            let Some(last) = self.path.pop() else { return };
            self.used[last] = false;
            from = last + 1;
        }
    }

    fn may_follow(&self, next: usize) -> bool {
        let chained = self.path.last().is_none_or(|&last| self.links[last].units == self.links[next].inputs);
        chained && !self.used[next] && self.earlier[next].iter().all(|&earlier| self.used[earlier])
    }

    fn is_given_up(&self) -> bool {
        self.steps > LONGEST_SEARCH
    }

    /// What was found; the only chain is of this kind.
    fn outcome(mut self, only: fn(Vec<usize>) -> Order) -> Order {
        if self.is_given_up() && self.found.len() < 2 {
            return Order::Open((0..self.links.len()).collect());
        }
        match (self.found.pop(), self.found.pop()) {
            (None, _) => Order::Broken,
            (Some(one), None) => only(one),
            (Some(one), Some(other)) => {
                let mut open: Vec<usize> =
                    one.iter().zip(&other).filter(|(one, other)| one != other).map(|(&one, _)| one).collect();
                open.sort_unstable();
                Order::Open(open)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of layers written as `name inputs units`.
    fn of(layers: &[(&str, usize, usize)]) -> Order {
        let links: Vec<LayerLink> =
            layers.iter().map(|&(name, inputs, units)| LayerLink { name, inputs, units }).collect();
        order(&links)
    }

    #[test]
    fn shapes_that_fit_in_one_order_only_are_the_order_whatever_the_names_are() {
        assert_eq!(of(&[("decoder", 2, 8), ("encoder", 8, 2), ("head", 8, 3)]), Order::Sure(vec![1, 0, 2]));
        assert_eq!(of(&[("out", 5, 3), ("a", 4, 6), ("zz", 6, 5)]), Order::Sure(vec![1, 2, 0]));
        assert_eq!(of(&[("fc1", 5, 3), ("fc2", 4, 5)]), Order::AgainstNumbers(vec![1, 0]));
    }

    #[test]
    fn numbers_in_the_names_settle_what_the_shapes_leave_open() {
        for (names, expected) in [
            (["fc1", "fc10", "fc2"], [0, 2, 1]),
            (["2", "10", "0"], [2, 0, 1]),
            (["block.1.fc1", "block.0.fc2", "block.0.fc1"], [2, 1, 0]),
        ] {
            assert_eq!(of(&names.map(|name| (name, 4, 4))), Order::Sure(expected.to_vec()), "{names:?}");
        }
        // The other shape has the only last place.
        assert_eq!(of(&[("fc2", 4, 4), ("fc1", 4, 4), ("head", 4, 3)]), Order::Sure(vec![1, 0, 2]));
    }

    #[test]
    fn what_neither_shapes_nor_numbers_settle_is_open_and_named() {
        assert_eq!(of(&[("hidden", 4, 4), ("input", 4, 4), ("output", 4, 3)]), Order::Open(vec![0, 1]));
        assert_eq!(of(&[("decoder", 2, 4), ("encoder", 4, 2)]), Order::Open(vec![0, 1]));
        // A number behind another word says nothing of the first one's place.
        assert_eq!(of(&[("fc1", 4, 4), ("fc2", 4, 4), ("head0", 4, 4)]), Order::Open(vec![1, 2]));
        assert_eq!(of(&[("fc", 4, 4), ("fc1", 4, 4)]), Order::Open(vec![0, 1]));
        let square: Vec<String> = (0..30).map(|at| "x".repeat(at + 1)).collect();
        let square: Vec<(&str, usize, usize)> = square.iter().map(|name| (name.as_str(), 4, 4)).collect();
        assert!(matches!(of(&square), Order::Open(_)), "the search ends");
    }

    #[test]
    fn shapes_that_fit_in_no_order_are_told() {
        assert_eq!(of(&[("fc1", 4, 5), ("fc2", 6, 3)]), Order::Broken);
        assert_eq!(of(&[("a.fc1", 4, 5), ("a.fc2", 5, 3), ("b.fc1", 4, 5), ("b.fc2", 5, 3)]), Order::Broken);
    }

    #[test]
    fn an_order_agrees_that_chains_and_never_counts_down() {
        let links = ["b", "a", "fc2", "fc1"].map(|name| LayerLink { name, inputs: 4, units: 4 });
        assert!(agrees(&links, &[0, 1, 3, 2]) && !agrees(&links, &[0, 1, 2, 3]));
    }
}
