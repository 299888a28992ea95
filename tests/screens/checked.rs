//! The check of the gradient by its key: progress, the verdict of each layer, the worst cell, and what was left out.

use std::ops::ControlFlow;
use std::sync::Arc;

use crossterm::event::KeyCode;
use deltascope::app::{App, Request};
use deltascope::nn::check::{CheckedCell, GradientFinding, Kink};
use deltascope::nn::{Activation, Batch, Cell, Check, Named};
use deltascope::number::exact;
use deltascope::train::{Checked, Config, GradientCheck, Moment, Progress, Recurrence, Report, Snapshot, Speed};
use deltascope::view::View;

use crate::{RGB, press, screen, through_time, trainer};

use KeyCode::Char;

/// A check of some cells of a snapshot, on the spot.
pub fn checked(snapshot: &Snapshot) -> Checked {
    let cut = |array: &ndarray::Array2<f64>| array.slice(ndarray::s![..array.nrows().min(3), ..]).to_owned();
    let onwards = |_, _| ControlFlow::Continue(());
    let layers = match snapshot.dense() {
        Some(dense) => {
            let (x, y) = (cut(&dense.data.train.x), cut(&dense.data.train.y));
            let regularisation = snapshot.regularisation;
            let batch = Batch { x: x.view(), y: y.view(), samples: x.nrows() };
            Check { model: dense.network, regularisation, batch }.run_every(7, onwards)
        }
        None => GradientCheck::of(snapshot).run_every(7, onwards),
    };
    let layers = layers.expect("nothing stops it");
    Checked { of: Moment::of(snapshot), progress: Progress::Done { layers: layers.into(), every: 7 } }
}

#[test]
fn a_key_starts_it_and_the_screen_tells_how_far_it_is_and_what_it_found() {
    let mut app = App::new(View::new(RGB), Speed::Max);
    assert!(press(&mut app, &[Char('c')]).is_none(), "there is nothing to check yet");
    let mut trainer = trainer("iris", Config { activation: vec![Activation::Relu], ..Config::default() });
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert!(matches!(press(&mut app, &[Char('c')]), Some(Request::Check)));
    assert!(screen(&app).contains("0 of 203 cells"), "{}", screen(&app));
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    let of = Moment::of(&snapshot);
    app.absorb(Report::Checked(Checked { of, progress: Progress::Under { done: 90, cells: 203 } }));
    assert!(screen(&app).contains("90 of 203 cells"));

    let dense = snapshot.dense().expect("a dense net");
    let train = &dense.data.train;
    let batch = Batch { x: train.x.view(), y: train.y.view(), samples: train.x.nrows() };
    let check = Check { model: dense.network, regularisation: snapshot.regularisation, batch };
    let mut layers = check.run(|_, _| ControlFlow::Continue(())).expect("nothing stops it");
    // As if the step of one cell had crossed a kink.
    let cell = layers[0].worst.expect("cells");
    layers[0].kinks.push((cell, Kink::Unit));
    layers[0].findings[[cell.j, cell.i]] = GradientFinding::Kinked(Kink::Unit);
    let progress = Progress::Done { layers: layers.clone().into(), every: 1 };
    app.absorb(Report::Checked(Checked { of, progress }));
    let shown = screen(&app);
    for text in [
        "all 203 cells".to_string(),
        "the gradient of step 0 is right: every layer is below 1e-7".to_string(),
        format!("{:.3e}", layers[0].relative()),
        format!("{:.3e}", layers[1].relative()),
        format!("worst cell Θ^(1)[{},{}]", cell.j + 1, cell.i),
        exact(cell.numeric),
        exact(cell.analytic),
        format!("left out, marked !: [{},{}] (a z crosses a kink between its ±ε)", cell.j + 1, cell.i),
    ] {
        assert!(shown.contains(&text), "{text}\n{shown}");
    }

    assert!(press(&mut app, &[Char('c')]).is_none(), "the present Θ is checked already");
    trainer.step().expect("it does not diverge");
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert!(screen(&app).contains("of step 0; now step 1"));
    assert!(matches!(press(&mut app, &[Char('c')]), Some(Request::Check)));
}

#[test]
fn a_wrong_gradient_is_called_wrong_and_a_sample_of_the_cells_a_sample() {
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.absorb(Report::Snapshot(trainer("iris", Config::default()).snapshot(None)));
    press(&mut app, &[Char('c')]);
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    let Checked { of, progress: Progress::Done { layers, every } } = checked(&snapshot) else { panic!("it is done") };
    let mut layers = layers.to_vec();
    layers[1].difference = 1.0;
    app.absorb(Report::Checked(Checked { of, progress: Progress::Done { layers: layers.into(), every } }));
    let shown = screen(&app);
    assert!(shown.contains("29 of 203 cells, one of every 7"), "{shown}");
    assert!(shown.contains("WRONG: not every layer is below 1e-7"), "{shown}");
}

#[test]
fn a_word_of_a_check_that_was_replaced_or_of_another_run_is_not_heard() {
    let mut app = App::new(View::new(RGB), Speed::Max);
    app.absorb(Report::Snapshot(trainer("iris", Config::default()).snapshot(None)));
    press(&mut app, &[Char('c')]);
    let begun = screen(&app);
    for of in [Moment { run: 0, step: 7 }, Moment { run: 1, step: 0 }] {
        app.absorb(Report::Checked(Checked { of, progress: Progress::Under { done: 99, cells: 203 } }));
        assert_eq!(screen(&app), begun);
    }
}

#[test]
fn of_a_recurrent_net_every_theta_has_its_symbol_and_the_sequences_are_counted() {
    for (&cell, l) in Cell::ALL.iter().zip([1, 2, 3, 2, 2]) {
        let recurrence = Some(Recurrence { cell, truncate: Some(4) });
        let mut trainer = through_time::trainer("parity", cell, through_time::quick());
        trainer.step().expect("it does not diverge");
        let mut app = App::new(View::new(RGB), Speed::Max);
        let mut snapshot = trainer.snapshot(None);
        snapshot.config = Arc::new(Config { recurrence, ..(*snapshot.config).clone() });
        app.absorb(Report::Snapshot(snapshot));
        assert!(matches!(press(&mut app, &[Char('c')]), Some(Request::Check)));
        // To the first Θ, and down from there.
        press(&mut app, &[Char('k'), Char('k')]);
        press(&mut app, &vec![Char('j'); l - 1]);
        let snapshot = app.view.snapshot.clone().expect("a snapshot");
        let check = GradientCheck::of(&snapshot);
        let mut layers = check.run_every(1, |_, _| ControlFlow::Continue(())).expect("nothing stops it");
        // As if the step of another cell had crossed a kink.
        let kinked = CheckedCell { j: 2, i: 3, ..layers[l - 1].worst.expect("cells") };
        layers[l - 1].kinks.push((kinked, Kink::Unit));
        let progress = Progress::Done { layers: layers.clone().into(), every: 1 };
        app.absorb(Report::Checked(Checked { of: Moment::of(&snapshot), progress }));
        let shown = screen(&app);
        let worst = layers[l - 1].worst.expect("cells");
        for text in [
            "ε = 0.00001, in f64, all 32 training sequences of 12 steps, the gradient through all steps although the run truncates it to 4".into(),
            format!("all {} cells", check.cells()),
            "the gradient of step 1 is right: every matrix is below 1e-7".to_string(),
            format!("worst cell {}", layers[l - 1].name_of(&worst)),
            exact(worst.analytic),
            format!("left out, marked !: {} (a z crosses", layers[l - 1].name_of(&kinked).place()),
        ] {
            let words = shown.split([' ', '\n', '┃']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            assert!(words.contains(&text), "{} {text}\n{shown}", cell.name());
        }
        // Where there is no bias, the first column of the map is column 1.
        let first = 1 - layers[l - 1].biases.min(1);
        let below = shown.lines().skip_while(|line| !line.contains("error num − an of")).nth(1).expect("a map");
        let head = below.split(|mark: char| !mark.is_ascii_digit()).find(|number| !number.is_empty());
        assert_eq!(head, Some(first.to_string().as_str()), "{} {l}\n{shown}", cell.name());
        assert!(["Θ^x", "Θ^h", "Θ^o"].iter().all(|symbol| shown.contains(symbol)), "{shown}");
    }
}
