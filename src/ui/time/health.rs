//! What goes wrong through time with its remedy, the recurrent weights' spectral radius, and how the run fares.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::TimeView;
use crate::derivation::{Shared, whole_gain};
use crate::nn::recurrent::Cell;
use crate::number::{decimals, exact, short};
use crate::train::Scene;
use crate::ui::table::Rows;

pub(super) fn title(view: &TimeView, _scene: &Scene) -> (String, String) {
    let right = if view.alarms.is_empty() { String::new() } else { format!("! {}", view.alarms.len()) };
    ("health".into(), right)
}

pub(super) fn draw(view: &TimeView, scene: &Scene, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let mut rows = Rows::new(area, buf, theme);
    for alarm in &view.alarms {
        rows.paragraph(&format!("! {}: {}", alarm.name, alarm.sentence), theme.bad());
        rows.paragraph(&format!("  try {}", alarm.remedy), theme.warn());
    }
    if view.alarms.is_empty() {
        let text = match whole_gain(scene) {
            Some(gain) => {
                format!("no alarm: the gains of all {} steps are together 10^{}", scene.flow.len(), decimals(gain, 1))
            }
            None => "no alarm".into(),
        };
        rows.paragraph(&text, theme.good());
    }
    let of = if matches!(scene.network.cell, Cell::Plain(_)) { "Θ^h" } else { "Θ^h of n" };
    let radius = scene.radius.map_or_else(|| "wide: not computed".into(), short);
    rows.pair((&[&format!("spectral radius of {of}"), &format!("ρ({of})")], ""), (&radius, 8), theme.text());
    if let Some(clip) = scene.plan.config.clip {
        let said = if scene.cut < 1.0 { format!("cut to {} of it", short(scene.cut)) } else { "not reached".into() };
        rows.pair((&[&format!("gradient's length, at most {}", exact(clip)), "clip"], ""), (&said, 8), theme.text());
    }
    let latest = &scene.latest;
    let epoch = latest.epoch;
    rows.pair(
        (&[&format!("train, after epoch {epoch}"), &format!("train, epoch {epoch}")], ""),
        (&latest.train.fit.brief(), 8),
        theme.text(),
    );
    if let Some(test) = latest.test {
        rows.pair(
            (&[&format!("test, after epoch {epoch}"), &format!("test, epoch {epoch}")], ""),
            (&test.fit.brief(), 8),
            theme.text(),
        );
    }
    for (of, d) in Shared::ALL.into_iter().zip(&scene.d) {
        let bias = if of.biases(scene.network.cell) > 0 { "with bias" } else { "has no bias" };
        let norm = d.iter().map(|entry| entry * entry).sum::<f64>().sqrt();
        let symbol = of.symbol().replace('Θ', "D");
        rows.pair((&[&format!("‖{symbol}‖ {bias}")], ""), (&short(norm), 8), theme.text());
    }
}
