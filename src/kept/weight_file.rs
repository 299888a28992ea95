//! The weights of a net, with what is needed to use them on new data.

use std::path::PathBuf;

use ndarray::Array2;

use super::about::About;
use crate::data::Scaling;
use crate::error::{Error, Place, Result, printable};

/// The name that `About` has in a file.
pub(super) const ABOUT: &str = "deltascope";

/// The weights of a net.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Where they are from.
    pub path: PathBuf,
    /// Θ^(1) … Θ^(L−1), each S_{l+1} × (S_l + 1) with the bias in column 0.
    pub theta: Vec<Array2<f64>>,
    /// What they need to be used; absent in files of other programs.
    pub about: Option<About>,
    /// The warnings, one sentence each: what of the file is not used, what had to be assumed.
    pub warnings: Vec<String>,
}

impl Kept {
    /// S_1 … S_L.
    pub fn sizes(&self) -> Vec<usize> {
        let inputs = self.theta.first().map(|theta| theta.ncols() - 1);
        inputs.into_iter().chain(self.theta.iter().map(Array2::nrows)).collect()
    }

    /// S_2 … S_{L−1}.
    pub fn hidden_sizes(&self) -> Vec<usize> {
        let sizes = self.sizes();
        sizes[1..sizes.len() - 1].to_vec()
    }

    /// Refuses weights of another net than one of these sizes.
    ///
    /// # Errors
    /// `Error::Data` that names the first matrix that differs, its shape, and the one that was expected.
    pub fn check(&self, sizes: &[usize]) -> Result<()> {
        let net = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
        let error = |l: usize, found: String, expected: String| {
            let source = self.path.display().to_string();
            Err(Error::Data { source, place: Place::part(format!("Theta{l}")), found, expected })
        };
        for (index, pair) in sizes.windows(2).enumerate() {
            let (rows, columns) = (pair[1], pair[0] + 1);
            let expected = format!("{rows}x{columns} for a net of {net}");
            match self.theta.get(index).map(Array2::dim) {
                None => return error(index + 1, "a missing matrix".into(), format!("the shape {expected}")),
                Some(shape) if shape == (rows, columns) => {}
                Some(shape) => {
                    let hint = if shape == (columns, rows) { "; it is transposed" } else { "" };
                    return error(index + 1, format!("the shape {}x{}", shape.0, shape.1), format!("{expected}{hint}"));
                }
            }
        }
        match self.theta.get(sizes.len() - 1) {
            Some(_) => error(sizes.len(), "one matrix more".into(), format!("{} for a net of {net}", sizes.len() - 1)),
            None => Ok(()),
        }
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
