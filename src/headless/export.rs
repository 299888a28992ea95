//! What a run leaves for other programs: its history, its metrics, a picture of the screen, its net in PyTorch.

mod history;
mod pytorch;
mod screen;
mod tensorboard;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::epochs::{self, RunEnd, RunMoment};
use crate::data::Data;
use crate::error::{Error, Result, printable};
use crate::train::{Config, begin};
use crate::ui::svg;
use crate::weights;

pub use screen::Shot;
use screen::Watched;

/// What is exported, and where to.
#[derive(Clone, Debug)]
pub enum Export {
    /// The measures of every epoch, as CSV.
    History(PathBuf),
    /// The same for TensorBoard, in a file of events in a folder.
    TensorBoard(PathBuf),
    /// The screen, or one panel, as SVG or as text.
    Screen(PathBuf, Shot),
    /// A script that builds the same net with the same weights.
    PyTorch(PathBuf),
}

/// Trains for the epochs of the options and writes what is exported.
///
/// # Errors
/// If the options make no net, the place can't be written to, or its name says nothing of the form.
pub fn run(config: Config, data: Data, export: &Export) -> Result<RunEnd> {
    if let Export::Screen(path, _) = export {
        is_svg(path)?;
    }
    match export {
        Export::TensorBoard(folder) => {
            std::fs::create_dir_all(folder).map_err(|reason| Error::Io { path: folder.clone(), reason })?
        }
        Export::History(path) | Export::Screen(path, _) | Export::PyTorch(path) if !is_stdout(path) => {
            weights::check_place(path)?;
        }
        _ => {}
    }
    let mut watched = match export {
        Export::Screen(_, shot) => Some(Watched::new(shot)),
        _ => None,
    };
    let mut history = history::History::default();
    let mut last = None;
    let epochs = config.epochs.unwrap_or(0);
    let mut trainer = begin(config, data)?;
    let end = epochs::train(&mut *trainer, epochs, |trainer, at| {
        let mut snapshot = trainer.snapshot(None);
        if let RunMoment::Diverged { .. } = at {
            snapshot.status = at.status();
        }
        history.add(&snapshot);
        match &mut watched {
            Some(watched) => watched.absorb(snapshot),
            None => last = Some(snapshot),
        }
        Ok::<(), Error>(())
    })?;
    match (export, watched, last) {
        (Export::History(path), ..) => put(path, history.csv().as_bytes())?,
        (Export::TensorBoard(folder), ..) => {
            let path = folder.join(history.file_name());
            weights::write_file(&path, &tensorboard::events(&history))?;
        }
        (Export::Screen(path, shot), Some(watched), _) => {
            let picture = watched.picture(&mut *trainer)?;
            let text = if is_svg(path)? { svg::svg(&picture, &shot.theme) } else { svg::text(&picture) };
            put(path, text.as_bytes())?;
        }
        (Export::PyTorch(path), _, Some(snapshot)) => put(path, pytorch::script(&snapshot).as_bytes())?,
        _ => {}
    }
    Ok(end)
}

/// Whether a picture is SVG by its name, or else text.
fn is_svg(path: &Path) -> Result<bool> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => Ok(true),
        Some("txt") => Ok(false),
        None if is_stdout(path) => Ok(false),
        _ => {
            let path = printable(&path.display().to_string());
            Err(Error::Usage(format!("{path}: a picture of the screen is in a file that ends in .svg or .txt")))
        }
    }
}

/// Whether a path is the sign for stdout.
fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Writes to a file, or to stdout; there a closed pipe is no error.
fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    if !is_stdout(path) {
        return weights::write_file(path, bytes);
    }
    match io::stdout().write_all(bytes) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => Err(Error::Io { path: "stdout".into(), reason }),
        _ => Ok(()),
    }
}
