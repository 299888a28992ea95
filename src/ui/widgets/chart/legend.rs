//! The row above a chart: the lines' names with their last values, and what a column of several values shows.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::curve::Window;
use super::ends::is_off_axis;
use super::parts::Chart;
use super::series::{LineStyle, Series};
use crate::number::short;
use crate::theme::Theme;
use crate::ui::widgets::label::{Label, columns};

/// The most values of a line that fall into one of the columns that it is drawn in.
pub(super) fn most_together(series: &[Series<'_>], window: &Window, cells: usize) -> u64 {
    let most = |series: &Series<'_>| window.columns(series.points, cells).iter().map(|column| column.count).max();
    series.iter().filter_map(most).max().unwrap_or(0)
}

impl Chart<'_> {
    /// Whether there is room for what is said `about` the lines, beside what a column shows.
    pub(super) fn can_say_about(&self, width: u16, theme: &Theme) -> bool {
        let longest_note = 2 + "mean of 99999".len();
        self.about.iter().any(|about| usize::from(columns(&theme.spell(about))) + longest_note <= usize::from(width))
    }

    /// Of which moment the lines are that are not of now, and at the right what a line is of `most` values in a column.
    pub(super) fn say_about(&self, area: Rect, most: u64, (buf, theme): (&mut Buffer, &Theme)) {
        let notes = self.notes(most);
        let width = |about: &str, note: &str| columns(&theme.spell(about)).saturating_add(columns(note));
        let pairs = self.about.iter().flat_map(|about| notes.iter().map(move |note| (*about, note.as_str())));
        let alone = notes.iter().map(|note| ("", note.as_str()));
        let fits = |(about, note): &(&str, &str)| width(about, note).saturating_add(2) <= area.width;
        let counts = |pair: &(&str, &str)| most <= 1 || pair.1.contains(&most.to_string());
        let Some((about, note)) = pairs.filter(counts).chain(alone).find(fits) else { return };
        Label::new(about, theme.faint()).render(area, buf, theme);
        Label::right(note, theme.faint()).render(area, buf, theme);
    }

    /// What a column of so many values shows, the longest form first.
    fn notes(&self, most: u64) -> Vec<String> {
        notes(most, self.series.iter().any(|series| series.line == LineStyle::Filled))
    }

    /// What the x axis counts, and where nothing is said above it what a column of so many values shows.
    pub(super) fn x_name_with_mean(&self, most: u64) -> String {
        if most > 1 { format!("{}, mean of {most}", self.x_name) } else { self.x_name.into() }
    }

    /// The lines' marks and names with their last values; where there is no room for all of them fewer values, the names alone, or
    /// their first words. At the right what the line is of `most` values in a column.
    pub(super) fn legend(&self, area: Rect, most: u64, (buf, theme): (&mut Buffer, &Theme)) {
        let named = || self.series.iter().chain(&self.strip);
        let texts = |of: &dyn Fn(&Series<'_>) -> String| named().map(of).collect::<Vec<String>>();
        let forms = [
            texts(&|series| self.valued(series)),
            texts(&|series| if series.when.is_empty() { self.valued(series) } else { series.name.into() }),
            texts(&|series| series.name.into()),
            texts(&|series| series.name.split(' ').next().unwrap_or_default().into()),
        ];
        let width =
            |texts: &[String]| texts.iter().map(|text| columns(&theme.spell(text)).saturating_add(4)).sum::<u16>();
        let notes = self.notes(most);
        let needed = |note: &String| columns(&theme.spell(note));
        // The note comes before the values: these are in the title and the header, too.
        let fits =
            |(texts, note): &(&Vec<String>, &String)| width(texts).saturating_add(needed(note)) <= area.width + 2;
        let brief = forms[2..].iter().flat_map(|form| notes.iter().map(move |note| (form, note)));
        let all = forms[..2].iter().flat_map(|form| notes[..notes.len() - 1].iter().map(move |note| (form, note)));
        let (texts, note) = all.chain(brief).find(fits).unwrap_or((&forms[3], &notes[notes.len() - 1]));
        let mut x = area.x;
        for (series, text) in named().zip(texts) {
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
            Some(value) if is_off_axis(self.axis, value) => {
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
