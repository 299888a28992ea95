//! The line below the network that says which weights are drawn as lines, and what the pictures are of.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::columns::UnitColumn;
use super::edges::{LineRoom, gap, signs, sources};
use super::sees::{MARKED, block, sample_mark};
use crate::error::printable;
use crate::theme::Theme;
use crate::train::DenseView;
use crate::ui::widgets::label::{Label, pick};
use crate::view::{Cursor, View};

/// Which weights are lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CaptionLines {
    /// The strongest.
    Strongest,
    /// Those that do what these words say.
    Those(&'static str),
    /// None, since no weight takes part in the number at hand.
    Nothing,
}

/// What there is to be said of.
pub(super) struct Caption<'a> {
    pub(super) columns: &'a [UnitColumn],
    pub(super) cursor: Cursor,
    pub(super) lines: CaptionLines,
}

impl Caption<'_> {
    pub(super) fn draw(&self, view: &View, snapshot: DenseView<'_>, (area, buf): (Rect, &mut Buffer)) {
        let theme = &view.theme;
        let lines = self.of_lines(view);
        let [pictures, brief] = self.pictures(snapshot, theme);
        let mut forms: Vec<String> = Vec::new();
        let joined = |line: &str, picture: &str| match (line, picture) {
            ("", one) | (one, "") => one.to_string(),
            (line, picture) => format!("{line}; {picture}"),
        };
        for picture in [&pictures, &brief, ""] {
            forms.extend(lines.iter().map(|line| joined(line, picture)));
        }
        forms.push(String::new());
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        Label::new(pick(&forms, area.width, theme), theme.faint()).render(area, buf, theme);
    }

    /// Which weights are lines, the fullest form first.
    fn of_lines(&self, view: &View) -> Vec<String> {
        let beside =
            || self.columns.windows(2).filter(|pair| pair[1].l == pair[0].l + 1 && gap(&pair[0], &pair[1]).is_some());
        if view.theme.ascii || beside().next().is_none() {
            return vec![String::new()];
        }
        let signs = signs(&view.theme);
        match self.lines {
            CaptionLines::Strongest => {}
            CaptionLines::Those(words) => {
                return vec![format!("lines: the Θ that {words}, {signs}"), format!("lines: the Θ that {words}")];
            }
            CaptionLines::Nothing => return vec!["no Θ takes part in this number".into()],
        }
        let room = |pair: &[UnitColumn]| LineRoom::of(&pair[0], &pair[1], 1);
        let count = |pair: &[UnitColumn]| room(pair).each.min(sources(&pair[0]));
        let is_crowded = beside().any(|pair| room(pair).units < pair[1].units.len());
        let shown = beside().all(|pair| pair[0].shown() == pair[0].size);
        if !is_crowded && beside().all(|pair| count(pair) == sources(&pair[0])) {
            let form = if shown { "lines: every Θ" } else { "lines: every Θ between the units shown" };
            return vec![format!("{form}; {signs}"), form.into()];
        }
        let counts: Vec<usize> = beside().map(count).collect();
        let (least, largest) = counts.iter().fold((usize::MAX, 0), |(low, high), &n| (low.min(n), high.max(n)));
        let number = match (least, largest) {
            (1, 1) => String::new(),
            _ if least == largest => format!(" {least}"),
            _ => format!(" {least} to {largest}"),
        };
        let [of_shown, of_these] = if shown { ["", ""] } else { [" from the units shown", " shown"] };
        let chosen = beside().find(|pair| pair[0].l == self.cursor.l);
        let chosen = chosen.map_or(String::new(), |pair| format!(", all into a^({})_{}", pair[1].l, self.cursor.j + 1));
        let [whole, brief] = if is_crowded {
            let form = format!("the strongest Θ{of_shown}, at most {largest} into a unit");
            [form, format!("the strongest{of_these} Θ, {largest} a unit at most")]
        } else {
            let brief = format!("the strongest{number}{of_these} Θ a unit");
            [format!("the strongest{number} Θ into each unit{of_shown}"), brief]
        };
        vec![
            format!("lines: {whole}{chosen}; {signs}"),
            format!("lines: {whole}{chosen}"),
            format!("lines: {brief}{chosen}"),
            format!("{brief}{chosen}"),
            format!("lines: the strongest{of_these} Θ{chosen}"),
            format!("the strongest{of_these} Θ{chosen}"),
            format!("strongest{of_these} Θ{chosen}"),
        ]
    }

    /// What the pictures are of.
    fn pictures(&self, snapshot: DenseView<'_>, theme: &Theme) -> [String; 2] {
        let dataset = &snapshot.data.dataset;
        let mark = sample_mark(theme);
        let is_marked = self.columns.iter().any(|column| column.card.picture.is_some_and(|(_, rows)| rows >= MARKED));
        let sample = if is_marked { format!(", {mark} the sample") } else { String::new() };
        let picture = |l: Option<usize>| {
            let mut columns = self.columns.iter().filter(|column| l.is_none_or(|l| column.l == l));
            columns.find_map(|column| column.card.picture)
        };
        match dataset.image {
            Some((width, _)) => picture(Some(2)).map_or_else(Default::default, |(columns, _)| {
                let block = block(width, columns);
                let means = if block > 1 { format!(", a cell the mean of {block}×{block}") } else { String::new() };
                [format!("pictures: Θ^(1) into each unit{means}"), "pictures: Θ^(1)".into()]
            }),
            None => picture(None).map_or_else(Default::default, |_| {
                let name =
                    |feature: usize| dataset.features.get(feature).map_or_else(String::new, |name| printable(name));
                let over = format!("over {} →, {} ↑", name(0), name(1));
                [format!("maps: each unit's a {over}{sample}"), format!("maps: a {over}{sample}")]
            }),
        }
    }
}
