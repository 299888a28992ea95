//! What goes wrong through time with its remedy, the spectral radius of the recurrent weights, and the measures of the run.

use super::paragraphs::{Paragraphs, of_alarm};
use crate::derivation::radius;
use crate::ui::panel::Title;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::derivation::{RecurrentParameter, whole_gain};
use crate::number::{decimals, exact, short};
use crate::train::RecurrentView;
use crate::ui::table::TableRows;
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::View;

pub(super) fn title(view: &View, _scene: RecurrentView<'_>) -> Title {
    let right = if view.alarms.is_empty() { String::new() } else { format!("! {}", view.alarms.len()) };
    Title::of("health".into(), right)
}

pub(super) fn draw(view: &View, scene: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let mut items = Vec::new();
    for alarm in &view.alarms {
        items.push(Item::Said(of_alarm(alarm, theme, theme.warn())));
    }
    if view.alarms.is_empty() {
        let text = match whole_gain(scene) {
            Some(gain) => {
                format!("no alarm: the gains of all {} steps are together 10^{}", scene.steps(), decimals(gain, 1))
            }
            None => "no alarm".into(),
        };
        items.push(Item::Said(vec![(text, theme.good())]));
    }
    let cell = scene.network.cell;
    let candidate = cell.gates().last().filter(|_| cell.has_gates());
    let of = candidate.map_or_else(|| "Θ^h".into(), |gate| format!("Θ^h of {gate}"));
    let radius = radius(scene.network).map_or_else(|| "wide: not computed".into(), short);
    items.push(number(&[&format!("spectral radius of {of}"), &format!("ρ({of})")], &radius));
    if let Some(clip) = scene.config.clip {
        let said = if scene.cut < 1.0 { format!("cut to {} of it", short(scene.cut)) } else { "not reached".into() };
        items.push(number(&[&format!("gradient's length, at most {}", exact(clip)), "clip"], &said));
    }
    let latest = &scene.latest;
    let epoch = latest.epoch;
    items.push(number(
        &[&format!("train, after epoch {epoch}"), &format!("train, epoch {epoch}")],
        &latest.train.fit.brief(),
    ));
    if let Some(test) = latest.test {
        items
            .push(number(&[&format!("test, after epoch {epoch}"), &format!("test, epoch {epoch}")], &test.fit.brief()));
    }
    for (of, d) in RecurrentParameter::ALL.into_iter().zip(&scene.parameters) {
        let d = &d.d;
        let bias = if of.biases(scene.network.cell) > 0 { "with bias" } else { "has no bias" };
        let norm = d.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        let symbol = of.symbol().replace('Θ', "D");
        items.push(number(&[&format!("‖{symbol}‖ {bias}")], &short(norm)));
    }
    draw_items(&items, &mut TableRows::new(area, buf, theme), theme.text());
}

/// What the list has: paragraphs in their styles, or a number with its names from the longest to the shortest.
enum Item {
    Said(Paragraphs),
    Number(Vec<String>, String),
}

fn number(names: &[&str], value: &str) -> Item {
    Item::Number(names.iter().map(ToString::to_string).collect(), value.into())
}

fn draw_items(items: &[Item], rows: &mut TableRows<'_>, style: Style) {
    let height = |item: &Item| match item {
        Item::Said(paragraphs) => paragraphs.iter().map(|(text, _)| rows.lines(text).len()).sum(),
        Item::Number(..) => 1,
    };
    let heights: Vec<u16> = items.iter().map(|item| u16::try_from(height(item)).unwrap_or(u16::MAX)).collect();
    let list = List { rows: &|index| heights[index], ..List::of(items.len(), ListPosition::Start) };
    rows.list(&list, 0, &mut |index, rows| match &items[index] {
        Item::Said(paragraphs) => paragraphs.iter().for_each(|(text, style)| rows.paragraph(text, *style)),
        Item::Number(names, value) => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            rows.pair((&names, ""), (value, 8), style);
        }
    });
}
