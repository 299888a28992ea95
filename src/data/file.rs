//! Files as bytes: only regular ones are opened, and no more is read than a bound.

use std::fs;
use std::io::Read;
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Place, Result, printable};

/// The largest file that is read, packed or unpacked.
pub const LARGEST: u64 = 1 << 30;
/// Bytes that a file may unpack to in any case, and for each byte of it; what says anything is not packed better than that.
const ROOM: (u64, u64) = (1 << 23, 1 << 7);
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
    /// Its size, packed as it is; what it may take is counted by that.
    pub size: usize,
}

impl File {
    /// A file with these bytes, which were not packed.
    pub fn of(name: impl Into<String>, ending: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { name: name.into(), ending: ending.into(), size: bytes.len(), bytes }
    }

    /// Reads a file; one that is gzip-compressed is unpacked.
    ///
    /// # Errors
    /// `Error::Io` if it can't be read; `Error::Data` if it is no regular file, too large, or not whole.
    pub fn read(path: &Path) -> Result<Self> {
        let name = printable(&path.display().to_string());
        let bytes = bytes(path)?;
        let (ending, packed) = ending(path, &bytes);
        if !packed {
            return Ok(Self::of(name, ending, bytes));
        }
        let size = bytes.len();
        let bytes = unpacked(&name, &bytes)?;
        Ok(Self { size, ..Self::of(name, ending, bytes) })
    }

    /// The first bytes of a file, unpacked; `None` if it can't be read.
    pub fn beginning(path: &Path) -> Option<Self> {
        const FIRST: u64 = 1 << 10;
        fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
        let (mut bytes, mut unpacked) = (Vec::new(), Vec::new());
        fs::File::open(path).ok()?.take(FIRST).read_to_end(&mut bytes).ok()?;
        let (ending, packed) = ending(path, &bytes);
        if packed {
            // The last of the bytes may be amid a block of packed ones.
            let _ = MultiGzDecoder::new(bytes.as_slice()).take(FIRST).read_to_end(&mut unpacked);
        }
        let bytes = if packed { unpacked } else { bytes };
        Some(Self::of(printable(&path.display().to_string()), ending, bytes))
    }

    /// Bytes that all that is packed in the file may unpack to.
    pub fn room(&self) -> u64 {
        room(self.size)
    }

    /// The error about more than that.
    pub fn too_much(&self, place: Place) -> Error {
        let (found, expected) = too_much(self.size);
        self.error(place, found, expected)
    }

    /// An error about the file.
    pub fn error(&self, place: Place, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::Data { source: self.name.clone(), place, found: found.into(), expected: expected.into() }
    }
}

/// The ending of a file's name in lower case, `.gz` left out, and whether the file with these first bytes is packed.
fn ending(path: &Path, bytes: &[u8]) -> (String, bool) {
    let of = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let outer = of(path).unwrap_or_default();
    if outer == "gz" {
        return (path.file_stem().map(Path::new).and_then(of).unwrap_or_default(), true);
    }
    (outer, bytes.starts_with(GZIP))
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
    let metadata = fs::metadata(path).map_err(|reason| Error::Io { path: path.into(), reason })?;
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

/// Bytes that a file of this size may unpack to.
fn room(size: usize) -> u64 {
    ROOM.0.saturating_add(ROOM.1.saturating_mul(size as u64)).min(LARGEST)
}

/// What is found in a file of this size that unpacks to more, and what was expected.
fn too_much(size: usize) -> (String, String) {
    let expected = if room(size) == LARGEST { "a smaller file" } else { "the same file, unpacked before it is read" };
    (format!("more than {} bytes unpacked, of {size} packed", room(size)), expected.into())
}

fn unpacked(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let refuse = |(found, expected)| Err(Error::Data { source: name.into(), place: Place::default(), found, expected });
    let room = room(bytes.len());
    let mut unpacked = Vec::new();
    match MultiGzDecoder::new(bytes).take(room + 1).read_to_end(&mut unpacked) {
        Err(reason) => {
            refuse((format!("no whole gzip-compressed file ({reason})"), "a gzip-compressed file".to_string()))
        }
        Ok(_) if unpacked.len() as u64 > room => refuse(too_much(bytes.len())),
        Ok(_) => Ok(unpacked),
    }
}
