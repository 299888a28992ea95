//! Weights as safetensors: a header of JSON, then the numbers.

use std::collections::HashMap;

use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use super::entry::{EntryContent, FileEntry};
use super::weight_file::{ABOUT, WeightFile};
use crate::data::file::File;
use crate::error::{Place, Result};

/// Reads every tensor, sorted by name.
pub(super) fn read(file: &File) -> Result<Vec<FileEntry>> {
    let damaged = |reason: safetensors::SafeTensorError| {
        let expected = "safetensors: the length of a header, the header in JSON, then its tensors";
        file.error(Place::default(), format!("a damaged file ({reason})"), expected)
    };
    let (_, metadata) = SafeTensors::read_metadata(&file.bytes).map_err(damaged)?;
    let about = metadata.metadata().as_ref().and_then(|texts| texts.get(ABOUT)).cloned();
    let about = about.map(|text| FileEntry { name: ABOUT.into(), dimensions: 0, content: EntryContent::Text(text) });
    let mut tensors = SafeTensors::deserialize(&file.bytes).map_err(damaged)?.tensors();
    tensors.sort_by(|(one, _), (other, _)| one.cmp(other));
    let entry = |(name, tensor): (String, TensorView)| {
        let dimensions = tensor.shape().len();
        let (rows, columns) = match *tensor.shape() {
            [rows] => (rows, 1),
            [rows, columns] => (rows, columns),
            _ => {
                let content = EntryContent::Other(format!("{dimensions} dimensions"), "a matrix or a vector".into());
                return Ok(FileEntry { name, dimensions, content });
            }
        };
        let Some(values) = values(&tensor) else {
            let content = EntryContent::Other(format!("the type {}", tensor.dtype()), "F64, F32, F16 or BF16".into());
            return Ok(FileEntry { name, dimensions, content });
        };
        let matrix = Array2::from_shape_vec((rows, columns), values).map_err(|_| {
            file.error(Place::part(&name), "fewer entries than its shape says", "an entry for each row and column")
        })?;
        Ok(FileEntry { name, dimensions, content: EntryContent::Numbers(matrix) })
    };
    about.into_iter().map(Ok).chain(tensors.into_iter().map(entry)).collect()
}

/// The entries of a tensor of floats.
fn values(tensor: &TensorView) -> Option<Vec<f64>> {
    let data = tensor.data();
    match tensor.dtype() {
        Dtype::F64 => Some(data.as_chunks::<8>().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()),
        Dtype::F32 => Some(data.as_chunks::<4>().0.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect()),
        Dtype::F16 => Some(
            data.as_chunks::<2>()
                .0
                .iter()
                .map(|bytes| crate::data::entries::half(u16::from_le_bytes(*bytes)))
                .collect(),
        ),
        // The upper half of a float of 32 bits.
        Dtype::BF16 => {
            let value = |bytes: &[u8; 2]| f64::from(f32::from_bits(u32::from(u16::from_le_bytes(*bytes)) << 16));
            Some(data.as_chunks::<2>().0.iter().map(value).collect())
        }
        _ => None,
    }
}

/// The bytes of a file: the matrices in `F64`, the description among the metadata.
pub(super) fn write(weights: &WeightFile) -> Vec<u8> {
    let bytes = |theta: &Array2<f64>| theta.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let data: Vec<Vec<u8>> = weights.theta.iter().map(bytes).collect();
    let named = weights.named().zip(&data).map(|((name, theta), data)| {
        let view = TensorView::new(Dtype::F64, vec![theta.nrows(), theta.ncols()], data);
        (name, view.expect("eight bytes for each entry"))
    });
    let about = weights.description().map(|text| HashMap::from([(ABOUT.to_string(), text)]));
    safetensors::serialize(named, about).expect("the header of some matrices is short enough")
}
