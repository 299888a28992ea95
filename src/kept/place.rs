//! Places that are written to: a file is replaced as a whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::Builder;

use crate::error::{Error, Place, Result};

/// Refuses a place that can't be written to, before there is something to lose.
///
/// # Errors
/// `Error::Data` for a directory; `Error::Io` if its folder is not there.
pub fn check(path: &Path) -> Result<()> {
    if path.is_dir() {
        let (source, expected) = (path.display().to_string(), "the name of a file".into());
        return Err(Error::Data { source, place: Place::default(), found: "a directory".into(), expected });
    }
    let folder = folder(path);
    match fs::metadata(&folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Error::Io { path: folder, reason: io::ErrorKind::NotADirectory.into() }),
        Err(reason) => Err(Error::Io { path: folder, reason }),
    }
}

/// Writes bytes to a file: into a new one beside it, which takes its place when it is whole and on the disk.
///
/// # Errors
/// `Error::Data` for a directory; `Error::Io` with the system's reason. What stood there is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    check(path)?;
    let error = |reason| Error::Io { path: path.into(), reason };
    // A link stays, and what it points to is written.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.into());
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        // A device or a pipe has no place to take.
        return fs::OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(bytes)).map_err(error);
    }
    replace(path, bytes).map_err(error)
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = Builder::new();
    builder.prefix(".deltascope-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The rights that the file had, or those that any new file gets.
        let mode = fs::metadata(path).map_or(0o666, |metadata| metadata.permissions().mode());
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(folder(path))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// The folder that a path is in.
fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).into()
}
