//! One sequence: what goes in, what should come out and what does, step by step; in a text what the network would write on.

use ndarray::ArrayView1;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;

use super::steps::{self, StepColumns};
use crate::data::Task;
use crate::data::targets::holds;
use crate::derivation::Sample;
use crate::number::{brief, exact, percent, short};
use crate::train::RecurrentView;
use crate::ui::panel::Title;
use crate::ui::panels::said::{self, AnswerText};
use crate::ui::table::TableRows;
use crate::ui::widgets::chart::{Chart, Point, Series};
use crate::ui::widgets::label::{Label, columns};
use crate::ui::widgets::sparkline::Axis;
use crate::view::{InputView, View, ViewChange};

/// The name of the one input or output that is 1 where the others are 0.
pub(in crate::ui) fn symbol(names: &[String], values: ArrayView1<f64>) -> Option<String> {
    let one = values.iter().position(|&value| value == 1.0)?;
    let alone = names.len() > 1 && values.iter().enumerate().all(|(k, &value)| k == one || value == 0.0);
    alone.then(|| names[one].clone())
}

/// A step's numbers in a word: the symbol, or the numbers.
fn word(names: &[String], values: ArrayView1<f64>) -> String {
    let numbers = || values.iter().map(|&value| brief(value)).collect::<Vec<_>>().join(" ");
    symbol(names, values).unwrap_or_else(numbers)
}

/// An answer or a target of a step, as short as it stands in a row of steps: the class of several, 1 where an output holds and 0 where it
/// does not, or the numbers.
fn mark(net: RecurrentView<'_>, o: ArrayView1<f64>) -> String {
    match net.sequences.task {
        Task::Classes => said::of_outputs(net, o),
        Task::Binary | Task::Labels => o.iter().map(|&o| if holds(o) { '1' } else { '0' }).collect(),
        Task::Regression => o.iter().map(|&o| brief(o)).collect::<Vec<_>>().join(" "),
    }
}

/// What every panel calls the sequence under the cursor: by its number in its part.
pub(in crate::ui) fn name(view: &View) -> String {
    let sample = view.cursor.sample;
    format!("{}sequence {}", sample.adjectives(), sample.row + 1)
}

/// The temperatures that the network writes at.
const TEMPERATURES: [f64; 5] = [0.5, 0.8, 1.0, 1.2, 0.0];

/// Whether the network can write on.
pub(super) fn is_text(view: &View) -> bool {
    view.recurrent().is_some_and(|net| net.sequences.is_text())
}

/// The next temperature.
pub(super) fn next_temperature(view: &View) -> Option<ViewChange> {
    let at = TEMPERATURES.iter().position(|&temperature| temperature == view.temperature).unwrap_or(0);
    Some(ViewChange::Temperature(TEMPERATURES[(at + 1) % TEMPERATURES.len()]))
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let name = name(view);
    if view.input == InputView::Gradient {
        let symbol = steps::symbol(net);
        let what = format!("{name}: {symbol} {}", steps::equations());
        // The steps that J counts over matter more than which sequence it is.
        let short = if steps::cut(net).is_some() { symbol } else { format!("{name}: {symbol}") };
        return Title { what, brief: short, scale: format!("±{}", brief(view.grad_x_limit())) };
    }
    let sample @ Sample { held_out, .. } = view.cursor.sample;
    let brief = format!("{name}, not in the batch");
    let name = format!("{name} of {}", if held_out { net.data.held_out() } else { net.data.m() });
    let Some(b) = sample.carried(net.snapshot) else {
        let what = format!("{name}, not in the next batch: computed for it alone");
        return Title { what, brief, scale: String::new() };
    };
    let (place, carried, batch) = (ordinal(b + 1), net.snapshot.samples, net.batch.len());
    // Of a large batch not all sequences are carried.
    let (what, brief) = if carried < batch {
        let shown = format!("{place} of the {carried} shown");
        (format!("{name}, {shown} of the batch's {batch}"), format!("{name}, {shown}"))
    } else {
        (format!("{name}, {place} of the batch's {batch}"), format!("{name}, {place} of {batch}"))
    };
    Title { what, brief, scale: String::new() }
}

/// J^(b) of the sequence under the cursor.
fn cost(view: &View) -> String {
    let cost = view.trace.as_ref().map_or(f64::NAN, |trace| trace.cost);
    format!("J^(b) {} (1.2.1)", short(cost))
}

/// A place in a row: 1st, 2nd, 3rd, 4th.
fn ordinal(place: usize) -> String {
    let ending = match (place % 10, place % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{place}{ending}")
}

/// ```text
///  t   1  2  3  4
///  x   A  ·  –  ·
///  y            A      what is right, at the steps that are read
///  o            A 93 % what is answered
/// ```
pub(super) fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let sequences = &net.sequences;
    if sequences.task == Task::Regression && sequences.read_steps().len() > 1 {
        return draw_numbers(view, net, area, buf);
    }
    let read = sequences.read_steps();
    let at = |t: usize| read.contains(&t).then(|| t - read.start);
    let words: Vec<[String; 3]> = (0..sequences.steps)
        .map(|t| {
            let x = word(&sequences.inputs, net.x().row(t));
            let y = at(t).map(|row| mark(net, net.y().row(row))).unwrap_or_default();
            let o = at(t).map(|row| mark(net, net.o().row(row))).unwrap_or_default();
            [x, y, o]
        })
        .collect();
    let widest = words.iter().flatten().map(|word| columns(word)).max().unwrap_or(1);
    let width = widest.min(12) + u16::from(!sequences.is_text());
    let with_slopes = has_slopes(view, net, (area, at(view.cursor.t - 1)));
    // ∂J/∂x_t stands below the words of its steps, unless they are so wide that few fit.
    let below_words = with_slopes && width <= 3;
    let columns = StepColumns::of(view, net, (area.width, width), below_words);
    let mut rows = TableRows::new(area, buf, theme);
    // In few rows x alone stands above ∂J/∂x.
    let few = view.input == InputView::Gradient && area.height < steps::rows_wanted(net) + 2;
    let lines = if few { 1 } else { 3 };
    for (line, head) in ["x", "y", "o"].into_iter().take(lines).enumerate() {
        let Some((row, buf)) = rows.take() else { return };
        Label::new(head, theme.faint()).render(row, buf, theme);
        if line == 0 && columns.more > 0 {
            Label::right(&StepColumns::words(columns.more), theme.faint()).render(row, buf, theme);
        }
        for (place, t) in columns.shown.clone().enumerate() {
            let style: Style = match (line, at(t)) {
                _ if t + 1 == view.cursor.t => theme.selected(),
                (2, Some(row)) => match sequences.task.is_right(net.o().row(row), net.y().row(row)) {
                    Some(true) => theme.good(),
                    Some(false) => theme.bad(),
                    None => theme.text(),
                },
                _ => theme.text(),
            };
            let cell = Rect { width: widest.min(12), ..columns.place(row, place) };
            Label::new(&words[t][line], style).render(cell, buf, theme);
        }
    }
    if view.input == InputView::Values {
        draw_below(view, net, at(view.cursor.t - 1), &mut rows);
    }
    if below_words {
        steps::draw(view, net, &columns, &mut rows);
    } else if with_slopes {
        steps::draw_alone(view, net, (rows.rest(), buf));
    }
}

/// Whether ∂J/∂x_t is shown: it was asked for, or there is room for it below all else.
fn has_slopes(view: &View, net: RecurrentView<'_>, (area, row): (Rect, Option<usize>)) -> bool {
    let below = Rect { height: area.height.saturating_sub(3).min(100), width: area.width.min(1000), ..area };
    // What stands above it is written once to see how many rows it takes.
    let mut buf = Buffer::empty(below);
    let mut rows = TableRows::new(below, &mut buf, &view.theme);
    draw_below(view, net, row, &mut rows);
    view.input == InputView::Gradient || rows.left() >= steps::rows_wanted(net)
}

/// The outputs at the step under the cursor, which are in this row if they are read, and a text that is written on.
fn draw_below(view: &View, net: RecurrentView<'_>, row: Option<usize>, rows: &mut TableRows<'_>) {
    let (theme, sequences) = (&view.theme, &net.sequences);
    match row {
        Some(row) => {
            // The room is for a text that is written on, where there is one.
            if view.written.is_none() {
                tell_step(view, net, row, rows);
            }
            likeliest(view, net, row, rows);
        }
        None => rows.line(&format!("t {}: no output is read here", view.cursor.t), theme.faint()),
    }
    rows.line(&cost(view), theme.text());
    if let Some(written) = &view.written {
        let head = format!("written at temperature {} by Θ of step {}:", exact(written.temperature), written.step);
        rows.line(&head, theme.faint());
        rows.paragraph(&written.text.concat(), theme.text());
    } else if sequences.is_text() {
        rows.line(&format!("I writes on from here, at temperature {} (a)", exact(view.temperature)), theme.faint());
    }
    if rows.left() > 0 {
        rows.paragraph(&sequences.about, theme.faint());
    }
}

/// In words what should come out at the step under the cursor, what does, and what did when the epoch was measured.
fn tell_step(view: &View, net: RecurrentView<'_>, row: usize, rows: &mut TableRows<'_>) {
    let (theme, t) = (&view.theme, view.cursor.t);
    let (o, y) = (net.o().row(row), net.y().row(row));
    let each = if net.sequences.read_steps().len() > 1 { "step" } else { "sequence" };
    let then = AnswerText::then_of_step(net, (view.cursor.sample, t));
    let [target, answer] = [y, o].map(|values| said::of_outputs(net, values));
    let told = (net.sequences.task.is_right(o, y), then.is_some());
    said::tell(&format!("t {t}: "), [&target, &answer], told, (rows, theme));
    said::tell_then(then, (net.latest.epoch, each), (rows, theme));
}

/// The outputs at a step, the largest first.
fn likeliest(view: &View, net: RecurrentView<'_>, row: usize, rows: &mut TableRows<'_>) {
    let theme = &view.theme;
    let o = net.o().row(row);
    let mut order: Vec<usize> = (0..o.len()).collect();
    order.sort_by(|&one, &other| o[other].total_cmp(&o[one]));
    let name = |k: usize| net.sequences.outputs[k].as_str();
    let said = |&k: &usize| match net.sequences.task {
        Task::Regression => format!("{} {} (right {})", name(k), short(o[k]), short(net.y()[[row, k]])),
        _ => format!("{} {}", name(k), percent(o[k])),
    };
    // As many as there is room for whole, the count of the others behind them.
    let text = |shown: usize| {
        let said = order.iter().take(shown).map(said).collect::<Vec<_>>().join("  ");
        let more = order.len() - shown;
        let more = if more > 0 { format!("  {more} more") } else { String::new() };
        format!("o at t {}: {said}{more}", view.cursor.t)
    };
    let most = order.len().min(usize::from(rows.width()));
    let fits = |&shown: &usize| columns(&theme.spell(&text(shown))) <= rows.width();
    let shown = (1..=most).rev().find(fits).unwrap_or(1.min(most));
    rows.line(&text(shown), theme.text());
}

/// Rows from which on a step's numbers are told above the lines.
const WORDED: u16 = 10;
/// The fewest rows of a chart.
const CHART: u16 = 5;
/// The most inputs whose ∂J/∂x_t are lines.
const LINES: usize = 3;

/// A sequence of numbers as lines, or its ∂J/∂x_t.
fn draw_numbers(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let line = |array: &ndarray::Array2<f64>| -> Vec<Point> {
        (0..net.sequences.steps).map(|t| Point::single((t + 1) as f64, array[[t, 0]])).collect()
    };
    let (y, o) = (line(net.y()), line(net.o()));
    let series = [
        Series::line("y, what is right", 'y', theme.data_term(), &y),
        Series { strength: 2, ..Series::line("o, what is answered", 'o', theme.total(), &o) },
    ];
    let slopes = slope_lines(view, net);
    let of_slopes: Vec<Series<'_>> = slopes
        .iter()
        .zip(['1', '2', '3'].into_iter().zip([theme.total(), theme.data_term(), theme.test_term()]))
        .map(|((name, points), (mark, style))| Series::line(name, mark, style, points))
        .collect();
    let is_gradient = view.input == InputView::Gradient;
    let wanted = steps::rows_wanted(net);
    let mut rows = TableRows::new(area, buf, theme);
    rows.line(&cost(view), theme.text());
    if area.height >= WORDED {
        tell_step(view, net, view.cursor.t - 1, &mut rows);
    }
    let area = rows.rest();
    let below = match is_gradient {
        true if area.height < wanted + CHART => area.height,
        // Where it was not asked for, the chart has room to spare.
        false if area.height < wanted + 2 * CHART => 0,
        _ => wanted,
    };
    let [area, below] = area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]));
    if !below.is_empty() {
        steps::draw_alone(view, net, (below, buf));
    }
    let (x, marks) = (Some((1.0, net.sequences.steps as f64)), [(view.cursor.t as f64, '▾')]);
    let series = if is_gradient { of_slopes.as_slice() } else { &series };
    Chart { x, x_name: "t", marks: &marks, ..Chart::of(series, Axis::Linear) }.render(area, buf, theme);
}

/// ∂J/∂x_t of the first inputs over the steps, as far as the walk has come back.
fn slope_lines(view: &View, net: RecurrentView<'_>) -> Vec<(String, Vec<Point>)> {
    let reached = || (1..=net.steps()).filter_map(|t| Some((t, view.grad_x_at(t)?)));
    let line = |(i, name): (usize, &String)| {
        let points = reached().map(|(t, slopes)| Point::single(t as f64, slopes[i])).collect();
        (format!("∂J/∂x_t of {name}"), points)
    };
    net.sequences.inputs.iter().enumerate().take(LINES).map(line).collect()
}
