//! Weights as a MATLAB 5 file, with the variables that the course's exercises have, Theta1, Theta2, …, or those of a recurrent net.

use super::entry::{EntryContent, FileEntry};
use super::weight_file::{ABOUT, WeightFile};
use crate::data::file::File;
use crate::data::mat;
use crate::error::Result;

/// Reads every variable; the description is a row of bytes.
pub(super) fn read(file: &File) -> Result<Vec<FileEntry>> {
    let entry = |variable: mat::MatVariable| {
        let (name, dimensions) = (variable.name, variable.dimensions);
        let content = match variable.matrix {
            Ok(matrix) if name == ABOUT => {
                let bytes: Vec<u8> = matrix.iter().map(|&byte| byte as u8).collect();
                EntryContent::Text(String::from_utf8_lossy(&bytes).into_owned())
            }
            Ok(matrix) => EntryContent::Numbers(matrix),
            Err((found, expected)) => EntryContent::Other(found, expected),
        };
        FileEntry { name, dimensions, content }
    };
    Ok(mat::matrices(file)?.into_iter().map(entry).collect())
}

/// The types of elements and of arrays that are written.
const INT8: u32 = 1;
const UINT8: u32 = 2;
const INT32: u32 = 5;
const UINT32: u32 = 6;
const DOUBLE: u32 = 9;
const MATRIX: u32 = 14;
const CLASS_DOUBLE: u32 = 6;
const CLASS_UINT8: u32 = 9;

/// The bytes of a file: the matrices, and the description in UTF-8, which is `native2unicode(deltascope)` in MATLAB.
pub(super) fn write(weights: &WeightFile) -> Vec<u8> {
    let mut out =
        format!("{:<116}", "MATLAB 5.0 MAT-file, weights of a neural network written by deltascope").into_bytes();
    out.resize(124, 0);
    out.extend(0x0100_u16.to_le_bytes());
    out.extend(b"IM");
    for (name, theta) in weights.named() {
        // Entries stand column by column.
        let data = theta.t().iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        matrix(&mut out, (&name, theta.dim()), (CLASS_DOUBLE, DOUBLE, &data));
    }
    if let Some(text) = weights.description() {
        matrix(&mut out, (ABOUT, (1, text.len())), (CLASS_UINT8, UINT8, text.as_bytes()));
    }
    out
}

fn matrix(out: &mut Vec<u8>, (name, (rows, columns)): (&str, (usize, usize)), (class, kind, data): (u32, u32, &[u8])) {
    let mut body = Vec::new();
    let words = |words: [u32; 2]| words.map(u32::to_le_bytes).concat();
    element(&mut body, UINT32, &words([class, 0]));
    element(&mut body, INT32, &words([rows as u32, columns as u32]));
    element(&mut body, INT8, name.as_bytes());
    element(&mut body, kind, data);
    element(out, MATRIX, &body);
}

/// One element, filled up to a multiple of eight bytes.
fn element(out: &mut Vec<u8>, kind: u32, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.resize(out.len().next_multiple_of(8), 0);
}
