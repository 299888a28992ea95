//! The confusion panel: counts that add up to the accuracy in the header, and the way to the samples behind a count.

use crossterm::event::KeyCode;
use deltascope::data::Task;
use deltascope::derivation::{Confusion, PartAnswers, Sample, Trace, worst};
use deltascope::nn::Cell;
use deltascope::nn::network::answer;
use deltascope::train::{BatchSize, Config, Fit};

use deltascope::number::{fixed, short};

use crate::through_time::{self, quick};
use crate::{ASCII, LABELS, RGB, app, drawn, learning, press, screen, text, trainer};

use KeyCode::{Char, Down, Enter, Esc};

#[test]
fn the_counts_are_those_of_the_network_and_make_the_accuracy() {
    // The last update is that of an epoch, so that the snapshot has the very Θ that was measured.
    let app = app(trainer("iris", Config::default()), 8, RGB);
    let snapshot = app.view.dense().expect("a snapshot");
    for (held_out, measure) in [(false, Some(snapshot.latest.train)), (true, snapshot.latest.test)] {
        let confusion = Confusion::of(&snapshot, held_out).expect("both parts are there");
        let part = if held_out { snapshot.data.test.as_ref().expect("held out") } else { &snapshot.data.train };
        let forward = snapshot.network.forward(part.x.view());
        let mut counts = ndarray::Array2::<usize>::zeros((3, 3));
        for (h, &target) in forward.h().rows().into_iter().zip(&part.class) {
            counts[[target, answer(h)]] += 1;
        }
        assert_eq!(confusion.counts, counts);
        let (right, all) = confusion.right();
        assert_eq!(measure.expect("it was measured").fit, Fit::Accuracy(right as f64 / all as f64));
        let costs = snapshot.network.cost(&forward, part.y.view());
        let listed = worst(&snapshot, held_out, None);
        assert_eq!(listed.len(), all);
        assert!(listed.windows(2).all(|pair| pair[0].cost >= pair[1].cost));
        assert!(listed.iter().all(|said| (said.cost - costs[said.row]).abs() <= 1e-12 * said.cost));
    }
}

#[test]
fn a_cell_leads_to_its_samples_the_worst_first() {
    let mut app = app(trainer("digits", Config::default()), 90, RGB);
    press(&mut app, &[Char('0')]);
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    let snapshot = snapshot.dense().expect("a dense net");
    let confusion = Confusion::of(&snapshot, true).expect("held out");
    let (right, all) = confusion.right();
    assert!(screen(&app).contains(&format!("{right} of {all} right")), "{}", screen(&app));
    // A cell off the diagonal with several samples.
    let ((target, answer), _) = confusion
        .counts
        .indexed_iter()
        .filter(|((target, answer), _)| target != answer)
        .max_by_key(|&(_, &count)| count)
        .expect("cells");
    press(&mut app, &vec![Down; target]);
    press(&mut app, &vec![KeyCode::Right; answer]);
    let samples = worst(&snapshot, true, Some((target, answer)));
    assert!(screen(&app).contains(&format!("{target} → {answer}: {} taken for it", samples.len())), "{}", screen(&app));
    press(&mut app, &[Enter]);
    assert!(app.view.cursor.sample.held_out);
    assert_eq!(app.view.cursor.sample.row, samples[0].row);
    assert!(screen(&app).contains("samples, the worst first"), "{}", screen(&app));
    press(&mut app, &[Down, Char('5')]);
    assert_eq!(app.view.cursor.sample.row, samples[1].row);
    assert!(screen(&app).contains(&format!("held-out sample {}", samples[1].row + 1)), "{}", screen(&app));
    press(&mut app, &[Char('0'), Esc, Char('v')]);
    assert!(screen(&app).contains("confusion after epoch 2, train"), "{}", screen(&app));
}

#[test]
fn a_cell_without_samples_says_so() {
    let mut app = app(trainer("iris", Config::default()), 400, RGB);
    press(&mut app, &[Char('0'), KeyCode::Right, KeyCode::Right, Enter]);
    assert!(screen(&app).contains("no setosa is taken for virginica"), "{}", screen(&app));
}

#[test]
fn where_there_are_no_classes_numbers_stand_against_targets_and_labels_one_by_one() {
    let mut numbers = app(trainer("reg-plane", learning(Task::Regression)), 130, RGB);
    press(&mut numbers, &[Char('0'), Char('z')]);
    let snapshot = numbers.view.snapshot.clone().expect("a snapshot");
    let snapshot = snapshot.dense().expect("a dense net");
    let (shown, worst) = (screen(&numbers), worst(&snapshot, true, None)[0]);
    assert!(shown.contains("fit of the held-out part") && shown.contains("100 samples, R²"), "{shown}");
    assert!(shown.contains(&format!("{} ", worst.row + 1)), "{shown}");
    press(&mut numbers, &[Enter]);
    assert_eq!(numbers.view.cursor.sample.row, worst.row);
    let mut labels = app(trainer(LABELS, learning(Task::Labels)), 130, RGB);
    press(&mut labels, &[Char('0'), Char('v'), Char('z')]);
    let snapshot = labels.view.snapshot.clone().expect("a snapshot");
    let snapshot = snapshot.dense().expect("a dense net");
    let (h, y) = (&snapshot.answers.0.h, &snapshot.data.train.y);
    let count =
        |of: &dyn Fn(f64, f64) -> bool| h.column(1).iter().zip(y.column(1)).filter(|&(&h, &y)| of(h, y)).count();
    let (held, said) = (count(&|_, y| y == 1.0), count(&|h, _| h >= 0.5));
    let both = count(&|h, y| h >= 0.5 && y == 1.0);
    let row = format!("tall{held:>9} {said:>6} {both:>6}");
    assert!(screen(&labels).contains(&row), "{row}: {}", screen(&labels));
}

#[test]
fn one_output_unit_has_a_confusion_of_two_classes() {
    let app = app(trainer("xor", learning(Task::Binary)), 400, RGB);
    let snapshot = app.view.dense().expect("a snapshot");
    let confusion = Confusion::of(&snapshot, false).expect("classes");
    assert_eq!(snapshot.latest.train.fit, Fit::Accuracy(confusion.right().0 as f64 / 4.0));
    assert_eq!(confusion.counts.dim(), (2, 2));
}

/// The digits in the middle of the third epoch, when Θ is another one than that which was measured.
fn in_the_middle() -> deltascope::app::App {
    let mut app = app(trainer("digits", Config::default()), 115, RGB);
    press(&mut app, &[Char('0')]);
    app
}

#[test]
fn the_title_says_after_which_epoch_it_was_at_every_width() {
    for theme in [RGB, ASCII] {
        let mut app = in_the_middle();
        app.view.theme = theme;
        for zoomed in [false, true] {
            app.view.zoomed = zoomed;
            for width in 40..=240 {
                let shown = text(&drawn(&app.view, (width, 40)));
                let title = shown.lines().find(|line| line.contains("0 confusion")).expect("its frame");
                assert!(title.contains("after epoch 2"), "{width}\n{shown}");
            }
        }
    }
}

#[test]
fn a_sample_that_is_opened_has_both_answers_then_and_now() {
    let mut app = in_the_middle();
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    assert_ne!(snapshot.latest.step, snapshot.position.step);
    let confusion = Confusion::of(&snapshot, true).expect("held out");
    // A sample that is answered otherwise now than after the epoch.
    let samples = worst(&snapshot, true, None);
    let now = |row: usize| Trace::of(Sample::of(true, row), &snapshot).expect("there is such a sample");
    let other = samples.iter().find(|said| now(said.row).answer != said.classes.map(|(_, answer)| answer));
    let other = other.expect("twenty-five updates change an answer");
    let (target, answer) = other.classes.expect("classes");
    assert!(confusion.counts[[target, answer]] > 0);
    let trace = now(other.row);
    press(&mut app, &vec![Down; target]);
    press(&mut app, &vec![KeyCode::Right; answer]);
    press(&mut app, &[Enter]);
    let place = worst(&snapshot, true, Some((target, answer))).iter().position(|said| said.row == other.row);
    press(&mut app, &vec![Down; place.expect("it is in its cell")]);
    let (then, said) = (short(other.cost), trace.answer.expect("a class"));
    for size in [(80, 24), (120, 40), (200, 60)] {
        let list = text(&drawn(&app.view, size));
        let row = list.lines().find(|line| line.contains(&then) && line.contains("now "));
        let row = row.unwrap_or_else(|| panic!("{size:?} {then}\n{list}"));
        assert!(row.contains(&short(trace.cost)) && row.contains(&format!(" {said}")), "{row}");
    }
    press(&mut app, &[Char('5')]);
    for size in [(80, 24), (120, 40), (200, 60)] {
        let shown = text(&drawn(&app.view, size));
        assert!(shown.contains(&format!("now says {said}")), "{size:?}\n{shown}");
        assert!(shown.contains(&format!("epoch 2: said {answer},")) && shown.contains(&then), "{size:?}\n{shown}");
    }
}

#[test]
fn numbers_and_labels_have_both_answers_too_and_an_answer_of_now_stands_alone() {
    let mut numbers = app(trainer("reg-plane", learning(Task::Regression)), 133, RGB);
    press(&mut numbers, &[Char('0'), Enter, Char('5')]);
    let snapshot = numbers.view.snapshot.clone().expect("a snapshot");
    let snapshot = snapshot.dense().expect("a dense net");
    let worst = worst(&snapshot, true, None)[0];
    let h = snapshot.answers.1.as_ref().expect("held out").h[[worst.row, 0]];
    let epoch = snapshot.latest.epoch;
    let shown = text(&drawn(&numbers.view, (200, 60)));
    assert!(shown.contains(&format!("epoch {epoch}: said {},", short(h))), "{shown}");
    let small = Config { batch: BatchSize::Size(7), ..learning(Task::Labels) };
    let mut labels = app(trainer(LABELS, small), 31, RGB);
    press(&mut labels, &[Char('5')]);
    let snapshot = labels.view.snapshot.as_ref().expect("a snapshot");
    assert_ne!(snapshot.latest.step, snapshot.position.step);
    let shown = screen(&labels);
    assert!(shown.contains("epoch 6:") && shown.contains("said none,") && shown.contains("now none"), "{shown}");
    // Right after an epoch there is one answer only.
    let same = app(trainer("iris", Config::default()), 8, RGB);
    let shown = text(&drawn(&same.view, (200, 60)));
    assert!(!shown.contains(": said ") && !shown.contains("now says"), "{shown}");
}

#[test]
fn a_confusion_of_sequences_counts_their_steps_and_leads_to_sequence_and_step() {
    let mut app = through_time::app(through_time::trainer("parity", Cell::Gru, quick()), 5, RGB);
    press(&mut app, &[Char('0'), Char('z')]);
    let snapshot = app.view.snapshot.clone().expect("a snapshot");
    let confusion = Confusion::of(&snapshot, true).expect("classes");
    let (right, all) = confusion.right();
    assert_eq!(all, snapshot.data.held_out() * 12);
    assert_eq!(snapshot.latest.test.expect("held out").fit, Fit::Accuracy(right as f64 / all as f64));
    let shown = screen(&app);
    assert!(shown.contains("confusion of the held-out part after epoch 1"), "{shown}");
    assert!(shown.contains(&format!("{right} of {all} steps right")), "{shown}");
    assert!(shown.contains("the worst steps after epoch 1") && shown.contains("sequence    t"), "{shown}");
    // Sequences of both parts open at their step, in the next batch or not, with what is said now.
    for held_out in [true, false] {
        let counts = Confusion::of(&snapshot, held_out).expect("classes").counts;
        app.view.confusion.cell = counts.indexed_iter().max_by_key(|&(_, &count)| count).expect("cells").0;
        let samples = worst(&snapshot, held_out, Some(app.view.confusion.cell));
        press(&mut app, &[Enter]);
        let mut carried = [0; 2];
        for said in samples.iter().take(60) {
            let (cursor, sample) = (app.view.cursor, Sample::of(held_out, said.row));
            assert_eq!((cursor.sample, cursor.t), (sample, said.t));
            assert_eq!(app.view.message, None);
            let trace = Trace::of(sample, &snapshot).expect("a trace");
            carried[usize::from(trace.in_batch)] += 1;
            let net = trace.recurrent(&snapshot).expect("a recurrent net");
            let cost = short(net.cost_t()[[said.t - 1, 0]]);
            let row = format!("{:>8} {:>5}", said.row + 1, said.t);
            let line = screen(&app);
            let line = line.lines().find(|line| line.contains(&row) && line.contains("now says"));
            assert!(line.is_some_and(|line| line.contains(&format!("J_t^(b) {cost}"))), "{row} {line:?}");
            press(&mut app, &[Down]);
        }
        assert!(carried[0] > 0 && (carried[1] > 0) != held_out, "{carried:?}");
        press(&mut app, &[Esc, Char('v')]);
    }
}

#[test]
fn sequences_without_classes_have_their_numbers_against_the_targets() {
    for (name, count) in [("adding", "8 sequences, "), ("sine", "96 steps, ")] {
        let mut app = through_time::app(through_time::trainer(name, Cell::Gru, quick()), 5, RGB);
        press(&mut app, &[Char('0'), Char('z')]);
        let snapshot = app.view.snapshot.clone().expect("a snapshot");
        let worst = worst(&snapshot, true, None)[0];
        let shown = screen(&app);
        assert!(shown.contains("fit of the held-out part after epoch 1") && shown.contains(count), "{shown}");
        let part = PartAnswers::of(&snapshot, true).expect("held out");
        let numbers = [part.target(worst.at, 0), part.answers.h[[worst.at, 0]]].map(|number| fixed(number, 10));
        let row = format!("{:>10} {:>10} {:>8}", numbers[0], numbers[1], fixed(worst.cost, 8));
        assert!(shown.contains(&row), "{row}\n{shown}");
    }
}
