//! The two lines above the panels and the one below: what is trained, how far it is, and which keys matter now.

use crate::nn::{Activation, AnyModel};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::widgets::label::{Label, columns, pick};
use super::{paint, panels, warnings};
use crate::derivation::Alarm;
use crate::keymap::{Action, BINDINGS, Binding};
use crate::nn::{Named, Optimizer, Penalty};
use crate::number::{brief, exact, fixed, short};
use crate::theme::Theme;
use crate::train::{BatchSize, Cost, Epoch, Fit, Pace, Position, Schedule, Snapshot, Status};
use crate::view::{Overlay, View};

/// Columns between two pieces of a line.
const GAP: u16 = 2;
/// The keys that matter inside an update.
const INSIDE: [&str; 2] = [
    "n next  p previous  u stride  m proof  ( start  ) end  Enter explain  b do it  Esc out  ? help",
    "n next  p back  u stride  m proof  Enter explain  b do it  Esc out",
];
/// The same where the number is of a row, whose columns can be chosen.
const INSIDE_A_ROW: [&str; 2] = [
    "n next  p previous  u stride  m proof  ( start  ) end  h l column  Enter explain  b do it  Esc out  ? help",
    "n next  p back  u stride  m proof  h l column  Enter explain  b do it  Esc out",
];
/// The keys that matter while a sum over time is shown in full.
const OF_A_SUM: [&str; 2] = [
    "Enter open  j k step  PgUp/Dn Θ  s sequence  y copy  w write  Space run/pause  Esc back",
    "Enter open  j k step  PgUp/Dn Θ  s sequence  y copy  w write  Esc back",
];
/// The same of the book.
const IN_THE_BOOK: [&str; 3] = [
    "h l section  j k equation  Enter in the walk  PgUp PgDn scroll  Space run/pause  Esc back",
    "h l section  j k equation  Enter in the walk  PgUp PgDn scroll  Esc back",
    "h l section  j k equation  Enter walk  Esc back",
];
/// The same of a unit at its step.
const OF_A_UNIT: [&str; 2] = [
    "Enter open  h l step  j k unit  s sequence  PgUp/Dn scroll  y copy  w write  Space run/pause  Esc back",
    "Enter open  h l step  j k unit  s sequence  y copy  w write  Esc back",
];

/// A piece of a line in its forms; where there is no room, it has a shorter form or is left out.
struct Piece {
    /// The forms, the shortest first, each with its rank.
    forms: Vec<(u8, String)>,
    /// How many of the forms there is room for: the last of them is drawn.
    fitting: usize,
    style: Style,
}

impl Piece {
    fn text(&self) -> Option<&str> {
        self.forms[..self.fitting].last().map(|form| form.1.as_str())
    }

    /// Columns that its text takes with the gap behind it.
    fn width(&self, theme: &Theme) -> u16 {
        self.text().map_or(0, |text| columns(&theme.spell(text)).saturating_add(GAP))
    }
}

/// Pieces in the order of the line.
#[derive(Default)]
pub(super) struct Pieces(Vec<Piece>);

impl Pieces {
    pub(super) fn add(&mut self, rank: u8, text: impl Into<String>, style: Style) {
        self.add_forms([(rank, text.into())], style);
    }

    /// A piece in several forms, the longest, which has the highest rank, first.
    pub(super) fn add_forms<const N: usize>(&mut self, forms: [(u8, String); N], style: Style) {
        self.0.push(Piece { forms: forms.into_iter().rev().collect(), fitting: 0, style });
    }

    /// More pieces behind these.
    pub(super) fn append(&mut self, mut more: Self) {
        self.0.append(&mut more.0);
    }

    /// J of the next batch, which is always shown, and its terms where there is room.
    pub(super) fn add_cost(&mut self, cost: &Cost, theme: &Theme) {
        let (total, data, reg) = (short(cost.total()), short(cost.data), short(cost.reg_total()));
        let full = format!("J {total} = data {data} + reg {reg} (1.2.5, next batch)");
        let brief = format!("J {total} (next batch)");
        self.add_forms([(6, full), (5, brief), (0, format!("J {total}"))], theme.text());
    }

    /// How close the answers of both parts are to their targets, and after which epoch that was measured.
    pub(super) fn add_measures(&mut self, latest: &Epoch, theme: &Theme) {
        let told = |fit: fn(Fit) -> String| {
            let test = latest.test.map(|test| format!("  test {}", fit(test.fit))).unwrap_or_default();
            format!("train {}{test} (after epoch {})", fit(latest.train.fit), latest.epoch)
        };
        self.add_forms([(3, told(Fit::brief)), (1, told(brief_fit))], theme.text());
    }

    fn width(&self, theme: &Theme) -> u16 {
        self.0.iter().fold(0, |sum: u16, piece| sum.saturating_add(piece.width(theme)))
    }

    /// Gives room to the forms in the order of their ranks, each that fits beside those before it; what has rank 0 stands in any case.
    fn fit(&mut self, other: &mut Self, width: u16, theme: &Theme) {
        let mut pieces: Vec<&mut Piece> = self.0.iter_mut().chain(&mut other.0).collect();
        let mut ranks: Vec<u8> = pieces.iter().flat_map(|piece| &piece.forms).map(|form| form.0).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let mut free = i32::from(width) + 1;
        for rank in ranks {
            for piece in &mut pieces {
                let Some(place) = piece.forms.iter().position(|form| form.0 == rank) else { continue };
                let (before, columns_before) = (piece.fitting, i32::from(piece.width(theme)));
                piece.fitting = place + 1;
                let more = i32::from(piece.width(theme)) - columns_before;
                if rank > 0 && more > free {
                    piece.fitting = before;
                } else {
                    free -= more;
                }
            }
        }
    }

    fn draw(&self, area: Rect, buf: &mut Buffer, theme: &Theme) {
        let mut rest = area;
        for piece in &self.0 {
            let Some(text) = piece.text() else { continue };
            let used = Label::new(text, piece.style).render(rest, buf, theme).saturating_add(GAP).min(rest.width);
            rest = Rect { x: rest.x + used, width: rest.width - used, ..rest };
        }
    }
}

/// Draws the header into an area of two lines.
///
/// ```text
///  deltascope  digits 64-25-10  sigmoid → sigmoid, cross-entropy  α 0.5  λ 1  m 1438  B 32        PAUSED  epoch 12  step 480  batch 30/45
///  J 0.3523 = data 0.2909 + reg 0.0614 (1.2.5, next batch)  train 96.2 %  test 94.7 % (after epoch 11)  seed 1    speed 16/s  2.8 s/epoch
/// ```
/// Where there is one line only, J is at its left.
pub fn draw(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), height: 1, ..area };
    let lines = [Rect { height: area.height.min(1), ..inner }, Rect { y: area.y.saturating_add(1), ..inner }];
    let Some(snapshot) = &view.snapshot else {
        let text = match &view.loading {
            Some(loading) => format!("deltascope  reading {loading} …"),
            None => "deltascope  the first pass is not computed yet".into(),
        };
        Label::new(&text, theme.faint()).render(lines[0], buf, theme);
        return;
    };
    let mut left = Pieces::default();
    if area.height == 1 {
        left.add_cost(&snapshot.cost, theme);
    }
    left.append(setting(snapshot, theme));
    pair(left, state(view, snapshot), lines[0], (buf, theme));
    if area.height > 1 {
        pair(results(view, snapshot), pace(snapshot, theme), lines[1], (buf, theme));
    }
}

/// Draws one group of pieces at the left and one at the right of a line.
pub(super) fn pair(mut left: Pieces, mut right: Pieces, line: Rect, (buf, theme): (&mut Buffer, &Theme)) {
    left.fit(&mut right, line.width, theme);
    let width = right.width(theme).saturating_sub(GAP).min(line.width);
    left.draw(Rect { width: line.width - width, ..line }, buf, theme);
    right.draw(Rect { x: line.x + (line.width - width), width, ..line }, buf, theme);
}

fn setting(snapshot: &Snapshot, theme: &Theme) -> Pieces {
    let config = &snapshot.config;
    let net = snapshot.model.sizes().iter().map(usize::to_string).collect::<Vec<_>>().join("-");
    let name = snapshot.data.name().rsplit('/').next().unwrap_or_default().to_string();
    let (text, faint) = (theme.text(), theme.faint());
    let mut pieces = Pieces::default();
    pieces.add(12, "deltascope", theme.title_focused());
    match snapshot.recurrent() {
        Some(recurrent) => {
            let (steps, cell) = (format!("T {}", recurrent.steps()), recurrent.network.cell.name());
            pieces.add_forms([(4, format!("{name} {steps}")), (3, steps)], text);
            pieces.add_forms([(4, format!("{cell} {net}")), (3, cell.into())], text);
        }
        None => pieces.add_forms([(4, format!("{name} {net}")), (2, net)], text),
    }
    pieces.add(11, net_words(snapshot), faint);
    if config.optimizer != Optimizer::GradientDescent {
        pieces.add(6, config.optimizer.name(), text);
    }
    let scheduled = config.schedule != Schedule::Constant;
    let alpha = config.alpha_after(snapshot.position.epochs_done);
    pieces.add(3, format!("α {}", if scheduled { brief(alpha) } else { exact(alpha) }), text);
    if scheduled {
        pieces.add(6, format!("of {}, {}", exact(config.alpha), config.schedule), theme.faint());
    }
    if let Some(clip) = config.clip {
        let told = format!("clip {}", exact(clip));
        let cut = if snapshot.cut < 1.0 { format!("{told}, now by {}", short(snapshot.cut)) } else { told.clone() };
        pieces.add_forms([(9, cut), (6, told)], text);
    }
    pieces.add(3, format!("λ {}", exact(config.lambda)), text);
    if let Some(length) = config.recurrence.and_then(|recurrence| recurrence.truncate) {
        pieces.add(5, format!("truncated to {length}"), text);
    }
    if config.dropout > 0.0 {
        pieces.add(5, format!("dropout {}", exact(config.dropout)), text);
    }
    let penalty = match config.penalty {
        Penalty::L2 => format!("m {}", snapshot.regularisation.m),
        other => format!("penalty {}, m {}", other.name(), snapshot.regularisation.m),
    };
    pieces.add(7, penalty, text);
    let batch = match config.batch {
        BatchSize::Full => "full batch".into(),
        BatchSize::Size(_) => format!("B {}", config.batch.size(snapshot.regularisation.m)),
    };
    pieces.add(8, batch, text);
    pieces
}

/// The activations of the hidden layers of a dense network.
fn hidden(snapshot: &Snapshot) -> &[Activation] {
    match &snapshot.model {
        AnyModel::Dense(network) => &network.hidden,
        AnyModel::Recurrent(_) => &[],
    }
}

/// What the layers compute: each hidden activation once where they are the same, and the output with its cost.
fn net_words(snapshot: &Snapshot) -> String {
    let mut names: Vec<&str> = hidden(snapshot).iter().map(|g| g.name()).collect();
    names.dedup();
    let output = snapshot.model.output().words();
    if names.is_empty() { output.into() } else { format!("{} → {output}", names.join("-")) }
}

fn state(view: &View, snapshot: &Snapshot) -> Pieces {
    let state = HeaderState {
        status: &snapshot.status,
        has_died: view.died.is_some(),
        is_behind: view.behind,
        alarms: &view.alarms,
        health: '9',
        position: snapshot.position,
    };
    state.pieces(5, &view.theme)
}

/// What a run of either kind of network is doing, and where it is.
pub(super) struct HeaderState<'a> {
    pub status: &'a Status,
    pub has_died: bool,
    /// Whether the terminal is behind.
    pub is_behind: bool,
    pub alarms: &'a [Alarm],
    /// The key of the health panel.
    pub health: char,
    pub position: Position,
}

impl HeaderState<'_> {
    /// The right end of the first line; the number of the batch has this rank.
    pub(super) fn pieces(&self, batch_rank: u8, theme: &Theme) -> Pieces {
        let (epoch, batch) = self.position.epoch_and_batch();
        let (word, style) = match self.status {
            _ if self.has_died => ("TRAINER STOPPED", theme.bad()),
            Status::Running => ("RUN", theme.good()),
            Status::Paused => ("PAUSED", theme.warn()),
            Status::Stepping => ("STEP", theme.good()),
            Status::Finished(_) => ("DONE", theme.warn()),
            Status::Diverged(_) => ("DIVERGED", theme.bad()),
        };
        let mut pieces = Pieces::default();
        if self.is_behind {
            pieces.add(2, "slow link", theme.warn());
            pieces.add(8, "colours follow", theme.warn());
        }
        if let Some(alarm) = self.alarms.first().filter(|alarm| alarm.rule.name != "diverged") {
            let more = self.alarms.len() - 1;
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            pieces.add(2, format!("! {}{more} ({})", alarm.rule.name, self.health), theme.bad());
        }
        pieces.add(0, word, style);
        pieces.add(1, format!("epoch {epoch}"), theme.text());
        pieces.add(1, format!("step {}", self.position.step), theme.text());
        pieces.add(batch_rank, format!("batch {batch}/{}", self.position.batches), theme.text());
        pieces
    }
}

/// What the second line says at its left: J first, so that nothing cuts it.
fn results(view: &View, snapshot: &Snapshot) -> Pieces {
    let theme = &view.theme;
    let mut pieces = Pieces::default();
    pieces.add_cost(&snapshot.cost, theme);
    if let Some(text) = &view.died {
        pieces.add(0, format!("the trainer stopped: {}", text.replace('\n', " ")), theme.bad());
        return pieces;
    }
    if let Status::Diverged(what) = &snapshot.status {
        let step = snapshot.position.step;
        pieces.add(0, format!("diverged: update {} is not applied, {what} is not finite;", step + 1), theme.bad());
        pieces.add(1, format!("this is step {step}"), theme.bad());
        return pieces;
    }
    if let Status::Finished(done) = &snapshot.status {
        pieces.add(2, format!("done: {done}"), theme.warn());
    }
    pieces.add_measures(&snapshot.latest, theme);
    pieces.add(5, format!("seed {}", snapshot.config.seed), theme.faint());
    pieces
}

/// How close answers are to targets, as one number.
fn brief_fit(measured: Fit) -> String {
    match measured {
        Fit::Numbers { r2: Some(r2), .. } => format!("R² {}", fixed(r2, 6)),
        Fit::Numbers { .. } | Fit::Accuracy(_) => measured.brief(),
    }
}

fn pace(snapshot: &Snapshot, theme: &Theme) -> Pieces {
    let mut pieces = Pieces::default();
    pieces.add(3, speed(&snapshot.pace), theme.text());
    if let Some(rate) = snapshot.pace.rate {
        pieces.add(7, format!("{} steps/s", fixed(rate, 5)), theme.faint());
    }
    if let Some(seconds) = snapshot.pace.seconds_per_epoch(snapshot.position.batches) {
        pieces.add(4, format!("{} s/epoch", fixed(seconds, 6)), theme.faint());
    }
    pieces
}

pub(super) fn speed(pace: &Pace) -> String {
    pace.limit.map_or_else(|| "speed free".into(), |limit| format!("speed {}/s", brief(limit)))
}

/// Draws the keys that matter now on one line.
pub fn draw_footer(view: &View, area: Rect, buf: &mut Buffer) {
    let theme = &view.theme;
    let line =
        Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), height: area.height.min(1), ..area };
    let text = match view.overlay {
        Overlay::Help(_) => "? or Esc back  Tab glossary  j k PgUp PgDn scroll".to_string(),
        Overlay::Glossary(_) => "? or Esc back  Tab keys  j k PgUp PgDn scroll".to_string(),
        Overlay::Warnings(_) => warnings::keys(&view.warnings).to_string(),
        Overlay::Edit => "0-9 type, Enter set  Esc back".to_string(),
        Overlay::Paint => pick(&paint::keys(view), line.width, theme).into(),
        Overlay::Reset(_) => "Enter yes  Esc no".to_string(),
        Overlay::Options(_) => "j k row  h l ladder  0-9 type, Enter set  y copy  Esc back".to_string(),
        Overlay::Check => "j k layer  c check the present Θ  Space run/pause  Esc back".to_string(),
        Overlay::Book(_) => pick(&IN_THE_BOOK, line.width, theme).into(),
        Overlay::Sum => pick(&OF_A_SUM, line.width, theme).into(),
        Overlay::UnitAtStep => pick(&OF_A_UNIT, line.width, theme).into(),
        Overlay::Explain => "j k operand  Enter in  Backspace up  v all terms  y copy  w write  Esc back".to_string(),
        Overlay::None if view.playhead.is_some() => {
            pick(if view.walks_a_matrix() { &INSIDE_A_ROW } else { &INSIDE }, line.width, theme).into()
        }
        Overlay::None if view.walked.is_some() => {
            "n back in time  p on again  ( start  ) end  b do it  Esc out  ? help".to_string()
        }
        Overlay::None => {
            let panel = panels::of(view.focus);
            let matters = |binding: &&Binding| match binding.action {
                Action::Warnings => !view.warnings.said.is_empty(),
                action => !binding.in_panels || panel.answers(view, action),
            };
            let mut shown: Vec<&Binding> = BINDINGS.iter().filter(matters).collect();
            // Where there are warnings, the key to them is not among those that give way.
            shown.sort_by_key(|binding| binding.action != Action::Warnings);
            let word = |binding: &Binding| {
                panel.key(view, binding.action).and_then(|key| key.footer).unwrap_or(binding.footer)
            };
            let mut hints: Vec<&str> = shown.into_iter().map(word).filter(|word| !word.is_empty()).collect();
            // Help and quit stay on the line when the others do not fit.
            let last = hints.split_off(hints.len().saturating_sub(2)).join("  ");
            let room = line.width.saturating_sub(columns(&last).saturating_add(2));
            while columns(&hints.join("  ")) > room && hints.pop().is_some() {}
            hints.push(&last);
            hints.join("  ")
        }
    };
    match &view.message {
        Some(message) => _ = Label::new(message, theme.key()).render(line, buf, theme),
        None => _ = Label::new(&text, theme.faint()).render(line, buf, theme),
    }
}
