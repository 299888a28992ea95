//! Where a number comes from, asked with keys alone.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::keymap::{Panel, action};
use deltascope::train::{Config, Report, Speed};
use deltascope::view::{Overlay, View};

use crate::{RGB, app, press, screen, trainer};

/// The digits after three updates.
fn third() -> App {
    app(trainer("digits", Config::default()), 3, RGB)
}

use KeyCode::{Backspace, Char, Down, Enter, Esc, Left, Right};

#[test]
fn a_delta_is_followed_down_to_the_input_and_back_up() {
    let mut app = third();
    press(&mut app, &[Char('2'), Enter]);
    let trace = app.view.trace.clone().expect("a trace");
    assert!(screen(&app).contains(&format!("> δ^(2)_1 = {}", trace.delta(2).expect("δ")[0])), "{}", screen(&app));
    assert!(screen(&app).contains("(2.5.8)") && screen(&app).contains("= ∂J/∂a^(2)_1 × g'(z^(2)_1)"));
    press(&mut app, &[Down, Enter]);
    assert!(screen(&app).contains("= a^(2)_1 × (1 − a^(2)_1)"), "{}", screen(&app));
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("= 1 / (1 + exp(-z^(2)_1))"));
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("smaller terms]") && screen(&app).contains("(1.1.2)"));
    // All terms instead of the largest; the second last operand is of the last pixel that is not 0.
    press(&mut app, &[Char('v'), Char('G'), Enter]);
    assert!(screen(&app).contains("(1.1.1) a^(1) = x"), "{}", screen(&app));
    assert!(screen(&app).contains("δ^(2)_1 › g'(z^(2)_1) › a^(2)_1 › z^(2)_1 › a^(1)_64"));
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("p77: read from the data: sample"));
    press(&mut app, &[Backspace, Backspace, Backspace, Backspace]);
    assert!(screen(&app).contains("> δ^(2)_1 ="));
    press(&mut app, &[Backspace]);
    assert_eq!(app.view.overlay, Overlay::None);
}

#[test]
fn every_panel_but_the_norms_answers_where_its_number_comes_from() {
    for (panel, title) in [
        ('1', "a^(2)_1 ="),
        ('2', "δ^(2)_1 ="),
        ('3', "Θ^(1)[1,37] ="),
        ('4', "next Θ^(1)[1,37] ="),
        ('5', "J^(b) ="),
        ('6', "J ="),
        ('7', "reg^(1) of J ="),
    ] {
        let mut app = third();
        press(&mut app, &[Char(panel), Enter]);
        assert_eq!(app.view.overlay, Overlay::Explain);
        assert!(screen(&app).contains(&format!("> {title}")), "{panel}: {}", screen(&app));
        press(&mut app, &[Esc]);
        assert_eq!(app.view.overlay, Overlay::None);
    }
    let mut app = third();
    press(&mut app, &[Char('8'), Enter]);
    assert_eq!((&app.view.overlay, app.view.focus), (&Overlay::None, Panel::Layers));
    assert!(screen(&app).contains("Enter explains single numbers, in panels 1 to 7"));
}

#[test]
fn every_quantity_of_a_weight_has_its_equation() {
    let mut app = third();
    press(&mut app, &[Char('3')]);
    for number in ["1.3.2", "3.1.3", "3.1.2", "2.6.1", "1.3.2"] {
        press(&mut app, &[Enter]);
        assert!(screen(&app).contains(&format!("({number})")), "{}", screen(&app));
        press(&mut app, &[Esc, Char('v')]);
    }
}

#[test]
fn an_equation_is_copied_and_written_as_it_is_shown() {
    let mut app = third();
    let asked = press(&mut app, &[Char('3'), Char('v'), Enter, Char('y')]);
    let Some(Request::Copy(text)) = asked else { panic!("a copy was asked for") };
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "∂J/∂Θ^(1)[1,37] at the Θ of step 3");
    assert!(lines[1].starts_with("(3.1.3)") && lines[2] == "∂J/∂Θ^(1)[1,37] = D^(1)[1,37] + (λ/m)Θ^(1)[1,37]");
    let snapshot = app.view.snapshot.as_ref().expect("a snapshot");
    assert_eq!(lines[4], format!("  = {}", snapshot.parameters[0].gradient[[0, 37]]));
    assert!(matches!(press(&mut app, &[Char('w')]), Some(Request::Write(again)) if again == text));
    assert!(press(&mut app, &[Esc, Char('y')]).is_none(), "there is nothing to copy");
}

#[test]
fn training_can_be_stepped_while_an_equation_is_shown_and_its_numbers_follow() {
    let mut app = third();
    press(&mut app, &[Char('6'), Enter]);
    let before = screen(&app);
    let step = action(KeyEvent::new(Char('b'), KeyModifiers::NONE)).expect("it is bound");
    assert!(app.update(step).is_some());
    let mut trainer = trainer("digits", Config::default());
    (0..4).for_each(|_| trainer.step().expect("it does not diverge"));
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    assert!(screen(&app).contains("of step 4") && screen(&app) != before);
}

#[test]
fn a_point_of_the_curve_says_of_which_epoch_it_is_and_that_its_theta_is_gone() {
    let mut trainer = trainer("iris", Config::default());
    let mut app = App::new(View::new(RGB), Speed::Max);
    for _ in 0..10 {
        app.absorb(Report::Snapshot(trainer.snapshot(None)));
        trainer.step().expect("it does not diverge");
    }
    let epochs: Vec<_> = app.view.epochs.all().copied().collect();
    press(&mut app, &[Char('6'), Left, Left]);
    assert!(screen(&app).contains(&format!("J after epoch 1 {:.3}", epochs[1].total())), "{}", screen(&app));
    press(&mut app, &[Enter]);
    let shown = screen(&app);
    assert!(shown.contains("of epoch 1, step 4") && shown.contains(&format!("= {}", epochs[1].total())), "{shown}");
    assert!(shown.contains("at the Θ of step 4, which is gone"), "{shown}");
    press(&mut app, &[Enter]);
    assert!(screen(&app).contains("data: of an earlier moment"), "{}", screen(&app));
    press(&mut app, &[Esc, Right, Right, Enter]);
    assert!(screen(&app).contains("> J = "), "after the last epoch comes the next batch");
}
