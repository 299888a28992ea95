//! Files of labels that stand beside files of features: how they are found, and what they hold.

use std::path::{Path, PathBuf};

use super::file::File;
use super::idx::IdxArray;
use super::labels::Labels;
use super::npy;
use super::source::Source;
use super::targets::Task;
use crate::error::{Place, Result, printable};

/// The flag that names the file with the labels of a source.
pub fn labels_flag(source: &Source) -> &'static str {
    if source.is_test { "--test-labels" } else { "--labels" }
}

/// The file with the labels of pictures: the one that is given, or the one beside them that is called as they are.
///
/// # Errors
/// `Error::Data` if none is given and none found.
pub fn labels_of(file: &File, path: &Path, source: &Source) -> Result<File> {
    if let Some(given) = &source.labels {
        return File::read(given);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let called = name.replace("images", "labels").replace("idx3", "idx1");
    let other = match called.strip_suffix(".gz") {
        Some(bare) => bare.to_string(),
        None => format!("{called}.gz"),
    };
    let beside = |name: &str| Some(path.with_file_name(name)).filter(|path: &PathBuf| path.exists());
    match [called.as_str(), &other].into_iter().filter(|labels| *labels != name).find_map(beside) {
        Some(labels) => File::read(&labels),
        None => {
            let found = format!("no labels beside it (no file {})", printable(&called));
            Err(file.error(
                Place::default(),
                found,
                format!("labels beside the pictures, or {} FILE", labels_flag(source)),
            ))
        }
    }
}

/// The labels in a file, IDX or NumPy, of so many samples with this task.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn labelled(file: &File, samples: (usize, Task)) -> Result<Vec<Labels>> {
    if file.bytes.starts_with(npy::MAGIC) {
        return npy::labels(file, samples);
    }
    let array = IdxArray::of(file)?;
    if array.sizes.len() != 1 {
        let found = format!("{} dimensions, as images have", array.sizes.len());
        return Err(file.error(Place::part("header"), found, "one dimension, as labels have"));
    }
    Ok(vec![Labels::numbers("labels", array.values())])
}
