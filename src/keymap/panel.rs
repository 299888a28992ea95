//! The panels of the screen, a row each: the key that it is focused by, its name, and its sentence on the help page.

use crate::nn::Named;

macro_rules! panels {
    ($(#[doc = $doc:literal] $panel:ident $sign:literal $name:literal $help:literal;)*) => {
        /// A panel that can have the focus.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Panel {
            $(#[doc = $doc] $panel,)*
        }

        impl Panel {
            /// All panels, in the order that Tab goes through them; the first is panel 1.
            pub const ALL: [Panel; ROWS.len()] = [$(Self::$panel),*];
        }

        /// Key and name of each panel.
        const ROWS: &[(&str, &str)] = &[$(($sign, $name)),*];

        /// The bindings that give a panel the focus.
        pub(super) const FOCUS: &[super::Binding] = &[$(super::Binding {
            action: super::Action::Focus(Panel::$panel),
            keys: &[super::ch(only($sign))],
            shown: $sign,
            footer: "",
            help: $help,
            group: super::Group::Look,
            in_panels: false,
        }),*];
    };
}

/// The one character of a key.
const fn only(key: &str) -> char {
    key.as_bytes()[0] as char
}

panels! {
    /// The layers as columns of units.
    Network "1" "network" "The network.";
    /// δ of every layer.
    Delta "2" "delta" "δ of every layer.";
    /// The heatmap of a matrix shaped like Θ^(l).
    Weights "3" "weights" "The weights.";
    /// The numbers of one weight.
    Weight "4" "weight" "The weight under the cursor.";
    /// The sample under the cursor.
    Sample "5" "sample" "The sample.";
    /// The cost over the steps.
    Cost "6" "cost" "The cost.";
    /// The regularisation, layer by layer.
    Regularisation "7" "regularisation" "The regularisation.";
    /// The norms of each layer's gradients.
    Layers "8" "layers" "The layers' gradients.";
    /// How each layer fares, and what is wrong.
    Health "9" "health" "Health: saturated and dead units, histograms, alarms.";
    /// What is taken for what, sample by sample.
    Confusion "0" "confusion" "Confusion: what is taken for what, and the worst samples.";
    /// What the network computes over a plane of its inputs.
    Decision "d" "decision" "Decision: an output, or units, over a plane of the inputs, with the samples on it.";
}

impl Default for Panel {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl Named for Panel {
    const ALL: &'static [Self] = &Panel::ALL;

    fn name(self) -> &'static str {
        ROWS[self as usize].1
    }
}

impl Panel {
    /// The key that it is focused by: 1 to 9, 0 for the tenth, then a letter.
    pub fn sign(self) -> char {
        only(ROWS[self as usize].0)
    }

    /// Its number, counted from 1.
    pub fn number(self) -> usize {
        1 + self as usize
    }

    /// The panel so many further on, round and round.
    pub fn moved(self, by: i64) -> Self {
        let count = Self::ALL.len() as i64;
        Self::ALL[(self.number() as i64 - 1 + by).rem_euclid(count) as usize]
    }
}
