//! A drawn screen as a file: as SVG, in which every cell has its colours, or as plain text.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

use crate::text::columns;
use crate::theme::Theme;
use crate::theme::color::{Rgb, rgb_of};

/// Width and height of a cell.
const CELL: (u32, u32) = (10, 20);
/// Where the feet of letters stand in a cell.
const BASE: u32 = 15;
/// The terminal's own ink and ground, dark and light.
const OWN: [[Rgb; 2]; 2] = [[(0xd8, 0xda, 0xe0), (0x14, 0x18, 0x20)], [(0x20, 0x24, 0x2c), (0xff, 0xff, 0xff)]];

/// The rows as text, without the blanks at their ends.
pub fn text(buf: &Buffer) -> String {
    let mut text = String::new();
    for row in buf.area.rows() {
        let cells: Vec<&Cell> = row.columns().map(|cell| &buf[(cell.x, cell.y)]).collect();
        let line: String = symbols(&cells).map(|(_, symbol)| symbol).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The texts in the cells of a row, each with its column; the second cell of a wide character is a part of the first.
fn symbols<'a>(cells: &'a [&Cell]) -> impl Iterator<Item = (u32, &'a str)> {
    let mut taken = 0;
    (0..).zip(cells).filter_map(move |(at, cell)| {
        if at < taken {
            return None;
        }
        taken = at + columns(cell.symbol()).max(1) as u32;
        Some((at, cell.symbol()))
    })
}

/// The screen as SVG. Half blocks and braille dots are drawn as shapes, so that they look alike in every font.
pub fn svg(buf: &Buffer, theme: &Theme) -> String {
    let own = OWN[usize::from(!theme.dark)];
    let (width, height) = (u32::from(buf.area.width) * CELL.0, u32::from(buf.area.height) * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <style>text {{ font: 16px 'DejaVu Sans Mono', 'Menlo', 'Consolas', monospace; }} .b {{ font-weight: bold; }}</style>\n"
    );
    block(&mut out, (0, 0, width, height), own[1]);
    for (row, cells) in (0..).zip(buf.area.rows()) {
        let cells: Vec<&Cell> = cells.columns().map(|cell| &buf[(cell.x, cell.y)]).collect();
        grounds(&mut out, (row, &cells), own);
        letters(&mut out, (row, &cells), own);
    }
    out.push_str("</svg>\n");
    out
}

/// Ink and ground of a cell as they are seen.
fn colours(cell: &Cell, [ink, ground]: [Rgb; 2]) -> [Rgb; 2] {
    let both = [rgb_of(cell.fg).unwrap_or(ink), rgb_of(cell.bg).unwrap_or(ground)];
    if cell.modifier.contains(Modifier::REVERSED) { [both[1], both[0]] } else { both }
}

fn block(out: &mut String, (x, y, width, height): (u32, u32, u32, u32), colour: Rgb) {
    let _ = writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>", hex(colour));
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The grounds of a row, neighbours of one colour as one.
fn grounds(out: &mut String, (row, cells): (u32, &[&Cell]), own: [Rgb; 2]) {
    let mut column = 0;
    for run in cells.chunk_by(|one, other| colours(one, own)[1] == colours(other, own)[1]) {
        let ground = colours(run[0], own)[1];
        let wide = run.len() as u32;
        if ground != own[1] {
            block(out, (column * CELL.0, row * CELL.1, wide * CELL.0, CELL.1), ground);
        }
        column += wide;
    }
}

/// What stands in the cells of a row: shapes cell by cell, letters of one style together.
fn letters(out: &mut String, (row, cells): (u32, &[&Cell]), own: [Rgb; 2]) {
    let style = |cell: &Cell| (colours(cell, own)[0], cell.modifier.contains(Modifier::BOLD));
    let is_shape = |cell: &Cell| shapes(cell.symbol()).is_some();
    let mut column = 0;
    for run in cells.chunk_by(|one, other| style(one) == style(other) && is_shape(one) == is_shape(other)) {
        let (ink, bold) = style(run[0]);
        let from = column;
        column += run.len() as u32;
        if is_shape(run[0]) {
            for (x, cell) in (from..).zip(run) {
                for (dx, dy, width, height) in shapes(cell.symbol()).unwrap_or_default() {
                    block(out, (x * CELL.0 + dx, row * CELL.1 + dy, width, height), ink);
                }
            }
            continue;
        }
        for (at, words) in pieces(run) {
            let (x, y) = ((from + at) * CELL.0, row * CELL.1 + BASE);
            let class = if bold { " class=\"b\"" } else { "" };
            // As wide as the cells are, whatever the font.
            let wide = columns(&words) as u32 * CELL.0;
            let fill = hex(ink);
            let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let _ =
                writeln!(out, "<text x=\"{x}\" y=\"{y}\" textLength=\"{wide}\" fill=\"{fill}\"{class}>{words}</text>");
        }
    }
}

/// The words in cells with the column at which each begins; a single blank joins them, more would not survive every reader. A wide
/// character is alone, since its font may be another one than that of its neighbours.
fn pieces(cells: &[&Cell]) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = Vec::new();
    let (mut blanks, mut beside_wide) = (2, false);
    for (at, symbol) in symbols(cells) {
        if symbol == " " {
            blanks += 1;
            continue;
        }
        let is_wide = columns(symbol) > 1;
        match found.last_mut().filter(|_| blanks < 2 && !is_wide && !beside_wide) {
            Some((_, words)) => {
                words.push_str(&" ".repeat(blanks));
                words.push_str(symbol);
            }
            None => found.push((at, symbol.into())),
        }
        (blanks, beside_wide) = (0, is_wide);
    }
    found
}

/// The rectangles of a sign that is made of them: left, top, width and height in the cell.
fn shapes(symbol: &str) -> Option<Vec<(u32, u32, u32, u32)>> {
    let mut letters = symbol.chars();
    let (sign, None) = (letters.next()?, letters.next()) else { return None };
    let code = u32::from(sign);
    match sign {
        '▀' => Some(vec![(0, 0, CELL.0, CELL.1 / 2)]),
        // Blocks from the bottom up by eighths, and from the left by eighths.
        '▁'..='█' => {
            let high = CELL.1 * (code - 0x2580) / 8;
            Some(vec![(0, CELL.1 - high, CELL.0, high)])
        }
        '▉'..='▏' => Some(vec![(0, 0, (CELL.0 * (0x2590 - code) / 8).max(1), CELL.1)]),
        '▐' => Some(vec![(CELL.0 / 2, 0, CELL.0 / 2, CELL.1)]),
        '\u{2800}'..='\u{28ff}' => {
            // Bit by bit: the left column of three, the right one, then the fourth row.
            let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
            let dot = |(bit, (x, y)): (usize, (u32, u32))| {
                (code >> bit & 1 == 1).then_some((x * CELL.0 / 2 + 1, y * CELL.1 / 4 + 1, 3, 3))
            };
            Some(places.into_iter().enumerate().filter_map(dot).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::theme::{Depth, MathStyle};

    const RGB: Theme = Theme { depth: Depth::Rgb, dark: true, ascii: false, math: MathStyle::Plain };

    #[test]
    fn every_cell_has_its_letter_its_colours_and_its_shape() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 2));
        buf.set_string(1, 0, "a<b&", Style::new().fg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD));
        buf.set_string(0, 1, "▀⠉", Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::Rgb(0, 0, 255)));
        let svg = svg(&buf, &RGB);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert!(
            svg.contains("<text x=\"10\" y=\"15\" textLength=\"40\" fill=\"#010203\" class=\"b\">a&lt;b&amp;</text>"),
            "{svg}"
        );
        assert!(svg.contains("<rect x=\"0\" y=\"20\" width=\"20\" height=\"20\" fill=\"#0000ff\"/>"), "{svg}");
        assert!(svg.contains("<rect x=\"0\" y=\"20\" width=\"10\" height=\"10\" fill=\"#ff0000\"/>"), "{svg}");
        assert_eq!(svg.matches("width=\"3\"").count(), 2, "two dots of braille");
        assert_eq!(text(&buf), " a<b&\n▀⠉\n");
    }

    #[test]
    fn a_wide_character_has_both_of_its_cells_and_no_blank_behind_it() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 9, 1));
        buf.set_string(0, 0, "|数字 é|", Style::new());
        assert_eq!(text(&buf), "|数字 é|\n");
        let svg = svg(&buf, &RGB);
        for (x, wide, words) in [(0, 10, "|"), (10, 20, "数"), (30, 20, "字"), (60, 20, "é|")] {
            let piece = format!("<text x=\"{x}\" y=\"15\" textLength=\"{wide}\" fill=\"#d8dae0\">{words}</text>");
            assert!(svg.contains(&piece), "{piece}\n{svg}");
        }
    }

    #[test]
    fn what_is_reversed_is_reversed() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 1, 1));
        buf.set_string(0, 0, "x", Style::new().add_modifier(Modifier::REVERSED));
        let svg = svg(&buf, &RGB);
        assert!(svg.contains("height=\"20\" fill=\"#d8dae0\"/>") && svg.contains("fill=\"#141820\">x<"), "{svg}");
    }
}
