//! Δ product by product: its rows, its terms and its parts of some steps are the numbers of the graph; and what δ and Δ are, in symbols.

use deltascope::derivation::{Graph, Mark, Node, QuantityKey, Sample, Trace, Values, letter};
use deltascope::nn::{Cell, Named};
use deltascope::train::{BatchSize, Config, Snapshot};

use crate::curves::{dense, recurrent};

fn snapshots() -> impl Iterator<Item = Box<Snapshot>> {
    let net = Config { layers: vec![4, 3], batch: BatchSize::Size(6), ..Config::default() };
    let dropped = Config { dropout: 0.4, ..net.clone() };
    [dense(net), dense(dropped)].into_iter().chain(Cell::ALL.iter().map(|&cell| recurrent(cell)))
}

#[test]
fn the_rows_of_delta_and_its_products_are_the_numbers_of_the_graph() {
    for snapshot in snapshots() {
        let graph = Graph::of(&snapshot);
        for sample in [snapshot.batch[0], snapshot.batch[2]].map(|row| Sample::of(false, row)) {
            let trace = Trace::of(sample, &snapshot);
            let values = Values::of(&snapshot, sample, trace.as_ref());
            let gradients = graph.definitions().iter().filter(|of| of.key.letter == letter::SAMPLE_GRADIENT);
            let mut seen = 0;
            for definition in gradients {
                let (rows, (first, last)) = (definition.axes.rows, definition.axes.columns.expect("a matrix"));
                let of = |steps| {
                    graph.gradient_rows((definition.key, sample), &values, (1..=rows, steps)).expect("it is there")
                };
                let (whole, early, late) = (of(1..=usize::MAX), of(1..=2), of(3..=usize::MAX));
                for (j, i) in (1..=rows).flat_map(|j| (first..=last).map(move |i| (j, i))) {
                    let node = Node::cell(definition.key, (j, i)).in_sample(sample);
                    let value = graph.value(node, &values).expect("it has a value");
                    let name = graph.name(node);
                    let (at, close) = ([j - 1, i - first], 1e-14 * (1.0 + value.abs()));
                    assert!((whole[at] - value).abs() <= close, "{name}: {} is not {value}", whole[at]);
                    let products = graph.products(node, &values).expect("it is a sum of products");
                    let sum: f64 = products.iter().map(|(_, factors)| factors.iter().product::<f64>()).sum();
                    assert!((sum - value).abs() <= close, "{name}: {sum} is not {value}");
                    assert!(products.windows(2).all(|pair| pair[0].0 == pair[1].0 + 1), "the last step first");
                    if snapshot.recurrent().is_some() {
                        assert!((early[at] + late[at] - value).abs() <= close, "{name}: some steps and the others");
                    }
                    seen += 1;
                }
            }
            assert!(seen > 20);
        }
    }
}

#[test]
fn every_delta_says_what_it_is_the_derivative_by() {
    let said = |snapshot: &Snapshot, key| Graph::of(snapshot).meaning(key).expect("it says what it is");
    let net = &dense(Config { layers: vec![4, 3], batch: BatchSize::Size(6), ..Config::default() });
    for l in 2..=4 {
        assert_eq!(said(net, QuantityKey::layer(letter::DELTA, l)), format!("δ^({l}) = ∂J^(b)/∂z^({l})"));
    }
    let graph = Graph::of(net);
    assert_eq!(graph.general_meaning(QuantityKey::layer(letter::DELTA, 4)).as_deref(), Some("δ^(l) = ∂J^(b)/∂z^(l)"));
    assert_eq!(said(net, QuantityKey::layer(letter::SAMPLE_GRADIENT, 2)), "Δ^(2) = ∂J^(b)/∂Θ^(2)");
    assert_eq!(graph.meaning(QuantityKey::layer(letter::A, 2)), None);
    for &cell in Cell::ALL {
        let net = recurrent(cell);
        let all: Vec<String> =
            Graph::of(&net).definitions().iter().filter_map(|of| Graph::of(&net).meaning(of.key)).collect();
        assert_eq!(said(&net, QuantityKey::of(letter::DELTA, "o")), "δ^o_t = ∂J^(b)/∂z^o_t");
        assert_eq!(said(&net, QuantityKey::of(letter::SAMPLE_GRADIENT, "h")), "Δ^h = ∂J^(b)/∂Θ^h");
        match cell {
            Cell::Plain(_) => assert!(all.contains(&"δ_t = ∂J^(b)/∂z_t".into()), "{all:?}"),
            Cell::Gru | Cell::Lstm => {
                let n = QuantityKey { letter: letter::DELTA, mark: Mark::Gate("n") };
                assert_eq!(said(&net, n), "δ(g^n)_t = ∂J^(b)/∂z(g^n)_t");
            }
        }
        let of_state = all.iter().any(|said| said == "δ^h(g^n)_t = ∂J^(b)/∂(b^h + Θ^h h)(g^n)_t");
        assert_eq!(of_state, cell == Cell::Gru, "{all:?}");
    }
}

#[test]
fn the_factors_of_a_term_are_named_at_any_step() {
    let names = |snapshot: &Snapshot, node: Node| {
        let sample = Sample::of(false, snapshot.batch[0]);
        let values = Values::of(snapshot, sample, None);
        Graph::of(snapshot).factor_names(node.in_sample(sample), &values).expect("it is a product").join(" ")
    };
    let delta = |of, at| Node::cell(QuantityKey::of(letter::SAMPLE_GRADIENT, of), at);
    let lstm = recurrent(Cell::Lstm);
    assert_eq!(names(&lstm, delta("h", (6, 2))), "δ(g^f)_t,2 h_t−1,2");
    assert_eq!(names(&lstm, delta("x", (1, 0))), "δ(g^i)_t,1 1");
    assert_eq!(names(&lstm, delta("o", (1, 3))), "δ^o_t,1 h_t,3");
    assert_eq!(names(&recurrent(Cell::Gru), delta("h", (9, 1))), "δ^h(g^n)_t,1 h_t−1,1");
    let net = dense(Config { layers: vec![4], ..Config::default() });
    assert_eq!(names(&net, Node::cell(QuantityKey::layer(letter::SAMPLE_GRADIENT, 1), (3, 2))), "δ^(2)_3 a^(1)_2");
}
