//! A folder of a test's own, which is removed after the test.

use std::fs;

use tempfile::TempDir;

/// The folder.
pub struct Scratch(TempDir);

impl Scratch {
    /// An empty folder.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    /// The path of a file in it, which need not exist.
    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("it is UTF-8").into()
    }

    /// Writes a file into it, and returns its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file can be written");
        path
    }
}
