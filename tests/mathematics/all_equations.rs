//! All 54 numbered equations of the derivation: each is a step of the walk by proof, with numbers in it.

use std::collections::BTreeSet;

use deltascope::derivation::book::example;
use deltascope::derivation::{Detail, Playhead, Sample, Stride, Subject, Trace, Values, Walk, equation, of_node};
use deltascope::train::Snapshot;

/// Equations that are sentences: they order numbers, and have none of their own.
const SENTENCES: [&str; 5] = ["1.3.1", "2.2.6", "2.5.1", "3.1.4", "3.1.5"];

/// The numbers of all equations that a walk by proof through a snapshot shows, and those that it shows with numbers in them.
fn shown(snapshot: &Snapshot) -> [BTreeSet<String>; 2] {
    let walk = Walk::of(snapshot, Detail::Proof);
    let (mut all, mut with_numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut at = Playhead::default();
    loop {
        for column in 0..2 {
            let (subject, by) = walk.subject(at, column).expect("a number");
            let Subject::Node(node) = subject else { panic!("{subject:?}") };
            let sample = walk.sample(at).unwrap_or(Sample::of(false, snapshot.batch[0]));
            let trace = Trace::of(sample, snapshot);
            let values = Values::of(snapshot, sample, trace.as_ref());
            let explanation = of_node(node, by, (walk.graph(), &values));
            let explanation = explanation.unwrap_or_else(|| panic!("{node:?} by {by:?}"));
            all.insert(explanation.equation.number.to_string());
            if explanation.expr.is_some() {
                with_numbers.insert(explanation.equation.number.to_string());
            }
        }
        let next = walk.forward(at, Stride::Unit);
        if next == at {
            return [all, with_numbers];
        }
        at = next;
    }
}

#[test]
fn the_walk_by_proof_through_the_books_net_shows_every_equation_of_the_derivation() {
    let [all, with_numbers] = shown(example());
    let missing: Vec<&str> =
        equation::ALL.iter().map(|equation| equation.number).filter(|number| !all.contains(*number)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(equation::ALL.len(), 54);
    let empty: Vec<&str> =
        equation::ALL.iter().map(|equation| equation.number).filter(|number| !with_numbers.contains(*number)).collect();
    assert_eq!(empty, SENTENCES);
}

#[test]
fn a_stride_larger_than_a_unit_stops_by_proof_where_it_stops_by_result() {
    let [result, proof] = [Detail::Result, Detail::Proof].map(|detail| Walk::of(example(), detail));
    for by in [Stride::Layer, Stride::Phase, Stride::Sample, Stride::Batch] {
        let (mut one, mut other) = (Playhead::default(), Playhead::default());
        loop {
            let next = result.forward(one, by);
            other = proof.forward(other, by);
            if next == one {
                assert_eq!(other, proof.end(), "{by:?}: the last proof is gone through to its end");
                break;
            }
            one = next;
            assert_eq!((other.block, other.unit, other.proof), (one.block, one.unit, 0), "{by:?}");
        }
        loop {
            let before = result.back(one, by);
            let before_by_proof = proof.back(other, by);
            assert_eq!((before_by_proof.block, before_by_proof.unit), (before.block, before.unit), "{by:?}");
            if before == one {
                break;
            }
            (one, other) = (before, before_by_proof);
            assert_eq!(other.proof, 0, "{by:?}");
        }
    }
}
