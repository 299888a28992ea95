//! IDX, the format of MNIST: pictures and labels as bytes behind a short big-endian header.

use crate::error::{Error, Place, Result};

/// Pictures, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images<'a> {
    /// How many.
    pub count: usize,
    /// Pixels from top to bottom.
    pub height: usize,
    /// Pixels from left to right.
    pub width: usize,
    /// The pixels, picture by picture and row by row.
    pub pixels: &'a [u8],
}

/// Reads pictures: unsigned bytes in three dimensions.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn images<'a>(name: &str, bytes: &'a [u8]) -> Result<Images<'a>> {
    let ([count, height, width], pixels) = read::<3>(name, bytes)?;
    Ok(Images { count, height, width, pixels })
}

/// Reads labels: unsigned bytes in one dimension.
///
/// # Errors
/// `Error::Data` that names what is not as it should be.
pub fn labels<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a [u8]> {
    read::<1>(name, bytes).map(|(_, labels)| labels)
}

/// The sizes of D dimensions and the unsigned bytes behind them.
fn read<'a, const D: usize>(name: &str, bytes: &'a [u8]) -> Result<([usize; D], &'a [u8])> {
    let refuse = |column: &str, found: String, expected: String| {
        Err(Error::Data { source: name.into(), place: Place::column(column), found, expected })
    };
    let magic = [0, 0, 8, D as u8];
    let header = 4 + 4 * D;
    let Some(head) = bytes.get(..header) else {
        return refuse("header", format!("{} bytes", bytes.len()), format!("at least {header}"));
    };
    if head[..4] != magic {
        return refuse("magic number", format!("{:02x?}", &head[..4]), format!("{magic:02x?}"));
    }
    let mut sizes = [0; D];
    for (size, field) in sizes.iter_mut().zip(head[4..].as_chunks::<4>().0) {
        *size = u32::from_be_bytes(*field) as usize;
    }
    let expected = sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let rest = &bytes[header..];
    if expected != Some(rest.len()) {
        return refuse("data", format!("{} bytes", rest.len()), format!("{sizes:?} bytes, as the header says"));
    }
    Ok((sizes, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    const TWO: [u8; 24] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8];

    #[test]
    fn two_pictures_are_read() {
        let images = images("two", &TWO).expect("a good file");
        assert_eq!((images.count, images.height, images.width), (2, 2, 2));
        assert_eq!(images.pixels, [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn what_is_not_as_the_header_says_is_refused() {
        let broken = |change: fn(&mut Vec<u8>)| {
            let mut bytes = TWO.to_vec();
            change(&mut bytes);
            images("two", &bytes).expect_err("broken").to_string()
        };
        assert!(broken(|bytes| bytes.truncate(3)).contains("header"));
        assert!(broken(|bytes| bytes[2] = 9).contains("magic"));
        assert!(broken(|bytes| bytes.truncate(20)).contains("found 4 bytes"));
        assert!(broken(|bytes| bytes[4..16].fill(255)).contains("as the header says"));
        assert!(labels("two", &TWO).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = (images("any", &bytes), labels("any", &bytes));
        }
    }
}
