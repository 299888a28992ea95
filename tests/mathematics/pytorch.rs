//! Recurrent networks of PyTorch, read from its files: J, the outputs and every gradient as PyTorch has them.

use std::collections::BTreeMap;
use std::fs;

use deltascope::nn::recurrent::{BpttBackward, BpttForward, Cell, OutputSteps};
use deltascope::nn::{Named, Output};
use deltascope::weights::{Kind, WeightFile};
use ndarray::{Array2, Axis, concatenate, s};

use crate::error;
use crate::oracle::{self, Oracle};

const CLOSE: f64 = 1e-12;

/// x and y of a table in rows of steps and sequences: the first column says which sequence, the second which step, the last the class.
fn sequences(text: &str, reads: OutputSteps) -> (Array2<f64>, Array2<f64>, usize) {
    let mut steps: BTreeMap<(usize, &str), (Vec<f64>, usize)> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (class, fields) = fields.split_last().expect("a class");
        let x = fields[2..].iter().map(|field| field.parse().expect("a number")).collect();
        let class = ["a", "b", "c"].iter().position(|name| name == class).expect("a class");
        steps.insert((fields[1].parse().expect("a step"), fields[0]), (x, class));
    }
    let count = steps.keys().filter(|(step, _)| *step == 1).count();
    let rows: Vec<&(Vec<f64>, usize)> = steps.values().collect();
    let x = Array2::from_shape_fn((rows.len(), rows[0].0.len()), |(row, i)| rows[row].0[i]);
    let read = if reads == OutputSteps::All { &rows[..] } else { &rows[rows.len() - count..] };
    let y = Array2::from_shape_fn((read.len(), 3), |(row, k)| f64::from(u8::from(read[row].1 == k)));
    (x, y, count)
}

/// PyTorch's gradients in our rows: its gates by name, in the order that we have them in.
fn expected(cell: Cell, of: &Oracle) -> [Array2<f64>; 3] {
    let theirs: &[&str] = match cell {
        Cell::Lstm => &["g^i", "g^f", "g^n", "g^o"],
        _ => cell.gates(),
    };
    let units = of.matrix("rnn.weight_hh_l0").ncols();
    let in_order = |matrix: Array2<f64>| {
        let gate = |name: &&str| {
            let at = theirs.iter().position(|their| their == name).expect("a gate of each name");
            matrix.slice(s![at * units..(at + 1) * units, ..])
        };
        let gates: Vec<_> = cell.gates().iter().map(gate).collect();
        concatenate(Axis(0), &gates).expect("of one width")
    };
    let bias = |key: &str| Array2::from_shape_vec((of.numbers(key).len(), 1), of.numbers(key)).expect("a column");
    let joined = |bias: Array2<f64>, weight: &str| {
        concatenate(Axis(1), &[bias.view(), of.matrix(weight).view()]).expect("as many rows")
    };
    let h = match cell {
        Cell::Plain(_) => of.matrix("rnn.weight_hh_l0"),
        _ => in_order(joined(bias("rnn.bias_hh_l0"), "rnn.weight_hh_l0")),
    };
    [in_order(joined(bias("rnn.bias_ih_l0"), "rnn.weight_ih_l0")), h, joined(bias("fc.bias"), "fc.weight")]
}

#[test]
fn nets_read_from_its_files_have_the_outputs_costs_and_gradients_of_pytorch() {
    let folder = oracle::folder().join("torch");
    for name in ["torch_tanh_last", "torch_tanh_every", "torch_gru_last", "torch_lstm_last"] {
        let oracle = Oracle::read(folder.join(format!("{name}.json")));
        let cell = Cell::named(oracle.text("cell")).expect("a cell");
        let reads = if name.ends_with("every") { OutputSteps::All } else { OutputSteps::Last };
        let text = fs::read_to_string(folder.join(format!("{name}.csv"))).expect("the file is readable");
        let (x, y, count) = sequences(&text, reads);
        for ending in ["safetensors", "npz"] {
            let kept = WeightFile::read(&folder.join(format!("{name}.{ending}")))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!((kept.kind, kept.sizes()), (Kind::Recurrent, vec![3, 4, 3]));
            assert!(kept.cells().contains(&cell) && kept.warnings.is_empty(), "{:?}", kept.warnings);
            let network = kept.recurrent(cell, Output::Softmax, reads).expect("the cell fits");
            let (mut forward, mut through) = (BpttForward::default(), BpttBackward::default());
            network.forward(x.view(), &network.blank(count), &mut forward);
            network.backward(&forward, y.view(), None, &mut through);
            let j = through.cost.sum() / count as f64;
            assert!((j - oracle.number("J")).abs() <= CLOSE * j.abs(), "{name} J {j}");
            let first = through.o.slice(s![..;count, ..]);
            let close = error(first, oracle.matrix("h_of_first_sequence").view());
            assert!(close <= CLOSE, "{name} h: {close:e}");
            for ((sum, expected), symbol) in
                through.sum.iter().zip(expected(cell, &oracle.at("/gradient"))).zip(["x", "h", "o"])
            {
                let gradient = sum.mapv(|sum| sum / count as f64);
                let error = error(gradient.view(), expected.view());
                assert!(error <= CLOSE, "{name} ∂J/∂Θ^{symbol}: {error:e}");
            }
        }
    }
}
