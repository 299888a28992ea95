//! A folder of a process's own, for parsers that take a path.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use tempfile::TempDir;

/// The path of a file of this name with these bytes; the next call with this name writes over it.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| TempDir::new().expect("a folder can be made"));
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("a file can be written");
    path
}
