//! The kinds of nets that weights are of: the names and shapes of their matrices in a file.

use crate::nn::{Cell, Named};

/// How the matrices of a dense net are to be read.
const OF_DENSE: &str = "Theta<l> has a row for each unit of layer l+1 and a column for each unit of layer l, column 0 the bias: z = Theta [1; a]";

/// The names of Θ^x, Θ^h and Θ^o.
pub(super) const NAMES: [&str; 3] = ["Theta_x", "Theta_h", "Theta_o"];

/// How the three matrices are to be read; every file says so.
const OF_RECURRENT: &str = "Theta_x and Theta_h have a row for each unit of each gate, gate after gate (gru r, u, n with h' = (1-u) n + u h; lstm i, f, o, n), \
     Theta_x a column for each input and Theta_h for each unit of the step before, Theta_o a row for each output and a column for each unit; \
     column 0 of Theta_x and Theta_o, and of Theta_h of gru and lstm, is the bias";

/// The cells with so many gates.
pub(super) fn cells(gates: usize) -> impl Iterator<Item = Cell> {
    Cell::ALL.iter().copied().filter(move |cell| cell.gates().len() == gates)
}

/// The shapes of Θ^x, Θ^h and Θ^o of a net with so many inputs, units and outputs.
pub(super) fn shapes(cell: Cell, (inputs, units, outputs): (usize, usize, usize)) -> [(usize, usize); 3] {
    let rows = cell.gates().len() * units;
    [(rows, inputs + 1), (rows, units + usize::from(cell.has_second_bias())), (outputs, units + 1)]
}

/// The cell of each number of gates, in words: what a matrix with so many rows for each unit can be.
pub(super) const GATES: &str = "1 row for each unit (tanh, relu), 3 (gru) or 4 (lstm)";

/// The gates of a matrix with these rows for so many units, if a cell has as many.
pub(super) fn gates(rows: usize, units: usize) -> Option<usize> {
    let gates = rows.checked_div(units).filter(|gates| gates * units == rows)?;
    cells(gates).next().map(|_| gates)
}

/// The kind of net that matrices are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Θ^(1) … Θ^(L−1), as `Network` has them.
    Dense,
    /// Θ^x, Θ^h and Θ^o, as `Recurrent` has them.
    Recurrent,
}

impl Kind {
    /// The name that one of the matrices has in a file.
    pub(super) fn name_of(self, index: usize) -> String {
        match self {
            Self::Dense => format!("Theta{}", index + 1),
            Self::Recurrent => NAMES[index].into(),
        }
    }

    /// What such a net is called.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Dense => "a dense net",
            Self::Recurrent => "a recurrent net",
        }
    }

    /// How its matrices are to be read; every file says so.
    pub fn convention(self) -> &'static str {
        match self {
            Self::Dense => OF_DENSE,
            Self::Recurrent => OF_RECURRENT,
        }
    }
}
