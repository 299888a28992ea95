//! What stands over the panels: the keys, the question before a reset, the settings.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Rect};

use super::TimeView;
use crate::keymap::TIME_BINDINGS;
use crate::number::exact;
use crate::train::{Anew, Changed, Origin, Setting};
use crate::ui::options::draw_told;
use crate::ui::table::Rows;
use crate::ui::widgets::frame::Frame;
use crate::ui::widgets::label::{Label, columns, wrapped};
use crate::ui::widgets::list::{At, List};

/// Width of the column of keys.
const KEYS: u16 = 12;

/// The page of keys, scrolled down by so many lines.
pub(super) fn help(view: &TimeView, scrolled: u16, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Frame { title: "keys", right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = Rows::new(inner, buf, theme);
    let told = |index: usize| wrapped(TIME_BINDINGS[index].help, inner.width.saturating_sub(KEYS + 1));
    let height = |index: usize| u16::try_from(told(index).len()).unwrap_or(u16::MAX);
    let list = List { rows: &height, ..List::of(TIME_BINDINGS.len(), At::From(usize::from(scrolled))) };
    rows.list(&list, 0, &mut |at, rows| {
        let binding = &TIME_BINDINGS[at];
        for (index, line) in told(at).into_iter().enumerate() {
            let Some((row, buf)) = rows.take() else { return };
            if index == 0 {
                Label::new(binding.shown, theme.key()).render(Rect { width: KEYS.min(row.width), ..row }, buf, theme);
            }
            let text = Rect { x: row.x.saturating_add(KEYS + 1), width: row.width.saturating_sub(KEYS + 1), ..row };
            Label::new(&line, theme.text()).render(text, buf, theme);
        }
    });
}

/// A box in the middle of an area, for so many lines.
fn boxed<'a>(view: &'a TimeView, title: &str, lines: u16, (area, buf): (Rect, &'a mut Buffer)) -> Rows<'a> {
    let place = area.centered(Constraint::Length(64), Constraint::Length(lines.saturating_add(2))).intersection(area);
    let inner = Frame { title, right: "", focused: true }.render_over(place, buf, &view.theme);
    Rows::new(inner, buf, &view.theme)
}

/// The question before a reset.
pub(super) fn ask(view: &TimeView, anew: &Anew, area: Rect, buf: &mut Buffer) {
    let seed = view.scene().map_or(0, |scene| scene.config.seed);
    let with = if *anew == Anew::NextSeed { seed.wrapping_add(1) } else { seed };
    let mut rows = boxed(view, "reset?", 2, (area, buf));
    rows.line(&format!("Start again at step 0 with seed {with}?"), view.theme.text());
    rows.line("Enter yes  Esc no", view.theme.faint());
}

/// The settings that these options make use of.
pub fn settings(view: &TimeView) -> Vec<Setting> {
    let Some(scene) = view.scene() else { return Vec::new() };
    Setting::ALL.into_iter().filter(|setting| setting.is_used(&scene.config)).collect()
}

/// The settings, one of them chosen.
pub(super) fn options(view: &TimeView, chosen: usize, area: Rect, buf: &mut Buffer) {
    let Some(scene) = view.scene() else { return };
    let theme = &view.theme;
    let settings = settings(view);
    let told = theme.spell(&scene.command_line()).into_owned();
    let told: Vec<String> = told.lines().flat_map(|line| wrapped(line, 60)).collect();
    let lines = u16::try_from(settings.len() + 1 + told.len()).unwrap_or(u16::MAX);
    let mut rows = boxed(view, "options", lines, (area, buf));
    // Of the line that gives the run the beginning is shown, whatever the size.
    let below = 2.min(rows.left().saturating_sub(1));
    rows.list(&List::of(settings.len(), At::Cursor(chosen)), below, &mut |index, rows| {
        let setting = settings[index];
        let config = &scene.config;
        let value = exact(setting.of(config, scene.regularisation.m));
        let by_hand = scene.changes.iter().any(|change| change.what == Changed::Setting(setting));
        let origin = if by_hand { Origin::Screen } else { config.origins.of(setting.option()) };
        let value = format!("{value} ({origin})");
        let name = format!("{:<3} {}", setting.letter(), setting.words());
        let style = if index == chosen { theme.selected() } else { theme.text() };
        rows.pair((&[&name], ""), (&value, columns(&value)), style);
    });
    if rows.left() > 1 {
        rows.line("", theme.text());
    }
    draw_told(&told, &mut rows, theme.faint());
}
