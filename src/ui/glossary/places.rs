//! Where a symbol of the glossary stands on the screen: the panels, by their rows in the table of keys, and what stands over them.

use crate::derivation::glossary::{GlossaryPart, Walked};
use crate::derivation::{GlossaryEntry, Kinds, letter};
use crate::keymap::{Action, BINDINGS, Panel};
use crate::nn::Named;

/// A place on the screen.
#[derive(Clone, Copy, Debug)]
pub(super) enum ScreenPlace {
    /// A panel, after a key in it if it is not shown at once; of these networks.
    In(Panel, Option<Action>, Kinds),
    /// The two lines at the top.
    Header,
    /// The options of the run.
    Options,
}

use Action::{Open, Picture, Quantity};
use Kinds::{Dense, Every, Recurrent};
use Panel::{Cost, Delta, Layers, Network, Regularisation, Sample, Weight, Weights};
use ScreenPlace::{Header, In, Options};

const STATE: &[ScreenPlace] = &[In(Network, None, Every), In(Delta, Some(Quantity), Every)];
const BY_KEY: &[ScreenPlace] = &[In(Delta, Some(Quantity), Every), In(Network, Some(Quantity), Every)];
const AT_STEP: &[ScreenPlace] = &[In(Delta, Some(Open), Every)];
const OF_WEIGHT: &[ScreenPlace] = &[In(Weights, Some(Quantity), Every), In(Weight, None, Every)];

/// The places of a symbol; none of one that only equations have.
pub(super) fn places(entry: &GlossaryEntry) -> &'static [ScreenPlace] {
    match (entry.letter, entry.name) {
        ("m" | "B" | "L" | "S_l" | "S_1" | "H" | "K" | "T" | "p", _) => &[Header],
        (letter::CUT, _) if is_quantity(entry) => &[Header],
        ("clip", _) => &[Header],
        ("λ" | letter::ALPHA, _) => &[Header, Options],
        (letter::THETA, _) => &[In(Weights, None, Every), In(Weight, None, Every)],
        (letter::A, "a^(1)") | (letter::X | letter::Y, _) => &[In(Sample, None, Every)],
        (letter::A, "a^(L)") | ("o", _) => &[In(Network, None, Every), In(Sample, None, Every)],
        (letter::A, _) => &[In(Network, None, Every)],
        (letter::Z, "z") => &[In(Network, Some(Quantity), Every)],
        (letter::Z | "(tanh c)" | "(b^h + Θ^h h)" | "∂J/∂h from t+1", _) if entry.name != "z^o" => AT_STEP,
        ("g", _) if is_quantity(entry) => BY_KEY,
        ("c of the cell" | "∂J/∂c", _) => BY_KEY,
        ("h", _) => STATE,
        (letter::SAMPLE_COST, _) => &[In(Sample, None, Dense)],
        (letter::DATA | letter::COST, _) => &[Header, In(Cost, None, Every)],
        (letter::REG, _) => &[Header, In(Regularisation, None, Every), In(Cost, None, Every)],
        (letter::SHARE, _) => &[In(Regularisation, None, Every)],
        (letter::DELTA, "δ") => &[In(Delta, None, Every), In(Network, Some(Quantity), Every)],
        (letter::DELTA, "δ_t") => BY_KEY,
        (letter::DELTA, "δ(g)") => BY_KEY,
        (letter::GRAD_A, "∂J/∂a") => &[In(Delta, Some(Quantity), Every)],
        (letter::SLOPE, "g'(z)") => &[In(Delta, Some(Quantity), Every)],
        ("∂J/∂h", _) => &[In(Delta, None, Every), In(Network, Some(Quantity), Every)],
        (letter::GRAD_X, _) => &[In(Sample, Some(Picture), Every)],
        (letter::SAMPLE_GRADIENT, _) => &[In(Weight, None, Recurrent), In(Weights, Some(Quantity), Recurrent)],
        (letter::D, _) => &[In(Weights, Some(Quantity), Every), In(Weight, None, Every), In(Layers, None, Every)],
        (letter::PENALTY | letter::GRADIENT | letter::VELOCITY | letter::SQUARES | letter::UPDATE, _) => OF_WEIGHT,
        (letter::NEXT, _) => &[In(Weight, None, Every)],
        _ => &[],
    }
}

/// Whether it is a quantity, which an index and a sign are not.
fn is_quantity(entry: &GlossaryEntry) -> bool {
    !matches!(entry.part, GlossaryPart::Sizes | GlossaryPart::Signs)
}

/// A key in print.
fn shown(action: Action) -> &'static str {
    let binding = BINDINGS.iter().find(|binding| binding.action == action);
    binding.map_or("", |binding| binding.shown.split(' ').next().unwrap_or_default())
}

/// Where a symbol stands, in words; of a network of one kind, or with the kind behind each place that only one has.
pub(super) fn text(entry: &GlossaryEntry, is_recurrent: Option<bool>) -> String {
    let mut all: Vec<String> = places(entry).iter().filter_map(|place| told(*place, is_recurrent)).collect();
    match entry.walked {
        Walked::ByResult => all.push(format!("inside an update ({})", shown(Action::Next))),
        Walked::ByProof => {
            all.push(format!("inside an update by proof ({}, then {})", shown(Action::Next), shown(Action::Detail)));
        }
        Walked::Never => {}
    }
    if all.is_empty() {
        let inside = format!("in equations ({} on a number)", shown(Action::Open));
        all.push(if is_quantity(entry) {
            inside
        } else {
            format!("{inside} and in the book ({})", shown(Action::Book))
        });
    }
    all.join("; ")
}

fn told(place: ScreenPlace, is_recurrent: Option<bool>) -> Option<String> {
    match place {
        ScreenPlace::Header => Some("the two lines at the top".into()),
        ScreenPlace::Options => Some(format!("the options ({})", shown(Action::Options))),
        ScreenPlace::In(panel, key, kinds) => {
            let of_kind = match (kinds, is_recurrent) {
                (Kinds::Dense, Some(true)) | (Kinds::Recurrent, Some(false)) => return None,
                (Kinds::Dense, None) => ", in a dense network",
                (Kinds::Recurrent, None) => ", in a recurrent network",
                _ => "",
            };
            let key = key.map(|key| format!(", then {}", shown(key))).unwrap_or_default();
            Some(format!("panel {}, {} ({}{key}{of_kind})", panel.sign(), panel.name(), panel.sign()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derivation::book::example;
    use crate::derivation::glossary::of_all;
    use crate::ui::panels;

    #[test]
    fn the_keys_of_the_places_do_something_in_their_panels() {
        for entry in of_all(example()) {
            for place in places(&entry) {
                let ScreenPlace::In(panel, Some(action), _) = *place else { continue };
                let row = panels::of(panel);
                let has_key = row.keys.iter().any(|key| key.action == action);
                assert!(has_key || action == Open && row.subject_at.is_some(), "{}: {action:?}", entry.name);
                assert!(!shown(action).is_empty());
            }
        }
    }

    #[test]
    fn what_only_equations_have_says_how_to_come_to_them() {
        for entry in of_all(example()) {
            for kind in [None, Some(false), Some(true)] {
                assert!(!text(&entry, kind).is_empty(), "{}", entry.name);
            }
        }
    }
}
