//! The row above a chart: the lines' names with their last values, and what a column of several values shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::curve::Window;
use super::parts::Chart;
use super::series::{LineStyle, Series};
use crate::number::short;
use crate::theme::Theme;
use crate::ui::widgets::label::{Label, columns};

/// The most values of a line that fall into one of the columns that it is drawn in, of which a cell has two.
pub(super) fn most_together(series: &[Series<'_>], window: &Window, cells: usize) -> u64 {
    let most = |series: &Series<'_>| {
        let count = if series.line == LineStyle::Filled { cells } else { 2 * cells };
        window.columns(series.points, count).iter().map(|column| column.count).max()
    };
    series.iter().filter_map(most).max().unwrap_or(0)
}

impl Chart<'_> {
    /// The lines' names with their last values; where there is no room for all of them fewer values, the names alone, or their first
    /// words. At the right what the line is of `most` values in a column.
    pub(super) fn legend(&self, area: Rect, most: u64, (buf, theme): (&mut Buffer, &Theme)) {
        let texts = |of: &dyn Fn(&Series<'_>) -> String| self.series.iter().map(of).collect::<Vec<String>>();
        let forms = [
            texts(&|series| self.valued(series)),
            texts(&|series| if series.when.is_empty() { self.valued(series) } else { series.name.into() }),
            texts(&|series| series.name.into()),
            texts(&|series| series.name.split(' ').next().unwrap_or_default().into()),
        ];
        let width =
            |texts: &[String]| texts.iter().map(|text| columns(&theme.spell(text)).saturating_add(4)).sum::<u16>();
        let notes = notes(most, self.series.iter().any(|series| series.line == LineStyle::Filled));
        let needed = |note: &String| columns(&theme.spell(note));
        // The note comes before the values: these are in the title and the header, too.
        let fits =
            |(texts, note): &(&Vec<String>, &String)| width(texts).saturating_add(needed(note)) <= area.width + 2;
        let named = forms[2..].iter().flat_map(|form| notes.iter().map(move |note| (form, note)));
        let all = forms[..2].iter().flat_map(|form| notes[..notes.len() - 1].iter().map(move |note| (form, note)));
        let (texts, note) = all.chain(named).find(fits).unwrap_or((&forms[3], &notes[notes.len() - 1]));
        let mut x = area.x;
        for (series, text) in self.series.iter().zip(texts) {
            let rest = |x: u16| Rect { x, width: area.right().saturating_sub(x), ..area };
            let mark = series.mark.to_string();
            let used = Label::new(&mark, series.style.add_modifier(Modifier::BOLD)).render(rest(x), buf, theme);
            x = x.saturating_add(used).saturating_add(1);
            let used = Label::new(text, series.style).render(rest(x), buf, theme);
            x = x.saturating_add(used).saturating_add(2);
        }
        let free = Rect { x, width: area.right().saturating_sub(x), ..area };
        if needed(note) <= free.width {
            Label::right(note, theme.faint()).render(free, buf, theme);
        }
    }

    /// A line's name with its last value, and when that was measured.
    fn valued(&self, series: &Series<'_>) -> String {
        let value = match series.points.last().map(|point| point.mean) {
            None => return format!("{} not computed yet", series.name),
            Some(value) if value.is_finite() && self.axis.height(value).is_none() => {
                format!("{} (off the axis)", short(value))
            }
            Some(value) => short(value),
        };
        match (series.line, series.when) {
            // An edge is a sum, and its name says of what.
            (LineStyle::Filled, _) => series.name.into(),
            (_, "") => format!("{} {value}", series.name),
            (_, when) => format!("{} {value} ({when})", series.name),
        }
    }
}

/// What a column of so many values shows, the longest form first; the last one may be nothing.
fn notes(most: u64, areas: bool) -> Vec<String> {
    match most {
        0 | 1 => vec![String::new(), String::new()],
        _ if areas => {
            vec![format!("a column: the mean of up to {most} steps"), format!("mean of {most}"), String::new()]
        }
        _ => vec![
            format!("a column of up to {most} values: line their mean, band smallest to largest"),
            format!("line: mean of {most}, band: least to largest"),
            format!("mean of {most}, band"),
            format!("mean of {most}"),
            "mean".into(),
            String::new(),
        ],
    }
}
