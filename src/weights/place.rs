//! Places that are written to: a file is replaced as a whole or not at all, and a new one appears whole or not at all.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

use crate::error::{Error, Place, Result};

/// How the name of a file begins that is not whole yet, and how many letters and digits end it.
const BEGINNING: &str = ".deltascope-";
const ENDING: usize = 6;
/// One that nobody has written to for so long was left by a program that was killed.
const LEFT: Duration = Duration::from_secs(3600);
/// So many names of a folder at most are looked through for those.
const LOOKED_THROUGH: usize = 10_000;

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
    let there = fs::metadata(path).ok();
    if there.as_ref().is_some_and(|there| !there.is_file()) {
        // A device or a pipe has no place to take.
        return OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(bytes)).map_err(error);
    }
    clear(&folder(path));
    let file = beside(path, bytes, there.map(|there| there.permissions())).map_err(error)?;
    file.persist(path).map(drop).map_err(|refused| error(refused.error))
}

/// Writes new files to the current folder, one for each ending and all with the first number that none has: all or none, and never
/// over another one; returns their names.
///
/// # Errors
/// `Error::Io` with the system's reason.
pub fn write_numbered(what: &str, contents: &[(&str, &[u8])]) -> Result<Vec<PathBuf>> {
    clear(Path::new("."));
    for number in 1_u64.. {
        let name = |ending: &str| PathBuf::from(format!("deltascope-{what}-{number}.{ending}"));
        let paths: Vec<PathBuf> = contents.iter().map(|(ending, _)| name(ending)).collect();
        if paths.iter().any(|path| path.symlink_metadata().is_ok()) {
            continue;
        }
        match write_new(paths.iter().zip(contents.iter().map(|&(_, bytes)| bytes))) {
            // Somebody else was faster.
            Err(Error::Io { reason, .. }) if reason.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome.map(|()| paths),
        }
    }
    unreachable!("numbers do not end")
}

/// Writes files that must not be there yet; where one of them can't be written, there is none.
fn write_new<'a>(files: impl Iterator<Item = (&'a PathBuf, &'a [u8])>) -> Result<()> {
    let error = |path: &Path, reason| Error::Io { path: path.into(), reason };
    let whole =
        |(path, bytes): (&'a PathBuf, _)| Ok((path, beside(path, bytes, None).map_err(|reason| error(path, reason))?));
    let files = files.map(whole).collect::<Result<Vec<_>>>()?;
    let mut there = Vec::new();
    for (path, file) in files {
        if let Err(refused) = file.persist_noclobber(path) {
            // What can't be taken away again is whole, at least.
            there.into_iter().for_each(|path: &PathBuf| _ = fs::remove_file(path));
            return Err(error(path, refused.error));
        }
        there.push(path);
    }
    Ok(())
}

/// Bytes in a file beside a path, whole and on the disk, which is gone when it is dropped. It has the rights of the one that it is to
/// replace, or those that any new file gets.
fn beside(path: &Path, bytes: &[u8], rights: Option<Permissions>) -> io::Result<NamedTempFile<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if rights.is_some() {
        // Nobody else can open it before it has them.
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let new = |path: &Path| options.open(path);
    let mut file = Builder::new().prefix(BEGINNING).rand_bytes(ENDING).make_in(folder(path), new)?;
    // A disk that knows no rights has none to lose.
    let _ = rights.map(|rights| file.as_file().set_permissions(rights));
    // Through the file itself, whose errors do not name it: nobody has heard of its name.
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Takes away what programs left behind that were killed while they wrote; where that can't be, it stays.
fn clear(folder: &Path) {
    let now = SystemTime::now();
    for entry in fs::read_dir(folder).into_iter().flatten().take(LOOKED_THROUGH).flatten() {
        let name = entry.file_name();
        let ending = name.to_str().and_then(|name| name.strip_prefix(BEGINNING)).unwrap_or_default();
        if ending.len() != ENDING || !ending.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let left = |entry: &fs::DirEntry| {
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            now.duration_since(metadata.modified().ok()?).ok().filter(|&since| since > LEFT)
        };
        if left(&entry).is_some() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folder that a path is in.
fn folder(path: &Path) -> PathBuf {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).into()
}
