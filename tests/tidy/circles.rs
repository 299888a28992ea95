//! Circles among the imports: files of which each leads to each other one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::imports::Import;

/// The largest sets of at least two files in which every file imports, directly or through others of the set, every other.
pub fn circles(imports: &[Import]) -> Vec<BTreeSet<PathBuf>> {
    let mut forward: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    let mut backward: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for import in imports {
        forward.entry(&import.from).or_default().insert(&import.to);
        backward.entry(&import.to).or_default().insert(&import.from);
    }
    // Kosaraju: what is finished last is searched first, against the direction of the imports.
    let (mut seen, mut finished) = (BTreeSet::new(), Vec::new());
    for &file in forward.keys() {
        search(file, &forward, &mut seen, &mut finished);
    }
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for file in finished.into_iter().rev() {
        let mut circle = Vec::new();
        search(file, &backward, &mut taken, &mut circle);
        if circle.len() > 1 {
            found.push(circle.into_iter().map(Path::to_path_buf).collect());
        }
    }
    found
}

fn search<'a>(
    file: &'a Path,
    next: &BTreeMap<&'a Path, BTreeSet<&'a Path>>,
    seen: &mut BTreeSet<&'a Path>,
    finished: &mut Vec<&'a Path>,
) {
    if seen.insert(file) {
        for other in next.get(file).into_iter().flatten() {
            search(other, next, seen, finished);
        }
        finished.push(file);
    }
}

/// A circle file by file: under each, the other files of it that it names, with what it names and in which lines.
pub fn printed(circle: &BTreeSet<PathBuf>, imports: &[Import]) -> String {
    let mut text = String::new();
    for file in circle {
        writeln!(text, "{}", file.display()).expect("a string takes it");
        let mut named: BTreeMap<&Path, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for import in imports.iter().filter(|import| import.from == *file && circle.contains(&import.to)) {
            named.entry(&import.to).or_default().entry(&import.item).or_default().push(import.line);
        }
        for (to, items) in named {
            let items: Vec<String> = items.iter().map(|(item, lines)| format!("{item} {lines:?}")).collect();
            writeln!(text, "    {}: {}", to.display(), items.join(", ")).expect("a string takes it");
        }
    }
    text
}
