//! The lines of a chart: their points, and how they are drawn.

use ratatui::style::Style;

/// One point of a line, or many that became one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Where along the x axis.
    pub x: f64,
    /// The least of its values.
    pub min: f64,
    /// The largest of its values.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// How many they are.
    pub count: u64,
}

impl Point {
    /// A point of a single value.
    pub fn single(x: f64, y: f64) -> Self {
        Self { x, min: y, max: y, mean: y, count: 1 }
    }

    pub(super) fn is_finite(&self) -> bool {
        self.min.is_finite() && self.max.is_finite() && self.mean.is_finite()
    }
}

/// How a line is drawn. Where several values fall into a column, it is the line of their means, over a faint band from the
/// smallest to the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineStyle {
    /// Without gaps.
    #[default]
    Plain,
    /// With gaps, so that a line below it is seen.
    Dashed,
    /// As the upper edge of an area that reaches down to the one before it, or to 0.
    Filled,
}

/// One line.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// When its last value was measured, where that is not now.
    pub when: &'a str,
    /// The character that stands for it where colours can't, and draws it in ASCII.
    pub mark: char,
    /// Its colour.
    pub style: Style,
    /// Its points; x need not be sorted.
    pub points: &'a [Point],
    /// How its points are joined.
    pub line: LineStyle,
    /// A cell that several lines cross belongs to the strongest, to the later of equals.
    pub strength: u8,
}

impl<'a> Series<'a> {
    /// A line whose last value is of now.
    pub fn line(name: &'a str, mark: char, style: Style, points: &'a [Point]) -> Self {
        Self { name, when: "", mark, style, points, line: LineStyle::Plain, strength: 1 }
    }
}
