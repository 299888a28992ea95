//! Below an explanation, where there is room: what the number comes from, two levels deep, and what it goes into.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::{Explanation, Expr, Graph, Node, Subject, Values, of_node};
use crate::number::signed_short;
use crate::ui::panels::network;
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::SignedBar;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::view::View;

/// Parts of a number that are listed, and parts of each of them.
const PARTS: [usize; 2] = [6, 4];
/// Columns of a part's value.
const VALUE: u16 = 10;
/// The widest bar.
const BAR: u16 = 30;
/// The fewest rows that it is drawn in.
const LEAST: u16 = 5;
/// Columns and rows from which on the network stands beside it, and the columns that it has at most.
const WITH_NET: u16 = 100;
const NET_ROWS: u16 = 12;
const WIDEST_NET: u16 = 90;

/// A part of a number: a term of its sum, or an operand.
struct NumberPart {
    name: String,
    value: f64,
    /// The largest term of the sum that it is one of.
    limit: Option<f64>,
    /// What it is, if it is one number with an equation of its own.
    node: Option<Node>,
}

/// A row of the tree: what stands before the name, and the part.
struct Branch {
    lines: String,
    part: NumberPart,
}

/// Draws what there is room for in what an explanation leaves.
///
/// ```text
/// what it comes from, two levels deep; bars compare the terms of one sum
/// ├ ∂J/∂a^(2)_1                       -0.2060
/// │ ├ δ^(3)_1 × Θ^(2)[1,1]            -0.1833    ████│
/// │ └ [8 smaller terms]               +0.0121        │▏
/// └ g'(z^(2)_1)                       +0.0833
///   └ a^(2)_1                         +0.9082
/// it goes into Δ^(1): (3.1.1) Δ^(l) = δ^(l+1) [1; a^(l)]ᵀ
/// ```
pub(super) fn draw(explanation: &Explanation, view: &View, area: Rect, buf: &mut Buffer) {
    let (Some(graph), Subject::Node(node), Some(snapshot)) = (view.graph(), explanation.subject, &view.snapshot) else {
        return;
    };
    if area.height < LEAST {
        return;
    }
    let theme = &view.theme;
    let next = goes_into(graph, node);
    let trace = view.trace.as_ref().filter(|trace| trace.sample == node.sample);
    let values = Values::of(snapshot, node.sample, trace);
    let branches = tree(explanation, (graph, &values));
    // The network stands beside it, where both have room.
    let is_of_sample = graph.get(node.key).is_some_and(|definition| definition.axes.sample);
    let has_net = view.dense().is_some() && (trace.is_some() || !is_of_sample);
    let has_net = has_net && area.width >= WITH_NET && area.height >= NET_ROWS;
    let net = if has_net { (area.width / 2).min(WIDEST_NET) } else { 0 };
    let [area, net] = area.layout(&Layout::horizontal([Constraint::Fill(1), Constraint::Length(net)]));
    network::draw_number(view, node, net, buf);
    let mut rows = TableRows::new(area, buf, theme);
    rows.line("", theme.text());
    let room = usize::from(rows.left()).saturating_sub(next.len() + 2);
    // What would say no more than the list above is left out, and so is half a tree.
    if branches.iter().any(|branch| branch.lines.chars().count() > 2) && branches.len() <= room {
        let forms = [
            "what it comes from, two levels deep; bars compare the terms of one sum",
            "what it comes from, two levels deep",
        ];
        rows.line(pick(&forms, rows.width(), theme), theme.key());
        let wide =
            branches.iter().map(|branch| columns(&theme.spell(&branch.part.name)) + columns(&branch.lines)).max();
        let wide = wide.unwrap_or(0).min(rows.width() / 2);
        branches.iter().for_each(|branch| draw_branch(branch, wide, &mut rows, view));
        rows.line("", theme.text());
    }
    next.iter().for_each(|line| rows.paragraph(line, theme.text()));
}

fn draw_branch(branch: &Branch, wide: u16, rows: &mut TableRows<'_>, view: &View) {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return };
    let before = columns(&branch.lines);
    let widths = [
        Constraint::Length(before),
        Constraint::Length(wide.saturating_sub(before)),
        Constraint::Length(VALUE),
        Constraint::Length(2),
        Constraint::Max(BAR),
    ];
    let [lines, name, value, _, bar] = row.layout(&Layout::horizontal(widths));
    let drawn =
        if theme.ascii { branch.lines.replace(['├', '└'], "+").replace('│', "|") } else { branch.lines.clone() };
    Label::new(&drawn, theme.faint()).render(lines, buf, theme);
    Label::new(&branch.part.name, theme.text()).render(name, buf, theme);
    Label::right(&signed_short(branch.part.value), theme.text()).render(value, buf, theme);
    if let Some(limit) = branch.part.limit.filter(|&limit| limit > 0.0) {
        SignedBar { value: branch.part.value, limit }.render(bar, buf, &view.theme);
    }
}

/// The parts of a number, and theirs.
fn tree(explanation: &Explanation, (graph, values): (&Graph, &Values<'_>)) -> Vec<Branch> {
    let of_expr = |expr: &Option<Expr>, most: usize| expr.as_ref().map_or_else(Vec::new, |expr| parts(expr, most));
    let mut all = Vec::new();
    let first = of_expr(&explanation.expr, PARTS[0]);
    let count = first.len();
    for (index, part) in first.into_iter().enumerate() {
        let is_last = index + 1 == count;
        let inner = part.node.and_then(|node| of_node(node, None, (graph, values)));
        let inner = inner.map_or_else(Vec::new, |inner| of_expr(&inner.expr, PARTS[1]));
        all.push(Branch { lines: if is_last { "└ " } else { "├ " }.into(), part });
        let before = if is_last { "  " } else { "│ " };
        let last = inner.len().saturating_sub(1);
        all.extend(inner.into_iter().enumerate().map(|(index, part)| {
            let line = if index == last { "└ " } else { "├ " };
            Branch { lines: format!("{before}{line}"), part }
        }));
    }
    all
}

/// The largest terms of a sum and the rest as one; of anything else its operands.
fn parts(expr: &Expr, most: usize) -> Vec<NumberPart> {
    let part = |expr: &Expr, limit: Option<f64>| {
        let node = match expr {
            Expr::Of(operand) => operand.subject,
            _ => None,
        };
        let node = if let Some(Subject::Node(node)) = node { Some(node) } else { None };
        NumberPart { name: expr.symbols(), value: expr.value(), limit, node }
    };
    if let Expr::Sum(terms) = expr.shortened(most) {
        let sizes = terms.iter().map(|term| term.value().abs()).filter(|size| size.is_finite());
        let limit = sizes.fold(0.0, f64::max);
        return terms.iter().map(|term| part(term, Some(limit))).collect();
    }
    let operands = expr.operands();
    operands.into_iter().take(most).map(|operand| part(&Expr::Of(operand.clone()), None)).collect()
}

/// What a number goes into, each with the equation.
fn goes_into(graph: &Graph, node: Node) -> Vec<String> {
    let users = graph.users(node.key);
    let line = |(symbol, equation): (String, crate::derivation::Equation)| {
        format!("it goes into {symbol}: ({}) {}", equation.number, equation.symbols)
    };
    users.into_iter().map(line).collect()
}
