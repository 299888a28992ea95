//! Changes by hand between two updates: the next one is made anew of them, and nothing else moves.

use deltascope::nn::{Symbol, Weight};
use deltascope::train::{BatchSize, Change, Changed, Config, DenseTrainer, Setting};

use crate::trainer::{assert_whole, config, steps, trainer};
use crate::{dense, each};

const WEIGHT: Weight = Weight { l: 2, j: 1, i: 0 };

fn five_steps() -> DenseTrainer<f64> {
    let mut trainer = trainer::<f64>(&config());
    steps(&mut trainer, 5);
    trainer
}

fn trainer_of_f32() -> DenseTrainer<f32> {
    trainer::<f32>(&config())
}

fn setting(setting: Setting, from: f64, to: f64) -> Change {
    Change::new(5, Changed::Setting(setting), from, to)
}

#[test]
fn a_changed_setting_remakes_the_next_update_on_the_same_batch_at_the_same_theta() {
    let mut trainer = five_steps();
    let before = trainer.snapshot(None);
    assert_eq!(trainer.set(Setting::Lambda, 3.0), Ok(()));
    assert_eq!(trainer.set(Setting::Alpha, 0.1), Ok(()));
    let after = trainer.snapshot(None);
    assert_eq!((&after.model, &after.batch, after.position), (&before.model, &before.batch, before.position));
    assert_eq!((after.config.lambda, after.config.alpha), (3.0, 0.1));
    trainer.step().expect("it does not diverge");
    assert_whole(&after, &trainer.snapshot(None));
    assert_eq!(after.changes, [setting(Setting::Lambda, 1.0, 3.0), setting(Setting::Alpha, 0.5, 0.1)]);
}

#[test]
fn what_was_set_before_is_no_change_and_what_is_not_allowed_is_refused_with_what_is() {
    let mut trainer = five_steps();
    let before = trainer.snapshot(None);
    assert_eq!(trainer.set(Setting::Alpha, 0.5), Ok(()));
    for (setting, to, why) in [
        (Setting::Alpha, 0.0, "α stays 0.5: it is a number above 0 up to 1000000"),
        (Setting::Lambda, f64::NAN, "λ stays 1: it is a number from 0 up to 1000000"),
        (Setting::Batch, 121.0, "B stays 32: it is a whole number from 1 to 120"),
    ] {
        assert_eq!(trainer.set(setting, to), Err(why.to_string()));
    }
    let weight = dense(&before).network.theta(2)[[1, 0]];
    let why = format!("Θ^(2)[2,0] stays {weight}: a weight is a number from -1000000 to 1000000");
    assert_eq!(trainer.edit(WEIGHT, f64::NAN), Err(why));
    let nowhere = Weight { l: 9, ..WEIGHT };
    assert_eq!(trainer.edit(nowhere, 1.0), Err("there is no Θ number 9: this network has 3".to_string()));
    let outside = Weight { j: 99, ..WEIGHT };
    assert_eq!(trainer.edit(outside, 1.0), Err("there is no Θ^(2)[100,0]".to_string()));
    assert_eq!(trainer.undo(), Err("no weight was set by hand since the last update".to_string()));
    let after = trainer.snapshot(None);
    assert_eq!((&after.model, after.changes.len()), (&before.model, 0));
    assert_eq!(each(&after, |theta| &theta.update), each(&before, |theta| &theta.update));
}

#[test]
fn a_value_that_is_there_already_is_no_change_in_a_net_of_either_kind() {
    let mut trainer = five_steps();
    let before = trainer.snapshot(None);
    let m = before.regularisation.m;
    for setting in Setting::ALL {
        assert_eq!(trainer.set(setting, setting.of(&before.config, m)), Ok(()));
    }
    assert_eq!(trainer.edit(WEIGHT, dense(&before).network.theta(2)[[1, 0]]), Ok(()));
    let mut single = trainer_of_f32();
    single.edit(WEIGHT, 0.1).expect("it can be set");
    assert_eq!(single.edit(WEIGHT, 0.1), Ok(()), "0.1 is no number of f32, but the nearest one is there");
    let after = trainer.snapshot(None);
    assert_eq!((after.changes.len(), single.snapshot(None).changes.len()), (0, 1));
    assert_eq!(after.config, before.config);
    assert_eq!(each(&after, |theta| &theta.update), each(&before, |theta| &theta.update));
    assert_eq!(after.costs.recent().len(), 0, "no cost is noted again");
    let mut recurrent = crate::recurrent::trainer();
    let config = recurrent.config().clone();
    let m = recurrent.snapshot(None).regularisation.m;
    for setting in Setting::ALL {
        assert_eq!(recurrent.set(setting, setting.of(&config, m)), Ok(()));
    }
    assert_eq!((recurrent.snapshot(None).changes.len(), recurrent.config()), (0, &config));
    assert_eq!(recurrent.set(Setting::Lambda, 2.0), Ok(()));
    assert_eq!(recurrent.set(Setting::Lambda, 2.0), Ok(()));
    assert_eq!(
        recurrent.snapshot(None).changes,
        [Change::new(0, Changed::Setting(Setting::Lambda), config.lambda, 2.0)]
    );
}

#[test]
fn another_batch_size_cuts_the_rest_of_the_epoch_anew_and_each_sample_is_used_once() {
    // 120 samples: 32 and 32 are used, 56 are left.
    let mut trainer = trainer::<f64>(&config());
    let mut used = Vec::new();
    for _ in 0..2 {
        used.extend(trainer.snapshot(None).batch);
        steps(&mut trainer, 1);
    }
    assert_eq!(trainer.set(Setting::Batch, 10.0), Ok(()));
    let position = trainer.position();
    assert_eq!((position.batches_done, position.batches), (2, 2 + 6));
    let mut sizes = Vec::new();
    while trainer.position().epochs_done == 0 {
        let snapshot = trainer.snapshot(None);
        sizes.push(snapshot.batch.len());
        used.extend(&snapshot.batch);
        let before = snapshot;
        steps(&mut trainer, 1);
        assert_whole(&before, &trainer.snapshot(None));
    }
    assert_eq!(sizes, [10, 10, 10, 10, 10, 6]);
    used.sort_unstable();
    assert_eq!(used, (0..120).collect::<Vec<_>>());
    assert_eq!(trainer.position().batches, 12);
    assert_eq!(trainer.set(Setting::Batch, 120.0), Ok(()));
    assert_eq!((trainer.config().batch, trainer.position().batches), (BatchSize::Full, 1));
}

#[test]
fn a_weight_set_by_hand_is_in_the_next_update_and_taken_back_to_the_last_bit() {
    let mut trainer = five_steps();
    let before = trainer.snapshot(None);
    let was = dense(&before).network.theta(2)[[1, 0]];
    assert_eq!(trainer.edit(WEIGHT, -2.5), Ok(()));
    assert_eq!(trainer.set(Setting::Alpha, 0.1), Ok(()));
    assert_eq!(trainer.edit(WEIGHT, 4.0), Ok(()));
    let edited = trainer.snapshot(None);
    let mut expected = dense(&before).network.clone();
    expected.theta[1][[1, 0]] = 4.0;
    assert_eq!((dense(&edited).network, &edited.batch), (&expected, &before.batch));
    let edit = |from, to| {
        Change::new(5, Changed::Weight(WEIGHT, Symbol::Layer(WEIGHT.l).weight((WEIGHT.j, WEIGHT.i), 1)), from, to)
    };
    let alpha = setting(Setting::Alpha, 0.5, 0.1);
    assert_eq!(edited.changes, [edit(was, -2.5), alpha, edit(-2.5, 4.0)]);
    assert_eq!((trainer.undo(), trainer.undo()), (Ok(()), Ok(())));
    let undone = trainer.snapshot(None);
    assert_eq!((&undone.model, &undone.changes[..]), (&before.model, &[alpha][..]));
    assert_eq!(each(&undone, |theta| &theta.d), each(&before, |theta| &theta.d));
    assert_eq!(undone.cost, before.cost);
    assert!(trainer.undo().is_err());
    // After an update there is nothing to go back to.
    assert_eq!(trainer.edit(WEIGHT, 1.0), Ok(()));
    steps(&mut trainer, 1);
    assert!(trainer.undo().is_err());
}

#[test]
fn in_single_precision_a_weight_is_the_nearest_one_that_there_is() {
    let mut trainer = trainer::<f32>(&Config { ..config() });
    assert_eq!(trainer.edit(WEIGHT, 0.1), Ok(()));
    assert_eq!(trainer.snapshot(None).changes[0].to, f64::from(0.1_f32));
}
