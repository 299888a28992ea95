//! The layers as columns of units, coloured by activation, and the strongest weights between them as lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::delta::through::{along_units, unit_at_step};
use crate::derivation::{Mark, Node, QuantityKey, Walk, equation};
use crate::derivation::{Subject, letter};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::train::DenseView;
use crate::ui::panel::{Key, PanelEntry, Title, always, every, through_time};
use crate::ui::widgets::label::{Align, Label, pick};
use crate::view::ViewChange;
use crate::view::{Activity, Cursor, InputView, View};

mod at_step;
mod caption;
mod card;
mod cards;
mod columns;
mod edges;
mod image;
mod ends;
mod sees;
mod shows;
mod unrolled;

use caption::{Caption, CaptionLines};
use cards::Cards;
use columns::{UnitColumn, click, columns, parts};
use edges::{At, Edges, LineRoom, largest};
use ends::{draw_inputs, draw_outputs};
use sees::UnitPictures;
use shows::{Shows, Stepped};

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Network,
    applies: always,
    title,
    draw,
    along: along_units,
    keys: &[
        Key {
            action: Action::Picture,
            applies: through_time,
            footer: Some("i fold"),
            help: "the steps of a recurrent network, unrolled or folded into one; of pictures ∂J/∂x in place of the input, or x again.",
            does: fold,
        },
        Key {
            action: Action::Picture,
            applies: is_of_pictures,
            footer: Some("i ∂J/∂x"),
            help: "",
            does: |view| Some(ViewChange::Input(view.input.next())),
        },
        Key { action: Action::Open, applies: through_time, footer: None, help: "", does: unit_at_step },
        Key {
            action: Action::Quantity,
            applies: every,
            footer: None,
            help: "a, z or δ of the units; of a recurrent network h, ∂J/∂h, δ or a gate.",
            does: next_activity,
        },
    ],
    subject_at: Some(subject),
    click,
    guest_of: &[],
};

fn next_activity(view: &View) -> Option<ViewChange> {
    Some(unrolled::next(view).unwrap_or_else(|| ViewChange::Activity(view.activity.next())))
}

fn is_of_pictures(view: &View) -> bool {
    view.dense().is_some_and(|snapshot| snapshot.data.dataset.image.is_some())
}

fn fold(view: &View) -> Option<ViewChange> {
    view.recurrent().map(|_| ViewChange::Folded(!view.folded))
}

/// The number of the unit under the cursor.
fn subject(view: &View) -> Option<Subject> {
    let (l, unit) = (view.cursor.l + 1, view.cursor.j);
    let letter = match view.activity {
        Activity::A => letter::A,
        Activity::Z => letter::Z,
        Activity::Delta => letter::DELTA,
    };
    Some(Subject::unit(letter, l, (view.cursor.sample, unit)))
}

fn title(view: &View) -> Title {
    if let Some(net) = view.recurrent() {
        return unrolled::title(view, net);
    }
    if view.playhead.is_some() {
        let what = "network, as far as it is computed".to_string();
        let scale = format!("sample {}", view.cursor.sample.row + 1);
        return Title { brief: what.clone(), what, scale };
    }
    let left_out = view.trace.as_ref().is_some_and(|trace| trace.has_mask());
    let (what, number) = match view.activity {
        Activity::A if left_out => ("a^(l), × left out".into(), equation::DROPOUT.number),
        Activity::Delta if left_out => (format!("{}, × left out", delta_is(view)), equation::DROPOUT_DELTA.number),
        Activity::A => ("activations a^(l)".into(), equation::ACTIVATION.number),
        Activity::Z => ("weighted inputs z^(l)".into(), equation::WEIGHTED_INPUT.number),
        Activity::Delta => (delta_is(view), equation::HIDDEN_DELTA.number),
    };
    let brief = format!("network {}^(l) ({number}){}", view.activity.letter(), if left_out { " × out" } else { "" });
    // Units are left out of updates alone.
    let drops = view.dense().is_some_and(|snapshot| snapshot.config.dropout > 0.0);
    let whole = if drops && !left_out { ", not in the batch: no dropout" } else { "" };
    let sample = view.cursor.sample;
    Title {
        what: format!("network: {what} ({number})"),
        brief,
        scale: format!("{}sample {}{whole}", sample.adjectives(), sample.row + 1),
    }
}

/// What δ is: δ^(l) = ∂J^(b)/∂z^(l).
fn delta_is(view: &View) -> String {
    let key = |snapshot: DenseView<'_>| QuantityKey::layer(letter::DELTA, snapshot.depth());
    view.dense().and_then(|snapshot| view.graph()?.general_meaning(key(snapshot))).unwrap_or_default()
}

/// ```text
/// a^(1)          a^(2) 3 of 25        a^(3)
///     +1             +1
///  1  +.00 =====  4  +.12 ====--   1  +.02 ##    0
///  9  +.31 -----     ::::::   ----  2  +.91 ##### 1 target
/// 17  +.94 -----  7  +.57    ----  3  +.06 #     2
/// lines: the strongest 3 Θ into each unit, blue > 0, orange < 0
/// ```
fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    if let Some(net) = view.recurrent() {
        return unrolled::draw(view, net, area, buf);
    }
    let Some(snapshot) = view.dense() else { return };
    let stepped: Option<Stepped> = view.playhead.map(|at| (Walk::of(&snapshot, view.detail), at));
    let of_walk = |l: usize, (j, i): At| stepped.as_ref().is_some_and(|stepped| takes_part(stepped, (l, j, i)));
    let only = stepped.as_ref().map(|_| OnlyLines { holds: &of_walk, words: "take part now" });
    draw_net(view, &LitNet { cursor: view.cursor, stepped: stepped.as_ref(), only }, area, buf);
}

/// Draws the weights alone that a number of a dense network is computed with, and marks its unit; nothing for what is of no layer.
pub(in crate::ui) fn draw_number(view: &View, node: Node, area: Rect, buf: &mut Buffer) {
    let (Mark::Layer(l), Some(_)) = (node.key.mark, view.dense()) else { return };
    let Some(unit) = node.j.checked_sub(1) else { return };
    let is_of_weight = view.graph().and_then(|graph| graph.get(node.key)).is_some_and(|of| of.axes.columns.is_some());
    let cursor = match (is_of_weight, l) {
        (true, _) => Cursor { l, j: unit, i: node.i, ..view.cursor },
        (false, 1) => Cursor { l: 1, i: node.j, ..view.cursor },
        (false, _) => Cursor { l: l - 1, j: unit, ..view.cursor },
    };
    let is_back = [letter::GRAD_A, letter::DELTA].contains(&node.key.letter);
    let holds = |from: usize, (j, i): At| match (is_of_weight, is_back) {
        (true, _) => from == l && (j, i) == (unit, node.i),
        (false, true) => from == l && i == node.j,
        (false, false) => from + 1 == l && j == unit,
    };
    let words = if is_back { "it comes back through" } else { "it is made with" };
    draw_net(view, &LitNet { cursor, stepped: None, only: Some(OnlyLines { holds: &holds, words }) }, area, buf);
}

/// The weights that are drawn as lines where not the strongest are: those of which this holds, and what they do, in words.
#[derive(Clone, Copy)]
struct OnlyLines<'a> {
    holds: &'a dyn Fn(usize, At) -> bool,
    words: &'static str,
}

/// What is marked of a network: a unit, how far a walk has come, and the weights that take part.
struct LitNet<'a> {
    cursor: Cursor,
    stepped: Option<&'a Stepped>,
    only: Option<OnlyLines<'a>>,
}

fn draw_net(view: &View, lit: &LitNet<'_>, area: Rect, buf: &mut Buffer) {
    let (Some(snapshot), Some(trace), Some(graph)) = (view.dense(), &view.trace, view.graph()) else { return };
    let &LitNet { cursor, stepped, only } = lit;
    let columns = columns(view, snapshot, (area, cursor));
    let (_, note) = parts(area);
    let beside = |pair: &&[UnitColumn]| pair[1].l == pair[0].l + 1;
    let largest: Vec<f64> = snapshot.network.theta.iter().map(|theta| largest(theta.iter())).collect();
    for pair in columns.windows(2).filter(beside) {
        let (l, theta) = (pair[0].l, snapshot.network.theta(pair[0].l));
        let takes_part = |at: At| only.is_none_or(|only| (only.holds)(l, at));
        let edges = Edges {
            from: &pair[0],
            to: &pair[1],
            weight: &|(j, i)| theta[[j, i]],
            largest: largest[l - 1],
            chosen: (cursor.l == l).then_some(cursor.j),
            takes_part: only.map(|_| &takes_part as &dyn Fn(At) -> bool),
            room: LineRoom::of(&pair[0], &pair[1], 1),
        };
        edges::draw(&[edges], buf, &view.theme);
    }
    for (place, column) in columns.iter().enumerate() {
        let shows = Shows::of(view, (snapshot, trace, graph), (column.l, stepped));
        draw_column(view, (snapshot, cursor), (column, shows), (area, buf));
        if column.l == 1 {
            draw_inputs(view, &snapshot.data.dataset.features, column, buf);
        }
        if column.l == snapshot.depth() {
            let answered = stepped.is_none_or(|(walk, at)| walk.has_answered(*at));
            draw_outputs(view, (snapshot, trace), (column, answered), (area, buf));
        }
        draw_left_out(view, (&columns, place), buf);
    }
    let note = match columns.last().filter(|last| last.area.bottom() > note.y) {
        Some(last) => Rect { width: last.area.x.saturating_sub(note.x + 1), ..note },
        None => note,
    };
    let takes_part = |only: &OnlyLines<'_>| {
        let into = |pair: &[UnitColumn], j: usize| (0..=pair[0].size).any(|i| (only.holds)(pair[0].l, (j, i)));
        columns.windows(2).filter(beside).any(|pair| pair[1].units.iter().any(|placed| into(pair, placed.unit)))
    };
    let lines = match only {
        None => CaptionLines::Strongest,
        Some(only) if takes_part(&only) => CaptionLines::Those(only.words),
        Some(_) => CaptionLines::Nothing,
    };
    let caption = Caption { columns: &columns, cursor, lines };
    caption.draw(view, snapshot, (note, buf));
}

/// Whether the weight Θ^(l)_{ji} takes part in the number that a walk is at.
fn takes_part((walk, at): &Stepped, (l, j, i): (usize, usize, usize)) -> bool {
    match walk.block(at.block) {
        Some((stop, _)) if stop.is(letter::Z, l + 1) => j == at.unit,
        Some((stop, _)) if stop.is(letter::GRAD_A, l) => i == at.unit + 1,
        Some((stop, _)) => stop.matrix_of() == Some(l) && j == at.unit,
        None => false,
    }
}

/// The units of a layer, or its picture.
fn draw_column(
    view: &View,
    (snapshot, cursor): (DenseView<'_>, Cursor),
    (column, shows): (&UnitColumn, Shows),
    (area, buf): (Rect, &mut Buffer),
) {
    let (theme, l) = (&view.theme, column.l);
    let to = (cursor.l + 1 == l).then_some(cursor.j);
    let from = if cursor.l == l { cursor.i.checked_sub(1) } else { None };
    let pictures = UnitPictures::of(view, snapshot, column);
    let is_gradient = column.image.is_some() && view.input == InputView::Gradient;
    let symbol = if is_gradient { "∂J/∂x".into() } else { shows.symbol };
    // A unit's value has the colour that it has on its map, which knows no dropout.
    let is_mapped = view.activity == Activity::A && view.playhead.is_none() && shows.masks.is_empty();
    let scale = match pictures {
        UnitPictures::Maps { scale, .. } if is_mapped => scale,
        _ => shows.scale,
    };
    let shows = &Shows { symbol, scale, ..shows };
    let chosen = (to.or(from), cursor.l == l && cursor.i == 0);
    let picture = |unit: usize, (area, buf): (Rect, &mut Buffer)| pictures.draw(unit, (area, buf), theme);
    let cards = Cards { column, shows, chosen, picture: &picture };
    cards.draw((area, buf), theme);
    if let Some(image) = column.image {
        let below = Rect { y: image.area.bottom(), height: 1, ..column.area }.intersection(column.area);
        if image::draw(view, (image, shows, cursor), buf) {
            cards.draw_below((below, buf), theme);
        }
    }
}

/// How many layers are left out before a column.
fn draw_left_out(view: &View, (columns, place): (&[UnitColumn], usize), buf: &mut Buffer) {
    let column = &columns[place];
    let before = place.checked_sub(1).map_or(0, |before| columns[before].l);
    let left = place.checked_sub(1).map_or(column.area.x, |before| columns[before].area.right());
    let count = column.l - before - 1;
    let room = Rect { x: left, y: column.area.y + 1, width: column.area.x.saturating_sub(left), height: 1 };
    if count > 0 && place > 0 {
        let forms = [format!("… {count} more …"), format!("…{count}…"), "…".into()];
        let text = pick(&forms.each_ref().map(String::as_str), room.width, &view.theme);
        let room = Rect { y: column.area.y + column.area.height / 2, ..room }.intersection(column.area.union(room));
        Label { text, style: view.theme.faint(), align: Align::Center }.render(room, buf, &view.theme);
    }
}
