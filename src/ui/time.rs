//! The screen of sequences: the view, and where its panels stand.

mod cost;
mod header;
mod health;
mod network;
pub mod overlay;
mod sequence;
mod sum;
mod through;
mod weights;

use crate::train::Snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::widgets::Widget;

use super::warnings;
use super::widgets::frame::Frame;
use super::widgets::label::Label;
use crate::derivation::{Alarm, Facts, Net, Place, Shared, alarms};
use crate::keymap::TimePanel;
use crate::theme::Theme;
use crate::train::{Anew, CostHistory, EpochHistory, RecurrentView, Status};
use crate::view::Warnings;

/// What the grid of units by steps shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InGrid {
    /// ∂J^(b)/∂h_t.
    #[default]
    Back,
    /// ∂J^(b)/∂s_t of an LSTM.
    BackOfS,
    /// δ_t of a gate.
    Delta(usize),
    /// h_t.
    State,
    /// s_t of an LSTM.
    StateS,
    /// A gate's activation.
    Gate(usize),
}

/// What the weights' panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InWeights {
    /// Θ.
    #[default]
    Theta,
    /// D.
    D,
    /// ∂J/∂Θ.
    Gradient,
    /// What the next update adds.
    Update,
    /// What one step adds to Δ of the sequence.
    Step,
    /// What the steps from the last one back to this one have added.
    Sum,
}

impl InWeights {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Theta, Self::D, Self::Gradient, Self::Update, Self::Step, Self::Sum];
}

/// What stands over the panels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TimeOverlay {
    /// Nothing.
    #[default]
    None,
    /// The keys, scrolled by so many lines.
    Help(u16),
    /// The question before a reset.
    Reset(Anew),
    /// The warnings about the data; the one with this index is under the cursor.
    Warnings(usize),
    /// The settings, and which of them is chosen.
    Options(usize),
    /// The sum over time of the weight under the cursor, or the unit under it.
    Explain,
}

/// Where the user looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeCursor {
    /// The weight, and the sequence.
    pub place: Place,
    /// The step, counted from 1.
    pub t: usize,
    /// The unit of the recurrent layer.
    pub unit: usize,
}

/// A text that the network wrote.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The characters.
    pub text: Vec<String>,
    /// The temperature that they were drawn at.
    pub temperature: f64,
    /// The step of the run whose Θ wrote it.
    pub step: u64,
}

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct TimeView {
    /// Colours and glyphs.
    pub theme: Theme,
    /// The next update, whole; absent until the first look is answered.
    pub snapshot: Option<Box<Snapshot>>,
    /// The costs so far.
    pub costs: CostHistory,
    /// The epochs so far.
    pub epochs: EpochHistory,
    /// What goes wrong now.
    pub alarms: Vec<Alarm>,
    /// What is odd about its data.
    pub warnings: Warnings,
    /// Where the user looks.
    pub cursor: TimeCursor,
    /// The panel with the focus.
    pub focus: TimePanel,
    /// Whether it fills the screen.
    pub zoomed: bool,
    /// Whether the network is folded into one step.
    pub folded: bool,
    /// What the grid shows.
    pub grid: InGrid,
    /// What the weights' panel shows.
    pub weights: InWeights,
    /// The first step that the sum over time has come back to, while it is walked through.
    pub walked: Option<usize>,
    /// The first equation that the explanation of a unit shows.
    pub line: usize,
    /// What stands over the panels.
    pub overlay: TimeOverlay,
    /// Whether the cost axis is logarithmic.
    pub log_axis: bool,
    /// What the last key did, where the picture does not show it.
    pub message: Option<String>,
    /// What the network wrote last.
    pub written: Option<Written>,
    /// The temperature that it writes at next; 0 takes the likeliest.
    pub temperature: f64,
    /// Why the trainer is gone, if it is.
    pub died: Option<String>,
    /// Whether the terminal has yet to get some of the picture.
    pub behind: bool,
}

/// The smallest size that shows a panel.
const SMALLEST: (u16, u16) = (40, 10);
/// From this size up several panels stand side by side.
const SIDE_BY_SIDE: (u16, u16) = (76, 22);

impl TimeView {
    /// A view of nothing yet.
    pub fn new(theme: Theme) -> Self {
        Self {
            theme,
            snapshot: None,
            costs: CostHistory::default(),
            epochs: EpochHistory::default(),
            alarms: Vec::new(),
            warnings: Warnings::default(),
            cursor: TimeCursor::default(),
            focus: TimePanel::default(),
            zoomed: false,
            folded: false,
            grid: InGrid::default(),
            weights: InWeights::default(),
            walked: None,
            line: 0,
            overlay: TimeOverlay::None,
            log_axis: true,
            message: None,
            written: None,
            temperature: 0.8,
            died: None,
            behind: false,
        }
    }

    /// The present snapshot as one of a recurrent network.
    pub fn scene(&self) -> Option<RecurrentView<'_>> {
        self.snapshot.as_ref()?.recurrent()
    }

    /// Takes a new snapshot in and gives the old one back.
    pub fn absorb(&mut self, snapshot: Box<Snapshot>) -> Option<Box<Snapshot>> {
        let other_run = self.snapshot.as_ref().is_none_or(|old| old.run != snapshot.run);
        if other_run {
            self.costs.clear();
            self.epochs.clear();
            self.written = None;
        }
        self.warnings.take(snapshot.data.warnings());
        self.costs.append(&snapshot.costs);
        self.epochs.append(&snapshot.epochs);
        let moved = |old: &Snapshot| (old.run, old.position.step) != (snapshot.run, snapshot.position.step);
        let has_moved = self.snapshot.as_deref().is_some_and(moved);
        if let Some(scene) = snapshot.recurrent() {
            let net = Net::Recurrent(scene);
            self.alarms = alarms(&Facts { net, epochs: &self.epochs, costs: &self.costs });
            if has_moved {
                // Another sum is walked through from its beginning, and a run is not walked through.
                let still = !matches!(scene.status, Status::Running);
                self.walked = self.walked.filter(|_| still).map(|_| scene.steps());
            }
            if self.snapshot.is_none() {
                self.cursor.t = scene.steps();
                self.cursor.place.i = Shared::H.biases(scene.network.cell);
            }
        }
        let old = self.snapshot.replace(snapshot);
        self.follow();
        old
    }

    /// Brings the cursor back to what there is.
    pub fn follow(&mut self) {
        let Some(scene) = self.snapshot.as_ref().and_then(|snapshot| snapshot.recurrent()) else { return };
        let (steps, units) = (scene.steps(), scene.network.sizes().1);
        let cursor = &mut self.cursor;
        cursor.t = cursor.t.clamp(1, steps);
        cursor.unit = cursor.unit.min(units - 1);
        cursor.place.b = cursor.place.b.min(scene.samples.saturating_sub(1));
        let theta = &scene.network.theta[cursor.place.of.index()];
        cursor.place.j = cursor.place.j.min(theta.nrows() - 1);
        cursor.place.i = cursor.place.i.min(theta.ncols() - 1);
        if let Some(walked) = self.walked {
            cursor.t = walked.min(steps);
        }
    }

    /// Where everything stands in an area; `None` if it is too small for a panel.
    pub fn places(&self, area: Rect) -> Option<Vec<(TimePanel, Rect)>> {
        let fits = |(width, height): (u16, u16)| area.width >= width && area.height >= height;
        let [_, body, _] = rows(area);
        let (body, _) = warnings::place(&self.warnings, body);
        if !fits(SMALLEST) {
            return None;
        }
        if self.zoomed || !fits(SIDE_BY_SIDE) {
            return Some(vec![(self.focus, body)]);
        }
        Some(if area.width >= 110 && area.height >= 34 { all(body) } else { some(body, self.focus) })
    }

    /// Whether an explanation is of the weight under the cursor, and not of the unit.
    pub fn asks_for_a_weight(&self) -> bool {
        matches!(self.focus, TimePanel::Weights | TimePanel::Sum)
    }

    /// The panel that a cell belongs to.
    pub fn panel_at(&self, area: Rect, column: u16, row: u16) -> Option<TimePanel> {
        let places = self.places(area)?;
        places.into_iter().find(|(_, place)| place.contains(Position::new(column, row))).map(|(panel, _)| panel)
    }
}

/// Header, body and footer.
fn rows(area: Rect) -> [Rect; 3] {
    let lines = if area.height >= 14 { 2 } else { 1 };
    area.layout(&Layout::vertical([Constraint::Length(lines), Constraint::Fill(1), Constraint::Length(1)]))
}

/// ```text
/// +-1 network ----------+-2 through time --------------------+
/// |                     |                                    |
/// +-3 weights ----------+------+-4 sum over time ------------+
/// +-5 sequence ---------+-6 cost --------+-7 health ---------+
/// ```
fn all(body: Rect) -> Vec<(TimePanel, Rect)> {
    let [top, middle, bottom] = body.layout(&Layout::vertical([14, 12, 11].map(Constraint::Fill)));
    let [network, through] = top.layout(&Layout::horizontal([2, 3].map(Constraint::Fill)));
    let [weights, sum] = middle.layout(&Layout::horizontal([6, 5].map(Constraint::Fill)));
    let [sequence, cost, health] = bottom.layout(&Layout::horizontal([9, 8, 7].map(Constraint::Fill)));
    TimePanel::ALL.into_iter().zip([network, through, weights, sum, sequence, cost, health]).collect()
}

/// ```text
/// +-2 through time, or 1 ----+-3 weights --------------------+
/// +-5 sequence --------------+-4 sum over time --------------+
/// +-6 cost ------------------+-7 health ---------------------+
/// ```
fn some(body: Rect, focus: TimePanel) -> Vec<(TimePanel, Rect)> {
    let lines: [Rect; 3] = body.layout(&Layout::vertical([9, 7, 6].map(Constraint::Fill)));
    let [[through, weights], [sequence, sum], [cost, health]] =
        lines.map(|row| row.layout(&Layout::horizontal([Constraint::Fill(1); 2])));
    let first = if focus == TimePanel::Network { focus } else { TimePanel::Through };
    vec![
        (first, through),
        (TimePanel::Weights, weights),
        (TimePanel::Sequence, sequence),
        (TimePanel::Sum, sum),
        (TimePanel::Cost, cost),
        (TimePanel::Health, health),
    ]
}

/// Title, remark and drawing of a panel.
fn draw(panel: TimePanel, view: &TimeView, area: Rect, buf: &mut Buffer) {
    let focused = view.focus == panel;
    let Some(scene) = view.scene() else {
        let title = format!("{} {}", panel.number(), panel.name());
        let inner = Frame { title: &title, right: "", focused }.render(area, buf, &view.theme);
        Label::new("not computed yet", view.theme.faint()).render(inner, buf, &view.theme);
        return;
    };
    let (title, right) = match panel {
        TimePanel::Network => network::title(view, scene),
        TimePanel::Through => through::title(view, scene),
        TimePanel::Weights => weights::title(view, scene),
        TimePanel::Sum => sum::title(view, scene),
        TimePanel::Sequence => sequence::title(view, scene),
        TimePanel::Cost => cost::title(view, scene),
        TimePanel::Health => health::title(view, scene),
    };
    let title = format!("{} {title}", panel.number());
    let inner = Frame { title: &title, right: &right, focused }.render(area, buf, &view.theme);
    match panel {
        TimePanel::Network => network::draw(view, scene, inner, buf),
        TimePanel::Through => through::draw(view, scene, inner, buf),
        TimePanel::Weights => weights::draw(view, scene, inner, buf),
        TimePanel::Sum => sum::draw(view, scene, inner, buf),
        TimePanel::Sequence => sequence::draw(view, scene, inner, buf),
        TimePanel::Cost => cost::draw(view, scene, inner, buf),
        TimePanel::Health => health::draw(view, scene, inner, buf),
    }
}

impl Widget for &TimeView {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let Some(places) = self.places(area) else {
            let (width, height) = SMALLEST;
            let text = format!("deltascope {}x{}: needs {width}x{height} - q quits", area.width, area.height);
            Label::new(&text, self.theme.text()).render(area, buf, &self.theme);
            return;
        };
        let [head, body, foot] = rows(area);
        let (body, notice) = warnings::place(&self.warnings, body);
        header::draw(self, head, buf);
        warnings::draw_row(&self.warnings, notice, buf, &self.theme);
        match &self.overlay {
            &TimeOverlay::Help(scrolled) => overlay::help(self, scrolled, body, buf),
            &TimeOverlay::Warnings(chosen) => warnings::draw((&self.warnings, chosen), (body, buf), &self.theme),
            TimeOverlay::Explain if self.asks_for_a_weight() => sum::explain(self, body, buf),
            TimeOverlay::Explain => through::explain(self, body, buf),
            TimeOverlay::None | TimeOverlay::Reset(_) | TimeOverlay::Options(_) => {
                places.into_iter().for_each(|(panel, place)| draw(panel, self, place, buf));
            }
        }
        match &self.overlay {
            TimeOverlay::Reset(anew) => overlay::ask(self, anew, body, buf),
            &TimeOverlay::Options(chosen) => overlay::options(self, chosen, body, buf),
            TimeOverlay::None | TimeOverlay::Help(_) | TimeOverlay::Warnings(_) | TimeOverlay::Explain => {}
        }
        header::draw_footer(self, foot, buf);
    }
}
