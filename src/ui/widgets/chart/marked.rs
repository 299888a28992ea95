//! Lines over an x axis that has names in place of numbers, with a point of the first line at each of them.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::axes::enough;
use super::curve::{Window, down};
use super::parts::Chart;
use super::series::{LineStyle, Point, Series};
use crate::theme::Theme;
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::label::{Label, columns};
use crate::ui::widgets::sparkline::Axis;
use crate::ui::widgets::{put, ticks};

/// A place on the x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPlace {
    /// Where it is.
    pub x: f64,
    /// Its name below the axis.
    pub name: String,
    /// What is said below that, where there is room.
    pub value: String,
    /// The y of its point, if it has one.
    pub y: Option<f64>,
}

/// Lines over named places.
///
/// ```text
///   2│⡇   :              ⢀⠔
///    │⠱⡀  ●       ●   ⣀⡠⠊
///   1┤ ⠈⠒⠤:⣀⣀⣀⣀⡠⠤⠒:⠉
///    └┬───┬───────┬────────
///     0  α/2      α
///    1.91 1.2    1.34
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MarkedCurve<'a> {
    /// The lines, earlier ones over later ones; where a value is not finite, a line has a gap with a mark above it.
    pub series: &'a [Series<'a>],
    /// Linear or log10 in y.
    pub axis: Axis,
    /// The places, the most important first: where two have no room beside each other, the first is named.
    pub places: &'a [NamedPlace],
}

/// The parts of its area.
struct MarkedParts {
    gutter: Rect,
    plot: Rect,
    line: Rect,
    labels: Rect,
    values: Rect,
}

impl MarkedParts {
    /// Those below the plot by its height, and the y axis with labels of so many columns where there is room for it.
    fn of(area: Rect, label: u16) -> Self {
        let none = Rect { width: 0, height: 0, ..area };
        let below = match area.height {
            0..3 => 0,
            3..5 => 1,
            5..8 => 2,
            _ => 3,
        };
        let gutter = if area.width >= label.saturating_add(12) { label + 1 } else { 0 };
        let plot = Rect { x: area.x + gutter, width: area.width - gutter, height: area.height - below, ..area };
        let row = |index: u16| Rect { y: plot.bottom() + index, height: 1, ..area };
        let [line, labels, values] = match below {
            0 => [none; 3],
            1 => [none, row(0), none],
            2 => [row(0), row(1), none],
            _ => [row(0), row(1), row(2)],
        };
        Self { gutter: Rect { x: area.x, width: gutter, ..plot }, plot, line, labels, values }
    }
}

impl MarkedCurve<'_> {
    /// Draws it; what there is no room for is left out, the lines last. Nothing where no value can be drawn.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        let Some(window) = Window::around(self.series, self.axis, None).filter(|_| !area.is_empty()) else { return };
        let (low, high) = window.values();
        let ticks = enough((usize::from(area.height) / 2).clamp(3, 8), &|most| match self.axis {
            Axis::Linear => ticks::linear(low, high, most),
            Axis::Log => ticks::log(low, high, most),
        });
        let widest = ticks.iter().map(|tick| columns(&tick.text)).max().unwrap_or(0);
        let parts = MarkedParts::of(area, widest);
        let marks: Vec<(f64, char)> = self.places.iter().map(|place| (place.x, ':')).collect();
        let axes = Chart { marks: &marks, ..Chart::of(&[], self.axis) };
        axes.y_axis([parts.gutter, parts.plot], (&window, &ticks), (theme.faint(), buf, theme));
        let mut dots = Dots::new(parts.plot.width, parts.plot.height);
        axes.mark_lines(&window, &mut dots, theme);
        self.lines(&window, &mut dots, theme);
        dots.render(parts.plot, buf, theme);
        self.points(&window, parts.plot, (buf, theme));
        self.broken(&window, parts.plot, (buf, theme));
        self.axis_line(&window, &parts, (buf, theme));
        self.texts(&window, (parts.plot, parts.labels), (buf, theme), |place| (&place.name, theme.key()));
        self.texts(&window, (parts.plot, parts.values), (buf, theme), |place| (&place.value, theme.text()));
    }

    fn lines(&self, window: &Window, dots: &mut Dots, theme: &Theme) {
        let (width, height) = dots.size();
        // The middle of the dot that holds a point.
        let place = |point: &Point| {
            let up = window.up(point.mean)?;
            Some((window.along(point.x) * (width - 1.0) + 0.5, (1.0 - up) * (height - 1.0) + 0.5))
        };
        for (index, series) in self.series.iter().enumerate().rev() {
            let glyph = theme.spell(&series.mark.to_string()).chars().next().unwrap_or('?');
            let strength = u8::try_from(self.series.len() - index).unwrap_or(u8::MAX);
            let ink = Ink { style: series.style, glyph, strength, dashed: series.line == LineStyle::Dashed };
            for pair in series.points.windows(2) {
                if let (Some(from), Some(to)) = (place(&pair[0]), place(&pair[1])) {
                    dots.line(from, to, ink);
                }
            }
        }
    }

    /// The column of a place.
    fn column(plot: Rect, window: &Window, x: f64) -> u16 {
        let last = (f64::from(plot.width) * 2.0 - 1.0).max(0.0);
        plot.x.saturating_add(((window.along(x).clamp(0.0, 1.0) * last).round() / 2.0) as u16)
    }

    fn points(&self, window: &Window, plot: Rect, (buf, theme): (&mut Buffer, &Theme)) {
        let style = self.series.first().map_or(Style::new(), |series| series.style).add_modifier(Modifier::BOLD);
        for place in self.places.iter().rev() {
            let Some(share) = place.y.and_then(|y| window.up(y)).filter(|_| !plot.is_empty()) else { continue };
            let y = plot.y + (down(f64::from(plot.height) * 4.0, share.clamp(0.0, 1.0)) / 4.0) as u16;
            put(buf, (Self::column(plot, window, place.x), y), if theme.ascii { 'O' } else { '●' }, style);
        }
    }

    /// A mark where a value of the first line is not finite.
    fn broken(&self, window: &Window, plot: Rect, (buf, theme): (&mut Buffer, &Theme)) {
        let points = self.series.first().map_or(&[][..], |series| series.points);
        for point in points.iter().filter(|point| !point.is_finite() && !plot.is_empty()) {
            put(buf, (Self::column(plot, window, point.x), plot.y), '!', theme.not_finite());
        }
    }

    fn axis_line(&self, window: &Window, parts: &MarkedParts, (buf, theme): (&mut Buffer, &Theme)) {
        let (line, plot) = (parts.line, parts.plot);
        if line.is_empty() {
            return;
        }
        let [corner, across, notch] = if theme.ascii { ['+', '-', '+'] } else { ['└', '─', '┬'] };
        let left = plot.x.saturating_sub(u16::from(!parts.gutter.is_empty()));
        for x in left..plot.right() {
            put(buf, (x, line.y), if x < plot.x { corner } else { across }, theme.border());
        }
        for place in self.places {
            put(buf, (Self::column(plot, window, place.x), line.y), notch, theme.border());
        }
    }

    /// A text of each place in a row, centred below it as far as the row allows.
    fn texts<'t>(
        &'t self,
        window: &Window,
        (plot, row): (Rect, Rect),
        (buf, theme): (&mut Buffer, &Theme),
        text: impl Fn(&'t NamedPlace) -> (&'t String, Style),
    ) {
        let mut taken: Vec<(u16, u16)> = Vec::new();
        for place in self.places {
            let (text, style) = text(place);
            let width = columns(&theme.spell(text));
            if width == 0 || width > row.width {
                continue;
            }
            let start = Self::column(plot, window, place.x).saturating_sub(width / 2);
            let start = start.clamp(row.x, row.right() - width);
            let end = start + width;
            // A blank at least is between two of them.
            if taken.iter().all(|&(from, to)| end < from || start > to) {
                Label::new(text, style).render(Rect { x: start, width, ..row }, buf, theme);
                taken.push((start, end));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    fn place(x: f64, name: &str, y: f64) -> NamedPlace {
        NamedPlace { x, name: name.into(), value: format!("{y}"), y: Some(y) }
    }

    fn drawn(points: &[Point], theme: &Theme) -> Vec<String> {
        let series = [Series::line("J", '*', Style::new(), points)];
        let places = [place(2.0, "α", 0.0), place(4.0, "2α", 4.0), place(0.0, "0", 4.0)];
        rows(30, 11, theme, &|area, buf, theme| {
            ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, buf);
            MarkedCurve { series: &series, axis: Axis::Linear, places: &places }.render(area, buf, theme);
        })
    }

    #[test]
    fn its_places_are_named_with_their_values_and_points() {
        let points: Vec<Point> =
            (0..=50).map(|i| f64::from(i) / 10.0).map(|x| Point::single(x, (x - 2.0).powi(2))).collect();
        let picture: Vec<String> = drawn(&points, &ASCII).iter().map(|line| line.trim_end().into()).collect();
        assert_eq!(picture, PICTURE);
    }

    const PICTURE: [&str; 11] = [
        " |:          :          :    *",
        "8+:          :          :  **",
        "6+:          :          : **",
        " |:          :          :**",
        "4+O*         :         *O",
        "2+:***       :       ***:",
        " |:  ****    :    ***   :",
        "0+:     *****O****      :",
        " ++----------+----------+-----",
        "  0        alpha     2alpha",
        "  4          0          4",
    ];

    #[test]
    fn a_value_that_is_not_finite_is_marked_and_not_drawn() {
        let value = |i: i32| if i > 3 { f64::INFINITY } else { 1.0 };
        let points: Vec<Point> = (0..6).map(|i| Point::single(f64::from(i), value(i))).collect();
        assert_eq!(drawn(&points, &RGB)[0].matches('!').count(), 2);
        let nothing = [Point::single(0.0, f64::NAN), Point::single(1.0, f64::NAN)];
        assert!(drawn(&nothing, &RGB).concat().trim().is_empty());
    }

    #[test]
    fn it_is_drawn_at_any_size() {
        let odd: Vec<Point> = ODD.iter().zip(ODD.iter().rev()).map(|(&x, &y)| Point::single(x, y)).collect();
        let plain: Vec<Point> = (0..9).map(|i| Point::single(f64::from(i), f64::from(i * i))).collect();
        for points in [&odd, &plain] {
            for axis in [Axis::Linear, Axis::Log] {
                at_every_size(&|area, buf, theme| {
                    let series = [Series::line("J", 'Θ', Style::new(), points)];
                    let places = ODD.map(|at| place(at, "α/2", at));
                    MarkedCurve { series: &series, axis, places: &places }.render(area, buf, theme);
                });
            }
        }
    }
}
