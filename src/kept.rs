//! Weights in files, with what is needed to use them on new data: what the layers compute, the scaler, the names.

mod about;
mod computed;
mod entry;
mod inputs;
mod linear;
mod mat;
mod matrices;
mod npz;
mod order;
mod place;
mod tensors;
mod unread;

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::data::Scaling;
use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};

use entry::{Content, Entry};

pub use about::{About, Scaler};
pub use computed::Computed;
pub use inputs::{asked, fitted, labelled, unlabelled};
pub use place::{check as check_place, write as write_file, write_numbered};

/// How the matrices are to be read; every file says so.
pub const CONVENTION: &str = "Theta<l> has a row for each unit of layer l+1 and a column for each unit of layer l, column 0 the bias: z = Theta [1; a]";

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

/// A format that weights are kept in.
#[derive(Debug)]
pub struct Format {
    /// The ending of its files.
    pub ending: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Whether the parts of the file are in the order in which they were written.
    is_ordered: bool,
    read: fn(&File) -> Result<Vec<Entry>>,
    write: fn(&Kept) -> Vec<u8>,
}

/// The formats there are.
pub const FORMATS: [Format; 3] = [
    // Their programs sort the tensors by name.
    Format {
        ending: "safetensors",
        what: "safetensors",
        is_ordered: false,
        read: tensors::read,
        write: tensors::write,
    },
    Format { ending: "npz", what: "a NumPy archive", is_ordered: true, read: npz::read, write: npz::write },
    // MATLAB sorts its variables, too.
    Format { ending: "mat", what: "MATLAB 5", is_ordered: false, read: mat::read, write: mat::write },
];

/// The name that `About` has in a file.
const ABOUT: &str = "deltascope";

/// The format of a path.
///
/// # Errors
/// `Error::Usage` if its ending is none of them.
pub fn format_of(path: &Path) -> Result<&'static Format> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|format| format.ending == ending).ok_or_else(|| {
        let endings = FORMATS.each_ref().map(|format| format!(".{}", format.ending)).join(", ");
        Error::Usage(format!(
            "{}: weights are kept in files that end in {endings}",
            printable(&path.display().to_string())
        ))
    })
}

impl Kept {
    /// Reads weights.
    ///
    /// # Errors
    /// `Error::Io` if the file can't be read; `Error::Usage` for another ending; `Error::Data` with the matrix, what was found
    /// and what was expected if there are no weights of one net in it.
    pub fn read(path: &Path) -> Result<Self> {
        let format = format_of(path)?;
        let file = File::read(path)?;
        let mut entries = (format.read)(&file)?;
        let is_about = |entry: &Entry| entry.name == ABOUT && matches!(entry.content, Content::Text(_));
        let about = entries.iter().position(is_about).map(|at| entries.remove(at).content);
        let (theta, warnings) = matrices::theta(&file, entries, format.is_ordered)?;
        let about = about.and_then(|about| if let Content::Text(text) = about { Some(text) } else { None });
        let about: Option<About> = about.map(|text| serde_json::from_str(&text)).transpose().map_err(|reason| {
            file.error(Place::part(ABOUT), format!("no description of the net ({reason})"), "what was saved there")
        })?;
        if let Some((part, found, expected)) = about.as_ref().and_then(|about| about.wrong(&theta)) {
            return Err(file.error(Place::part(format!("{ABOUT}.{part}")), found, expected));
        }
        Ok(Self { path: path.into(), theta, about, warnings })
    }

    /// Writes weights to the file that they name; what was there stays whole until the new file is.
    ///
    /// # Errors
    /// `Error::Usage` for an unknown ending, `Error::Io` or `Error::Data` if the place can't be written to.
    pub fn write(&self) -> Result<()> {
        place::write(&self.path, &self.bytes()?)
    }

    /// The bytes of a file, in the format that the name asks for.
    ///
    /// # Errors
    /// `Error::Usage` for an unknown ending.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        Ok((format_of(&self.path)?.write)(self))
    }

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
    fn name(&self) -> String {
        printable(&self.path.display().to_string())
    }

    /// What describes them, as JSON.
    fn description(&self) -> Option<String> {
        // Strings and finite numbers always have a form in JSON.
        self.about.as_ref().and_then(|about| serde_json::to_string(about).ok())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..400_usize, at in 0..400_usize) {
            let theta = vec![Array2::ones((2, 3)), Array2::ones((1, 3))];
            for format in &FORMATS {
                // A whole file, one that is cut short, and one with another byte.
                let path = PathBuf::from(format!("t.{}", format.ending));
                let kept = Kept { path, theta: theta.clone(), about: None, warnings: Vec::new() };
                let whole = (format.write)(&kept);
                let mut other = whole.clone();
                let length = other.len();
                other[at % length] ^= 1 << (cut % 8);
                for bytes in [bytes.clone(), whole[..cut.min(length)].to_vec(), other] {
                    let file = File::of("t", format.ending, bytes);
                    let _ = (format.read)(&file).map(|entries| matrices::theta(&file, entries, format.is_ordered));
                }
            }
        }
    }
}
