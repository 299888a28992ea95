//! A function and its slope over one x axis, with the point of each at one x, and the tangent there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::axes::enough;
use super::curve::{Window, down, padded, span};
use super::parts::{Chart, PartSizes, Parts};
use crate::theme::Theme;
use crate::ui::widgets::dots::{Dots, Ink};
use crate::ui::widgets::label::{Label, columns};
use crate::ui::widgets::sparkline::Axis;
use crate::ui::widgets::{put, ticks};

/// A function with its slope and one of its tangents.
///
/// ```text
/// ─● g(z) = 0.7311  ╌○ g'(z) = 0.1966  ┄ tangent
///   1┤      ┄┄⣀⣀⡠⠤⠔⠒⠒
/// 0.5┤   ⣀⡠⠔●┄
///   0┤⣀⣀⡠┄╌╌○╌╌╌─
///    └┬──────▾──────┬──
///    -6      1      6  z
/// ```
#[derive(Clone, Copy)]
pub struct TangentPlot<'a> {
    /// The function and its slope.
    pub curves: [&'a dyn Fn(f64) -> f64; 2],
    /// The tangent of the function.
    pub tangent: &'a dyn Fn(f64) -> f64,
    /// Where one of them jumps: no line joins its two ends.
    pub breaks: &'a [f64],
    /// First and last x.
    pub x: (f64, f64),
    /// What x is.
    pub x_name: &'a str,
    /// The x of the points and of the tangent.
    pub at: f64,
    /// What is said above of the two curves and of the tangent: from the longest form to the shortest.
    pub legend: &'a [[&'a str; 3]],
}

/// Columns of dots in a dash, and in a gap, of the slope's curve.
const DASH: usize = 4;

impl TangentPlot<'_> {
    /// Rows and columns that it has at least.
    pub const LEAST: (u16, u16) = (8, 34);

    /// The characters of its lines, and of the points on the first two.
    fn marks(theme: &Theme) -> ([char; 3], [char; 2]) {
        if theme.ascii { (['*', '-', '.'], ['O', 'o']) } else { (['─', '╌', '┄'], ['●', '○']) }
    }

    fn styles(theme: &Theme) -> [Style; 3] {
        [theme.data_term(), theme.reg_term(), theme.faint()]
    }

    /// So many x at the same distance from each other, with the values of the two curves there.
    fn points(&self, count: usize) -> Vec<(f64, [f64; 2])> {
        let (from, to) = self.x;
        let x = |index: usize| {
            let share = index as f64 / (count.max(2) - 1) as f64;
            from * (1.0 - share) + to * share
        };
        (0..count).map(x).map(|x| (x, self.curves.map(|curve| curve(x)))).collect()
    }

    /// Draws it; nothing where a value is not finite.
    pub fn render(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let area = area.intersection(buf.area);
        let (from, to) = self.x;
        if area.is_empty() || !(from < to && (from..=to).contains(&self.at)) {
            return;
        }
        let here = self.curves.map(|curve| curve(self.at));
        let all = self.points(2 * usize::from(area.width)).into_iter().flat_map(|(_, values)| values).chain(here);
        let all: Vec<f64> = all.collect();
        let Some(y) = span(all.iter().copied()).filter(|_| all.iter().all(|value| value.is_finite())) else { return };
        let window = Window { x: self.x, y: padded(y), axis: Axis::Linear };
        let (low, high) = window.y;
        let ticks = enough((usize::from(area.height) / 2).clamp(3, 8), &|most| ticks::linear(low, high, most));
        let widest = ticks.iter().map(|tick| columns(&tick.text)).max().unwrap_or(0);
        let parts = Parts::of(area, &PartSizes { label: widest, ends: 1, above: 1, strip: 0 });
        let marks = [(self.at, '▾')];
        let axes = Chart { x: Some(self.x), x_name: self.x_name, marks: &marks, ..Chart::of(&[], Axis::Linear) };
        self.draw_legend(parts.above, buf, theme);
        axes.y_axis([parts.gutter, parts.plot], (&window, &ticks), (theme.faint(), buf, theme));
        axes.x_axis(&parts, &window, (buf, theme));
        self.draw_curves(&axes, (parts.plot, &window), (buf, theme));
        self.draw_points(here, (parts.plot, &window), (buf, theme));
    }

    /// The longest form of what is said of the curves that fits, each behind its line and its point.
    fn draw_legend(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let (lines, points) = Self::marks(theme);
        let mark = |index: usize| -> String { [lines.get(index), points.get(index)].into_iter().flatten().collect() };
        let texts = |form: &[&str; 3]| -> Vec<(usize, String)> {
            let said = form.iter().enumerate().filter(|(_, text)| !text.is_empty());
            said.map(|(index, text)| (index, format!("{} {text}", mark(index)))).collect()
        };
        let width = |texts: &[(usize, String)]| -> u16 {
            texts.iter().map(|(_, text)| columns(&theme.spell(text)).saturating_add(2)).sum()
        };
        let forms: Vec<Vec<(usize, String)>> = self.legend.iter().map(texts).collect();
        let Some(form) = forms.iter().find(|form| width(form) <= area.width + 2).or(forms.last()) else { return };
        let mut x = area.x;
        for (index, text) in form {
            let rest = Rect { x, width: area.right().saturating_sub(x), ..area };
            let used = Label::new(text, Self::styles(theme)[*index]).render(rest, buf, theme);
            x = x.saturating_add(used).saturating_add(2);
        }
    }

    fn draw_curves(&self, axes: &Chart<'_>, (plot, window): (Rect, &Window), (buf, theme): (&mut Buffer, &Theme)) {
        let mut dots = Dots::new(plot.width, plot.height);
        let (width, height) = dots.size();
        let (lines, styles) = (Self::marks(theme).0, Self::styles(theme));
        let ink =
            |index: usize| Ink { style: styles[index], glyph: lines[index], strength: 3 - index as u8, dashed: false };
        let place = |x: f64, y: f64| Some((window.along(x) * (width - 1.0), down(height, window.up(y)?)));
        axes.mark_lines(window, &mut dots, theme);
        let end = |x: f64| place(x, (self.tangent)(x));
        if let (Some(from), Some(to)) = (end(window.x.0), end(window.x.1)) {
            dots.line(from, to, Ink { dashed: true, ..ink(2) });
        }
        let points = self.points(2 * usize::from(plot.width));
        for index in [1, 0] {
            for (column, pair) in points.windows(2).enumerate() {
                let [(x, from), (next, to)] = [pair[0], pair[1]].map(|(x, values)| (x, values[index]));
                let jumps = self.breaks.iter().any(|at| (x..next).contains(at));
                let is_gap = index == 1 && column / DASH % 2 == 1;
                if let (Some(from), Some(to), false) = (place(x, from), place(next, to), is_gap) {
                    // A kink of the function itself has no gap.
                    dots.line(from, if jumps && index == 1 { from } else { to }, ink(index));
                }
            }
        }
        dots.render(plot, buf, theme);
    }

    /// The points at the one x: that of the function over that of the slope, where both are in one cell.
    fn draw_points(&self, here: [f64; 2], (plot, window): (Rect, &Window), (buf, theme): (&mut Buffer, &Theme)) {
        let (width, height) = (f64::from(plot.width) * 2.0, f64::from(plot.height) * 4.0);
        if plot.is_empty() {
            return;
        }
        let x = plot.x + ((window.along(self.at) * (width - 1.0)).round() / 2.0) as u16;
        for index in [1, 0] {
            let Some(share) = window.up(here[index]) else { continue };
            let y = plot.y + (down(height, share) / 4.0) as u16;
            let style = Self::styles(theme)[index].add_modifier(Modifier::BOLD);
            put(buf, (x, y), Self::marks(theme).1[index], style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    const LEGEND: &[[&str; 3]] = &[["f = 1", "f' = 0.5", "tangent"], ["f", "f'", ""]];

    fn plot<'a>(curves: [&'a dyn Fn(f64) -> f64; 2], at: f64) -> TangentPlot<'a> {
        TangentPlot {
            curves,
            tangent: &|x| 9.0 + 6.0 * (x - 3.0),
            breaks: &[],
            x: (-4.0, 4.0),
            x_name: "x",
            at,
            legend: LEGEND,
        }
    }

    fn drawn(plot: &TangentPlot<'_>, theme: &Theme) -> Vec<String> {
        rows(36, 12, theme, &|area, buf, theme| {
            ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, buf);
            plot.render(area, buf, theme);
        })
    }

    #[test]
    fn a_parabola_its_slope_and_its_tangent_are_told_apart_without_colour() {
        let plot = plot([&|x| x * x, &|x| 2.0 * x], 3.0);
        let lines: Vec<String> = drawn(&plot, &ASCII).iter().map(|line| line.trim_end().to_string()).collect();
        assert_eq!(lines, PICTURE);
    }

    const PICTURE: [&str; 12] = [
        "*O f = 1  -o f' = 0.5  . tangent",
        "15+*                          :   *",
        "  | **                        : **.",
        "10+  ***                      O**",
        "  |    ***                  **o---",
        " 5+       ***           -***--:",
        " 0+          ************..   :",
        "  |         -- ---     ..     :",
        "-5+    --- --       ..        :",
        "  |---            ..          :",
        "  ++-------+-------+------+---v-----",
        "  -4      -2       0      2        x",
    ];

    #[test]
    fn its_points_are_those_of_the_functions() {
        let plot = plot([&|x| x * x, &|x| 2.0 * x], 2.0);
        let points = plot.points(9);
        assert_eq!(points.first(), Some(&(-4.0, [16.0, -8.0])));
        assert_eq!(points.last(), Some(&(4.0, [16.0, 8.0])));
        assert!(points.iter().all(|&(x, [value, slope])| value == x * x && slope == 2.0 * x));
    }

    #[test]
    fn a_slope_that_jumps_is_not_joined() {
        let step = |x: f64| if x > 1.6 { 1.0 } else { 0.0 };
        let dashes = |breaks: &[f64]| {
            let whole = TangentPlot { breaks, tangent: &|_| 2.0, ..plot([&|_| 2.0, &step], 3.0) };
            let lines = drawn(&whole, &ASCII);
            // Above the axis and below the curve at 2.
            lines[2..9].concat().matches('-').count()
        };
        assert!(dashes(&[1.6]) < dashes(&[]));
    }

    #[test]
    fn nothing_is_drawn_of_what_is_not_finite_and_it_is_drawn_at_any_size() {
        let broken = plot([&|x| 1.0 / x, &|_| f64::NAN], 2.0);
        assert!(drawn(&broken, &RGB).concat().trim().is_empty());
        for at in ODD {
            at_every_size(&|area, buf, theme| {
                let x = (-at.abs() - 1.0, at.abs() + 1.0);
                TangentPlot { x, ..plot([&f64::tanh, &|x| 1.0 - x.tanh().powi(2)], at) }.render(area, buf, theme);
            });
        }
    }
}
