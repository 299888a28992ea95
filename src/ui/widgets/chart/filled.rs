//! Areas on top of each other, to an eighth of a cell; without colour each is filled with its mark.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::curve::Window;
use super::{Chart, LineStyle, Series};
use crate::theme::{Depth, Theme};
use crate::ui::widgets::put;

/// Levels of a cell.
const LEVELS: f64 = 8.0;
/// One to seven eighths of a cell from below.
const EIGHTHS: [char; 7] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];

impl Chart<'_> {
    pub(super) fn areas(&self, plot: Rect, window: &Window, (buf, theme): (&mut Buffer, &Theme)) {
        let series: Vec<&Series<'_>> = self.series.iter().filter(|series| series.line == LineStyle::Filled).collect();
        let width = usize::from(plot.width);
        let edges: Vec<Vec<Option<f64>>> = series
            .iter()
            .map(|series| {
                // A column without a point shows what the last one before it did, up to the last point of all.
                let columns = window.columns(series.points, width);
                let newest = columns.iter().rposition(|column| column.count > 0);
                let mut last = None;
                let heights = columns.iter().enumerate().map(|(index, column)| {
                    last = column.mean().and_then(|mean| window.up(mean)).or(last);
                    last.filter(|_| Some(index) <= newest)
                });
                heights.collect()
            })
            .collect();
        for (index, x) in (plot.left()..plot.right()).enumerate() {
            let height = f64::from(plot.height) * LEVELS;
            let tops: Option<Vec<i64>> =
                edges.iter().map(|edge| Some((edge[index]?.clamp(0.0, 1.0) * height).round() as i64)).collect();
            let Some(tops) = tops.filter(|tops| !tops.is_empty()) else { continue };
            for (row, y) in (plot.top()..plot.bottom()).rev().enumerate() {
                let from = row as i64 * LEVELS as i64;
                let cell = FilledCell { tops: &tops, from, series: &series };
                cell.draw((x, y), (buf, theme));
            }
        }
    }
}

/// One cell of a column, from a level on.
struct FilledCell<'a> {
    tops: &'a [i64],
    from: i64,
    series: &'a [&'a Series<'a>],
}

impl FilledCell<'_> {
    /// The area that a level belongs to; none above all.
    fn area(&self, level: i64) -> Option<&Series<'_>> {
        self.tops.iter().position(|&top| level < top).map(|index| self.series[index])
    }

    fn draw(&self, at: (u16, u16), (buf, theme): (&mut Buffer, &Theme)) {
        let levels = LEVELS as i64;
        let colour = |area: Option<&Series<'_>>| area.and_then(|area| area.style.fg).unwrap_or(Color::Reset);
        if theme.depth < Depth::Indexed || theme.ascii {
            let Some(area) = self.area(self.from + levels / 2) else { return };
            let mark = theme.spell(&area.mark.to_string()).chars().next().unwrap_or('?');
            return put(buf, at, mark, area.style);
        }
        let Some(lowest) = self.area(self.from) else { return };
        // Of several edges in one cell the uppermost is drawn.
        let edge = (1..levels).rev().find(|level| {
            let (above, below) = (self.area(self.from + level), self.area(self.from + level - 1));
            above.map(|area| area.mark) != below.map(|area| area.mark)
        });
        match edge {
            None => put(buf, at, '█', Style::new().fg(colour(Some(lowest)))),
            Some(edge) => {
                let (below, above) = (self.area(self.from + edge - 1), self.area(self.from + levels - 1));
                let style = Style::new().fg(colour(below)).bg(colour(above));
                put(buf, at, EIGHTHS[(edge - 1) as usize], style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::chart::Point;
    use crate::ui::widgets::sparkline::Axis;
    use crate::ui::widgets::trial::{ASCII, ODD, RGB, at_every_size, rows};

    fn edge(values: &[f64]) -> Vec<Point> {
        values.iter().enumerate().map(|(x, &y)| Point::single(x as f64, y)).collect()
    }

    fn areas<'a>(edges: &'a [(char, Vec<Point>)]) -> Vec<Series<'a>> {
        let area = |(mark, points): &'a (char, Vec<Point>)| {
            let style = Style::new().fg(Color::Indexed(*mark as u8));
            Series { name: "part", when: "", mark: *mark, style, points, line: LineStyle::Filled, strength: 0 }
        };
        edges.iter().map(area).collect()
    }

    fn chart<'a>(series: &'a [Series<'a>]) -> Chart<'a> {
        Chart { x_name: "step", ..Chart::of(series, Axis::Linear) }
    }

    #[test]
    fn each_area_stands_on_the_one_below_it_and_is_known_by_its_mark() {
        let edges = [('r', edge(&[1.0, 1.0, 2.5, 2.5])), ('d', edge(&[4.0, 3.0, 2.5, 4.0]))];
        let series = areas(&edges);
        let picture =
            rows(4, 3, &ASCII, &|area, buf, theme| chart(&series).areas(area, &window(&series), (buf, theme)));
        assert_eq!(picture, ["d  d".replace(' ', "x"), "ddrr".replace(' ', "x"), "rrrr".to_string()]);
    }

    #[test]
    fn an_area_ends_at_its_last_point() {
        let edges = [('r', edge(&[1.0, 2.0]))];
        let series = areas(&edges);
        let window = Window { x: (0.0, 3.0), y: (0.0, 2.0), axis: Axis::Linear };
        let picture = rows(8, 2, &ASCII, &|area, buf, theme| chart(&series).areas(area, &window, (buf, theme)));
        assert_eq!(picture, ["xxrxxxxx", "rrrxxxxx"]);
    }

    #[test]
    fn an_edge_within_a_cell_has_the_colours_of_both_sides() {
        let edges = [('r', edge(&[1.5, 1.5])), ('d', edge(&[3.9, 3.9]))];
        let series = areas(&edges);
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 4));
        let window = Window { x: (0.0, 1.0), y: (0.0, 4.0), axis: Axis::Linear };
        chart(&series).areas(buf.area, &window, (&mut buf, &RGB));
        let [red, data] = ['r', 'd'].map(|mark| Color::Indexed(mark as u8));
        assert_eq!((buf[(0, 3)].symbol(), buf[(0, 3)].fg), ("█", red));
        assert_eq!((buf[(0, 2)].symbol(), buf[(0, 2)].fg, buf[(0, 2)].bg), ("▄", red, data));
        assert_eq!((buf[(0, 0)].symbol(), buf[(0, 0)].fg, buf[(0, 0)].bg), ("▇", data, Color::Reset));
    }

    fn window(series: &[Series<'_>]) -> Window {
        Window::around(series, Axis::Linear, None).expect("finite points")
    }

    #[test]
    fn areas_are_drawn_at_any_size_whatever_the_numbers() {
        let edges = [('r', edge(&ODD)), ('d', edge(&[1.0, f64::NAN, -3.0])), ('e', Vec::new())];
        at_every_size(&|area, buf, theme| {
            let series: Vec<_> = areas(&edges).into_iter().map(|s| Series { style: theme.reg_term(), ..s }).collect();
            chart(&series).render(area, buf, theme);
        });
    }
}
