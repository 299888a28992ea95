//! The options of the run: what can be changed while it goes on, and the command line that gives it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;

use super::help::listed;
use super::table::TableRows;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, wrapped};
use super::widgets::list::{List, ListPosition};
use crate::nn::{Named, Weight};
use crate::number::exact;
use crate::train::{Changed, Origin, Snapshot};
use crate::view::{Choice, View};

/// Columns of the box at most.
const WIDEST: u16 = 72;
/// Columns kept free for a value.
const VALUE: u16 = 26;

/// ```text
/// +- > options of the run ---------------------------------+
/// | > λ  regularisation strength                1 (flag)   |
/// |   α  learning rate                      0.5 (data set) |
/// |   B  samples in an update                32 (data set) |
/// |   speed  updates a second                           16 |
/// |   g  activation of the hidden layers: resets   sigmoid |
/// |   S  sizes of the hidden layers: resets             25 |
/// |                                                        |
/// | this run: deltascope --lambda 0.1                      |
/// | # λ 0.1 → 1 at step 480                                |
/// +--------------------------------------------------------+
/// ```
pub fn draw(view: &View, chosen: usize, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let told = theme.spell(&snapshot.command_line()).into_owned();
    let width = WIDEST.min(area.width);
    let told: Vec<String> = told.lines().flat_map(|line| wrapped(line, width.saturating_sub(2))).collect();
    let choices = Choice::of(&snapshot.config);
    let height = u16::try_from(choices.len() + told.len() + 4).unwrap_or(u16::MAX);
    let place = area.centered(Constraint::Length(width), Constraint::Length(height));
    let inner = Frame { title: "options of the run", right: "", focused: true }.render_over(place, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    // Of the line that gives the run the beginning is shown, whatever the size.
    let below = 3.min(rows.left().saturating_sub(1));
    rows.list(&List::of(choices.len(), ListPosition::Cursor(chosen)), below, &mut |index, rows| {
        let here = index == chosen;
        let (letter, words, value) = told_of(choices[index], snapshot);
        let value = match origin_of(choices[index], snapshot) {
            _ if here && !view.typed.is_empty() => format!("{value} → {}_", view.typed),
            Some(origin) => format!("{value} ({origin})"),
            None => value,
        };
        let style = if here { theme.key() } else { theme.text() };
        let name = format!("{}{letter}", if here { "> " } else { "  " });
        rows.pair((&[&name], words), (&value, VALUE), style);
    });
    if rows.left() > 2 {
        rows.line("", theme.text());
    }
    rows.line("this run, with what was changed since:", theme.faint());
    draw_told(&told, &mut rows, theme.text());
}

/// The lines of a command line with what was changed since: the first one, and where not all fit the last changes, which are the ones
/// that are looked for.
pub(super) fn draw_told(told: &[String], rows: &mut TableRows<'_>, style: Style) {
    let cut = told.len().saturating_sub(usize::from(rows.left()));
    for (index, line) in told.iter().enumerate().filter(|&(index, _)| index == 0 || index > cut) {
        if index > 0 || cut == 0 {
            rows.line(line, style);
            continue;
        }
        // The count of what is left out is never cut itself.
        let Some((row, buf, theme)) = rows.take_with_theme() else { return };
        let used = Label::right(&format!(" … {cut} line{} more", if cut == 1 { "" } else { "s" }), theme.faint())
            .render(row, buf, theme);
        Label::new(line, style).render(Rect { width: row.width.saturating_sub(used), ..row }, buf, theme);
    }
}

/// Where the value of an option of the run comes from.
fn origin_of(choice: Choice, snapshot: &Snapshot) -> Option<Origin> {
    let option = match choice {
        Choice::Setting(setting) if snapshot.changes.iter().any(|change| change.what == Changed::Setting(setting)) => {
            return Some(Origin::Screen);
        }
        Choice::Setting(setting) => setting.option(),
        Choice::Activation => "activation",
        Choice::Layers => "layers",
        Choice::Speed => return None,
    };
    Some(snapshot.config.origins.of(option))
}

/// An option's letter, what it is, and its value.
fn told_of(choice: Choice, snapshot: &Snapshot) -> (String, &'static str, String) {
    let config = &snapshot.config;
    match choice {
        Choice::Setting(setting) => {
            (setting.letter().into(), setting.words(), exact(setting.of(config, snapshot.regularisation.m)))
        }
        Choice::Speed => ("speed".into(), "updates a second", snapshot.pace.limit.map_or_else(|| "free".into(), exact)),
        Choice::Activation => {
            let hidden = snapshot.config.activations();
            let mut names: Vec<&str> = hidden.iter().map(|activation| activation.name()).collect();
            names.dedup();
            let names = if names.is_empty() { "none".into() } else { names.join(",") };
            ("g".into(), "activation of the hidden layers: resets", names)
        }
        Choice::Layers => {
            let layers = if config.layers.is_empty() { "none".into() } else { listed(&config.layers) };
            ("S".into(), "sizes of the hidden layers: resets", layers)
        }
    }
}

/// The box in which the weight under the cursor is given another value.
///
/// ```text
/// +- > set a weight by hand -----------------+
/// | Θ^(1)[1,37] is 0.23530968162812915       |
/// | new value: -1.5_                         |
/// +------------------------------------------+
/// ```
pub fn draw_edit(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let Some(snapshot) = &view.snapshot else { return };
    let weight = Weight { l: view.cursor.l, j: view.cursor.j, i: view.cursor.i };
    let Some(now) = snapshot.model.theta(weight.l).and_then(|theta| theta.get([weight.j, weight.i])) else { return };
    let weight = snapshot.model.weight_name(weight);
    let place = area.centered(Constraint::Length(48), Constraint::Length(4));
    let inner = Frame { title: "set a weight by hand", right: "", focused: true }.render_over(place, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    rows.line(&format!("{weight} is {}", exact(*now)), theme.text());
    rows.line(&format!("new value: {}_", view.typed), theme.key());
}
