//! The state of each layer: its activations, its gradients and its update, now and at the steps seen, and what is wrong.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::derivation::health::{AlarmRule, rules};
use crate::derivation::{Counted, LayerNorms, OfLayer, whole_gain};
use crate::keymap::Action;
use crate::keymap::Panel;
use crate::nn::Symbol;
use crate::number::{decimals, exact, fixed, percent, percent_to, short, signed_fixed};
use crate::ui::panel::{Key, PanelEntry, Title, always, every, nothing};
use crate::ui::table::{TableColumn, TableRows, head_of};
use crate::ui::widgets::chart::{Chart, LineStyle, Point, Series};
use crate::ui::widgets::label::{Label, pick};
use crate::ui::widgets::list::{List, ListPosition};
use crate::ui::widgets::sparkline::{Axis, Sparkline};
use crate::view::{Along, ViewChange};
use crate::view::{HealthView, View};

mod histogram;
mod paragraphs;

use paragraphs::{Paragraphs, of_alarm};

/// log10 of update to weight that people aim at.
const AIM: f64 = -3.0;
/// Columns and rows that a picture has at least beside others.
const PICTURE: (u16, u16) = (36, 10);

pub(super) const PANEL: PanelEntry = PanelEntry {
    id: Panel::Health,
    applies: always,
    title,
    draw,
    along: |view| if view.health == HealthView::Rules { Along::Rules } else { Along::Layers },
    keys: &[Key {
        action: Action::Quantity,
        applies: every,
        footer: None,
        help: "the health of the layers, updates, histograms of a, δ, D and Θ, the rules of the alarms.",
        does: next_shown,
    }],
    subject_at: None,
    click: nothing,
    guest_of: &[Panel::Layers],
};

fn next_shown(view: &View) -> Option<ViewChange> {
    Some(ViewChange::Health(view.health.next()))
}

fn title(view: &View) -> Title {
    title_of(view, view.health)
}

fn title_of(view: &View, shown: HealthView) -> Title {
    let (what, brief, scale) = match shown {
        HealthView::Layers if view.recurrent().is_some() => {
            ("health: activations h, o, updates".into(), "health: h, o".into(), "next batch, all steps".into())
        }
        HealthView::Layers => {
            ("health: activations a^(l), updates".into(), "health: a^(l)".into(), "next batch".into())
        }
        HealthView::Updates => {
            ("health: log10 of update to weight, aim -3".into(), "lg update/Θ, aim -3".into(), "steps seen".into())
        }
        HealthView::Histogram(counted) => {
            let theta = view.layers.present().get(view.cursor.l - 1).map(|norms| norms.symbol);
            let symbol = counted.symbol(theta.unwrap_or(Symbol::Layer(view.cursor.l)));
            (format!("health: how {symbol} lay so far"), format!("histogram {symbol}"), "steps seen".into())
        }
        HealthView::Rules => ("health: when there is an alarm".into(), "alarms: rules".into(), String::new()),
    };
    Title { what, brief, scale }
}

fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    match view.health {
        HealthView::Layers => draw_layers(view, area, buf),
        HealthView::Updates => draw_updates(view, area, buf),
        HealthView::Histogram(counted) => histogram::draw(view, counted, area, buf),
        HealthView::Rules => draw_rules(view, area, buf),
    }
}

/// One number of a layer.
type Number = fn(&LayerNorms) -> f64;

/// A column of the table: its heads, its width, its text, its past, if it has one, and what an alarm may be about.
struct HealthColumn {
    heads: [&'static str; 2],
    width: u16,
    text: fn(&LayerNorms, usize) -> String,
    past: Option<(Number, Axis)>,
    number: Option<OfLayer>,
}

const NONE: &str = "-";

/// The columns of a^(l) and δ^(l); then, after a name of their own, those of the Θ^(l-1) that leads there.
const ENTRIES: [HealthColumn; 7] = [
    HealthColumn {
        heads: ["mean", "mean"],
        width: 5,
        text: |norms, width| signed_fixed(norms.of_units(|units| units.activations.mean), width.min(6)),
        past: Some((|norms| norms.of_units(|units| units.activations.mean), Axis::Linear)),
        number: None,
    },
    HealthColumn {
        heads: ["dev.", "dev."],
        width: 5,
        text: |norms, width| fixed(norms.of_units(|units| units.activations.deviation), width.min(6)),
        past: Some((|norms| norms.of_units(|units| units.activations.deviation), Axis::Linear)),
        number: None,
    },
    HealthColumn {
        heads: ["satur.", "satur."],
        width: 6,
        text: |norms, _| share_saturated(norms).map_or_else(|| NONE.into(), saturated),
        past: Some((|norms| share_saturated(norms).unwrap_or(f64::NAN), Axis::Linear)),
        number: Some(OfLayer::Saturated),
    },
    HealthColumn {
        heads: ["dead", "dead"],
        width: 4,
        text: |norms, _| dead(norms),
        past: None,
        number: Some(OfLayer::Dead),
    },
    HealthColumn {
        heads: ["‖δ^(l)‖", "|d^(l)|"],
        width: 7,
        text: |norms, _| fixed(norms.of_units(|units| units.delta), 7),
        past: Some((|norms| norms.of_units(|units| units.delta), Axis::Log)),
        number: Some(OfLayer::Delta),
    },
    HealthColumn {
        heads: ["Θ^(l) ‖D‖ with bias", "Θ^(l) |D| with bias"],
        width: 19,
        text: |norms, _| format!("{}  {}", norms.symbol, fixed(norms.d, 7)),
        past: Some((|norms| norms.d, Axis::Log)),
        number: Some(OfLayer::Gradient),
    },
    HealthColumn {
        heads: ["lg u/Θ", "lg u/Th"],
        width: 7,
        text: |norms, _| norms.log_update.map_or_else(|| NONE.into(), |log| decimals(log, 2)),
        past: Some((|norms| norms.log_update.unwrap_or(f64::NAN), Axis::Linear)),
        number: None,
    },
];

fn share_saturated(norms: &LayerNorms) -> Option<f64> {
    norms.units?.activations.saturated
}

/// A share that fits into its six columns when it is whole, too.
fn saturated(share: f64) -> String {
    let forms = [percent(share), percent_to(share, 0)];
    forms.into_iter().find(|form| form.len() <= 6).unwrap_or_else(|| ">99 %".into())
}

/// Dead units of how many, or how many alone where there is no room.
fn dead(norms: &LayerNorms) -> String {
    let Some((dead, count)) = norms.units.and_then(|units| Some((units.dead?, units.count))) else {
        return NONE.into();
    };
    let full = format!("{dead}/{count}");
    if full.len() <= 4 { full } else { dead.to_string() }
}

/// The units of a row; of a recurrent network with those that they come from, since two Θ lead to h.
fn name_of(norms: &LayerNorms) -> String {
    match norms.symbol {
        Symbol::Layer(_) => norms.symbol.units(),
        Symbol::Of(of) => format!("{}→{}", if of == "o" { "h" } else { of }, norms.symbol.units()),
    }
}

/// What is of the whole network, with its names, the longer one first: how the gradient fares through time, and where it is cut.
fn of_whole(view: &View) -> Vec<([String; 2], String)> {
    let Some(snapshot) = &view.snapshot else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(net) = snapshot.recurrent() {
        let back = net.steps().saturating_sub(1);
        let gain = whole_gain(net).map_or_else(|| NONE.into(), |gain| format!("10^{}", decimals(gain, 1)));
        found.push(([format!("gains of the {back} steps back, together"), format!("gains of {back} steps")], gain));
        let cell = net.network.cell;
        let candidate = cell.gates().last().filter(|_| cell.has_gates());
        let of = candidate.map_or_else(|| "Θ^h".into(), |gate| format!("Θ^h of {gate}"));
        let radius = view.radius.map_or_else(|| "wide: not computed".into(), short);
        found.push(([format!("spectral radius ρ({of})"), format!("ρ({of})")], radius));
    }
    if let Some(clip) = snapshot.config.clip {
        let cut = snapshot.cut;
        let said = if cut < 1.0 { format!("cut to {} of it", short(cut)) } else { "not reached".into() };
        found.push(([format!("gradient's length, at most {}", exact(clip)), "clip".into()], said));
    }
    found
}

/// ```text
/// a^(l)  mean  dev. satur. dead ‖δ^(l)‖ Θ^(l) ‖D‖ with bias  lg u/Θ
/// a^(2) +.482 .1031  0.0 %    -  0.0512       Θ^(1)  0.0422   -3.41
///       ⣀⣤⣶⣿⣶ ⣀⣤⣶⣿⣶ ⣀⣤⣶⣿⣶⣤      ⣀⣤⣶⣿⣶⣤⣀ ⣀⣤⣶⣿⣶⣤⣀⣀⣤⣶⣿⣶⣤⣀⣀⣤⣶⣿ ⣀⣤⣶⣿⣶⣤⣀
/// ! vanishing: ‖D^(1)‖ is 0.4 % of ‖D^(4)‖ (bias columns included, next batch), and J after epoch 3 is 98.0 % of epoch 0's
/// try: units that do not saturate: --activation relu --init he; or fewer hidden layers than the present 3: --layers
/// ```
fn draw_layers(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let norms = view.layers.present();
    // What is wrong comes before what was.
    let below = if view.alarms.is_empty() { 3 } else { 10 };
    let whole = of_whole(view);
    let tall = usize::from(area.height) > 2 * norms.len() + whole.len() + below;
    // Where there is room to spare, the pasts get it.
    let name = TableColumn::of_names("a", norms.len() + 1, theme);
    let all: u16 = ENTRIES.iter().map(|entry| entry.width + 1).sum::<u16>() + name.width;
    let spare = (area.width.saturating_sub(all) / ENTRIES.len() as u16).min(10);
    let column = |width| TableColumn { width, right: true };
    let columns: Vec<TableColumn> =
        [name].into_iter().chain(ENTRIES.iter().map(|entry| column(entry.width + spare))).collect();
    let mut rows = TableRows::new(area, buf, theme);
    let heads = ENTRIES.iter().map(|entry| (head_of(pick(&entry.heads, entry.width, theme), view), theme.faint()));
    let first = if view.recurrent().is_some() { "h, o" } else { "a^(l)" };
    rows.cells(&columns, &[(first.to_string(), theme.faint())].into_iter().chain(heads).collect::<Vec<_>>());
    // A third of the rows are for what is wrong, or one that says that nothing is; numbers of the whole net need room beside them.
    let whole = if usize::from(rows.left()) > norms.len() + whole.len() + 2 { whole } else { Vec::new() };
    let wrong = if view.alarms.is_empty() { 1 } else { (rows.left() / 3).max(2) };
    let below = (wrong + whole.len() as u16).min(rows.left().saturating_sub(1));
    let at = ListPosition::Cursor(view.cursor.l - 1);
    let list =
        List { rows: &|_| if tall { 2 } else { 1 }, size: Some(&|index| norms[index].d), ..List::of(norms.len(), at) };
    rows.list(&list, below, &mut |index, rows| {
        let norm = &norms[index];
        let style = if norm.l == view.cursor.l { theme.selected() } else { theme.text() };
        let is_wrong = |number| view.alarms.iter().any(|alarm| alarm.is_of(norm.l, number));
        let texts = ENTRIES.iter().map(|entry| {
            let style = if entry.number.is_some_and(is_wrong) { theme.bad() } else { theme.text() };
            ((entry.text)(norm, usize::from(entry.width + spare)), style)
        });
        rows.cells(&columns, &[(name_of(norm), style)].into_iter().chain(texts).collect::<Vec<_>>());
        if tall {
            draw_pasts(view, norm.l, &columns, rows);
        }
    });
    if norms.iter().any(|norm| norm.units.is_some_and(|units| units.dead.is_some())) {
        let epoch = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.latest.epoch);
        let of = if view.recurrent().is_some() { "step of every training sequence" } else { "training sample" };
        let full = format!("dead: 0 for every {of}, counted after epoch {epoch}");
        let brief = format!("dead: after epoch {epoch}");
        rows.line(pick(&[&full, &brief], rows.width(), theme), theme.faint());
    }
    for (names, number) in &whole {
        let forms = names.each_ref().map(|name| format!("{name}: {number}"));
        rows.line(pick(&forms.each_ref().map(String::as_str), rows.width(), theme), theme.text());
    }
    draw_alarms(view, &mut rows);
    let rest = rows.rest();
    draw_pictures(view, rest, buf);
}

/// Where the layers leave room: the updates and the histograms of the layer under the cursor, as many as there is room for.
fn draw_pictures(view: &View, area: Rect, buf: &mut Buffer) {
    let kinds = Counted::ALL.into_iter().map(HealthView::Histogram);
    let all: Vec<HealthView> = [HealthView::Updates].into_iter().chain(kinds).collect();
    let (across, down) = (usize::from(area.width / PICTURE.0), usize::from(area.height / PICTURE.1));
    // Rows as full as the others.
    let across = all.len().div_ceil(all.len().div_ceil(across.max(1)).min(down.max(1))).min(across);
    if across == 0 || down == 0 {
        return;
    }
    let places = Layout::vertical(vec![Constraint::Max(PICTURE.1 * 3); down.min(all.len().div_ceil(across))]);
    for (kinds, row) in all.chunks(across).zip(area.layout_vec(&places)) {
        let columns = Layout::horizontal(vec![Constraint::Fill(1); across]).spacing(2);
        for (&kind, place) in kinds.iter().zip(row.layout_vec(&columns)) {
            let [_, head, body] =
                place.layout(&Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Fill(1)]));
            let name = title_of(view, kind).brief;
            Label::new(&name, view.theme.key()).render(head, buf, &view.theme);
            match kind {
                HealthView::Histogram(counted) => histogram::draw(view, counted, body, buf),
                _ => draw_updates(view, body, buf),
            }
        }
    }
}

/// The row below a layer's numbers: the past of each.
fn draw_pasts(view: &View, l: usize, columns: &[TableColumn], rows: &mut TableRows<'_>) {
    let Some((row, buf, theme)) = rows.take_with_theme() else { return };
    let mut x = row.x;
    for (index, column) in columns.iter().enumerate() {
        let place = Rect { x, width: column.width, ..row };
        if place.right() > row.right() {
            return;
        }
        x = place.right().saturating_add(1);
        let past = index.checked_sub(1).and_then(|index| ENTRIES[index].past);
        let Some((number, axis)) = past else { continue };
        let values: Vec<f64> = view.layers.of(l, number).into_iter().filter(|value| !value.is_nan()).collect();
        Sparkline { values: &values, axis, range: None, style: theme.faint() }.render(place, buf, theme);
    }
}

fn draw_alarms(view: &View, rows: &mut TableRows<'_>) {
    let theme = &view.theme;
    if view.alarms.is_empty() {
        let count = view.snapshot.as_ref().map_or(0, |snapshot| rules(&snapshot.model).count());
        let forms = [
            format!("no alarm: none of {count} rules is broken; v shows them, and histograms"),
            format!("no alarm ({count} rules; v: more)"),
        ];
        let forms = forms.each_ref().map(String::as_str);
        return rows.line(pick(&forms, rows.width(), theme), theme.good());
    }
    let items = view.alarms.iter().map(|alarm| of_alarm(alarm, theme)).collect::<Vec<_>>();
    draw_paragraphs(&items, ListPosition::Start, rows);
}

/// Items of paragraphs as a list.
fn draw_paragraphs(items: &[Paragraphs], at: ListPosition, rows: &mut TableRows<'_>) {
    let height = |item: &Paragraphs| item.iter().map(|(text, _)| rows.lines(text).len()).sum::<usize>();
    let heights: Vec<u16> = items.iter().map(|item| u16::try_from(height(item)).unwrap_or(u16::MAX)).collect();
    let list = List { rows: &|index| heights[index], ..List::of(items.len(), at) };
    rows.list(&list, 0, &mut |index, rows| {
        items[index].iter().for_each(|(text, style)| rows.paragraph(text, *style));
    });
}

/// Each layer's ratio over the steps seen, and the line that people aim at.
fn draw_updates(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let layers = view.layers.present().len();
    let of_layer = |l: usize| -> Vec<Point> {
        let ratios = view.layers.steps(l, |norms| norms.log_update);
        ratios.into_iter().filter_map(|(step, log)| Some(Point::single(step as f64, log?))).collect()
    };
    let points: Vec<Vec<Point>> = (1..=layers).map(of_layer).collect();
    let aim: Vec<Point> = view.layers.steps(1, |_| AIM).into_iter().map(|(x, y)| Point::single(x as f64, y)).collect();
    let names: Vec<String> = view.layers.present().iter().map(|norms| norms.symbol.to_string()).collect();
    let aim = Series::line("aim", '-', theme.good(), &aim);
    let mut series = vec![Series { line: LineStyle::Dashed, strength: 0, ..aim }];
    for (l, (name, points)) in (1..).zip(names.iter().zip(&points)) {
        let mark = char::from_digit(l % 10, 10).unwrap_or('?');
        let here = l as usize == view.cursor.l;
        let style = if here {
            theme.key()
        } else {
            theme.shaded(theme.data_term(), 1.0 - 0.6 * f64::from(l - 1) / layers as f64)
        };
        series.push(Series { strength: if here { 2 } else { 1 }, ..Series::line(name, mark, style, points) });
    }
    Chart { x_name: "step", ..Chart::of(&series, Axis::Linear) }.render(area, buf, theme);
}

fn draw_rules(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let rule = |rule: &AlarmRule| match view.alarms.iter().find(|alarm| alarm.rule.name == rule.name) {
        Some(alarm) => of_alarm(alarm, theme),
        None => vec![(format!("ok {}: when {}", rule.name, rule.threshold), theme.text())],
    };
    let all = view.snapshot.iter().flat_map(|snapshot| rules(&snapshot.model));
    let items: Vec<Paragraphs> = all.map(rule).collect();
    draw_paragraphs(&items, ListPosition::From(view.rule), &mut TableRows::new(area, buf, theme));
}
