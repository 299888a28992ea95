//! The application on sequences: scenes and actions change the view, and actions become commands to the trainer.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::Request;
use super::link::Link;
use crate::derivation::Shared;
use crate::keymap::{Action, Direction, TIME_BINDINGS, TimePanel};
use crate::nn::recurrent::{Recurrent, State, Unrolled};
use crate::train::{Anew, Command, Report, Speed, Status};
use crate::ui::time::overlay::settings;
use crate::ui::time::{InGrid, InWeights, TimeOverlay, TimeView, Written};

/// Characters that the network writes at a time.
const WRITTEN: usize = 160;
/// Units from which on it writes fewer, so that a key does not wait.
const WIDE: usize = 512;
/// The temperatures that it writes at.
const TEMPERATURES: [f64; 5] = [0.5, 0.8, 1.0, 1.2, 0.0];

/// The view, and what is going on between it and the trainer.
#[derive(Debug)]
pub struct TimeApp {
    /// What is drawn.
    pub view: TimeView,
    /// Whether the view has changed since it was last drawn.
    pub dirty: bool,
    /// What is to be done outside of the screen; whoever drives the application takes it.
    pub request: Option<Request>,
    link: Link,
    /// How often the network was let write.
    drawn: u64,
}

impl TimeApp {
    /// An application that has seen nothing yet, running at this speed.
    pub fn new(view: TimeView, speed: Speed) -> Self {
        Self { view, dirty: true, request: None, link: Link::new(speed), drawn: 0 }
    }

    /// Takes in what the trainer published.
    pub fn absorb(&mut self, report: Report) {
        self.dirty = true;
        match report {
            Report::Snapshot(scene) => {
                self.link.spare = self.view.absorb(scene);
                self.link.answered();
            }
            Report::Refused(why) => self.view.message = Some(why),
            Report::Checked(_) => {}
            Report::Died(text) => {
                self.link.lost();
                self.view.died = Some(text);
            }
        }
    }

    /// Takes note of whether the terminal has yet to get some of the picture.
    pub fn lag(&mut self, behind: bool) {
        self.dirty |= self.view.behind != behind;
        self.view.behind = behind;
    }

    /// Whether what is on its way to the terminal is to arrive whole before the next picture is asked for.
    pub fn is_held(&self) -> bool {
        self.view.behind && !self.is_asked()
    }

    /// Whether the picture should be renewed.
    pub fn wants_look(&self) -> bool {
        self.link.wants_look(self.status())
    }

    /// Whether somebody waits for the next picture.
    pub fn is_asked(&self) -> bool {
        self.link.is_asked()
    }

    /// The next look, if one is wanted; at most one is on its way.
    pub fn look(&mut self) -> Option<Command> {
        let status = self.view.snapshot.as_ref().map(|snapshot| &snapshot.status);
        self.link.look(status)
    }

    fn status(&self) -> Option<&Status> {
        self.view.snapshot.as_ref().map(|snapshot| &snapshot.status)
    }

    /// Does what a user asks for; a command is for the trainer.
    pub fn update(&mut self, action: Action) -> Option<Command> {
        self.dirty = true;
        self.view.message = None;
        let command = match self.view.overlay.clone() {
            TimeOverlay::None => self.act(action),
            TimeOverlay::Help(scrolled) => self.in_help(action, scrolled),
            TimeOverlay::Reset(anew) => self.answer(action, anew),
            TimeOverlay::Options(chosen) => self.in_options(action, chosen),
            TimeOverlay::Explain => self.in_explanation(action),
            TimeOverlay::Warnings(chosen) => self.in_warnings(action, chosen),
        };
        self.view.follow();
        command.iter().for_each(|command| self.link.told(command));
        command
    }

    pub(super) fn act(&mut self, action: Action) -> Option<Command> {
        match action {
            Action::RunPause => return Some(self.link.run_or_pause(self.status())),
            Action::Step(unit) => return Some(Command::Step(unit)),
            Action::Faster => return Some(self.link.quicken(2.0)),
            Action::Slower => return Some(self.link.quicken(0.5)),
            Action::Free => return Some(self.link.toggle_free()),
            Action::NextPanel => self.view.focus = self.view.focus.moved(1),
            Action::PreviousPanel => self.view.focus = self.view.focus.moved(TimePanel::ALL.len() - 1),
            Action::Focus(panel) => self.view.focus = TimePanel::of(panel).unwrap_or(self.view.focus),
            Action::Zoom => self.view.zoomed = !self.view.zoomed,
            Action::Move(direction) => self.move_cursor(direction),
            Action::NextSample => self.move_sample(1),
            Action::PreviousSample => self.move_sample(-1),
            Action::Next | Action::Previous | Action::Start | Action::End => self.walk(action),
            Action::Quantity => self.next_quantity(),
            Action::Picture => self.view.folded = !self.view.folded,
            Action::WriteOn => self.write_on(),
            Action::Scale => self.next_temperature(),
            Action::Open if self.view.snapshot.is_some() => self.view.overlay = TimeOverlay::Explain,
            Action::Axis => self.view.log_axis = !self.view.log_axis,
            Action::Options if self.view.snapshot.is_some() => self.view.overlay = TimeOverlay::Options(0),
            Action::Reset => self.view.overlay = TimeOverlay::Reset(Anew::SameSeed),
            Action::ResetNewSeed => self.view.overlay = TimeOverlay::Reset(Anew::NextSeed),
            Action::Print => self.request = Some(Request::Print),
            Action::Help => self.view.overlay = TimeOverlay::Help(0),
            Action::Warnings => self.open_warnings(),
            Action::Back if self.view.walked.is_some() => self.view.walked = None,
            Action::Back => self.view.zoomed = false,
            _ if !TIME_BINDINGS.iter().any(|binding| binding.action == action) => {
                self.view.message = Some("this key does nothing on sequences; ? shows those that do".into());
            }
            _ => {}
        }
        None
    }

    fn in_help(&mut self, action: Action, scrolled: u16) -> Option<Command> {
        let to = match action {
            Action::Help | Action::Back => {
                self.view.overlay = TimeOverlay::None;
                return None;
            }
            Action::Move(Direction::Down) => scrolled.saturating_add(1),
            Action::Move(Direction::Up) => scrolled.saturating_sub(1),
            Action::Move(Direction::PageDown) => scrolled.saturating_add(10),
            Action::Move(Direction::PageUp) => scrolled.saturating_sub(10),
            _ => scrolled,
        };
        self.view.overlay = TimeOverlay::Help(to.min(TIME_BINDINGS.len() as u16 - 1));
        None
    }

    fn answer(&mut self, action: Action, anew: Anew) -> Option<Command> {
        let said_yes = action == Action::Open;
        if said_yes || action == Action::Back {
            self.view.overlay = TimeOverlay::None;
        }
        said_yes.then_some(Command::Reset(anew))
    }

    fn in_options(&mut self, action: Action, chosen: usize) -> Option<Command> {
        let settings = settings(&self.view);
        let up = action == Action::Move(Direction::Right);
        match action {
            Action::Options | Action::Back => self.view.overlay = TimeOverlay::None,
            Action::Move(Direction::Down) => {
                self.view.overlay = TimeOverlay::Options((chosen + 1).min(settings.len().saturating_sub(1)));
            }
            Action::Move(Direction::Up) => self.view.overlay = TimeOverlay::Options(chosen.saturating_sub(1)),
            Action::Move(Direction::Left | Direction::Right) => {
                let (scene, setting) = (self.view.scene()?, *settings.get(chosen)?);
                let m = scene.regularisation.m;
                let now = setting.of(&scene.config, m);
                let command = super::set(setting, (now, setting.beside(now, up, m)));
                return command.map_err(|why| self.view.message = Some(why)).ok();
            }
            Action::RunPause => return Some(self.link.run_or_pause(self.status())),
            _ => {}
        }
        None
    }

    fn in_explanation(&mut self, action: Action) -> Option<Command> {
        match action {
            Action::Open | Action::Back => self.view.overlay = TimeOverlay::None,
            Action::Move(direction) if self.view.asks_for_a_weight() => match direction {
                // The steps stand below each other, the last one first.
                Direction::Up | Direction::Right => self.view.cursor.t += 1,
                Direction::Down | Direction::Left => self.view.cursor.t = self.view.cursor.t.saturating_sub(1),
                _ => {}
            },
            // The equations of a unit; there are no more of them than this.
            Action::Move(Direction::PageDown) => self.view.line = (self.view.line + 3).min(30),
            Action::Move(Direction::PageUp) => self.view.line = self.view.line.saturating_sub(3),
            Action::Move(_) => {
                self.act(action);
            }
            Action::NextSample => self.move_sample(1),
            Action::PreviousSample => self.move_sample(-1),
            Action::RunPause => return Some(self.link.run_or_pause(self.status())),
            _ => {}
        }
        None
    }

    fn move_sample(&mut self, by: isize) {
        let samples = self.view.scene().map_or(0, |scene| scene.samples);
        let b = &mut self.view.cursor.place.b;
        if samples > 0 {
            *b = b.saturating_add_signed(by).min(samples - 1);
        }
    }

    fn move_cursor(&mut self, direction: Direction) {
        let Some(scene) = self.view.scene() else { return };
        let steps = scene.steps();
        let cursor = &mut self.view.cursor;
        let place = &mut cursor.place;
        match (self.view.focus, direction) {
            (_, Direction::PageUp) => place.of = Shared::ALL[place.of.index().saturating_sub(1)],
            (_, Direction::PageDown) => place.of = Shared::ALL[(place.of.index() + 1).min(2)],
            (TimePanel::Weights, Direction::Left) => place.i = place.i.saturating_sub(1),
            (TimePanel::Weights, Direction::Right) => place.i += 1,
            (TimePanel::Weights, Direction::Up) => place.j = place.j.saturating_sub(1),
            (TimePanel::Weights, Direction::Down) => place.j += 1,
            (TimePanel::Weights, Direction::Home) => place.i = 0,
            (TimePanel::Weights, Direction::End) => place.i = usize::MAX,
            (TimePanel::Weights, Direction::Top) => place.j = 0,
            (TimePanel::Weights, Direction::Bottom) => place.j = usize::MAX,
            // The steps stand below each other, the last one first.
            (TimePanel::Sum, Direction::Up) | (_, Direction::Right) => cursor.t = (cursor.t + 1).min(steps),
            (TimePanel::Sum, Direction::Down) | (_, Direction::Left) => cursor.t = cursor.t.saturating_sub(1).max(1),
            (_, Direction::Home) => cursor.t = 1,
            (_, Direction::End) => cursor.t = steps,
            (_, Direction::Up) => cursor.unit = cursor.unit.saturating_sub(1),
            (_, Direction::Down) => cursor.unit += 1,
            (_, Direction::Top) => cursor.unit = 0,
            (_, Direction::Bottom) => cursor.unit = usize::MAX,
        }
    }

    /// Through the sum over time, from the last step back to the first; only while nothing moves.
    fn walk(&mut self, action: Action) {
        let Some(scene) = self.view.scene() else { return };
        if matches!(scene.status, Status::Running | Status::Stepping) {
            self.view.message = Some("pause first (Space), then n goes back in time".into());
            return;
        }
        let steps = scene.steps();
        if self.view.walked.is_none() {
            // The weights show the sum as it grows.
            self.view.weights = InWeights::Sum;
        }
        self.view.walked = Some(match (action, self.view.walked) {
            (Action::Start, _) | (_, None) => steps,
            (Action::End, _) => 1,
            (Action::Previous, Some(walked)) => (walked + 1).min(steps),
            (_, Some(walked)) => walked.saturating_sub(1).max(1),
        });
    }

    fn next_quantity(&mut self) {
        let Some(scene) = self.view.scene() else { return };
        if matches!(self.view.focus, TimePanel::Weights | TimePanel::Sum) {
            let at = InWeights::ALL.iter().position(|&shown| shown == self.view.weights).unwrap_or(0);
            self.view.weights = InWeights::ALL[(at + 1) % InWeights::ALL.len()];
        } else {
            let all = InGrid::all(scene.network.cell);
            let at = all.iter().position(|&shown| shown == self.view.grid).unwrap_or(0);
            self.view.grid = all[(at + 1) % all.len()];
        }
    }

    fn next_temperature(&mut self) {
        let at = TEMPERATURES.iter().position(|&temperature| temperature == self.view.temperature).unwrap_or(0);
        self.view.temperature = TEMPERATURES[(at + 1) % TEMPERATURES.len()];
    }

    /// Lets the network of the present picture write on from the step under the cursor.
    fn write_on(&mut self) {
        let (b, t, temperature) = (self.view.cursor.place.b, self.view.cursor.t, self.view.temperature);
        let Some(scene) = self.view.scene().filter(|scene| scene.sequences.is_text()) else {
            self.view.message = Some("only in a text does the network write on".into());
            return;
        };
        self.drawn += 1;
        let row = t * scene.samples + b;
        let state = |array: &ndarray::Array2<f64>| match array.is_empty() {
            true => array.clone(),
            false => array.slice(ndarray::s![row..row + 1, ..]).to_owned(),
        };
        let start = State { h: state(scene.h()), s: state(scene.s()) };
        let z_o = scene.z_o().row((t - 1) * scene.samples + b).to_owned();
        let count = if scene.network.sizes().1 > WIDE { WRITTEN / 4 } else { WRITTEN };
        let symbols = written(scene.network, start, z_o, (temperature, self.drawn, count));
        let text = symbols.into_iter().map(|k| match scene.sequences.outputs[k].as_str() {
            "␣" => " ".into(),
            symbol => symbol.into(),
        });
        self.view.written = Some(Written { text: text.collect(), temperature, step: scene.position.step });
    }
}

/// Symbols drawn one after the other, each fed back as the next input; at temperature 0 the likeliest.
fn written(
    network: &Recurrent<f64>,
    mut state: State<f64>,
    mut z_o: ndarray::Array1<f64>,
    (temperature, seed, count): (f64, u64, usize),
) -> Vec<usize> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut forward = Unrolled::default();
    let mut symbols = Vec::with_capacity(count);
    for _ in 0..count {
        let top = z_o.fold(f64::NEG_INFINITY, |top, &z| top.max(z));
        let likeliest = z_o.iter().position(|&z| z == top).unwrap_or(0);
        let weight = |z: f64| ((z - top) / temperature).exp();
        let share = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut left = share * z_o.iter().map(|&z| weight(z)).sum::<f64>();
        let drawn = z_o.iter().position(|&z| {
            left -= weight(z);
            left < 0.0
        });
        let symbol = if temperature > 0.0 { drawn.unwrap_or(likeliest) } else { likeliest };
        symbols.push(symbol);
        let mut x = ndarray::Array2::zeros((1, network.sizes().0));
        x[[0, symbol]] = 1.0;
        network.forward(x.view(), &state, &mut forward);
        z_o = forward.z_o.row(0).to_owned();
        state.h.assign(&forward.at(&forward.h, 1));
        if !state.s.is_empty() {
            state.s.assign(&forward.at(&forward.s, 1));
        }
    }
    symbols
}
