//! The gradient check beside the training: what it finds is what a check on the spot finds, of the Θ it was started at.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use deltascope::nn::check::{GradientFinding, LayerReport};
use deltascope::nn::{Batch, Cell, Check, Named, Network};
use deltascope::train::{
    CheckScope, Checked, Checker, Config, DenseTrainer, GradientCheck, Progress, Recurrence, RecurrentTrainer, Snapshot,
};

use crate::dense;
use crate::recurrent;
use crate::trainer::iris;

/// Longer than any check here takes.
const LONG: Duration = Duration::from_secs(60);

fn trainer(layers: Vec<usize>) -> DenseTrainer<f64> {
    let config = Config { layers, ..Config::default() };
    let data = iris(&config);
    DenseTrainer::new(Arc::new(config), data).expect("the options fit")
}

fn on_the_spot(snapshot: &Snapshot) -> Check<'_, Network<f64>> {
    let view = dense(snapshot);
    let train = &view.data.train;
    let batch = Batch { x: train.x.view(), y: train.y.view(), samples: train.x.nrows() };
    Check { model: view.network, regularisation: snapshot.regularisation, batch }
}

/// What a check of all so many cells finds at step 3, from its first word to its last.
fn done(inbox: &Receiver<Checked>, of: usize) -> Arc<[LayerReport]> {
    let first = inbox.recv_timeout(LONG).expect("it begins");
    assert!(matches!(first.progress, Progress::Under { done: 0, cells } if cells == of), "{first:?}");
    let last = std::iter::from_fn(|| inbox.recv_timeout(LONG).ok()).last().expect("it ends");
    assert_eq!((last.of.run, last.of.step), (0, 3));
    let Progress::Done { layers, every } = last.progress else { panic!("{last:?}") };
    assert_eq!(every, 1);
    layers
}

#[test]
fn it_finds_what_a_check_on_the_spot_finds_and_tells_of_which_moment() {
    let mut trainer = trainer(vec![25]);
    (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
    let snapshot = trainer.snapshot(None);
    let (sender, inbox) = channel();
    let checker = Checker::start(&snapshot, move |checked| drop(sender.send(checked))).expect("a thread");
    // The training goes on; the check is of the Θ that it was started at.
    (0..5).for_each(|_| trainer.step().expect("it does not diverge"));
    let first = inbox.recv_timeout(LONG).expect("it begins");
    assert!(matches!(first.progress, Progress::Under { done: 0, cells: 203 }), "{first:?}");
    let last = std::iter::from_fn(|| inbox.recv_timeout(LONG).ok()).last().expect("it ends");
    assert_eq!((last.of.run, last.of.step), (0, 3));
    let Progress::Done { layers, every } = last.progress else { panic!("{last:?}") };
    assert_eq!(every, 1);
    let expected = on_the_spot(&snapshot).run(|_, _| ControlFlow::Continue(())).expect("nothing stops it");
    assert_eq!(layers.to_vec(), expected);
    assert!(layers.iter().all(|report| report.holds()));
    drop(checker);
}

#[test]
fn some_of_the_cells_are_spread_over_all_rows_and_columns() {
    let snapshot = trainer(vec![64]).snapshot(None);
    let check = on_the_spot(&snapshot);
    let whole = check.run(|_, _| ControlFlow::Continue(())).expect("nothing stops it");
    // As many as Θ^(1) has columns: the same place of each block would be the bias column alone.
    let some = check.run_every(5, |_, _| ControlFlow::Continue(())).expect("nothing stops it");
    let (mut looked, mut columns) = (0, [0; 5]);
    for ((j, i), finding) in some[0].findings.indexed_iter() {
        if *finding != GradientFinding::Skipped {
            (looked, columns[i]) = (looked + 1, columns[i] + 1);
            assert_eq!(*finding, whole[0].findings[[j, i]]);
        }
    }
    assert_eq!(looked, 64, "one of each five");
    assert!(columns.iter().all(|&column| column > 5), "{columns:?}");
    assert_eq!(some[0].compared, 64);
}

#[test]
fn a_check_that_is_dropped_ends_without_a_result() {
    // Too large to be done at once: some 330,000 cells.
    let snapshot = trainer(vec![512, 512, 128]).snapshot(None);
    let (sender, inbox) = channel();
    let checker = Checker::start(&snapshot, move |checked| drop(sender.send(checked))).expect("a thread");
    assert!(inbox.recv_timeout(LONG).is_ok());
    drop(checker);
    // The thread drops its end of the channel when it is over.
    let rest: Vec<_> = std::iter::from_fn(|| inbox.recv_timeout(LONG).ok()).collect();
    assert!(rest.iter().all(|checked| matches!(checked.progress, Progress::Under { .. })), "{rest:?}");
}

#[test]
fn of_every_recurrent_net_it_finds_what_a_check_on_the_spot_finds_truncated_or_not() {
    for (&cell, truncate) in Cell::ALL.iter().zip([None, Some(2), None, Some(3), Some(2)]) {
        let (config, data) = recurrent::options("echo", cell, 6);
        let config = Config { layers: vec![4], recurrence: Some(Recurrence { cell, truncate }), ..config };
        let mut trainer = RecurrentTrainer::<f64>::new(Arc::new(config), data).expect("a net");
        (0..3).for_each(|_| trainer.step().expect("it does not diverge"));
        let snapshot = trainer.snapshot(None);
        let (sender, inbox) = channel();
        let checker = Checker::start(&snapshot, move |checked| drop(sender.send(checked))).expect("a thread");
        (0..5).for_each(|_| trainer.step().expect("it does not diverge"));
        let check = GradientCheck::of(&snapshot);
        let layers = done(&inbox, check.cells());
        let expected = check.run_every(1, |_, _| ControlFlow::Continue(())).expect("nothing stops it");
        assert_eq!(layers.to_vec(), expected, "{}", cell.name());
        let symbols: Vec<String> = layers.iter().map(|report| report.symbol.to_string()).collect();
        assert_eq!(symbols, ["Θ^x", "Θ^h", "Θ^o"]);
        assert!(layers.iter().all(|report| report.holds()), "{}", cell.name());
        drop(checker);
    }
}

#[test]
fn it_says_over_which_samples_it_is_and_that_the_gradient_is_the_whole_one() {
    let scope = CheckScope { samples: 120, m: 120, epsilon: 1e-6, steps: None };
    assert_eq!(scope.to_string(), "all 120 training samples");
    let (config, data) = recurrent::options("echo", Cell::Gru, 6);
    let of = |config: &Config| {
        let snapshot =
            RecurrentTrainer::<f64>::new(Arc::new(config.clone()), data.clone()).expect("a net").snapshot(None);
        CheckScope::of(&snapshot.model, &snapshot.data, &snapshot.config)
    };
    let few = of(&Config { layers: vec![4], ..config.clone() });
    assert_eq!(few.to_string(), format!("all {} training sequences of 6 steps, the gradient through all steps", few.m));
    // A weight of so large a net takes so long that the fewest sequences have to do.
    let recurrence = Some(Recurrence { cell: Cell::Gru, truncate: Some(2) });
    let many = of(&Config { layers: vec![300], recurrence, ..config });
    assert!(many.samples == 32 && many.m == few.m);
    let expected = "training sequences of 6 steps, the gradient through all steps although the run truncates it to 2";
    assert_eq!(many.to_string(), format!("the first 32 of {} {expected}", many.m));
}
