//! The confusion panel: counts that add up to the accuracy in the header, and the way to the samples behind a count.

use crossterm::event::KeyCode;
use deltascope::derivation::{Confusion, worst};
use deltascope::nn::network::answer;
use deltascope::train::Config;

use crate::{RGB, app, press, screen, trainer};

use KeyCode::{Char, Down, Enter, Esc};

#[test]
fn the_counts_are_those_of_the_network_and_make_the_accuracy() {
    // The last update is that of an epoch, so that the snapshot has the very Θ that was measured.
    let app = app(trainer("iris", Config::default()), 8, RGB);
    let snapshot = app.view.snapshot.as_ref().expect("a snapshot");
    for (held_out, measure) in [(false, Some(snapshot.latest.train)), (true, snapshot.latest.test)] {
        let confusion = Confusion::of(snapshot, held_out).expect("both parts are there");
        let part = if held_out { snapshot.data.test.as_ref().expect("held out") } else { &snapshot.data.train };
        let forward = snapshot.network.forward(part.x.view());
        let mut counts = ndarray::Array2::<usize>::zeros((3, 3));
        for (h, &target) in forward.h().rows().into_iter().zip(&part.class) {
            counts[[target, answer(h)]] += 1;
        }
        assert_eq!(confusion.counts, counts);
        let (right, all) = confusion.right();
        assert_eq!(right as f64 / all as f64, measure.expect("it was measured").accuracy);
        let costs = snapshot.network.cost(&forward, part.y.view());
        let listed = worst(snapshot, held_out, None);
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
    assert!(screen(&app).contains("training part") || screen(&app).contains("confusion, training"), "{}", screen(&app));
}

#[test]
fn a_cell_without_samples_says_so() {
    let mut app = app(trainer("iris", Config::default()), 400, RGB);
    press(&mut app, &[Char('0'), KeyCode::Right, KeyCode::Right, Enter]);
    assert!(screen(&app).contains("no setosa is taken for virginica"), "{}", screen(&app));
}
