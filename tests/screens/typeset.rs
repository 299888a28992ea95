//! Marks of symbols as superscripts and subscripts, equations as LaTeX, and what a panel says more where it fills the screen.

use crossterm::event::KeyCode::{Char, Enter};
use deltascope::app::Request;
use deltascope::nn::Cell;
use deltascope::theme::{MathStyle, Theme};
use deltascope::train::Config;

use crate::{RGB, app, press, screen, through_time, trainer};

const TYPESET: Theme = Theme { math: MathStyle::Typeset, ..RGB };

#[test]
fn symbols_have_superscripts_on_every_panel_and_all_of_the_plain_form_is_gone() {
    let app = app(trainer("digits", Config::default()), 3, TYPESET);
    let text = screen(&app);
    for symbol in ["a⁽¹⁾", "δ⁽²⁾", "Θ⁽¹⁾[1,37]", "∂J/∂Θ⁽¹⁾", "J⁽ᵇ⁾", "a⁽¹⁾₃₇"]
    {
        assert!(text.contains(symbol), "{symbol} in\n{text}");
    }
    assert!(!text.contains("^("), "{text}");
}

#[test]
fn the_gates_of_a_recurrent_net_have_them_too() {
    let mut app = through_time::app(through_time::trainer("remember", Cell::Lstm, through_time::quick()), 3, TYPESET);
    press(&mut app, &[Char('2'), Enter]);
    let text = screen(&app);
    assert!(text.contains("gᶠ") && !text.contains("g^f"), "{text}");
    let Some(Request::Copy(latex)) = press(&mut app, &[Char('Y')]) else { panic!("it is copied") };
    assert!(latex.contains(r"g^{f}") || latex.contains(r"g_{12,1}^{f}"), "{latex}");
}

#[test]
fn an_equation_is_copied_as_latex_and_as_text() {
    let mut app = app(trainer("digits", Config::default()), 3, TYPESET);
    press(&mut app, &[Char('2'), Enter]);
    let Some(Request::Copy(latex)) = press(&mut app, &[Char('Y')]) else { panic!("it is copied") };
    assert!(latex.starts_with("% (2.5.8) "), "{latex}");
    assert!(latex.contains(r"\begin{aligned}") && latex.contains(r"\delta_{1}^{(2)} &= "), "{latex}");
    assert!(latex.contains(r"\frac{\partial J}{\partial a_{1}^{(2)}} \times g'(z_{1}^{(2)})"), "{latex}");
    let Some(Request::Copy(text)) = press(&mut app, &[Char('y')]) else { panic!("it is copied") };
    assert!(text.contains("δ^(2)_1 = ∂J/∂a^(2)_1 × g'(z^(2)_1)"), "what is copied as text is plain: {text}");
}

#[test]
fn panel_4_has_four_digits_and_all_of_them_where_it_fills_the_screen() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    let theta = app.view.snapshot.as_ref().expect("one").model.parameters()[0][[0, 37]];
    let (short, all) = (format!("{theta:+.4}"), format!("{theta}"));
    let text = screen(&app);
    assert!(text.contains(&short) && !text.contains(&all), "{short}, {all} in\n{text}");
    press(&mut app, &[Char('4'), Char('z')]);
    assert!(screen(&app).contains(&all), "{}", screen(&app));
}

#[test]
fn a_panel_that_fills_the_screen_says_more() {
    let mut app = app(trainer("digits", Config::default()), 60, RGB);
    press(&mut app, &[Char('7'), Char('z')]);
    let text = screen(&app);
    assert!(text.contains("Θ^(1): 1600 penalised weights") && text.contains("Θ^(2): 250 penalised weights"), "{text}");
    assert!(text.contains("-∂reg/∂Θ (2.6.1) pulls each weight towards 0, at most by"), "{text}");
    press(&mut app, &[Char('z'), Char('2'), Char('v'), Char('v'), Char('z')]);
    let text = screen(&app);
    assert!(text.contains("800 numbers of 32 samples") && text.contains("g'(z^(2))"), "{text}");
    press(&mut app, &[Char('z'), Char('0'), Char('z')]);
    let text = screen(&app);
    assert!(text.contains("wrong answers, the worst first"), "{text}");
}

#[test]
fn an_explanation_says_where_its_operands_come_from_and_what_the_number_goes_into() {
    let mut app = app(trainer("digits", Config::default()), 3, RGB);
    press(&mut app, &[Char('2'), Enter]);
    let text = screen(&app);
    assert!(text.contains("what it comes from, two levels deep"), "{text}");
    assert!(text.contains("│ ├ δ^(3)_") && text.contains("└ g'(z^(2)_1)"), "{text}");
    assert!(text.contains("it goes into Δ^(1): (3.1.1) Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ"), "{text}");
}
