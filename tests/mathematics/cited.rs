//! Every combination of output, optimiser, penalty, dropout, clip and schedule: what is cited is true, and what is given says where from.

use std::collections::HashSet;
use std::sync::Arc;

use deltascope::derivation::{
    Graph, Mark, Node, QuantityKey, Sample, Subject, Trace, Values, Weight, explain, letter, of_node,
};
use deltascope::nn::{Named, Optimizer, Output, Penalty};
use deltascope::train::{BatchSize, Config, DenseTrainer, Schedule, Snapshot};

use crate::dense;
use crate::trainer::iris;

/// Where a chain may end: the beginning of an operand's name, what its origin has to say, and why nothing lies below it.
const ENDS: &[(&str, &str, &str)] = &[
    ("λ", "option --lambda", "an option"),
    ("m", "samples in the training part", "a count"),
    ("B", "samples in this batch", "a count"),
    ("α₀", "option --alpha", "an option, which the schedule multiplies"),
    ("α", "option --alpha", "an option, where the schedule is constant"),
    ("β₂", "option --beta2", "an option"),
    ("β", "option --beta", "an option"),
    ("ε", "constant", "a constant"),
    ("clip", "option --clip", "an option"),
    ("‖∂J/∂Θ‖", "root of the sum of the squares", "a sum over every weight of the net"),
    ("‖D‖", "root of the sum of the squares", "a sum over every weight of the net"),
    ("s before", "before the first update|the value after update", "of another moment"),
    ("v before", "before the first update|the value after update", "of another moment"),
    ("γ", "factor of --schedule", "a function of the epoch alone"),
    ("y_", "target of this sample", "data"),
    ("r^(", "drawn for this update", "drawn"),
    ("mean", "over the 120 training samples", "a number of the whole training part"),
    ("deviation", "over the 120 training samples", "a number of the whole training part"),
    ("sepal", "read from the data", "data"),
    ("petal", "read from the data", "data"),
];

/// Whether a name is the one in the list, or begins with it where that stands for several.
fn is_named(name: &str, listed: &str) -> bool {
    let is_begin = ["y_", "r^(", "sepal", "petal"].contains(&listed);
    name == listed || is_begin && name.starts_with(listed)
}

/// The equation that a number must cite, in its symbols.
fn cited(node: Node, config: &Config, depth: usize) -> &'static str {
    // A sample that the next batch does not hold keeps all its units.
    let dropout = config.dropout > 0.0 && !node.sample.held_out;
    let l = if let Mark::Layer(l) = node.key.mark { l } else { 0 };
    match node.key.letter {
        letter::A if l == 1 => "a^(1) = x",
        letter::Z if l == depth => "z^(L) = Θ^(L−1) [1; a^(L−1)]",
        letter::Z => "z^(2) = Θ^(1) [1; a^(1)]",
        letter::A if l == depth => match config.output {
            Output::Sigmoid | Output::SigmoidMse => "h = a^(L) = g(z^(L))",
            Output::Softmax => "h_i = exp(z_i) / Σ_k exp(z_k)",
            Output::Linear => "h = a^(L) = z^(L)",
        },
        letter::A if dropout => "a^(l) = r ⊙ g(z^(l))",
        letter::A => "a^(2) = g(z^(2))",
        letter::COST_TERM if config.output == Output::Sigmoid => "J^(b)_k = max(0, z) − z y + log(1 + e^−|z|)",
        letter::COST_TERM if config.output == Output::Softmax => {
            "J^(b)_k = y_k (log Σ_c exp(z_c − max z) − (z_k − max z))"
        }
        letter::COST_TERM | letter::SAMPLE_COST => match config.output {
            Output::Sigmoid => "J^(b) = −Σ_k [y_k log h_k + (1 − y_k) log(1 − h_k)]",
            Output::Softmax => "J^(b) = −Σ_k y_k log h_k",
            Output::Linear | Output::SigmoidMse => "J^(b) = ½ Σ_k (h_k − y_k)²",
        },
        letter::DELTA if l == depth => match config.output {
            Output::SigmoidMse => "δ^(L) = (a^(L) − y) ⊙ g'(z^(L))",
            _ => "δ^(L) = a^(L) − y",
        },
        letter::DELTA if dropout => "δ^(l) = r ⊙ g'(z^(l)) ⊙ Θᵀδ^(l+1)",
        letter::DELTA => "δ_i^(l) = g'(z_i) Σ_d δ_d^(l+1) Θ_di",
        letter::GRAD_A => "∂J/∂a_i = Σ_d δ_d Θ_di",
        letter::SLOPE => "∂a_i/∂z_i = g'(z_i)",
        letter::SAMPLE_GRADIENT => "Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ",
        letter::ALPHA => "α = α₀ γ(epochs done)",
        letter::CUT => "c = clip / ‖∂J/∂Θ‖",
        letter::DATA => "data = (1/B) Σ_b J^(b)",
        letter::COST => "J = data + reg",
        letter::SHARE => "reg^(l) / J",
        letter::REG => match config.penalty {
            Penalty::L2 => "reg = (λ/2m) Σ_l ΣΘ²",
            Penalty::L1 => "reg = (λ/m) Σ_l Σ|Θ|",
            Penalty::None => "reg = 0",
        },
        letter::LAYER_SQUARES | letter::ROW_SQUARES if config.penalty == Penalty::L1 => "Σ_j Σ_{i≥1} |Θ_ji|",
        letter::LAYER_SQUARES | letter::ROW_SQUARES => "Σ_j Σ_{i≥1} Θ_ji²",
        _ => of_weight(node, config),
    }
}

fn of_weight(node: Node, config: &Config) -> &'static str {
    match node.key.letter {
        letter::D => "D = (1/B) Σ_b Δ",
        letter::PENALTY => match config.penalty {
            _ if node.i == 0 => "∂reg/∂Θ_j0 = 0",
            Penalty::L2 => "∂reg/∂Θ = (λ/m)Θ",
            Penalty::L1 => "∂reg/∂Θ = (λ/m) sign Θ",
            Penalty::None => "∂reg/∂Θ = 0",
        },
        letter::GRADIENT => match config.penalty {
            _ if node.i == 0 => "∂J/∂Θ_j0 = D_j0",
            Penalty::L2 => "∂J/∂Θ = D + (λ/m)Θ",
            Penalty::L1 => "∂J/∂Θ = D + (λ/m) sign Θ",
            Penalty::None => "∂J/∂Θ = D",
        },
        letter::VELOCITY => match config.optimizer {
            Optimizer::Adam => "v ← β v + (1 − β) ∂J/∂Θ",
            Optimizer::AdamW => "v ← β v + (1 − β) D",
            _ => "v ← β v + ∂J/∂Θ",
        },
        letter::SQUARES if config.optimizer == Optimizer::AdamW => "s ← β₂ s + (1 − β₂) D²",
        letter::SQUARES => "s ← β₂ s + (1 − β₂) (∂J/∂Θ)²",
        letter::THETA | letter::UPDATE | letter::NEXT => match config.optimizer {
            Optimizer::GradientDescent => "Θ ← Θ − α ∂J/∂Θ",
            Optimizer::Momentum => "Θ ← Θ − α v",
            Optimizer::Nesterov => "Θ ← Θ − α (∂J/∂Θ + β v)",
            Optimizer::RmsProp => "Θ ← Θ − α ∂J/∂Θ / (√s + ε)",
            Optimizer::Adam => "Θ ← Θ − α v' / (√s' + ε), v' = v / (1 − β^k), s' = s / (1 − β₂^k)",
            Optimizer::AdamW => "Θ ← Θ − α (v' / (√s' + ε) + ∂reg/∂Θ)",
        },
        other => panic!("{other} is no number that a chain leads to"),
    }
}

/// Goes from the update of three weights, from J and from a share of it down to where the chains end.
fn assert_cited(snapshot: &Snapshot) {
    let weights = [Weight { l: 2, j: 1, i: 1 }, Weight { l: 1, j: 0, i: 2 }, Weight { l: 1, j: 1, i: 0 }];
    let mut open: Vec<Subject> =
        weights.iter().filter_map(|&weight| Subject::weight(letter::NEXT, weight, snapshot)).collect();
    open.extend([QuantityKey::layer(letter::SHARE, 1), QuantityKey::plain(letter::COST)].map(Subject::of));
    open.push(Subject::sample_cost(Sample::of(true, 1)));
    let graph = Graph::of(snapshot);
    let held_out = Trace::of(Sample::of(true, 1), snapshot);
    let mut seen: HashSet<Node> = HashSet::new();
    while let Some(subject) = open.pop() {
        let Subject::Node(node) = subject else { panic!("{subject:?}") };
        if !seen.insert(node) {
            continue;
        }
        let trace = held_out.as_ref().filter(|trace| trace.sample == node.sample);
        let values = Values::of(snapshot, node.sample, trace);
        let explanation = of_node(node, None, (&graph, &values)).unwrap_or_else(|| panic!("{subject:?} is there"));
        let config = &snapshot.config;
        let depth = dense(snapshot).depth();
        assert_eq!(explanation.equation.symbols, cited(node, config, depth), "{}", explanation.name);
        let Some(expr) = explanation.expr else {
            assert!(explanation.note.contains("computed by update") || explanation.note.contains("drawn by"));
            continue;
        };
        let (symbols, numbers) = (expr.symbols(), expr.numbers());
        assert!(
            !symbols.contains("+ (-") && !numbers.contains("+ (-") && !format!("{numbers} ").contains("-0 "),
            "{symbols} = {numbers}"
        );
        for operand in expr.operands() {
            match operand.subject {
                Some(subject) => open.push(subject),
                None => {
                    let end = ENDS.iter().find(|(name, ..)| is_named(&operand.name, name));
                    let (_, says, why) =
                        end.unwrap_or_else(|| panic!("{} has no origin that may end a chain", operand.name));
                    assert!(
                        !why.is_empty() && says.split('|').any(|says| operand.origin.contains(says)),
                        "{operand:?}"
                    );
                }
            }
        }
    }
}

fn taught(config: Config) -> Box<Snapshot> {
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
    trainer.snapshot(None)
}

#[test]
fn every_number_of_every_kind_of_net_cites_its_own_equation_and_ends_where_it_may() {
    let schedules = [Schedule::Constant, Schedule::Inverse { epochs: 3 }];
    for (&output, &optimizer) in
        Output::ALL.iter().flat_map(|output| Optimizer::ALL.iter().map(move |rule| (output, rule)))
    {
        for &penalty in Penalty::ALL {
            for (dropout, clip, schedule) in [0.0, 0.4]
                .iter()
                .flat_map(|&p| [None, Some(0.01)].map(|clip| (p, clip, schedules[usize::from(clip.is_some())])))
            {
                let net = Config {
                    layers: vec![2],
                    batch: BatchSize::Size(60),
                    alpha: 0.05,
                    output,
                    optimizer,
                    ..Config::default()
                };
                let snapshot = taught(Config { penalty, dropout, clip, schedule, lambda: 1.0, ..net });
                assert_eq!(clip.is_some(), snapshot.cut < 1.0, "what is to be cut is");
                assert_cited(&snapshot);
            }
        }
    }
}

#[test]
fn delta_of_the_output_has_its_factors_by_the_equations_of_its_own_output() {
    for &output in Output::ALL {
        let snapshot = taught(Config { layers: vec![2], output, alpha: 0.05, ..Config::default() });
        let sample = Sample::of(false, snapshot.batch[0]);
        let explanation = explain(Subject::unit(letter::DELTA, 3, (sample, 1)), &snapshot).expect("it is there");
        let begins: Vec<&str> = match output {
            Output::Sigmoid => vec!["(2.4.3) ∂J/∂a", "(2.4.5) ∂a/∂z", "their product"],
            Output::SigmoidMse => vec!["(3.2 sigmoid-mse) ∂J/∂a", "(2.4.5) ∂a/∂z", "their product"],
            Output::Linear => vec!["(3.2 linear) ∂J/∂a", "(3.2 linear) ∂a/∂z = 1", "their product"],
            Output::Softmax => vec!["(3.2 softmax) each output depends on each z"],
        };
        assert_eq!(explanation.beside.len(), begins.len(), "{:?}", explanation.beside);
        for (line, begin) in explanation.beside.iter().zip(begins) {
            assert!(line.starts_with(begin), "{line}");
        }
        let hidden = explain(Subject::unit(letter::DELTA, 2, (sample, 1)), &snapshot).expect("it is there");
        assert!(hidden.beside.is_empty());
    }
}

#[test]
fn theta_says_whether_it_was_drawn_made_or_set_by_hand() {
    let config = Config { layers: vec![2], ..Config::default() };
    let data = iris(&config);
    let mut trainer = DenseTrainer::<f64>::new(Arc::new(config), data).expect("the options fit");
    let weight = Weight { l: 1, j: 0, i: 1 };
    let note = |trainer: &mut DenseTrainer<f64>| {
        let snapshot = trainer.snapshot(None);
        let theta = Subject::weight(letter::THETA, weight, &snapshot).expect("there is such a weight");
        explain(theta, &snapshot).expect("it is there").note
    };
    assert_eq!(note(&mut trainer), "drawn by --init uniform from seed 1");
    trainer.edit(weight, 0.5).expect("it is allowed");
    assert!(note(&mut trainer).starts_with("set by hand at step 0, where it was "));
    trainer.step().expect("it does not diverge");
    assert_eq!(note(&mut trainer), "computed by update 1; the Θ before it is no longer kept");
}
