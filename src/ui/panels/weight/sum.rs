//! The sum over time behind the gradient of a shared weight, step by step from the last one back.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::numbers::WeightNumbers;
use crate::derivation::{Graph, Node, Phase, Quantity, Subject, Term, Values, cell_equations, letter, terms};
use crate::number::{exact, short, signed_fixed};
use crate::theme::Theme;
use crate::train::RecurrentView;
use crate::ui::panel::Title;
use crate::ui::panels::sample::sequence;
use crate::ui::table::TableRows;
use crate::ui::widgets::bars::SignedBar;
use crate::ui::widgets::frame::Frame;
use crate::ui::widgets::label::{Label, columns, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::view::{Overlay, View, ViewChange};

/// Columns that the sum has at most beside the numbers: its numbers and the bars.
const WIDEST: u16 = 66;
/// Columns that the numbers have at least beside the sum.
const BESIDE: u16 = 44;
/// Rows of the sum above the numbers: its heading, some terms, and what they add up to.
const FEWEST: u16 = 6;

/// The weight's name.
fn name(view: &View, net: RecurrentView<'_>) -> String {
    net.model.weight_name(view.cursor.weight()).to_string()
}

/// Δ of the weight under the cursor in its sequence, and where the numbers are that it is made of.
struct DeltaOverTime<'a> {
    graph: &'a Graph,
    node: Node,
    values: Values<'a>,
}

impl<'a> DeltaOverTime<'a> {
    fn of(view: &'a View, net: RecurrentView<'a>) -> Option<Self> {
        let node = Subject::node_of(letter::SAMPLE_GRADIENT, view.cursor.weight(), net.snapshot)?;
        let sample = view.cursor.sample;
        let values = Values::of(net.snapshot, sample, view.trace.as_ref());
        Some(Self { graph: view.graph()?, node: node.in_sample(sample), values })
    }

    /// Its terms, the last step first.
    fn terms(&self) -> Vec<Term> {
        terms(self.node, (self.graph, &self.values))
    }

    /// The sum in symbols: Σ_t δ_t,1 h_t−1,2.
    fn sum(&self) -> String {
        format!("Σ_t {}", self.graph.factor_names(self.node, &self.values).unwrap_or_default().join(" "))
    }

    /// What Δ is: Δ^h = ∂J^(b)/∂Θ^h.
    fn meaning(&self) -> String {
        self.graph.meaning(self.node.key).unwrap_or_default()
    }
}

/// The terms of the weight under the cursor.
fn all_terms(view: &View, net: RecurrentView<'_>) -> Vec<Term> {
    DeltaOverTime::of(view, net).map(|delta| delta.terms()).unwrap_or_default()
}

/// The sum over time of the weight under the cursor, of a recurrent network.
///
/// What the optimiser and the penalty make of it has an equation of its own, which Enter shows everywhere.
pub(in crate::ui) fn over_time(view: &View) -> Option<ViewChange> {
    let is_of_the_sum = matches!(view.quantity, Quantity::Theta | Quantity::D | Quantity::Gradient);
    view.recurrent().filter(|_| is_of_the_sum).map(|_| ViewChange::Over(Overlay::Sum))
}

pub(super) fn title(view: &View, net: RecurrentView<'_>) -> Title {
    let sum = DeltaOverTime::of(view, net).map(|delta| delta.sum()).unwrap_or_default();
    let what = format!("Δ of {} = {sum}", name(view, net));
    let scale = sequence::name(view);
    Title { what, brief: format!("Δ of {}", name(view, net)), scale }
}

/// Where the sum and the numbers of the weight stand: beside each other where both have their width, else above each other; the sum alone
/// where there is no room for all of both, and in a panel that fills the screen where there is no room for any number.
fn places(view: &View, area: Rect, numbers: u16) -> [Rect; 2] {
    if area.width >= WIDEST + BESIDE && area.height > numbers {
        return area.layout(&Layout::horizontal([Constraint::Length(WIDEST), Constraint::Fill(1)]).spacing(2));
    }
    let below = match area.height.saturating_sub(FEWEST) {
        left if left >= numbers => numbers,
        left if view.zoomed && left > 1 => left,
        _ => 0,
    };
    area.layout(&Layout::vertical([Constraint::Fill(1), Constraint::Length(below)]))
}

/// The sum over time, and the numbers of the weight where there is room for them.
pub(super) fn draw_with(
    numbers: &WeightNumbers,
    (view, net): (&View, RecurrentView<'_>),
    area: Rect,
    buf: &mut Buffer,
) {
    let [of_sum, of_numbers] = places(view, area, numbers.height());
    draw(view, net, of_sum, buf);
    if !of_numbers.is_empty() {
        numbers.draw(&mut TableRows::new(of_numbers, buf, &view.theme), &view.theme);
    }
}

/// ```text
///   t        δ          a         product          sum
///  20   -0.1234    0.5000   -0.0617  ####|      -0.0617
///  19 …
/// ```
fn draw(view: &View, net: RecurrentView<'_>, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let all = all_terms(view, net);
    let limit = all.iter().fold(0.0_f64, |top, term| top.max(term.product.abs()));
    let [head, body, foot] =
        area.layout(&Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)]));
    // The factors are what a narrow panel can do without: the product says it.
    let with_factors = area.width >= 44;
    let bar = area.width.saturating_sub(if with_factors { 45 } else { 25 }).min(21);
    let heading =
        if with_factors { "   t         δ         ×   product       sum" } else { "   t   product       sum" };
    Label::new(heading, theme.faint()).render(head, buf, theme);
    let selected = all.iter().position(|term| term.t == view.cursor.t);
    // What the walk has not come to yet is part of no sum.
    let part = |index: usize| all[index].product;
    let part: Option<&dyn Fn(usize) -> f64> = if view.walked.is_none() { Some(&part) } else { None };
    let list =
        List { size: part, part, ..List::of(all.len(), selected.map_or(ListPosition::Start, ListPosition::Cursor)) };
    TableRows::new(body, buf, theme).list(&list, 0, &mut |index, rows| {
        let (Some((row, buf)), term) = (rows.take(), &all[index]) else { return };
        let reached = view.walked.is_none_or(|walked| term.t >= walked);
        let style = match reached {
            _ if term.t == view.cursor.t => theme.selected(),
            true => theme.text(),
            false => theme.faint(),
        };
        // What the walk has not come to yet is no number yet.
        let number = |value: f64| if reached { signed_fixed(value, 9) } else { "·".into() };
        let Term { t, delta, a, product, sum } = *term;
        let factors = if with_factors { format!(" {:>9} {:>9}", number(delta), number(a)) } else { String::new() };
        let text = format!("{t:>4}{factors} {:>9} {:>9}", number(product), number(sum));
        let used = Label::new(&text, style).render(row, buf, theme);
        if bar >= 5 && reached {
            let place = Rect { x: row.x + used + 1, width: bar.min(row.width.saturating_sub(used + 1)), ..row };
            SignedBar { value: product, limit: if limit > 0.0 { limit } else { 1.0 } }.render(place, buf, theme);
        }
    });
    let whole = all.last().map_or(0.0, |term| term.sum);
    let cursor = view.cursor;
    let mean = net.parameters[cursor.parameter().index()].d.get([cursor.j, cursor.i]).copied().unwrap_or(f64::NAN);
    let (whole, mean) = (short(whole), short(mean));
    let forms = match view.walked {
        Some(walked) if walked > 1 => {
            [format!("walked back to t {walked}; n goes on, Esc ends"), format!("walked back to t {walked}")]
        }
        _ => [
            format!("Δ {whole}; D, the mean over {} sequences, {mean}", net.batch.len()),
            format!("Δ {whole}; D {mean}, mean of {}", net.batch.len()),
        ],
    };
    Label::new(pick(&[&forms[0], &forms[1]], foot.width, theme), theme.key()).render(foot, buf, theme);
}

/// How δ comes back through time.
fn recursion(net: RecurrentView<'_>) -> String {
    cell_equations(net, Phase::Backward).join(";  ")
}

/// A term of the sum with all its digits, and the sum so far.
fn told(Term { t, delta, a, product, sum }: Term) -> [String; 2] {
    [format!("t {t:>3}  {} × {} = {}", exact(delta), exact(a), exact(product)), format!("so far {}", exact(sum))]
}

/// The terms as rows. Where they are too wide for one, each has its sum in a second one; if there are not rows enough for that, the term
/// of the step under the cursor alone has.
fn told_in((width, room): (u16, u16), theme: &Theme, (all, t): (&[Term], usize)) -> Vec<Vec<String>> {
    let row = |term: Term| told(term).join("   ");
    if all.iter().all(|&term| columns(&theme.spell(&row(term))) <= width) {
        return all.iter().map(|&term| vec![row(term)]).collect();
    }
    let has_room = 2 * all.len() <= usize::from(room);
    let rows = |&term: &Term| {
        let [product, sum] = told(term);
        if has_room || term.t == t { vec![product, format!("       {sum}")] } else { vec![product] }
    };
    all.iter().map(rows).collect()
}

/// What Δ is, and the sum in symbols.
fn in_symbols(view: &View, net: RecurrentView<'_>, all: &[Term]) -> String {
    let Some(delta) = DeltaOverTime::of(view, net) else { return String::new() };
    let (from, to) = (all.first().map_or(0, |term| term.t), all.last().map_or(0, |term| term.t));
    format!("{} = {}   (3.1.1, summed over t = {from} … {to})", delta.meaning(), delta.sum())
}

/// What the terms add up to, and over how many sequences the mean is taken.
fn whole(view: &View, net: RecurrentView<'_>, all: &[Term]) -> String {
    let whole = exact(all.last().map_or(0.0, |term| term.sum));
    let is_other = view.trace.as_ref().is_some_and(|trace| !trace.in_batch);
    let other = if is_other { " of the next batch, and this is none of them" } else { "" };
    format!("Δ = {whole} in {}; D is the mean over B = {} sequences{other}", sequence::name(view), net.batch.len())
}

/// The same on the whole screen, with all digits, and what follows from it.
pub(in crate::ui) fn explain(view: &View, area: Rect, buf: &mut Buffer) {
    let Some(net) = view.recurrent() else { return };
    let theme = &view.theme;
    let title = format!("{}: one weight, used at every step", name(view, net));
    let inner = Frame { title: &title, right: "Esc back", focused: true }.render(area, buf, theme);
    let mut rows = TableRows::new(inner, buf, theme);
    let (all, numbers) = (all_terms(view, net), WeightNumbers::of(view, net.snapshot));
    rows.paragraph(&recursion(net), theme.faint());
    rows.paragraph(&in_symbols(view, net, &all), theme.key());
    let at = all.iter().position(|term| term.t == view.cursor.t).map_or(ListPosition::Start, ListPosition::Cursor);
    let part = |index: usize| all[index].product;
    let whole = whole(view, net, &all);
    // Below it is what follows from the sum.
    let of_whole = u16::try_from(rows.lines(&whole).len()).unwrap_or(1);
    let below = numbers.height().saturating_add(of_whole).min(rows.left().saturating_sub(4));
    let told = told_in((rows.width(), rows.left() - below), theme, (&all, view.cursor.t));
    let height = |index: usize| u16::try_from(told[index].len()).unwrap_or(u16::MAX);
    let list = List { size: Some(&part), part: Some(&part), rows: &height, ..List::of(all.len(), at) };
    rows.list(&list, below, &mut |index, rows| {
        let style = if all[index].t == view.cursor.t { theme.selected() } else { theme.text() };
        told[index].iter().for_each(|line| rows.line(line, style));
    });
    rows.paragraph(&whole, theme.text());
    numbers.draw(&mut rows, theme);
}

/// The same as plain text, for the clipboard and for files.
pub(in crate::ui) fn text(view: &View) -> Option<String> {
    let net = view.recurrent()?;
    let all = all_terms(view, net);
    let heading = format!("{} at the Θ of step {}", name(view, net), net.position.step);
    let heading = [heading, recursion(net), in_symbols(view, net, &all)];
    let sum = all.iter().map(|&term| told(term).join("   ")).chain([whole(view, net, &all)]);
    let numbers = WeightNumbers::of(view, net.snapshot);
    let lines: Vec<String> = heading.into_iter().chain(sum).chain(numbers.lines()).collect();
    Some(lines.join("\n") + "\n")
}
