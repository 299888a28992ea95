//! The kinds of nets that weights are of: the names and shapes of their matrices in a file.

use crate::nn::{Cell, Named};

pub use crate::nn::Kind;

/// How the matrices of a dense net are to be read.
const OF_DENSE: &str = "Theta<l> has a row for each unit of layer l+1 and a column for each unit of layer l, column 0 the bias: z = Theta [1; a]";

/// The names of Θ^x, Θ^h and Θ^o.
pub(super) const NAMES: [&str; 3] = ["Theta_x", "Theta_h", "Theta_o"];

/// How the three matrices are to be read; every file says so.
fn of_recurrent() -> String {
    let with_gates = || Cell::ALL.iter().filter(|cell| cell.has_gates());
    let gates = |cell: &Cell| {
        let state = cell.state_in_words().map(|state| format!(" with {state}")).unwrap_or_default();
        format!("{} {}{state}", cell.name(), cell.gates().join(", "))
    };
    let gates = with_gates().map(gates).collect::<Vec<_>>().join("; ");
    let names = with_gates().map(|cell| cell.name()).collect::<Vec<_>>();
    format!(
        "Theta_x and Theta_h have a row for each unit of each gate, gate after gate ({gates}), \
         Theta_x a column for each input and Theta_h for each unit of the step before, Theta_o a row for each output and a column for each unit; \
         column 0 of Theta_x and Theta_o, and of Theta_h of {}, is the bias",
        joined(&names, "and")
    )
}

/// Words as a list, with the last one after this word.
fn joined(words: &[impl AsRef<str>], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((end, before)) if !before.is_empty() => format!("{} {last} {end}", before.join(", ")),
        _ => words.concat(),
    }
}

/// The cells with so many gates.
pub(super) fn cells(gates: usize) -> impl Iterator<Item = Cell> {
    Cell::ALL.iter().copied().filter(move |cell| cell.gates().len() == gates)
}

/// The shapes of the Θ of a net of these sizes, dense or with this cell.
pub fn shapes_of(sizes: &[usize], cell: Option<Cell>) -> Vec<(usize, usize)> {
    match (cell, sizes) {
        (Some(cell), &[inputs, units, outputs]) => shapes(cell, (inputs, units, outputs)).to_vec(),
        _ => sizes.windows(2).map(|pair| (pair[1], pair[0].saturating_add(1))).collect(),
    }
}

/// The shapes of Θ^x, Θ^h and Θ^o of a net with so many inputs, units and outputs.
pub(super) fn shapes(cell: Cell, (inputs, units, outputs): (usize, usize, usize)) -> [(usize, usize); 3] {
    let rows = cell.gates().len() * units;
    [(rows, inputs + 1), (rows, units + usize::from(cell.has_second_bias())), (outputs, units + 1)]
}

/// The cells of each number of gates, in words: what a matrix with so many rows for each unit can be.
pub(super) fn rows_of_cells() -> String {
    let mut counts: Vec<usize> = Cell::ALL.iter().map(|cell| cell.gates().len()).collect();
    counts.sort_unstable();
    counts.dedup();
    let words = counts.into_iter().map(|count| {
        let names = cells(count).map(Cell::name).collect::<Vec<_>>().join(", ");
        let rows = if count == 1 { "1 row for each unit".into() } else { count.to_string() };
        format!("{rows} ({names})")
    });
    joined(&words.collect::<Vec<_>>(), "or")
}

/// The gates of a matrix with these rows for so many units, if a cell has as many.
pub(super) fn gates(rows: usize, units: usize) -> Option<usize> {
    let gates = rows.checked_div(units).filter(|gates| gates * units == rows)?;
    cells(gates).next().map(|_| gates)
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
    pub fn convention(self) -> String {
        match self {
            Self::Dense => OF_DENSE.into(),
            Self::Recurrent => of_recurrent(),
        }
    }
}
