//! The alarms of recurrent nets: each on a run that is ill in just that way, and none on runs that learn.

use std::sync::Arc;

use deltascope::data::Data;
use deltascope::derivation::{Alarm, HealthFacts, LayerNorms, alarms};
use deltascope::nn::recurrent::Cell;
use deltascope::nn::{Activation, Init, Named, Optimizer, Weight};
use deltascope::number::short;
use deltascope::train::{Config, CostHistory, EpochHistory, RecurrentTrainer, Snapshot};

use crate::health::names;
use crate::recurrent::options;

struct Run {
    trainer: RecurrentTrainer<f64>,
    epochs: EpochHistory,
    costs: CostHistory,
}

impl Run {
    fn new((config, data): (Config, Data)) -> Self {
        let trainer = RecurrentTrainer::new(Arc::new(config), data).expect("the options fit");
        Self { trainer, epochs: EpochHistory::default(), costs: CostHistory::default() }
    }

    fn look(&mut self) -> Box<Snapshot> {
        let snapshot = self.trainer.snapshot(None);
        self.epochs.append(&snapshot.epochs);
        self.costs.append(&snapshot.costs);
        snapshot
    }

    fn alarms(&mut self) -> Vec<Alarm> {
        let snapshot = self.look();
        let norms = LayerNorms::of(&snapshot);
        alarms(&HealthFacts { snapshot: &snapshot, norms: &norms, epochs: &self.epochs, costs: &self.costs })
    }

    fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.trainer.step().expect("it does not diverge");
            self.look();
        }
    }

    /// Sets the biases of some rows of Θ^x.
    fn bias(&mut self, rows: std::ops::Range<usize>, to: f64) {
        rows.for_each(|j| self.trainer.edit(Weight { l: 1, j, i: 0 }, to).expect("it is finite"));
    }
}

const TANH: Cell = Cell::Plain(Activation::Tanh);

/// Options of a small net whose updates are tiny.
fn still(name: &str, cell: Cell) -> (Config, Data) {
    let (config, data) = options(name, cell, 8);
    (Config { alpha: 1e-7, optimizer: Optimizer::GradientDescent, ..config }, data)
}

#[test]
fn runs_that_learn_raise_no_alarm_from_beginning_to_end() {
    for &cell in Cell::ALL {
        // Half of the relu units of the run on parity do die.
        let names = if cell == Cell::Plain(Activation::Relu) {
            ["echo", "sine"].as_slice()
        } else {
            &["echo", "parity", "sine"]
        };
        for name in names {
            let (config, data) = options(name, cell, 12);
            let mut run = Run::new((config, data));
            while run.trainer.position().epochs_done < 11 {
                let alarms = run.alarms();
                let step = run.trainer.position().step;
                assert!(alarms.is_empty(), "{name} {}: step {step}: {alarms:?}", cell.name());
                run.steps(4);
            }
        }
    }
}

#[test]
fn half_of_the_relu_units_at_0_at_every_step_are_dead_and_one_less_is_not() {
    let relu = Cell::Plain(Activation::Relu);
    for (units, expected) in [(7, vec![]), (8, vec!["dead"])] {
        let mut run = Run::new(still("echo", relu));
        assert!(run.look().dead[0].is_some(), "they can die");
        run.bias(0..16, 10.0);
        run.bias(0..units, -1e3);
        // It is measured after an epoch, of 160 sequences in batches of 20.
        run.steps(8);
        assert_eq!(run.look().dead, [Some(units)]);
        let alarms = run.alarms();
        assert_eq!(names(&alarms), expected);
        if let Some(alarm) = alarms.first() {
            let told = "8 of 16 units of h are 0 for all 160 training sequences, at every step (after epoch 1)";
            assert_eq!((alarm.l, alarm.layer, alarm.sentence.as_str()), (Some(2), Some(2), told));
            let remedy = alarm.remedy();
            assert!(remedy.contains("--cell tanh") && !remedy.contains("--activation"), "{remedy}");
        }
    }
    assert_eq!(Run::new(still("echo", TANH)).look().dead, [None]);
}

#[test]
fn half_of_the_states_or_gates_at_their_ends_are_saturated() {
    let cells = [TANH, Cell::Plain(Activation::Sigmoid), Cell::Gru, Cell::Lstm];
    let said = ["of h (tanh) are beyond 0.97", "of h (sigmoid) are within 0.03", "of the gates of h (gru)", "(lstm)"];
    for (cell, said) in cells.into_iter().zip(said) {
        let mut run = Run::new(still("echo", cell));
        let gates = cell.gates().len();
        run.bias(0..16 * gates / 2, -60.0);
        let alarms = run.alarms();
        assert_eq!(names(&alarms)[0], "saturated", "{}: {alarms:?}", cell.name());
        let sentence = &alarms[0].sentence;
        assert!(sentence.starts_with("50.0 % ") && sentence.contains(said), "{sentence}");
        assert!(sentence.ends_with("(next batch), and J after epoch 0 is 100.0 % of epoch 0's"), "{sentence}");
        assert!(!alarms[0].remedy().contains("--activation"), "{alarms:?}");
        // A unit less is less than half.
        let mut run = Run::new(still("echo", cell));
        run.bias(0..16 * gates / 2 - 1, -60.0);
        assert!(!names(&run.alarms()).contains(&"saturated"), "{}", cell.name());
    }
}

#[test]
fn states_that_start_the_same_stay_the_same() {
    for cell in [TANH, Cell::Gru, Cell::Lstm] {
        for name in ["remember", "echo"] {
            let (config, data) = options(name, cell, 8);
            let mut run = Run::new((Config { init: Init::Zeros, ..config }, data));
            for step in 0..3 {
                let alarms = run.alarms();
                assert_eq!(names(&alarms)[0], "symmetric", "{} {name} step {step}", cell.name());
                assert_eq!((alarms[0].l, alarms[0].layer), (Some(2), Some(2)));
                assert!(alarms[0].sentence.starts_with("all 16 units of δ_t are equal"), "{alarms:?}");
                assert!(alarms[0].remedy().contains("--init uniform"), "{alarms:?}");
                run.steps(1);
            }
        }
    }
}

#[test]
fn a_gradient_over_100_a_step_explodes_and_so_do_gains_over_1000() {
    for (name, limit) in [("adding", "over 100"), ("sine", "over 800, 100 for each of 8 steps")] {
        let mut run = Run::new(still(name, TANH));
        // An output far from its target, by the bias of Θ^o.
        run.trainer.edit(Weight { l: 3, j: 0, i: 0 }, 1e4).expect("it is finite");
        let alarms = run.alarms();
        let alarm = alarms.iter().find(|alarm| alarm.rule.name == "exploding").unwrap_or_else(|| panic!("{alarms:?}"));
        let norms = LayerNorms::of(&run.look());
        let worst = norms.iter().max_by(|one, other| one.d.total_cmp(&other.d)).expect("three");
        assert_eq!((alarm.l, alarm.layer), (Some(worst.l), Some(if worst.l == 3 { 3 } else { 2 })), "{alarm:?}");
        let told = format!("‖{}‖ is {}, {limit} (", worst.symbol.of("D"), short(worst.d));
        assert!(alarm.sentence.starts_with(&told) && alarm.sentence.ends_with("next batch)"), "{told}: {alarm:?}");
        assert!(alarm.remedy().contains("--clip 1"), "{alarm:?}");
    }
    let (config, data) = options("remember", Cell::Plain(Activation::Relu), 8);
    let mut run = Run::new((config, data));
    for j in 0..16 {
        (0..16).for_each(|i| run.trainer.edit(Weight { l: 2, j, i }, 0.3).expect("it is finite"));
    }
    let alarms = run.alarms();
    assert_eq!(names(&alarms)[0], "exploding", "{alarms:?}");
    let told = ["‖D^", "from h_8 back to h_1 the gradient is multiplied by 10^"];
    assert!(told.iter().any(|told| alarms[0].sentence.starts_with(told)), "{alarms:?}");
}

#[test]
fn what_vanishes_on_the_way_to_the_first_steps_is_an_alarm_once_it_had_time_to_grow() {
    let (config, data) = options("remember", TANH, 20);
    let mut run = Run::new((Config { alpha: 1e-7, ..config }, data));
    // Weights of a third: what comes back over a step is less than that.
    for j in 0..16 {
        (0..16).for_each(|i| {
            let to = if i == j { 0.3 } else { 0.0 };
            run.trainer.edit(Weight { l: 2, j, i }, to).expect("it is finite");
        });
    }
    run.steps(79);
    assert_eq!(run.trainer.position().epochs_done, 9);
    assert!(run.alarms().is_empty(), "nine epochs are too few to tell: {:?}", run.alarms());
    run.steps(1);
    let alarms = run.alarms();
    assert_eq!(names(&alarms), ["vanishing"]);
    let sentence = &alarms[0].sentence;
    assert!(sentence.starts_with("from h_20 back to h_1 the gradient is multiplied by 10^-"), "{sentence}");
    assert!(sentence.contains("and J after epoch 10 is "), "{sentence}");
    assert!(alarms[0].remedy().contains("--cell gru"), "{alarms:?}");
}

#[test]
fn where_every_step_has_an_output_a_long_way_that_is_forgotten_is_no_alarm() {
    let (config, data) = options("echo", TANH, 20);
    for (weight, expected) in [(0.3, vec![]), (0.05, vec!["vanishing"])] {
        let mut run = Run::new((Config { alpha: 1e-7, ..config.clone() }, data.clone()));
        for j in 0..16 {
            (0..16).for_each(|i| {
                let to = if i == j { weight } else { 0.0 };
                run.trainer.edit(Weight { l: 2, j, i }, to).expect("it is finite");
            });
        }
        run.steps(80);
        assert_eq!(names(&run.alarms()), expected, "{weight}");
    }
}
