//! What stands over the panels: the keys, the question before a reset, the settings.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};

use super::TimeView;
use crate::keymap::TIME_BINDINGS;
use crate::number::exact;
use crate::train::{Anew, Setting};
use crate::ui::table::Rows;
use crate::ui::widgets::frame::Frame;
use crate::ui::widgets::label::{Label, wrapped};

/// Width of the column of keys.
const KEYS: u16 = 12;

/// The page of keys, scrolled down by so many lines.
pub(super) fn help(view: &TimeView, scrolled: u16, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Frame { title: "keys", right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = Rows::new(inner, buf, theme);
    for binding in TIME_BINDINGS.iter().skip(usize::from(scrolled)) {
        for (index, line) in wrapped(binding.help, inner.width.saturating_sub(KEYS + 1)).into_iter().enumerate() {
            let Some((row, buf)) = rows.take() else { return };
            if index == 0 {
                Label::new(binding.shown, theme.key()).render(Rect { width: KEYS.min(row.width), ..row }, buf, theme);
            }
            let text = Rect { x: row.x.saturating_add(KEYS + 1), width: row.width.saturating_sub(KEYS + 1), ..row };
            Label::new(&line, theme.text()).render(text, buf, theme);
        }
    }
}

/// A box in the middle of an area, for so many lines.
fn boxed<'a>(view: &'a TimeView, title: &str, lines: u16, (area, buf): (Rect, &'a mut Buffer)) -> Rows<'a> {
    let place = area.centered(Constraint::Length(64), Constraint::Length(lines + 2)).intersection(area);
    let inner = Frame { title, right: "", focused: true }.render_over(place, buf, &view.theme);
    Rows::new(inner, buf, &view.theme)
}

/// The question before a reset.
pub(super) fn ask(view: &TimeView, anew: &Anew, area: Rect, buf: &mut Buffer) {
    let seed = view.scene.as_ref().map_or(0, |scene| scene.plan.config.seed);
    let with = if *anew == Anew::NextSeed { seed.wrapping_add(1) } else { seed };
    let mut rows = boxed(view, "reset?", 2, (area, buf));
    rows.line(&format!("Start again at step 0 with seed {with}?"), view.theme.text());
    rows.line("Enter yes  Esc no", view.theme.faint());
}

/// The settings that these options make use of.
pub fn settings(view: &TimeView) -> Vec<Setting> {
    let Some(scene) = &view.scene else { return Vec::new() };
    Setting::ALL.into_iter().filter(|setting| setting.is_used(&scene.plan.config)).collect()
}

/// The settings, one of them chosen.
pub(super) fn options(view: &TimeView, chosen: usize, area: Rect, buf: &mut Buffer) {
    let Some(scene) = &view.scene else { return };
    let theme = &view.theme;
    let settings = settings(view);
    let line = scene.plan.command_line();
    let told = wrapped(&line, 60);
    let mut rows = boxed(view, "options", settings.len() as u16 + 1 + told.len() as u16, (area, buf));
    for (index, setting) in settings.iter().enumerate() {
        let value = exact(setting.of(&scene.plan.config, scene.regularisation.m));
        let name = format!("{:<3} {}", setting.letter(), setting.words());
        let style = if index == chosen { theme.selected() } else { theme.text() };
        rows.pair((&[&name], ""), (&value, 10), style);
    }
    rows.line("", theme.text());
    told.iter().for_each(|line| rows.line(line, theme.faint()));
}
