//! The house rules that a machine can hold: layers, heads of files, lengths, and where things may be named.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use circles::{circles, printed};
use imports::Package;

mod circles;
mod imports;
mod items;

/// The layers from the bottom up; a module names only what stands before its layer, and itself.
const LAYERS: [&[&str]; 14] = [
    &["text", "number"],
    &["error"],
    &["nn"],
    &["data"],
    &["weights"],
    &["train"],
    &["derivation"],
    &["keymap"],
    &["theme"],
    &["view"],
    &["ui"],
    &["app"],
    &["tui", "headless"],
    &["cli"],
];
/// No file is longer.
const LONGEST: usize = 400;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is readable").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    files
}

fn all() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [root.join("src"), root.join("tests")].iter().flat_map(|folder| sources(folder)).collect::<Vec<_>>();
    files.into_iter().map(|path| (path.strip_prefix(root).expect("inside").to_path_buf(), read(&path))).collect()
}

fn package() -> Package {
    Package::read(Path::new(env!("CARGO_MANIFEST_DIR")))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a source file is text")
}

/// The module of a file under src: its first folder, or its own name.
fn module(path: &Path) -> Option<&str> {
    let part = path.strip_prefix("src").ok()?.components().next()?;
    part.as_os_str().to_str().map(|name| name.trim_end_matches(".rs"))
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn every_file_begins_with_one_sentence() {
    for (path, text) in all() {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.ends_with('.'), "{}: {first:?}", path.display());
    }
}

#[test]
fn no_file_is_too_long() {
    for (path, text) in all() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

#[test]
fn a_module_names_only_layers_below_it() {
    for import in package().imports() {
        let Some((own, layer)) = module(&import.from).and_then(|module| Some((module, layer(module)?))) else {
            continue;
        };
        for name in import.through.iter().filter_map(|names| names.first()).filter(|&name| name != own) {
            let below = self::layer(name).is_some_and(|named| named < layer);
            assert!(below, "{}:{}: {own} names {name}: {}", import.from.display(), import.line, import.path);
        }
    }
}

#[test]
fn files_do_not_import_each_other_in_circles() {
    let mut imports = package().imports();
    imports.retain(|import| !import.in_test && !import.of_child);
    let circles: Vec<String> = circles(&imports).iter().map(|circle| printed(circle, &imports)).collect();
    assert!(circles.is_empty(), "{} circles:\n\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn no_two_types_share_a_name() {
    let package = package();
    let mut files: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, file) in package.types() {
        files.entry(name).or_default().push(file.display().to_string());
    }
    files.retain(|_, files| files.len() > 1);
    files.values_mut().for_each(|files| files.sort());
    assert!(files.is_empty(), "{files:#?}");
}

#[test]
fn every_module_has_its_layer() {
    let modules: Vec<String> = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"))
        .lines()
        .filter_map(|line| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_string()))
        .collect();
    assert_eq!(modules, LAYERS.concat(), "in the order of reading");
}

#[test]
fn the_mathematics_knows_no_thread_clock_file_or_terminal() {
    let foreign = ["std::thread", "std::time", "std::fs", "std::io", "ratatui", "crossterm", "println!", "eprintln!"];
    for (path, text) in all().into_iter().filter(|(path, _)| path.starts_with("src/nn") || path.ends_with("src/nn.rs"))
    {
        for name in foreign {
            assert!(!text.contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn nothing_prints_but_through_a_writer_that_may_fail() {
    for (path, text) in all().into_iter().filter(|(path, _)| path.starts_with("src")) {
        for name in ["println!", "eprintln!", "print!(", "dbg!"] {
            let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
            assert!(!code.into_iter().any(|line| line.contains(name)), "{} uses {name}", path.display());
        }
    }
}

#[test]
fn a_test_that_is_skipped_says_so_past_the_harness() {
    let mut said = 0;
    for (path, text) in
        all().into_iter().filter(|(path, _)| path.starts_with("tests") && !path.starts_with("tests/tidy"))
    {
        // The harness keeps what `println!` and `eprintln!` print in a test that passes.
        for line in text.lines().filter(|line| line.contains("\"skipped: ")) {
            assert!(line.contains("writeln!(io::stderr()"), "{}: {line}", path.display());
            said += 1;
        }
    }
    assert!(said > 0, "there are such tests");
}

#[test]
fn numbers_are_printed_by_the_one_printer() {
    for (path, text) in
        all().into_iter().filter(|(path, _)| path.starts_with("src") && !path.ends_with("src/number.rs"))
    {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().map(|line| line.split("//").next().unwrap_or_default()).enumerate() {
            let formats = line.split('{').skip(1).filter_map(|part| part.split_once('}')?.0.split_once(':'));
            for (_, how) in formats.filter(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_')) {
                let rounds = how.contains('.') || how.contains('e') && how.len() < 4;
                assert!(!rounds, "{}:{}: {{:{how}}}: number.rs prints it", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn there_is_one_crossterm() {
    let lock = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"));
    assert_eq!(lock.matches("name = \"crossterm\"").count(), 1);
}
