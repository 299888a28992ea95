//! Where a number comes from: its equation in symbols and in numbers, and the operands that can be gone into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::curve;
use super::panels::delta::through;
use super::panels::weight::sum;
use super::table::TableRows;
use super::widgets::bars::SignedBar;
use super::widgets::frame::Frame;
use super::widgets::label::{Label, columns, pick, wrapped};
use super::widgets::list::{List, ListPosition};
use crate::derivation::{Explanation, Graph, Operand, Subject, letter};
use crate::number::exact;
use crate::train::Snapshot;
use crate::view::{Inquiry, Overlay, View};

mod whence;

/// Terms of a sum that are shown unless all are asked for.
const TERMS: usize = 8;
/// Columns of a number with all its digits.
const NUMBER: u16 = 24;

/// The explanation of an inquiry, its sums cut as it asks; `None` if the snapshot has no such number.
pub fn shown(view: &View, inquiry: &Inquiry) -> Option<Explanation> {
    let explanation = view.explained(inquiry)?;
    let expr = explanation.expr.map(|expr| if inquiry.all { expr } else { expr.shortened(TERMS) });
    Some(Explanation { expr, ..explanation })
}

/// What stands over the panels as plain text, for the clipboard and for files, if it explains a number.
pub fn shown_text(view: &View) -> Option<String> {
    match view.overlay {
        Overlay::Explain => Some(text(&shown(view, view.inquiries.last()?)?, view.snapshot.as_ref()?)),
        Overlay::Sum => sum::text(view),
        Overlay::UnitAtStep => through::text(view),
        _ => None,
    }
}

/// What stands over the panels as LaTeX, if it explains a number.
pub fn shown_latex(view: &View) -> Option<String> {
    match view.overlay {
        Overlay::Explain => Some(shown(view, view.inquiries.last()?)?.latex()),
        Overlay::Sum => {
            let node = Subject::node_of(letter::SAMPLE_GRADIENT, view.cursor.weight(), view.snapshot.as_ref()?)?;
            let subject = Subject::Node(node.in_sample(view.cursor.sample));
            Some(shown(view, &Inquiry::of(subject))?.latex())
        }
        Overlay::UnitAtStep => through::latex(view),
        _ => None,
    }
}

fn text(explanation: &Explanation, snapshot: &Snapshot) -> String {
    let Explanation { name, equation, value, .. } = explanation;
    let mut text = format!(
        "{name} {}\n({}) {}: {}\n",
        moment(explanation, snapshot),
        equation.number,
        equation.symbols,
        equation.words
    );
    if let Some(expr) = &explanation.expr {
        text.push_str(&format!("{name} = {}\n  = {}\n", expr.symbols(), expr.numbers()));
    }
    text.push_str(&format!("  = {}\n", exact(*value)));
    explanation.beside.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    if !explanation.note.is_empty() {
        text.push_str(&format!("{}\n", explanation.note));
    }
    text
}

/// Of which sample and which Θ a number is.
fn moment(explanation: &Explanation, snapshot: &Snapshot) -> String {
    let step = snapshot.position.step;
    match explanation.subject {
        Subject::Epoch(epoch) => format!("of epoch {}, step {}", epoch.epoch, epoch.step),
        Subject::Node(node) => {
            let graph = Graph::of(snapshot);
            let what = if snapshot.recurrent().is_some() { "sequence" } else { "sample" };
            let part = node.sample.adjectives();
            match graph.get(node.key).map(|definition| definition.axes) {
                Some(axes) if axes.sample => {
                    format!("of {part}{what} {}, at the Θ of step {step}", node.sample.row + 1)
                }
                Some(axes) if axes.columns.is_some() => format!("at the Θ of step {step}"),
                _ if [letter::ALPHA, letter::CUT].contains(&node.key.letter) => format!("of update {}", step + 1),
                _ => format!("of the next batch, at the Θ of step {step}"),
            }
        }
    }
}

/// ```text
/// +- > z^(2)_4 = 0.8312 ------------------- of sample 12, at the Θ of step 480 -+
/// | J > data > J(12) > a^(3)_1 > z^(2)_4                                        |
/// | (1.1.2) z^(l+1) = Θ^(l) [1; a^(l)]: the weighted input of a layer           |
/// |                                                                             |
/// | = Θ^(1)[4,0] × 1 + Θ^(1)[4,1] × a^(1)_1 + [62 smaller terms]                |
/// | = 0.12 × 1 + (-0.4) × 0.5 + 0.911                                           |
/// | = 0.8312                                                                    |
/// |                                                                             |
/// | > Θ^(1)[4,0]  0.12                                     |===                 |
/// |   a^(1)_1     0.5                                      |============        |
/// +-----------------------------------------------------------------------------+
/// ```
pub fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inquiry = view.inquiries.last();
    let found = inquiry.and_then(|inquiry| Some((inquiry, shown(view, inquiry)?, view.snapshot.as_deref()?)));
    let Some((inquiry, explanation, snapshot)) = found else {
        let inner = Frame { title: "explain", right: "Esc back", focused: true }.render(area, buf, theme);
        Label::new("this number is not in the present snapshot", theme.faint()).render(inner, buf, theme);
        return;
    };
    let (title, right) =
        (format!("{} = {}", explanation.name, exact(explanation.value)), moment(&explanation, snapshot));
    let inner = Frame { title: &title, right: &right, focused: true }.render(area, buf, theme);
    let kept = kept_for_operands(&explanation, inner);
    let mut rows = TableRows::new(Rect { height: inner.height - kept, ..inner }, buf, theme);
    rows.line(&path(view, snapshot, inner.width), theme.faint());
    let equation = explanation.equation;
    rows.paragraph(&format!("({}) {}: {}", equation.number, equation.symbols, equation.words), theme.key());
    if !explanation.note.is_empty() {
        rows.paragraph(&explanation.note, theme.faint());
    }
    let beside: usize = explanation.beside.iter().map(|line| rows.lines(line).len()).sum();
    // The list has its own rows below those that are kept for it in any case.
    let below = operand_rows(&explanation).saturating_sub(usize::from(kept)) + beside;
    draw_sides(&explanation, &mut rows, (view, below));
    explanation.beside.iter().for_each(|line| rows.paragraph(line, theme.text()));
    let rest = rows.rest();
    let mut rows = TableRows::new(Rect { height: rest.height + kept, ..rest }, buf, theme);
    draw_operands(&explanation, inquiry, &mut rows, view);
    let rest = rows.rest();
    let place = explanation.curve.as_ref().map_or(Rect { height: 0, ..rest }, |_| curve::below(rest));
    if let Some(at) = &explanation.curve {
        curve::draw(at, place, buf, theme);
    }
    let below = Rect { y: place.bottom(), height: rest.bottom().saturating_sub(place.bottom()), ..rest };
    whence::draw(&explanation, view, below, buf);
}

/// Rows that the operands have in any case: one of them, and how many the others are.
pub(super) fn kept_for_operands(explanation: &Explanation, inner: Rect) -> u16 {
    if explanation.expr.is_some() { 2.min(inner.height) } else { 0 }
}

/// The numbers that led here; where there is no room, the last of them.
fn path(view: &View, snapshot: &Snapshot, width: u16) -> String {
    let graph = Graph::of(snapshot);
    let mut names: Vec<String> = view.inquiries.iter().map(|inquiry| graph.name_of(inquiry.subject)).collect();
    let text = |names: &[String]| names.join(" › ");
    while names.len() > 1 && columns(&text(&names)) > width {
        names.remove(0);
    }
    text(&names)
}

/// Rows that the list of the operands takes: one each, and one that says what the bars are of.
fn operand_rows(explanation: &Explanation) -> usize {
    explanation.expr.as_ref().map_or(0, |expr| expr.operands().len() + usize::from(!expr.terms().is_empty()))
}

/// The right side in symbols, in numbers, and worked out, with so many rows for what is below it. Long sides take the rows that are left
/// over, a third of all each at least; one that needs more says that it goes on.
pub(super) fn draw_sides(explanation: &Explanation, rows: &mut TableRows<'_>, (view, below): (&View, usize)) {
    let theme = &view.theme;
    // A line has a mark before it, and the last one of a side that goes on has another one behind it.
    let width = rows.width().saturating_sub(4);
    let value = exact(explanation.value);
    let [symbols, numbers] =
        explanation.expr.as_ref().map_or_else(Default::default, |expr| [expr.symbols(), expr.numbers()]);
    // A right side that is a number is its own value, and one without a symbol has its numbers in it.
    let sides = [
        if symbols == numbers { String::new() } else { symbols },
        if numbers == value { String::new() } else { numbers },
    ];
    let sides = sides.map(|side| if side.is_empty() { Vec::new() } else { wrapped(&theme.spell(&side), width) });
    let needed = sides.each_ref().map(Vec::len);
    let all = usize::from(rows.left());
    let free = all.saturating_sub(below + 1);
    // Where room is short, no row is empty.
    let spaced = needed.iter().sum::<usize>() + 2 <= free;
    let least = (all / 3).max(1) * needed.len();
    let rooms = shared(needed, free.max(least).min(all.saturating_sub(1)));
    if spaced {
        rows.line("", theme.text());
    }
    for (lines, room) in sides.iter().zip(rooms) {
        for (index, line) in lines.iter().take(room).enumerate() {
            let more = if lines.len() > room && index + 1 == room { " …" } else { "" };
            let mark = if index == 0 { "= " } else { "  " };
            rows.line(&format!("{mark}{line}{more}"), theme.text());
        }
    }
    rows.line(&format!("= {value}"), theme.key());
    if spaced {
        rows.line("", theme.text());
    }
}

/// How many of so many rows each of two texts has: what it needs, or at least its half.
fn shared([one, other]: [usize; 2], rows: usize) -> [usize; 2] {
    let of_one = one.min(rows.saturating_sub(other).max(rows / 2));
    [of_one, other.min(rows - of_one)]
}

/// One row an operand; those that can be gone into stand out.
fn draw_operands(explanation: &Explanation, inquiry: &Inquiry, rows: &mut TableRows<'_>, view: &View) {
    let theme = &view.theme;
    let Some(expr) = &explanation.expr else { return };
    let operands = expr.operands();
    // Bars compare the terms of one sum, each beside the operand that is of no other term.
    let terms = expr.terms();
    let term = |operand: &Operand| terms.iter().find(|(of, _)| *of == operand).map(|(_, value)| *value);
    let largest = terms.iter().map(|(_, value)| value.abs()).filter(|value| value.is_finite()).fold(0.0, f64::max);
    if !terms.is_empty() && rows.left() > 4 {
        let forms = [
            "bars compare the terms of the sum; each bar is beside a number that occurs in its term only",
            "bars compare the terms, each beside a number of its term alone",
            "bars compare the terms",
        ];
        rows.line(pick(&forms, rows.width(), theme), theme.faint());
    }
    let widest = operands.iter().map(|operand| columns(&theme.spell(&operand.name))).max().unwrap_or(0);
    let at = inquiry.operand.min(operands.len().saturating_sub(1));
    let list =
        List { size: Some(&|index| operands[index].value), ..List::of(operands.len(), ListPosition::Cursor(at)) };
    rows.list(&list, 0, &mut |index, rows| {
        let (Some((row, buf, theme)), operand) = (rows.take_with_theme(), &operands[index]) else { return };
        let widths =
            [Constraint::Length(2), Constraint::Length(widest), Constraint::Length(NUMBER), Constraint::Fill(1)];
        let [mark, name, number, bar] = row.layout(&Layout::horizontal(widths).spacing(1));
        let style = match (index == at, operand.subject) {
            (true, _) => theme.selected(),
            (false, Some(_)) => theme.text(),
            (false, None) => theme.faint(),
        };
        Label::new(if index == at { ">" } else { "" }, theme.key()).render(mark, buf, theme);
        Label::new(&operand.name, style).render(name, buf, theme);
        Label::right(&exact(operand.value), theme.text()).render(number, buf, theme);
        if let Some(value) = term(operand).filter(|_| bar.width > 8 && largest > 0.0) {
            SignedBar { value, limit: largest }.render(bar, buf, theme);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn rows_that_one_text_does_not_need_are_the_others() {
        assert_eq!(shared([2, 3], 9), [2, 3]);
        assert_eq!(shared([9, 2], 8), [6, 2]);
        assert_eq!(shared([2, 9], 8), [2, 6]);
        assert_eq!(shared([9, 9], 7), [3, 4]);
        assert_eq!(shared([9, 9], 0), [0, 0]);
    }
}
