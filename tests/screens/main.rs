//! The screen as a function of one view: every panel at every size, and pictures of the whole at three sizes.

mod arbitrary;
mod book;
mod changed;
mod checked;
mod clicked;
mod confused;
mod contrast;
mod curved;
mod decided;
mod descended;
mod equations;
mod every_size;
mod explained;
mod footers;
mod glossary;
mod headed;
mod healthy;
mod inputs;
mod lists;
mod mashed;
mod named;
mod network;
mod painted;
mod numbers;
mod pictures;
mod stepped;
mod through_time;
mod uncut;
mod time_lists;
mod time_weights;
mod typeset;
mod walked;
mod warned;
mod wide;

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use deltascope::app::{App, Request};
use deltascope::data::{self, Source, Task};
use deltascope::keymap::action;
use deltascope::nn::{Activation, AnyModel, Output};
use deltascope::theme::{Depth, MathStyle, Theme};
use deltascope::train::{Config, DenseTrainer, Parameter, Report, Snapshot, Speed};
use deltascope::ui::svg;
use deltascope::view::View;
use ndarray::Array2;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

const RGB: Theme = Theme { depth: Depth::Rgb, dark: true, ascii: false, math: MathStyle::Plain };
const MONO: Theme = Theme { depth: Depth::Mono, dark: true, ascii: false, math: MathStyle::Plain };
const ASCII: Theme = Theme { depth: Depth::Ansi16, dark: false, ascii: true, math: MathStyle::Plain };

/// A trainer on a set of this name, for the task of the options.
fn trainer(name: &str, config: Config) -> DenseTrainer<f64> {
    let source = Source { name: name.into(), ..config.source.clone() };
    let dataset = Arc::new(data::load(&source).expect("an embedded set"));
    let options = config.preparation();
    let prepared = data::prepare(dataset, &options).expect("it can be split");
    DenseTrainer::new(Arc::new(Config { source, ..config }), Arc::new(prepared)).expect("the options fit the data")
}

/// A file of two features and three labels of 0 and 1.
const LABELS: &str = "tests/screens/labels.csv";

/// Options for a task; of labels, for that file.
fn learning(task: Task) -> Config {
    let target = (task == Task::Labels).then(|| "wide,tall,square".to_string());
    let output = if task == Task::Regression { Output::Linear } else { Output::Sigmoid };
    let source = Source { task: Some(task), target, ..Source::named("") };
    Config { source, output, layers: vec![4], activation: vec![Activation::Tanh], ..Config::default() }
}

/// What is seen after so many updates, each of which was looked at.
fn view(mut trainer: DenseTrainer<f64>, steps: u64, theme: Theme) -> View {
    let mut view = View::new(theme);
    view.absorb(trainer.snapshot(None));
    for _ in 0..steps {
        trainer.step().expect("it does not diverge");
        view.absorb(trainer.snapshot(None));
    }
    view
}

/// The digits after so many updates with the default options.
fn digits(steps: u64, theme: Theme) -> View {
    view(trainer("digits", Config::default()), steps, theme)
}

/// Each Θ of a dense net with the matrices of its next update, all shaped like it.
fn layers<'s>(
    model: &'s mut AnyModel,
    parameters: &'s mut [Parameter],
) -> impl Iterator<Item = [&'s mut Array2<f64>; 6]> {
    let AnyModel::Dense(network) = model else { panic!("a dense net") };
    network
        .theta
        .iter_mut()
        .zip(parameters)
        .map(|(theta, of)| [theta, &mut of.gradient, &mut of.penalty, &mut of.update, &mut of.d, &mut of.sum])
}

/// All matrices of a snapshot that are drawn.
fn matrices(snapshot: &mut Snapshot) -> impl Iterator<Item = &mut Array2<f64>> {
    let tensors = snapshot.tensors.iter_mut().map(|(_, tensor)| &mut tensor.values);
    layers(&mut snapshot.model, &mut snapshot.parameters).flatten().chain(tensors)
}

/// The application, which has seen a trainer after so many updates.
fn app(mut trainer: DenseTrainer<f64>, steps: u64, theme: Theme) -> App {
    (0..steps).for_each(|_| trainer.step().expect("it does not diverge"));
    let mut app = App::new(View::new(theme), Speed::Max);
    app.absorb(Report::Snapshot(trainer.snapshot(None)));
    app
}

/// Presses keys that ask the trainer for nothing; returns what the last one asks for elsewhere.
fn press(app: &mut App, keys: &[KeyCode]) -> Option<Request> {
    let mut last = None;
    for &key in keys {
        let action = action(KeyEvent::new(key, KeyModifiers::NONE)).expect("the key is bound");
        last = app.update(action);
        assert!(!matches!(last, Some(Request::Tell(_))), "{key:?} tells the trainer something");
    }
    last
}

/// The screen of an application at 120x40, as text.
fn screen(app: &App) -> String {
    text(&drawn(&app.view, (120, 40)))
}

/// The whole screen at a size.
fn drawn(view: &View, (width, height): (u16, u16)) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    view.render(buf.area, &mut buf);
    buf
}

/// The rows of a screen as text, without the blanks at their ends.
fn text(buf: &Buffer) -> String {
    svg::text(buf)
}
