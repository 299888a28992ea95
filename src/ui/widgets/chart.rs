//! Several lines over one x axis, with round numbers along both axes; y linear or by powers of ten.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::dots::{Dots, Ink};
use super::label::{Align, Label, columns};
use super::put;
use super::sparkline::Axis;
use super::ticks;
use crate::theme::Theme;

mod axes;
mod band;
mod curve;
mod ends;
mod filled;
mod legend;
mod marked;
mod parts;
mod series;
mod tangent;

use axes::enough;
use curve::{CurveColumn, Window, draw_means};
use ends::{EndLabel, has_marks};
pub use marked::{MarkedCurve, NamedPlace};
pub use parts::Chart;
use parts::{PartSizes, Parts, gutter};
pub use series::{LineStyle, Point, Series};
pub use tangent::TangentPlot;

/// Rows from which on there is a strip below the lines, and a row of text above them.
const WITH_STRIP: u16 = 4;
const WITH_TEXT: u16 = 8;
/// Cells from one mark on a line to the next, where the lines have no colours.
const MARK_EVERY: usize = 12;

/// A strip that has room: its area, with its window and the labels of its axis.
struct ChartStrip<'a> {
    area: [Series<'a>; 1],
    /// The style of its labels.
    style: Style,
    window: Window,
    ticks: Vec<ticks::Tick>,
}

impl Chart<'_> {
    /// Draws the chart; what there is no room for is left out, the lines last.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let Some(window) = Window::around(self.series, self.axis, self.x) else {
            self.say_why_empty(area, buf, theme);
            return;
        };
        // The lines have most of the rows.
        let rows = if area.height < WITH_STRIP { 0 } else { (area.height.saturating_add(1) / 6).clamp(1, 8) };
        let strip = self.strip_of(rows, &window, theme);
        let (low, high) = window.values();
        // Two rows a label at least: the picture is the lines, not the axis.
        let most = (usize::from(area.height) / 2).clamp(3, 8);
        let ticks = enough(most, &|most| match self.axis {
            Axis::Linear => ticks::linear(low, high, most),
            Axis::Log => ticks::log(low, high, most),
        });
        let all = ticks.iter().chain(strip.iter().flat_map(|strip| &strip.ticks));
        let label = all.map(|tick| columns(&tick.text)).max().unwrap_or(0);
        let sizes = PartSizes { label, strip: if strip.is_some() { rows } else { 0 }, ..PartSizes::default() };
        let labels = self.labels(area, theme);
        let parts = self.labelled(area, &sizes, &labels);
        let is_labelled = parts.is_some();
        let parts = parts.unwrap_or_else(|| {
            // Room for the marks of lines that end at one height, beside each other.
            let ends = match area.width.saturating_sub(gutter(area.width, label)) {
                0..8 => 0,
                8..30 => 1,
                _ => u16::try_from(self.series.len()).unwrap_or(u16::MAX).clamp(1, 5),
            };
            Parts::of(area, &PartSizes { ends, above: u16::from(area.height >= WITH_STRIP), ..sizes })
        });
        let most = legend::most_together(self.series, &window, usize::from(parts.plot.width));
        self.y_axis([parts.gutter, parts.plot], (&window, &ticks), (theme.faint(), buf, theme));
        let x_name = self.x_name_with_mean(most);
        let x_name = if is_labelled && parts.above.is_empty() { x_name.as_str() } else { self.x_name };
        Chart { x_name, ..*self }.x_axis(&parts, &window, (buf, theme));
        self.areas(parts.plot, &window, (buf, theme));
        self.lines(parts.plot, &window, (buf, theme));
        if is_labelled {
            self.say_about(parts.above, most, (buf, theme));
            self.end_labels((parts.ends, &window), &labels, (buf, theme));
        } else {
            Chart { strip: self.strip.filter(|_| strip.is_some()), ..*self }.legend(parts.above, most, (buf, theme));
            self.end_marks((parts.ends, &window), (buf, theme));
        }
        if let Some(strip) = strip {
            let [gutter, plot, ends] = parts.strip;
            let below = Chart { marks: &[], ..Chart::of(&strip.area, Axis::Linear) };
            below.y_axis([gutter, plot], (&strip.window, &strip.ticks), (strip.style, buf, theme));
            below.areas(plot, &strip.window, (buf, theme));
            if is_labelled {
                self.strip_label(ends, labels.last(), (buf, theme));
            }
        }
    }

    /// The strip in so many rows, if it has something to show in them.
    fn strip_of(&self, rows: u16, window: &Window, theme: &Theme) -> Option<ChartStrip<'_>> {
        let series = self.strip.filter(|_| rows > 0)?;
        let style = theme.dimmed(series.style);
        let area = [Series { line: LineStyle::Filled, style, ..series }];
        let window = Window::around(&area, Axis::Linear, Some(window.x))?;
        // One row has no room for two labels.
        let ticks = (2..6).map(|most| ticks::linear(window.y.0, window.y.1, most)).find(|ticks| ticks.len() > 1);
        let ticks = ticks.filter(|_| rows > 1).unwrap_or_default();
        Some(ChartStrip { area, style: series.style, window, ticks })
    }

    /// What stands at the ends of the lines, and last at that of the strip.
    fn labels(&self, area: Rect, theme: &Theme) -> Vec<EndLabel> {
        let is_told = area.height >= WITH_TEXT && self.can_say_about(area.width, theme);
        let lines = self.series.iter().map(|series| EndLabel::of(series, (self.axis, is_told), theme));
        lines.chain(self.strip.iter().map(|strip| EndLabel::of(strip, (Axis::Linear, true), theme))).collect()
    }

    /// The parts of the area with the lines' names at their ends, if these have a row each and leave half of the columns.
    fn labelled(&self, area: Rect, sizes: &PartSizes, labels: &[EndLabel]) -> Option<Parts> {
        let ends = labels.iter().map(|label| label.width).max()?;
        let above = u16::from(area.height >= WITH_TEXT);
        let parts = Parts::of(area, &PartSizes { ends, above, ..*sizes });
        let fits = usize::from(parts.plot.height) >= self.series.len() && parts.plot.width >= area.width / 2;
        Some(parts).filter(|_| fits)
    }

    fn say_why_empty(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let text = match (self.series.iter().all(|series| series.points.is_empty()), self.axis) {
            (true, _) => "not computed yet",
            (false, Axis::Linear) => "no finite value to draw",
            (false, Axis::Log) => "no finite value above 0 to draw",
        };
        let row = Rect { y: area.y + area.height / 2, height: 1, ..area };
        Label { text, style: theme.faint(), align: Align::Center }.render(row, buf, theme);
    }

    fn lines(&self, plot: Rect, window: &Window, (buf, theme): (&mut Buffer, &Theme)) {
        let mut dots = Dots::new(plot.width, plot.height);
        let count = usize::from(plot.width);
        let mark = |c: char| theme.spell(&c.to_string()).chars().next().unwrap_or('?');
        self.mark_lines(window, &mut dots, theme);
        let lines = self.series.iter().filter(|series| series.line != LineStyle::Filled);
        let lines: Vec<(&Series<'_>, Vec<CurveColumn>)> =
            lines.map(|series| (series, window.columns(series.points, count))).collect();
        for (series, columns) in &lines {
            band::draw(columns, (plot, window), (series.style, &mut dots), (buf, theme));
        }
        let mut broken = vec![false; count];
        for (series, columns) in &lines {
            let strength = series.strength.saturating_add(1);
            let dashed = series.line == LineStyle::Dashed;
            let ink = Ink { style: series.style, glyph: mark(series.mark), strength, dashed };
            draw_means(columns, window, (&mut dots, ink));
            broken.iter_mut().zip(columns).for_each(|(broken, column)| *broken |= column.broken);
        }
        dots.render(plot, buf, theme);
        if has_marks(theme) && !theme.ascii {
            for (index, (series, columns)) in lines.iter().enumerate() {
                let at = |(i, column): (usize, &CurveColumn)| Some((i, window.up(column.mean()?)?));
                let offset = MARK_EVERY * (2 * index + 1) / (2 * lines.len());
                for (i, share) in columns.iter().enumerate().skip(offset).step_by(MARK_EVERY).filter_map(at) {
                    let y = plot.y + (curve::down(f64::from(plot.height) * 4.0, share) / 4.0) as u16;
                    put(buf, (plot.x + i as u16, y), mark(series.mark), series.style);
                }
            }
        }
        for (x, _) in (plot.left()..plot.right()).zip(broken).filter(|(_, broken)| *broken) {
            put(buf, (x, plot.y), '!', theme.not_finite());
        }
    }

    /// A faint line up from each mark on the x axis.
    fn mark_lines(&self, window: &Window, dots: &mut Dots, theme: &Theme) {
        let (width, height) = dots.size();
        for &(at, _) in self.marks.iter().filter(|(at, _)| (window.x.0..=window.x.1).contains(at)) {
            let x = (window.along(at) * (width - 1.0)).round();
            let ink = Ink { style: theme.border(), glyph: ':', strength: 0, dashed: false };
            (0..(height / 2.0) as u32).for_each(|y| dots.dot((x, f64::from(y) * 2.0), ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, MONO, ODD, RGB, at_every_size, rows};

    pub(super) fn series<'a>(name: &'a str, points: &'a [Point]) -> Series<'a> {
        let mark = name.chars().next().unwrap();
        Series { name, when: "", mark, style: Style::new(), points, line: LineStyle::Plain, strength: 0 }
    }

    pub(super) fn chart<'a>(series: &'a [Series<'a>], axis: Axis) -> Chart<'a> {
        Chart { x_name: "step", ..Chart::of(series, axis) }
    }

    pub(super) fn drawn(chart: &Chart<'_>, (width, height): (u16, u16), theme: &Theme) -> Vec<String> {
        rows(width, height, theme, &|area, buf, theme| {
            ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, buf);
            chart.render(area, buf, theme);
        })
    }

    #[test]
    fn a_chart_without_points_says_so() {
        assert_eq!(drawn(&chart(&[], Axis::Log), (20, 1), &RGB), ["  not computed yet  "]);
        let broken = [Point::single(0.0, f64::NAN)];
        let lines = [series("J", &broken)];
        assert_eq!(drawn(&chart(&lines, Axis::Linear), (23, 1), &RGB), ["no finite value to draw"]);
        let zero = [Point::single(0.0, 0.0)];
        let lines = [series("J", &zero)];
        assert_eq!(drawn(&chart(&lines, Axis::Log), (32, 1), &RGB), ["no finite value above 0 to draw "]);
    }

    #[test]
    fn a_falling_cost_on_a_log_axis_is_a_straight_line() {
        let points: Vec<Point> =
            (0..=40).map(|i| Point::single(f64::from(i), 10f64.powf(-f64::from(i) / 20.0))).collect();
        let lines = [series("J", &points)];
        assert_eq!(drawn(&chart(&lines, Axis::Log), (25, 8), &ASCII), PICTURE);
    }

    const PICTURE: [&str; 8] = [
        "J J 0.01000     mean of 3",
        " 1e0+JJJ.                ",
        "    |   JJJJ.            ",
        "1e-1+       JJJJJ        ",
        "    |           .JJJJ    ",
        "1e-2+               .JJJJ",
        "    ++--------+----------",
        "     0       20      step",
    ];

    #[test]
    fn a_spike_among_many_points_is_seen() {
        let mut points: Vec<Point> = (0..10_000).map(|i| Point::single(f64::from(i), 1.0)).collect();
        points[4321].max = 9.0;
        let lines = [series("J", &points)];
        let picture = drawn(&chart(&lines, Axis::Linear), (30, 10), &ASCII);
        assert!(picture[1][3..].contains('.'), "the band reaches up to it: {picture:#?}");
    }

    #[test]
    fn a_line_ends_at_its_last_value_itself_and_no_average_moves_it() {
        let steep = [Point::single(0.0, 9.0), Point::single(1.0, 1.0)];
        let lines = [series("J", &steep)];
        let picture = drawn(&chart(&lines, Axis::Linear), (30, 9), &ASCII);
        assert!(picture[6].trim_end().ends_with("J J J 1.000"), "line, mark, name and value: {picture:#?}");
        assert!(picture[1][3..].contains('J'), "the first value: {picture:#?}");
    }

    #[test]
    fn a_column_of_many_values_has_their_mean_and_their_band_and_says_so() {
        let points: Vec<Point> =
            (0..=10_000).map(|i| Point::single(f64::from(i), if i % 2 == 0 { 1.0 } else { 8.0 })).collect();
        let lines = [series("J", &points)];
        let picture = drawn(&chart(&lines, Axis::Linear), (60, 12), &ASCII);
        assert!(picture[0].contains("mean of") && picture[9].contains("J J 1.000"), "{picture:#?}");
        let plot: Vec<&str> = picture[1..10].iter().map(|row| &row[10..40]).collect();
        let (band, mean) = (".".repeat(30), "J".repeat(30));
        assert!(plot.contains(&mean.as_str()) && plot.contains(&band.as_str()), "{picture:#?}");
    }

    #[test]
    fn buckets_count_by_the_steps_that_they_hold() {
        let window = Window { x: (0.0, 2.0), y: (0.0, 9.0), axis: Axis::Linear };
        let bucket = |x, mean, count| Point { x, min: mean, max: mean, mean, count };
        let columns = window.columns(&[bucket(0.0, 2.0, 3), bucket(0.1, 6.0, 1), Point::single(2.0, 5.0)], 3);
        assert_eq!((columns[0].mean(), columns[0].count), (Some(3.0), 4));
        assert_eq!((columns[2].mean(), columns[2].count), (Some(5.0), 1));
    }

    #[test]
    fn a_value_that_is_not_finite_is_a_gap_with_a_mark() {
        let points: Vec<Point> =
            (0..30).map(|i| Point::single(f64::from(i), if i == 15 { f64::NAN } else { 1.0 + f64::from(i) })).collect();
        let lines = [series("J", &points)];
        let picture = drawn(&chart(&lines, Axis::Linear), (30, 8), &MONO);
        assert_eq!(picture.concat().matches('!').count(), 1);
    }

    #[test]
    fn both_axes_have_more_than_two_labels() {
        let points: Vec<Point> = (0..481).map(|i| Point::single(f64::from(i), 0.3 + 2.0 / f64::from(i + 1))).collect();
        let lines = [series("J", &points)];
        for axis in [Axis::Linear, Axis::Log] {
            let picture = drawn(&chart(&lines, axis), (40, 9), &ASCII);
            let labelled =
                picture[1..7].iter().filter(|row| row.trim_start().starts_with(|c: char| c.is_ascii_digit()));
            assert!(labelled.count() > 2, "{picture:#?}");
            assert!(picture[8].split_whitespace().count() > 3, "{picture:#?}");
        }
    }

    #[test]
    fn a_line_off_a_log_axis_still_has_its_name_and_value() {
        let (cost, zero) = ([Point::single(0.0, 0.5), Point::single(9.0, 0.1)], [Point::single(0.0, 0.0)]);
        let lines = [series("J", &cost), series("r", &zero)];
        let beside = drawn(&chart(&lines, Axis::Log), (50, 8), &ASCII).concat();
        assert!(beside.contains("J J 0.1000") && beside.contains("r r 0 (off axis)"), "{beside}");
        let above = drawn(&chart(&lines, Axis::Log), (33, 5), &ASCII);
        assert_eq!(above[0].trim_end(), "J J 0.1000  r r 0 (off the axis)", "no row for each");
    }

    pub(super) fn falling(from: f64) -> Vec<Point> {
        (0..40).map(|i| Point::single(f64::from(i), from - f64::from(i) / 20.0)).collect()
    }

    #[test]
    fn a_line_that_others_hide_is_drawn_first_and_no_dot_of_it_is_in_their_cells() {
        let points = falling(4.0);
        let [train, test] = ["train", "test"].map(|name| series(name, &points));
        let lines = [Series { strength: 3, ..series("J", &points) }, train, test];
        let picture = drawn(&chart(&lines, Axis::Linear), (40, 9), &ASCII);
        let plot: String = picture[1..7].iter().map(|row| &row[4..24]).collect();
        assert!(plot.contains('J') && !plot.contains('t'), "{picture:#?}");
    }

    #[test]
    fn a_chart_is_drawn_at_any_size() {
        let odd: Vec<Point> = ODD.iter().zip(ODD.iter().rev()).map(|(&x, &y)| Point::single(x, y)).collect();
        let plain: Vec<Point> = (0..50)
            .map(|i| Point { x: f64::from(i), min: -1.0, max: ODD[i as usize % 12], mean: 0.5, count: 3 })
            .collect();
        for axis in [Axis::Linear, Axis::Log] {
            for x in [None, Some((2.0, 40.0)), Some((5.0, 5.0)), Some((f64::NAN, 1.0)), Some((f64::MIN, f64::MAX))] {
                at_every_size(&|area, buf, theme| {
                    let banded = Series { style: theme.total(), when: "then", ..series("J Θ", &plain) };
                    let lines = [series("odd", &odd), banded, series("Θ", &[])];
                    let strip = Some(Series { style: theme.reg_term(), ..series("odd", &odd) });
                    let marks = [(3.0, '▾'), (f64::NAN, 'n')];
                    let about = ["then is after epoch 3", "after epoch 3"];
                    Chart { x, strip, about: &about, marks: &marks, ..chart(&lines, axis) }.render(area, buf, theme);
                });
            }
        }
    }
}
