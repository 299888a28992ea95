//! The keys on the screen of sequences: the same keys as elsewhere, and what they do there.

use super::{Action, Direction, Panel};
use crate::train::Unit;

/// A panel of the screen of sequences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimePanel {
    /// The network, unrolled or folded.
    Network,
    /// Units by steps.
    #[default]
    Through,
    /// The shared weights.
    Weights,
    /// The sum over the steps.
    Sum,
    /// A sequence and what is said of it.
    Sequence,
    /// The cost.
    Cost,
    /// What goes wrong.
    Health,
}

impl TimePanel {
    /// All of them; the first is panel 1.
    pub const ALL: [Self; 7] =
        [Self::Network, Self::Through, Self::Weights, Self::Sum, Self::Sequence, Self::Cost, Self::Health];

    /// The panel that the key of another screen's panel leads to.
    pub fn of(panel: Panel) -> Option<Self> {
        let at = Panel::ALL.iter().position(|&other| other == panel)?;
        Self::ALL.get(at).copied()
    }

    /// Its number.
    pub fn number(self) -> usize {
        1 + self as usize
    }

    /// What it shows, in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Through => "∂J/∂h_t through time",
            Self::Weights => "weights",
            Self::Sum => "sum over time",
            Self::Sequence => "sequence",
            Self::Cost => "cost J (1.2.5)",
            Self::Health => "health",
        }
    }

    /// The panel so many places on, round and round.
    pub fn moved(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// A key on the screen of sequences: what it does, how it is printed, its word for the footer and its sentence for the help.
#[derive(Debug)]
pub struct TimeBinding {
    /// What it does.
    pub action: Action,
    /// The keys in print.
    pub shown: &'static str,
    /// The key and a word or two for the footer; empty if it does not belong there.
    pub footer: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

/// The keys there are.
pub const TIME_BINDINGS: &[TimeBinding] = &[
    of(
        Action::RunPause,
        "Space",
        "Space run/pause",
        "Run, or pause; a paused picture is the next update before it is applied.",
    ),
    of(Action::Step(Unit::Batch), "b", "b batch", "One batch on: one update, then pause."),
    of(Action::Step(Unit::Epoch), "e", "e epoch", "One epoch on."),
    of(Action::Faster, "+", "+ - speed", "Twice the speed."),
    of(Action::Slower, "-", "", "Half the speed."),
    of(Action::Free, "*", "", "As fast as it goes; again for the speed before."),
    of(Action::Reset, "r", "r reset", "Start again with the same seed; asks first."),
    of(Action::ResetNewSeed, "R", "", "Start again with the next seed; asks first."),
    of(
        Action::Next,
        "n",
        "n back in time",
        "Paused: the next step of the sum over time, from the last step back to the first; Esc ends it.",
    ),
    of(Action::Previous, "p", "", "The step of the sum before."),
    of(Action::Start, "(", "", "To the beginning of the sum."),
    of(Action::End, ")", "", "To its end, the whole Δ."),
    of(Action::NextPanel, "Tab", "Tab panel", "The next panel; 1 to 7 and a click, too."),
    of(Action::Zoom, "z", "z zoom", "Fill the screen with the focused panel, or end that."),
    of(Action::Move(Direction::Left), "Left h", "", "Left: a step, a column, a setting down."),
    of(Action::Move(Direction::Right), "Right l", "hjkl move", "Right: a step, a column, a setting up."),
    of(Action::Move(Direction::Up), "Up k", "", "Up: a unit, a row."),
    of(Action::Move(Direction::Down), "Down j", "", "Down: a unit, a row."),
    of(
        Action::Move(Direction::PageDown),
        "PgDn",
        "PgUp/Dn Θ",
        "Another Θ: of the inputs, of the state before, of the outputs; PgUp, too.",
    ),
    of(Action::NextSample, "s", "s sequence", "The next sequence of the batch."),
    of(Action::PreviousSample, "S", "", "The sequence before."),
    of(
        Action::Quantity,
        "v",
        "v quantity",
        "Another quantity: ∂J/∂h, δ, h or a gate through time; Θ, D, update, the step's share of Δ or the sum so far in the weights.",
    ),
    of(Action::Picture, "i", "i fold", "The network unrolled in time, or folded."),
    of(Action::WriteOn, "I", "I write on", "In a text: let the network write on from here; again for another one."),
    of(Action::Scale, "a", "", "The temperature that it writes at: 0.5, 0.8, 1, 1.2, or 0 for the likeliest."),
    of(
        Action::Open,
        "Enter",
        "Enter explain",
        "In panels 3 and 4 the sum over time of the weight under the cursor, else the unit at its step, forwards and back: each equation with the numbers in it.",
    ),
    of(Action::Axis, "L", "", "A logarithmic cost axis, or a linear one."),
    of(Action::Options, "o", "o options", "λ, α, B and what the optimiser has, changed while it goes on."),
    of(Action::Print, "P", "", "Write the screen as SVG and as text to new files in the current folder."),
    of(Action::Back, "Esc", "", "Back: out of help, a question, the sum, a filled screen."),
    of(
        Action::Warnings,
        "!",
        "! warnings",
        "List the warnings about the data; until then a line above the keys announces them.",
    ),
    of(Action::Help, "? F1", "? help", "These keys."),
    of(Action::Quit, "q Ctrl-C", "q quit", "Quit."),
];

const fn of(action: Action, shown: &'static str, footer: &'static str, help: &'static str) -> TimeBinding {
    TimeBinding { action, shown, footer, help }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::BINDINGS;

    #[test]
    fn the_keys_are_those_of_the_other_screen() {
        for binding in TIME_BINDINGS {
            let there = BINDINGS.iter().find(|there| there.action == binding.action).expect("it is bound");
            assert_eq!(there.shown, binding.shown);
        }
    }
}
