//! The numbers and texts in the bytes of an array: the types of entries that NumPy and MATLAB have, and their values.

use crate::error::printable;

/// The entries of an array, decoded.
#[derive(Debug)]
pub(super) enum Entries {
    Numbers(Vec<f64>),
    Text(Words),
}

/// What was found, and what was expected.
pub type Wrong = (String, String);

/// A type of entries.
pub(super) struct EntryKind {
    /// Bytes of an entry.
    pub(super) bytes: usize,
    /// The entries in so many bytes each, little-endian or big.
    pub(super) read: fn(&[u8], usize, bool) -> std::result::Result<Entries, Wrong>,
}

impl EntryKind {
    /// The type of a name such as `f8`.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (kind, size) = (name.chars().next()?, name.get(1..)?.parse::<usize>().ok()?);
        let read = match (kind, size) {
            ('f', 2 | 4 | 8) => floats,
            ('i', 1 | 2 | 4 | 8) => signed,
            ('u', 1 | 2 | 4 | 8) | ('b', 1) => unsigned,
            ('U', 1..) => words,
            ('S', 1..) => bytes,
            _ => return None,
        };
        Some(Self { bytes: size.checked_mul(if kind == 'U' { 4 } else { 1 })?, read })
    }
}

/// The types that are not read, by their letters: what they are, and how to convert them.
const OTHERS: [(char, &str, &str); 6] = [
    ('f', "long floats", "64 bits: array.astype('float64')"),
    ('c', "complex numbers", "real ones: array.real, or numpy.abs(array)"),
    ('O', "objects, a pickle that is never run", "numbers: array.astype('float64'), or 'str' for labels"),
    ('M', "dates", "numbers: array.astype('int64')"),
    ('m', "spans of time", "numbers: array.astype('int64')"),
    ('V', "records or raw bytes", "one type of numbers"),
];

/// The words for a type that is not read.
pub(super) fn unknown(descr: &str, name: &str) -> Wrong {
    let (_, what, instead) =
        OTHERS.iter().find(|(letter, ..)| name.starts_with(*letter)).unwrap_or(&(' ', "no known type", "numbers"));
    (format!("the type {} ({what})", printable(descr)), (*instead).into())
}

/// Numbers of a type such as `f8`; bytes behind the last whole one are left out.
pub fn numbers(name: &str, data: &[u8], little: bool) -> std::result::Result<Vec<f64>, Wrong> {
    let kind = EntryKind::of(name).ok_or_else(|| (format!("the type {name}"), "a type of numbers".to_string()))?;
    match (kind.read)(data, kind.bytes, little)? {
        Entries::Numbers(values) => Ok(values),
        Entries::Text(_) => Err(("text".into(), "numbers".into())),
    }
}

/// The bits of an entry of up to 8 bytes.
fn bits(entry: &[u8], little: bool) -> u64 {
    let push = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
    if little { entry.iter().rev().fold(0, push) } else { entry.iter().fold(0, push) }
}

fn floats(data: &[u8], size: usize, little: bool) -> std::result::Result<Entries, Wrong> {
    let value = |entry: &[u8]| match (size, bits(entry, little)) {
        (2, bits) => half(bits as u16),
        (4, bits) => f64::from(f32::from_bits(bits as u32)),
        (_, bits) => f64::from_bits(bits),
    };
    Ok(Entries::Numbers(data.chunks_exact(size).map(value).collect()))
}

/// The value of a number of 16 bits.
pub fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        31 if fraction > 0.0 => f64::NAN,
        31 => f64::INFINITY,
        _ => (1024.0 + fraction) * 2.0_f64.powi(exponent - 25),
    }
}

fn signed(data: &[u8], size: usize, little: bool) -> std::result::Result<Entries, Wrong> {
    let unused = 64 - 8 * size as u32;
    let entries = data.chunks_exact(size).map(|entry| {
        let value = (bits(entry, little) << unused).cast_signed() >> unused;
        exact(i128::from(value), value as f64)
    });
    entries.collect::<std::result::Result<_, _>>().map(Entries::Numbers)
}

fn unsigned(data: &[u8], size: usize, little: bool) -> std::result::Result<Entries, Wrong> {
    if size == 1 {
        return Ok(Entries::Numbers(data.iter().map(|&byte| f64::from(byte)).collect()));
    }
    let entries = data.chunks_exact(size).map(|entry| {
        let value = bits(entry, little);
        exact(i128::from(value), value as f64)
    });
    entries.collect::<std::result::Result<_, _>>().map(Entries::Numbers)
}

/// A whole number as the nearest `f64`, which must be that very number.
fn exact(value: i128, nearest: f64) -> std::result::Result<f64, Wrong> {
    let same = nearest as i128 == value;
    same.then_some(nearest).ok_or_else(|| (value.to_string(), "a whole number that a float of 64 bits can hold".into()))
}

/// Entries that are text; each is made when it is asked for, since as strings they would take many times their bytes.
#[derive(Debug)]
pub(super) struct Words {
    data: Vec<u8>,
    /// Bytes of an entry.
    size: usize,
    /// The text in so many bytes, little-endian or big.
    word: fn(&[u8], bool) -> String,
    little: bool,
}

impl Words {
    /// The text of an entry; it must be there.
    pub(super) fn at(&self, index: usize) -> String {
        (self.word)(&self.data[index * self.size..][..self.size], self.little)
    }
}

fn words(data: &[u8], size: usize, little: bool) -> std::result::Result<Entries, Wrong> {
    let word = |entry: &[u8], little: bool| {
        let letters = entry.chunks_exact(4).map(|letter| bits(letter, little) as u32).take_while(|&letter| letter != 0);
        letters.map(|letter| char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    Ok(Entries::Text(Words { data: data.into(), size, word, little }))
}

fn bytes(data: &[u8], size: usize, little: bool) -> std::result::Result<Entries, Wrong> {
    let word = |entry: &[u8], _little: bool| {
        let end = entry.iter().position(|&byte| byte == 0).unwrap_or(entry.len());
        String::from_utf8_lossy(&entry[..end]).into_owned()
    };
    Ok(Entries::Text(Words { data: data.into(), size, word, little }))
}
