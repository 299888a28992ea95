//! The array of numbers in an IDX file: its header, its sizes, and its entries.

use crate::data::file::File;
use crate::error::{Place, Result};

/// A type of entries: its code, the bytes of an entry, and their value.
pub(super) type Type = (u8, usize, fn(&[u8]) -> f64);

/// The types there are.
pub(super) const TYPES: [Type; 6] = [
    (0x08, 1, |b| f64::from(b[0])),
    (0x09, 1, |b| f64::from(b[0].cast_signed())),
    (0x0b, 2, |b| f64::from(i16::from_be_bytes([b[0], b[1]]))),
    (0x0c, 4, |b| f64::from(i32::from_be_bytes([b[0], b[1], b[2], b[3]]))),
    (0x0d, 4, |b| f64::from(f32::from_be_bytes([b[0], b[1], b[2], b[3]]))),
    (0x0e, 8, |b| f64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]])),
];

/// The array in a file.
pub(in crate::data) struct IdxArray<'a> {
    /// Its sizes, the rows first; one at least.
    pub(in crate::data) sizes: Vec<usize>,
    /// Bytes of an entry.
    wide: usize,
    /// The value of so many bytes.
    value: fn(&[u8]) -> f64,
    /// The entries.
    bytes: &'a [u8],
}

impl<'a> IdxArray<'a> {
    pub(in crate::data) fn of(file: &'a File) -> Result<Self> {
        let refuse =
            |column: &str, found: String, expected: String| Err(file.error(Place::part(column), found, expected));
        let bytes = file.bytes.as_slice();
        let [zero, nought, code, dimensions, rest @ ..] = bytes else {
            return refuse("header", format!("{} bytes, too short", bytes.len()), "at least 4".into());
        };
        if (*zero, *nought) != (0, 0) {
            return refuse(
                "magic number",
                format!("{:02x?}", &bytes[..4]),
                "two bytes 0 first, as IDX has them; a file of NumPy ends in .npy".into(),
            );
        }
        let Some(&(_, wide, value)) = TYPES.iter().find(|(known, ..)| known == code) else {
            return refuse("type", format!("0x{code:02x}"), "0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e".into());
        };
        if *dimensions == 0 {
            return refuse("header", "no dimensions".into(), "at least one".into());
        }
        let fields = rest.as_chunks::<4>().0.iter().take(usize::from(*dimensions));
        let sizes: Vec<usize> = fields.map(|field| u32::from_be_bytes(*field) as usize).collect();
        if sizes.len() < usize::from(*dimensions) {
            return refuse("header", "a file that is too short".into(), format!("{dimensions} dimensions"));
        }
        let data = &rest[4 * sizes.len()..];
        let dimensions: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let expected = sizes.iter().try_fold(wide, |product, &size| product.checked_mul(size));
        if expected != Some(data.len()) {
            let expected = expected.map_or("a size too large for any file".into(), |count| format!("{count} bytes"));
            let expected = format!("{expected}, as the dimensions {} say", dimensions.join("x"));
            return refuse("data", format!("{} bytes", data.len()), expected);
        }
        if sizes.contains(&0) {
            return refuse(
                "header",
                format!("an empty array of {}", dimensions.join("x")),
                "at least one image".into(),
            );
        }
        Ok(Self { sizes, wide, value, bytes: data })
    }

    pub(in crate::data) fn values(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.wide).map(self.value)
    }
}
