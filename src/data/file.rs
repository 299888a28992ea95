//! Files as bytes: only regular ones are opened, and no more is read than a bound.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::{EMBEDDED, GENERATED};
use crate::error::{Error, Place, Result, printable};

/// The largest file that is read, packed or unpacked.
pub const LARGEST: u64 = 1 << 30;
/// How a gzip-compressed file begins.
const GZIP: &[u8] = b"\x1f\x8b";

/// A file that was read to its end.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path, as it may be printed.
    pub name: String,
    /// Its name's ending in lower case, `.gz` left out; empty if there is none.
    pub ending: String,
    /// Its content, unpacked.
    pub bytes: Vec<u8>,
}

impl File {
    /// Reads a file; one that is gzip-compressed is unpacked.
    ///
    /// # Errors
    /// `Error::Io` if it can't be read; `Error::Data` if it is no regular file, too large, or not whole.
    pub fn read(path: &Path) -> Result<Self> {
        let name = printable(&path.display().to_string());
        let bytes = bytes(path)?;
        let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let outer = ending(path).unwrap_or_default();
        if outer != "gz" && !bytes.starts_with(GZIP) {
            return Ok(Self { name, ending: outer, bytes });
        }
        let inner = if outer == "gz" { path.file_stem().map(Path::new).and_then(ending) } else { Some(outer) };
        let bytes = unpacked(&name, &bytes)?;
        Ok(Self { name, ending: inner.unwrap_or_default(), bytes })
    }

    /// An error about the file.
    pub fn error(&self, place: Place, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::Data { source: self.name.clone(), place, found: found.into(), expected: expected.into() }
    }
}

/// The bytes of a regular file; anything else could block for ever or never end.
fn bytes(path: &Path) -> Result<Vec<u8>> {
    let refuse = |found: String| {
        let source = path.display().to_string();
        Err(Error::Data { source, place: Place::default(), found, expected: "a regular file".into() })
    };
    if path.as_os_str().is_empty() {
        return Err(Error::Usage("the path of the file is empty".into()));
    }
    let metadata = fs::metadata(path).map_err(|reason| missing(path, reason))?;
    if metadata.is_dir() {
        return refuse("a directory".into());
    }
    if !metadata.is_file() {
        return refuse("a device, pipe or socket".into());
    }
    if metadata.len() > LARGEST {
        return refuse(format!("{} bytes, more than the {LARGEST} that are read", metadata.len()));
    }
    let io = |reason| Error::Io { path: path.into(), reason };
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    fs::File::open(path).map_err(io)?.take(LARGEST).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}

/// A name that is no file may be a data set's, misspelt.
fn missing(path: &Path, reason: std::io::Error) -> Error {
    let names = EMBEDDED.iter().map(|embedded| embedded.name).chain(GENERATED.iter().map(|generator| generator.name));
    let names = names.collect::<Vec<_>>().join(", ");
    let bare = path.components().count() == 1 && path.extension().is_none();
    let hint = if bare { format!("; the data sets built in are {names}") } else { String::new() };
    Error::Io { path: path.into(), reason: std::io::Error::new(reason.kind(), format!("{reason}{hint}")) }
}

fn unpacked(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let refuse = |found: String, expected: &str| {
        Err(Error::Data { source: name.into(), place: Place::default(), found, expected: expected.into() })
    };
    let mut unpacked = Vec::new();
    match MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut unpacked) {
        Err(reason) => refuse(format!("no whole gzip-compressed file ({reason})"), "a gzip-compressed file"),
        Ok(_) if unpacked.len() as u64 > LARGEST => {
            refuse(format!("more than {LARGEST} bytes unpacked"), "a smaller file")
        }
        Ok(_) => Ok(unpacked),
    }
}
