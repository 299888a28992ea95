//! Several lines over one x axis, with round numbers along both axes; y linear or by powers of ten.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::dots::{Dots, Ink};
use super::label::{Align, Label, columns};
use super::put;
use super::sparkline::Axis;
use super::ticks;
use crate::theme::Theme;

mod axes;
mod curve;
mod filled;
mod legend;
mod parts;
mod series;
mod tangent;

use axes::enough;
use curve::{CurveColumn, Window, down, draw_band, draw_means};
pub use parts::Chart;
use parts::Parts;
pub use series::{LineStyle, Point, Series};
pub use tangent::TangentPlot;

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
        let (low, high) = window.values();
        // Two rows a label at least: the picture is the lines, not the axis.
        let most = (usize::from(area.height) / 2).clamp(3, 8);
        let ticks = enough(most, &|most| match self.axis {
            Axis::Linear => ticks::linear(low, high, most),
            Axis::Log => ticks::log(low, high, most),
        });
        let widest = ticks.iter().map(|tick| columns(&tick.text)).max().unwrap_or(0);
        let parts = Parts::of(area, widest, self.series.len());
        let most = legend::most_together(self.series, &window, usize::from(parts.plot.width));
        self.legend(parts.legend, most, (buf, theme));
        self.y_axis(&parts, (&window, &ticks), (buf, theme));
        self.x_axis(&parts, &window, (buf, theme));
        self.areas(parts.plot, &window, (buf, theme));
        self.lines(&parts, &window, (buf, theme));
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

    fn lines(&self, parts: &Parts, window: &Window, (buf, theme): (&mut Buffer, &Theme)) {
        let plot = parts.plot;
        let mut dots = Dots::new(plot.width, plot.height);
        let count = usize::from(plot.width) * 2;
        let mark = |c: char| theme.spell(&c.to_string()).chars().next().unwrap_or('?');
        self.mark_lines(window, &mut dots, theme);
        let lines = self.series.iter().filter(|series| series.line != LineStyle::Filled);
        let lines: Vec<(&Series<'_>, Vec<CurveColumn>)> =
            lines.map(|series| (series, window.columns(series.points, count))).collect();
        for (series, columns) in &lines {
            let faint = Ink { style: theme.dimmed(series.style), glyph: '.', strength: 0, dashed: false };
            draw_band(columns, window, (&mut dots, faint));
        }
        let mut broken = vec![false; count];
        for (series, columns) in &lines {
            let strength = series.strength.saturating_add(1);
            let dashed = series.line == LineStyle::Dashed;
            draw_means(
                columns,
                window,
                (&mut dots, Ink { style: series.style, glyph: mark(series.mark), strength, dashed }),
            );
            broken.iter_mut().zip(columns).for_each(|(broken, column)| *broken |= column.broken);
        }
        dots.render(plot, buf, theme);
        for (i, x) in (plot.left()..plot.right()).enumerate().filter(|(i, _)| broken[2 * i] || broken[2 * i + 1]) {
            debug_assert!(i < count);
            put(buf, (x, plot.y), '!', theme.not_finite());
        }
        self.line_ends(parts, window, (buf, theme));
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

    /// The mark of each line at the height of its last value, so that no line is told by colour alone; the strongest first.
    fn line_ends(&self, parts: &Parts, window: &Window, (buf, theme): (&mut Buffer, &Theme)) {
        let ends = parts.ends;
        let mut taken = vec![0_u16; usize::from(ends.height)];
        let mut strongest: Vec<&Series<'_>> = self.series.iter().collect();
        strongest.sort_by_key(|series| std::cmp::Reverse(series.strength));
        for series in strongest {
            let shown = series.points.iter().rev().filter(|point| (window.x.0..=window.x.1).contains(&point.x));
            let Some(share) = shown.filter(|point| point.is_finite()).find_map(|point| window.up(point.mean)) else {
                continue;
            };
            let row = (down(f64::from(ends.height) * 4.0, share.clamp(0.0, 1.0)) / 4.0) as usize;
            let Some(taken) = taken.get_mut(row).filter(|taken| **taken < ends.width) else { continue };
            let room = Rect { x: ends.x + *taken, y: ends.y + row as u16, width: 1, height: 1 };
            *taken += 1;
            let mark = series.mark.to_string();
            Label::new(&mark, series.style.add_modifier(Modifier::BOLD)).render(room, buf, theme);
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;
    use crate::ui::widgets::trial::{ASCII, MONO, ODD, RGB, at_every_size, rows};

    fn series<'a>(name: &'a str, points: &'a [Point]) -> Series<'a> {
        let mark = name.chars().next().unwrap();
        Series { name, when: "", mark, style: Style::new(), points, line: LineStyle::Plain, strength: 0 }
    }

    fn chart<'a>(series: &'a [Series<'a>], axis: Axis) -> Chart<'a> {
        Chart { series, axis, x: None, x_name: "step", marks: &[] }
    }

    fn drawn(chart: &Chart<'_>, (width, height): (u16, u16), theme: &Theme) -> Vec<String> {
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
        "J J 0.01000     mean of 2",
        " 1e0+JJJ.                ",
        "    |   JJJJJ            ",
        "1e-1+       JJJJJ        ",
        "    |           JJJJJ    ",
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
        assert_eq!(picture[0].trim_end(), "J J 1.000");
        assert!(picture[6].ends_with("JJ"), "line and mark: {picture:#?}");
        assert!(picture[1][3..].contains('J'), "the first value: {picture:#?}");
    }

    #[test]
    fn a_column_of_many_values_has_their_mean_and_their_band_and_says_so() {
        let points: Vec<Point> =
            (0..=10_000).map(|i| Point::single(f64::from(i), if i % 2 == 0 { 1.0 } else { 9.0 })).collect();
        let lines = [series("J", &points)];
        let picture = drawn(&chart(&lines, Axis::Linear), (60, 11), &ASCII);
        assert!(picture[0].starts_with("J J 1.000 ") && picture[0].contains("mean of"), "{picture:#?}");
        let plot: Vec<&str> = picture[1..9].iter().map(|row| &row[10..40]).collect();
        let (band, mean) = (".".repeat(30), "J".repeat(30));
        assert!(plot.contains(&mean.as_str()) && plot.contains(&band.as_str()), "{picture:#?}");
        assert!(picture[8].trim_end().ends_with('J'), "it ends at the last value: {picture:#?}");
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
    fn a_line_off_a_log_axis_is_still_in_the_legend() {
        let (cost, zero) = ([Point::single(0.0, 0.5), Point::single(9.0, 0.1)], [Point::single(0.0, 0.0)]);
        let lines = [series("J", &cost), series("r", &zero)];
        let picture = drawn(&chart(&lines, Axis::Log), (50, 8), &ASCII);
        assert_eq!(picture[0].trim_end(), "J J 0.1000  r r 0 (off the axis)");
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
                    Chart { x, marks: &[(3.0, '▾'), (f64::NAN, 'n')], ..chart(&lines, axis) }.render(area, buf, theme);
                });
            }
        }
    }
}
