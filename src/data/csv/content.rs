//! Whether the bytes of a file are the text of a table at all, before they are read as one.

use crate::error::{Error, Place, Result};

/// How files that are no text begin.
const BINARY: [(&[u8], &str); 9] = [
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"PK\x03\x04", "a compressed archive (zip)"),
    (b"BZh", "a bzip2-compressed file"),
    (b"\xfd7zXZ\0", "an xz-compressed file"),
    (b"\x28\xb5\x2f\xfd", "a zstd-compressed file"),
    (b"\x89PNG", "a PNG picture, a binary file"),
    (b"\xff\xd8\xff", "a JPEG picture, a binary file"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
];

/// The text of a file, with every kind of line end made `\n`.
///
/// # Errors
/// `Error::Data` if it is empty, no text, another kind of file, or if a quote in it never ends.
pub fn text(name: &str, bytes: &[u8], separator: Option<char>) -> Result<String> {
    let refuse = |place: Place, found: &str, expected: &str| {
        Err(Error::Data { source: name.into(), place, found: found.into(), expected: expected.into() })
    };
    if let Some((_, kind)) = BINARY.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return refuse(Place::default(), kind, "a CSV file, text in UTF-8");
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
        Err(error) => {
            let place = Place::line(line(&bytes[..error.valid_up_to()]));
            return refuse(place, "bytes that are not UTF-8", "a CSV file, text in the encoding UTF-8");
        }
    };
    if let Some(at) = text.find('\0') {
        return refuse(Place::line(line(&text.as_bytes()[..at])), "a NUL byte", "text");
    }
    let start = text.trim_start();
    if start.is_empty() {
        return refuse(Place::default(), "no data: the file is empty", "a header and rows");
    }
    let page = start.get(..14).unwrap_or(start).to_ascii_lowercase();
    if page.starts_with("<!doctype html") || page.starts_with("<html") {
        return refuse(Place::default(), "an HTML page", "a CSV file");
    }
    match open_quote(&text, separator.unwrap_or_else(|| self::separator(&text))) {
        Some(line) => refuse(Place::line(line), "a quote that never ends", "a closing quote"),
        None => Ok(text),
    }
}

/// What separates the fields of the first line: of the usual separators the one that is there most often.
pub fn separator(text: &str) -> char {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let mut quoted = false;
    let bare: String = line
        .chars()
        .filter(|&c| {
            quoted ^= c == '"';
            !quoted
        })
        .collect();
    let count = |separator: &char| bare.matches(*separator).count();
    // Of equals the first; a comma where there is none at all.
    [',', ';', '\t', '|'].into_iter().rev().max_by_key(count).unwrap_or(',')
}

/// The line that comes after these bytes, counted from 1; a line ends in `\n`, `\r` or both.
fn line(before: &[u8]) -> u64 {
    let alone =
        |(index, &byte): (usize, &u8)| byte == b'\n' || (byte == b'\r' && before.get(index + 1) != Some(&b'\n'));
    1 + before.iter().enumerate().filter(|&at| alone(at)).count() as u64
}

/// The line of the quote that is still open at the end; a quote opens at the beginning of a field only.
fn open_quote(text: &str, separator: char) -> Option<u64> {
    let (mut line, mut opened, mut at_start) = (1, None, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        line += u64::from(byte == b'\n');
        if opened.is_some() {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                opened = None;
            }
        } else if byte == b'"' && at_start {
            opened = Some(line);
        }
        at_start = opened.is_none() && (char::from(byte) == separator || byte == b'\n');
    }
    opened
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_opens_at_the_beginning_of_a_field_and_doubled_ones_are_text() {
        assert_eq!(open_quote("a,b\n\"x\"\"y\",2\n", ','), None);
        assert_eq!(open_quote("a,5\" disk\n1,2\n", ','), None);
        assert_eq!(open_quote("a,b\n1,\"x\n2,y\n", ','), Some(2));
        assert_eq!(open_quote("\"a\"\"\n", ','), Some(1));
    }

    #[test]
    fn lines_are_counted_by_any_kind_of_end() {
        assert_eq!(line(b""), 1);
        assert_eq!(line(b"a\nb\r\nc\rd"), 4);
    }

    #[test]
    fn the_separator_is_the_one_that_is_there_most_often_outside_of_quotes() {
        for (text, separator) in [
            ("x,y,k\n", ','),
            ("x;y;k\n1,5;2,5;a\n", ';'),
            ("\n x\ty\tk\n", '\t'),
            ("x|y|k", '|'),
            ("\"a;b;c\",y\n", ','),
            ("x y\n", ','),
            ("x;y,k\n", ','),
        ] {
            assert_eq!(self::separator(text), separator, "{text:?}");
        }
    }
}
