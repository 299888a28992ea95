//! Weights in files, with what is needed to use them on new data: what the layers compute, the scaler, the names.

mod about;
mod computed;
mod entry;
mod found;
mod inputs;
mod kind;
mod linear;
mod mat;
mod matrices;
mod names;
mod npz;
mod order;
mod place;
mod recurrent;
mod sequences;
mod tensors;
mod unread;
mod weight_file;

use std::path::Path;

use crate::data::file::File;
use crate::error::{Error, Place, Result, printable};

use entry::{EntryContent, FileEntry};
use found::FoundMatrices;

pub use about::{About, Scaler};
pub use computed::{Computed, Flags};
pub use inputs::{asked, fitted, labelled, unlabelled};
pub use kind::{Kind, shapes_of};
pub use place::{check as check_place, write as write_file, write_numbered};
pub use sequences::sequences;
use weight_file::ABOUT;
pub use weight_file::WeightFile;

/// A format that weights are kept in.
#[derive(Debug)]
pub struct WeightFormat {
    /// The ending of its files.
    pub ending: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Whether the parts of the file are in the order in which they were written.
    is_ordered: bool,
    read: fn(&File) -> Result<Vec<FileEntry>>,
    write: fn(&WeightFile) -> Vec<u8>,
}

/// The formats there are.
pub const FORMATS: [WeightFormat; 3] = [
    // Their programs sort the tensors by name.
    WeightFormat {
        ending: "safetensors",
        what: "safetensors",
        is_ordered: false,
        read: tensors::read,
        write: tensors::write,
    },
    WeightFormat { ending: "npz", what: "a NumPy archive", is_ordered: true, read: npz::read, write: npz::write },
    // MATLAB sorts its variables, too.
    WeightFormat { ending: "mat", what: "MATLAB 5", is_ordered: false, read: mat::read, write: mat::write },
];

/// The format of a path.
///
/// # Errors
/// `Error::Usage` if its ending is none of them.
pub fn format_of(path: &Path) -> Result<&'static WeightFormat> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    FORMATS.iter().find(|format| format.ending == ending).ok_or_else(|| {
        let endings = FORMATS.each_ref().map(|format| format!(".{}", format.ending)).join(", ");
        Error::Usage(format!(
            "{}: weights are kept in files that end in {endings}",
            printable(&path.display().to_string())
        ))
    })
}

impl WeightFile {
    /// Reads weights.
    ///
    /// # Errors
    /// `Error::Io` if the file can't be read; `Error::Usage` for another ending; `Error::Data` with the matrix, what was found
    /// and what was expected if there are no weights of one net in it.
    pub fn read(path: &Path) -> Result<Self> {
        let format = format_of(path)?;
        let file = File::read(path)?;
        let mut entries = (format.read)(&file)?;
        let is_about = |entry: &FileEntry| entry.name == ABOUT && matches!(entry.content, EntryContent::Text(_));
        let about = entries.iter().position(is_about).map(|at| entries.remove(at).content);
        let FoundMatrices { kind, theta, warnings } = matrices::theta(&file, entries, format.is_ordered)?;
        let about = about.and_then(|about| if let EntryContent::Text(text) = about { Some(text) } else { None });
        let about: Option<About> = about.map(|text| serde_json::from_str(&text)).transpose().map_err(|reason| {
            file.error(Place::part(ABOUT), format!("no description of the net ({reason})"), "what was saved there")
        })?;
        if let Some((part, found, expected)) = about.as_ref().and_then(|about| about.wrong(kind, &theta)) {
            return Err(file.error(Place::part(format!("{ABOUT}.{part}")), found, expected));
        }
        // Passes read the weights row by row.
        let theta = theta.into_iter().map(|theta| theta.as_standard_layout().into_owned()).collect();
        Ok(Self { path: path.into(), kind, theta, about, warnings })
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
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ndarray::Array2;
    use proptest::prelude::{any, proptest};

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0..400_usize, at in 0..400_usize) {
            let ones = |shapes: &[(usize, usize)]| shapes.iter().map(|&shape| Array2::ones(shape)).collect::<Vec<_>>();
            let nets = [(Kind::Dense, ones(&[(2, 3), (1, 3)])), (Kind::Recurrent, ones(&[(3, 2), (3, 2), (1, 2)]))];
            for (format, (kind, theta)) in FORMATS.iter().flat_map(|format| nets.clone().map(|net| (format, net))) {
                // A whole file, one that is cut short, and one with another byte.
                let path = PathBuf::from(format!("t.{}", format.ending));
                let weights = WeightFile { path, kind, theta, about: None, warnings: Vec::new() };
                let whole = (format.write)(&weights);
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
