//! What a key means: one table that look-up, footer, help page and the README's test all read.

mod panel;
mod written;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::train::Unit;

use panel::FOCUS;
pub use panel::Panel;
pub use written::{Press, presses};

/// Where a cursor is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// One up.
    Up,
    /// One down.
    Down,
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// A page, or a layer, up.
    PageUp,
    /// A page, or a layer, down.
    PageDown,
    /// To the first column.
    Home,
    /// To the last column.
    End,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
}

impl Direction {
    /// The row of a list that a cursor at a row moves to; a page is ten rows.
    pub fn along(self, at: usize, last: usize) -> usize {
        let to = match self {
            Self::Up | Self::Left => at.saturating_sub(1),
            Self::Down | Self::Right => at.saturating_add(1),
            Self::PageUp => at.saturating_sub(10),
            Self::PageDown => at.saturating_add(10),
            Self::Home | Self::Top => 0,
            Self::End | Self::Bottom => last,
        };
        to.min(last)
    }
}

/// What a user asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Run if paused, pause if running.
    RunPause,
    /// Take one step, then pause.
    Step(Unit),
    /// Double the speed.
    Faster,
    /// Halve the speed.
    Slower,
    /// As fast as it goes; again: back to the speed before.
    Free,
    /// The next panel.
    NextPanel,
    /// The panel before.
    PreviousPanel,
    /// This panel.
    Focus(Panel),
    /// Fill the screen with the focused panel, or end that.
    Zoom,
    /// Move the cursor or scroll.
    Move(Direction),
    /// The next sample.
    NextSample,
    /// The sample before.
    PreviousSample,
    /// The next number of the update.
    Next,
    /// The number of the update before.
    Previous,
    /// To the first number of the update.
    Start,
    /// To the last number of the update.
    End,
    /// What the walk through the update goes on by.
    Stride,
    /// How much the walk shows of each number.
    Detail,
    /// Another quantity in the focused panel.
    Quantity,
    /// A logarithmic axis, or a linear one.
    Axis,
    /// Another scale in the focused panel.
    Scale,
    /// Go in: where the number under the cursor comes from, then into an operand; in a question, yes.
    Open,
    /// Back up to the number that an operand belongs to.
    Climb,
    /// Copy the equation.
    Copy,
    /// Copy it as LaTeX.
    CopyLatex,
    /// Write the equation to a file.
    Write,
    /// Keep the weights in a file.
    Keep,
    /// Write the picture on the screen to files.
    Print,
    /// Another feature along the axis to the right of the decision panel.
    Across,
    /// Another feature along its axis upwards.
    Upwards,
    /// Another picture of the same.
    Picture,
    /// Let the network write a text on.
    WriteOn,
    /// Back: out of a question, help, a zoomed panel.
    Back,
    /// Start again with the same seed.
    Reset,
    /// Start again with the next seed.
    ResetNewSeed,
    /// Check the whole gradient.
    Check,
    /// Give the weight under the cursor another value.
    Edit,
    /// Take that back.
    Undo,
    /// The options of the run.
    Options,
    /// The book, at the page of the equation at hand.
    Book,
    /// Show the warnings about data and weights.
    Warnings,
    /// Show or hide the keys and the glossary.
    Help,
    /// End the program.
    Quit,
    /// Hand the terminal back to the shell for a while.
    Suspend,
}

/// What a binding is for; the help page is ordered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Running, pausing, stepping.
    Run,
    /// Inside an update.
    Walk,
    /// Panels and the cursor in them.
    Look,
    /// What a panel shows.
    Show,
    /// The program itself.
    Program,
}

impl Group {
    /// All groups, in the order of the help page.
    pub const ALL: [Group; 5] = [Self::Run, Self::Walk, Self::Look, Self::Show, Self::Program];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::Walk => "Inside an update, paused",
            Self::Look => "Look around",
            Self::Show => "What is shown",
            Self::Program => "The program",
        }
    }
}

/// One action, its keys, and how it is told to the user.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// The keys that do it.
    pub keys: &'static [(KeyCode, KeyModifiers)],
    /// The keys in print.
    pub shown: &'static str,
    /// The key and a word or two for the footer; empty if it does not belong there.
    pub footer: &'static str,
    /// A sentence for the help page.
    pub help: &'static str,
    /// Where on the help page.
    pub group: Group,
    /// Whether it means something in some panels alone, which say so.
    pub in_panels: bool,
}

const PLAIN: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;

const fn ch(c: char) -> (KeyCode, KeyModifiers) {
    (KeyCode::Char(c), PLAIN)
}

const fn key(code: KeyCode) -> (KeyCode, KeyModifiers) {
    (code, PLAIN)
}

macro_rules! bindings {
    ($($action:expr, $keys:expr, $shown:literal, $footer:literal, $group:ident, $where:ident, $help:literal;)*) => {
        /// The bindings that are of no panel's row.
        const OTHERS: &[Binding] = &[$(Binding {
            action: $action, keys: $keys, shown: $shown, footer: $footer, help: $help, group: Group::$group, in_panels: $where,
        }),*];
    };
}

/// What a binding says of where it means something.
const EVERYWHERE: bool = false;
const IN_PANELS: bool = true;

use Action::Move;
use Direction as D;

bindings! {
    Action::RunPause, &[ch(' ')], "Space", "Space run/pause", Run, EVERYWHERE,
        "Run, or pause; a paused picture is the next update before it is applied.";
    Action::Step(Unit::Batch), &[ch('b')], "b", "b batch", Run, EVERYWHERE, "One batch on: one update, then pause.";
    Action::Step(Unit::Epoch), &[ch('e')], "e", "e epoch", Run, EVERYWHERE, "One epoch on: as many updates as it has batches.";
    Action::Faster, &[ch('+'), ch('=')], "+", "+ - speed", Run, EVERYWHERE, "Twice the speed.";
    Action::Slower, &[ch('-'), ch('_')], "-", "", Run, EVERYWHERE, "Half the speed.";
    Action::Free, &[ch('*')], "*", "", Run, EVERYWHERE, "As fast as it goes; again for the speed before.";
    Action::Reset, &[ch('r')], "r", "r reset", Run, EVERYWHERE, "Start again with the same seed; asks first.";
    Action::ResetNewSeed, &[ch('R')], "R", "", Run, EVERYWHERE,
        "Start again with the next seed: other weights, split and order; asks first.";

    Action::Next, &[ch('n')], "n", "n step inside", Walk, EVERYWHERE,
        "The next number of the update that comes next: forwards, cost, backwards, gradients, mean, penalty, update; in panel 4 of a recurrent network the next step of the sum over time, from the last step back; Esc ends it.";
    Action::Previous, &[ch('p')], "p", "", Walk, EVERYWHERE, "The number before.";
    Action::Stride, &[ch('u')], "u", "", Walk, EVERYWHERE, "By unit, layer, phase, sample or batch.";
    Action::Detail, &[ch('m')], "m", "", Walk, EVERYWHERE, "By result, one equation a number, or by proof, every step that leads to it.";
    Action::Start, &[ch('(')], "(", "", Walk, EVERYWHERE, "To the first number of the update.";
    Action::End, &[ch(')')], ")", "", Walk, EVERYWHERE, "To the last number of the update.";

    Action::NextPanel, &[key(KeyCode::Tab)], "Tab", "Tab panel", Look, EVERYWHERE, "The next panel; a click on a panel, too; in this help the glossary, or the keys again.";
    Action::PreviousPanel, &[key(KeyCode::BackTab)], "Shift-Tab", "", Look, EVERYWHERE, "The panel before.";
    Action::Zoom, &[ch('z')], "z", "z zoom", Look, EVERYWHERE, "Fill the screen with the focused panel, or end that.";
    Move(D::Left), &[key(KeyCode::Left), ch('h')], "Left h", "", Look, EVERYWHERE,
        "Left: a column, a layer, a step, a sample or an epoch, depending on the panel.";
    Move(D::Down), &[key(KeyCode::Down), ch('j')], "Down j", "", Look, EVERYWHERE, "Down: a unit, a row or a layer.";
    Move(D::Up), &[key(KeyCode::Up), ch('k')], "Up k", "", Look, EVERYWHERE, "Up: a unit, a row or a layer; the wheel, too.";
    Move(D::Right), &[key(KeyCode::Right), ch('l')], "Right l", "hjkl move", Look, EVERYWHERE,
        "Right: a column, a layer, a step, a sample or an epoch.";
    Move(D::PageUp), &[key(KeyCode::PageUp)], "PgUp", "", Look, EVERYWHERE, "The layer before, or the Θ before; a page up in this help.";
    Move(D::PageDown), &[key(KeyCode::PageDown)], "PgDn", "PgUp/Dn layer", Look, IN_PANELS,
        "The next layer, or the next Θ; a page down in this help.";
    Move(D::Home), &[key(KeyCode::Home)], "Home", "", Look, EVERYWHERE, "The first column, which is the bias unit's.";
    Move(D::End), &[key(KeyCode::End)], "End", "", Look, EVERYWHERE, "The last column.";
    Move(D::Top), &[ch('g')], "g", "", Look, EVERYWHERE, "The first row.";
    Move(D::Bottom), &[ch('G')], "G", "", Look, EVERYWHERE, "The last row.";
    Action::NextSample, &[ch('s')], "s", "s sample", Look, EVERYWHERE, "The next sample or sequence: the training part, then the held-out part.";
    Action::PreviousSample, &[ch('S')], "S", "", Look, EVERYWHERE, "The sample before.";

    Action::Quantity, &[ch('v')], "v", "v quantity", Show, IN_PANELS,
        "Another quantity; in an equation the largest terms or all.";
    Action::Axis, &[ch('L')], "L", "L log axis", Show, IN_PANELS, "A logarithmic cost axis, or a linear one.";
    Action::Scale, &[ch('a')], "a", "a scale", Show, IN_PANELS,
        "The scale.";
    Action::Open, &[key(KeyCode::Enter)], "Enter", "Enter explain", Show, IN_PANELS,
        "Where the number under the cursor comes from: its equation with the numbers in it; there: into an operand. Of a recurrent network the sum over time of a weight in 3 and 4, the unit at its step in 1, 2 and 5. Yes to a question.";
    Action::Climb, &[key(KeyCode::Backspace)], "Backspace", "", Show, EVERYWHERE,
        "In an equation: back up to the number that the operand belongs to.";
    Action::Copy, &[ch('y')], "y", "", Show, EVERYWHERE,
        "In an equation: copy it, through the terminal (OSC 52), so over SSH too.";
    Action::CopyLatex, &[ch('Y')], "Y", "", Show, EVERYWHERE, "In an equation: copy it as LaTeX, an `aligned` environment, likewise.";
    Action::Write, &[ch('w')], "w", "", Show, EVERYWHERE, "In an equation: write it to a file in the current folder.";
    Action::Picture, &[ch('i')], "i", "i picture", Show, IN_PANELS,
        "Another picture of the same.";
    Action::Across, &[ch('x')], "x", "x X axes", Show, IN_PANELS, "The next feature along the axis to the right, where there are more than two.";
    Action::Upwards, &[ch('X')], "X", "", Show, EVERYWHERE, "The next feature along the axis upwards.";
    Action::WriteOn, &[ch('I')], "I", "I write on", Show, IN_PANELS, "In panel 5 of a text: let the network write on from the step under the cursor; again for another text.";
    Action::Back, &[key(KeyCode::Esc)], "Esc", "", Show, EVERYWHERE, "Back: out of help, a question, a picture, a filled screen.";

    Action::Check, &[ch('c')], "c", "c check", Show, EVERYWHERE,
        "Check the whole gradient by central differences, in a thread of its own; again for the Θ of this moment.";
    Action::Options, &[ch('o')], "o", "o options", Run, EVERYWHERE,
        "The options of the run: change λ, α, B and the speed while it goes on, activation and layers with a reset; copy its command line.";
    Action::Edit, &[ch('t')], "t", "t set Θ", Show, IN_PANELS,
        "Set the weight under the cursor by hand, paused.";
    Action::Keep, &[ch('W')], "W", "", Show, EVERYWHERE,
        "Keep the weights in a file: that of --save, or a new one in the current folder.";
    Action::Print, &[ch('P')], "P", "", Show, EVERYWHERE,
        "Write the screen, or the panel that fills it, as SVG and as text to new files in the current folder.";
    Action::Undo, &[ch('U')], "U", "", Show, EVERYWHERE, "Take that back, the last first, until the next update.";

    Action::Book, &[ch('E')], "E", "E book", Program, EVERYWHERE,
        "The book: the derivation in order with the numbers of this net, open at the equation at hand; there h and l turn the pages, j and k choose an equation, Enter goes to it in the walk, and Esc goes back to where you were.";
    Action::Warnings, &[ch('!')], "!", "! warnings", Program, EVERYWHERE,
        "List the warnings about the data and the weights; until then a line above the keys announces them.";
    Action::Help, &[ch('?'), key(KeyCode::F(1))], "? F1", "? help", Program, EVERYWHERE,
        "These keys, and with Tab the glossary: every symbol of the network with its meaning, shape, equations and place on the screen.";
    Action::Quit, &[ch('q'), (KeyCode::Char('c'), CTRL)], "q Ctrl-C", "q quit", Program, EVERYWHERE, "Quit.";
    Action::Suspend, &[(KeyCode::Char('z'), CTRL)], "Ctrl-Z", "", Program, EVERYWHERE, "Suspend; `fg` in the shell comes back.";
}

/// Every binding there is: those that give a panel the focus, and the others.
pub const BINDINGS: &[Binding] = &joined();

const fn joined() -> [Binding; FOCUS.len() + OTHERS.len()] {
    let mut all = [OTHERS[0]; FOCUS.len() + OTHERS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < FOCUS.len() { FOCUS[at] } else { OTHERS[at - FOCUS.len()] };
        at += 1;
    }
    all
}

/// The character that a key types.
pub fn character(press: KeyEvent) -> Option<char> {
    let held = press.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER);
    match press.code {
        KeyCode::Char(c) if held.is_empty() => Some(c),
        _ => None,
    }
}

/// What a key press asks for, if it is bound.
pub fn action(press: KeyEvent) -> Option<Action> {
    // Shift is in the character already; terminals differ in whether they report it beside.
    let held = press.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SUPER);
    BINDINGS.iter().find(|binding| binding.keys.contains(&(press.code, held))).map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings() {
        let keys: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.keys).collect();
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{key:?} is bound twice");
        }
    }

    #[test]
    fn no_key_that_a_torn_arrow_key_looks_like_changes_anything() {
        for c in ['[', 'O', 'A', 'B', 'C', 'D'] {
            assert_eq!(action(KeyEvent::new(KeyCode::Char(c), PLAIN)), None, "{c}");
        }
    }

    #[test]
    fn every_panel_is_focused_by_its_number() {
        for panel in Panel::ALL {
            assert_eq!(action(KeyEvent::new(KeyCode::Char(panel.sign()), PLAIN)), Some(Action::Focus(panel)));
        }
    }

    #[test]
    fn shift_beside_a_capital_changes_nothing_but_control_does() {
        assert_eq!(action(KeyEvent::new(KeyCode::Char('R'), KeyModifiers::SHIFT)), Some(Action::ResetNewSeed));
        assert_eq!(action(KeyEvent::new(KeyCode::Char('b'), CTRL)), None);
    }
}
