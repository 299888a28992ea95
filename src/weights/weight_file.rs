//! The weights of a net, with what is needed to use them on new data.

use std::path::PathBuf;

use ndarray::Array2;

use super::about::About;
use super::kind::{Kind, cells, shapes_of};
use crate::data::Scaling;
use crate::error::{Error, Place, Result, printable};
use crate::nn::recurrent::{OutputSteps, Recurrent};
use crate::nn::{Cell, Named, Output};

/// The name that `About` has in a file.
pub(super) const ABOUT: &str = "deltascope";

/// The weights of a net.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightFile {
    /// Where they are from.
    pub path: PathBuf,
    /// What kind of net they are of.
    pub kind: Kind,
    /// Θ^(1) … Θ^(L−1), each S_{l+1} × (S_l + 1) with the bias in column 0; of a recurrent net Θ^x, Θ^h and Θ^o.
    pub theta: Vec<Array2<f64>>,
    /// What they need to be used; absent in files of other programs.
    pub about: Option<About>,
    /// The warnings, one sentence each: what of the file is not used, what had to be assumed.
    pub warnings: Vec<String>,
}

impl WeightFile {
    /// S_1 … S_L; of a recurrent net the inputs, the units of its layer and the outputs.
    pub fn sizes(&self) -> Vec<usize> {
        if let (Kind::Recurrent, [x, _, o]) = (self.kind, self.theta.as_slice()) {
            return vec![x.ncols() - 1, o.ncols() - 1, o.nrows()];
        }
        let inputs = self.theta.first().map(|theta| theta.ncols() - 1);
        inputs.into_iter().chain(self.theta.iter().map(Array2::nrows)).collect()
    }

    /// S_2 … S_{L−1}.
    pub fn hidden_sizes(&self) -> Vec<usize> {
        let sizes = self.sizes();
        sizes[1..sizes.len() - 1].to_vec()
    }

    /// Refuses weights of another net than one of these sizes: a dense one, or a recurrent one with this cell.
    ///
    /// # Errors
    /// `Error::Data` that names the first matrix that differs, its shape, and the one that was expected.
    pub fn check(&self, sizes: &[usize], cell: Option<Cell>) -> Result<()> {
        let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        let net = cell.map_or_else(|| net.clone(), |cell| format!("{} {net}", cell.name()));
        let error = |place: Place, found: String, expected: String| {
            Err(Error::Data { source: self.path.display().to_string(), place, found, expected })
        };
        let kind = if cell.is_some() { Kind::Recurrent } else { Kind::Dense };
        if kind != self.kind {
            let found = format!("the weights of {}", self.kind.words());
            return error(Place::default(), found, format!("those of {}, {net}", kind.words()));
        }
        let shapes = shapes_of(sizes, cell);
        for (index, &(rows, columns)) in shapes.iter().enumerate() {
            let expected = format!("{rows}x{columns} for a net of {net}");
            let place = Place::part(kind.name_of(index));
            match self.theta.get(index).map(Array2::dim) {
                None => return error(place, "a missing matrix".into(), format!("the shape {expected}")),
                Some(shape) if shape == (rows, columns) => {}
                Some(shape) => {
                    let hint = if shape == (columns, rows) { "; it is transposed" } else { "" };
                    return error(place, format!("the shape {}x{}", shape.0, shape.1), format!("{expected}{hint}"));
                }
            }
        }
        if self.theta.len() > shapes.len() {
            let place = Place::part(kind.name_of(shapes.len()));
            return error(place, "one matrix more".into(), format!("{} for a net of {net}", shapes.len()));
        }
        Ok(())
    }

    /// The cells that the matrices of a recurrent net can be of; none of a dense one.
    pub fn cells(&self) -> Vec<Cell> {
        match (self.kind, self.theta.as_slice()) {
            (Kind::Recurrent, [_, h, o]) => cells(h.nrows() / (o.ncols() - 1)).collect(),
            _ => Vec::new(),
        }
    }

    /// The recurrent net of these matrices, if they are of one.
    pub fn recurrent(&self, cell: Cell, output: Output, reads: OutputSteps) -> Option<Recurrent<f64>> {
        let theta = <[Array2<f64>; 3]>::try_from(self.theta.clone()).ok()?;
        self.cells().contains(&cell).then_some(Recurrent { cell, theta, output, reads })
    }

    /// The matrices under the names that they have in a file.
    pub(super) fn named(&self) -> impl Iterator<Item = (String, &Array2<f64>)> {
        self.theta.iter().enumerate().map(|(index, theta)| (self.kind.name_of(index), theta))
    }

    /// The scalings of features and targets that travel with the weights; none where nothing is said of them.
    pub fn scalings(&self) -> Option<(Scaling, Scaling)> {
        let sizes = self.sizes();
        let (inputs, outputs) = (sizes[0], sizes[sizes.len() - 1]);
        match &self.about {
            Some(about) => Some((about.scale.scaling(inputs)?, about.target_scale.scaling(outputs)?)),
            None => Some((Scaling::none(inputs), Scaling::none(outputs))),
        }
    }

    /// Its path, as it may be printed.
    pub(super) fn name(&self) -> String {
        printable(&self.path.display().to_string())
    }

    /// What describes them, as JSON.
    pub(super) fn description(&self) -> Option<String> {
        // Strings and finite numbers always have a form in JSON.
        self.about.as_ref().and_then(|about| serde_json::to_string(about).ok())
    }
}
