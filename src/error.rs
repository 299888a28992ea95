//! What can go wrong, worded for the user; each kind has its exit status.

use std::fmt;
use std::path::PathBuf;

/// A line of a text, or a row of a file without lines; both are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A line of a text.
    Line(u64),
    /// A row of an array.
    Row(u64),
}

/// Where in a file something was found: a 1-based line, or a 1-based row, and, if known, the column's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line or row, counted from 1.
    pub spot: Option<Spot>,
    /// What else it is known by.
    pub name: Option<Name>,
}

/// The name of a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    /// Of a column.
    Column(String),
    /// Of another part: an array, a header.
    Part(String),
}

impl Place {
    /// A place known by its line alone.
    pub fn line(line: u64) -> Self {
        Self { spot: Some(Spot::Line(line)), ..Self::default() }
    }

    /// A place known by its line and column.
    pub fn cell(line: u64, column: impl Into<String>) -> Self {
        Self { spot: Some(Spot::Line(line)), name: Some(Name::Column(column.into())) }
    }

    /// A place in a file without lines, known by its row and column.
    pub fn row(row: u64, column: impl Into<String>) -> Self {
        Self { spot: Some(Spot::Row(row)), name: Some(Name::Column(column.into())) }
    }

    /// A part that is neither a line, a row nor a column: an array, a header.
    pub fn part(name: impl Into<String>) -> Self {
        Self { name: Some(Name::Part(name.into())), ..Self::default() }
    }

    /// A place known by its column alone.
    pub fn column(column: impl Into<String>) -> Self {
        Self { name: Some(Name::Column(column.into())), ..Self::default() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spot = self.spot.map(|spot| match spot {
            Spot::Line(line) => format!("line {line}"),
            Spot::Row(row) => format!("row {row}"),
        });
        let name = self.name.as_ref().map(|name| match name {
            Name::Column(name) => format!("column {}", printable(name)),
            Name::Part(name) => printable(name),
        });
        f.write_str(&[spot, name].into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// How the program ends, as its exit status says to a script; 4 is kept free, and 128 + n is the end by signal n.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done; a closed pipe counts as done.
    Done = 0,
    /// Something failed: data that can't be used, a file that can't be read or written, a gradient that is wrong.
    Failed = 1,
    /// The command line makes no sense, or there is no terminal for the screen.
    Usage = 2,
    /// The training came to an update that is not finite.
    Diverged = 3,
    /// A check came to no verdict.
    CannotTell = 5,
}

impl Exit {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Done, Self::Failed, Self::Usage, Self::Diverged, Self::CannotTell];

    /// The number that the shell gets.
    pub fn status(self) -> u8 {
        self as u8
    }

    /// What it means, for the help, the manual page and the README.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Usage => "wrong usage, or no terminal for the screen",
            Self::Diverged => "diverged",
            Self::CannotTell => "can't tell: `check` came to no verdict",
        }
    }

    /// All of them in one sentence.
    pub fn sentence() -> String {
        let each = Self::ALL.map(|exit| format!("{} {}", exit.status(), exit.meaning()));
        format!("Exit status: {}.", each.join("; "))
    }
}

/// Everything that ends the program with a message.
#[derive(Debug)]
pub enum Error {
    /// A flag or a combination of flags that makes no sense; exit status 2.
    Usage(String),
    /// Data that can't be used: the file or set, the place in it, what was found and what was expected; exit status 1.
    Data {
        /// Path or name of the data.
        source: String,
        /// Where in it.
        place: Place,
        /// What was found there.
        found: String,
        /// What would have been right.
        expected: String,
    },
    /// Parts of a file that the program has no use for, and without which the rest would say something else; exit status 1.
    NotRead {
        /// Path of the file, as it may be printed.
        source: String,
        /// Names, and what they are.
        parts: Vec<(String, String)>,
        /// What helps.
        remedy: String,
    },
    /// The system refused to read or write; exit status 1.
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// The terminal can't show the screen; exit status 2.
    Terminal(String),
    /// Something of the program's own failed, such as the trainer's thread; exit status 1.
    Failed(String),
}

impl Error {
    /// The exit status that this error ends the program with.
    pub fn exit_status(&self) -> u8 {
        let exit = match self {
            Error::Usage(_) | Error::Terminal(_) => Exit::Usage,
            Error::Data { .. } | Error::NotRead { .. } | Error::Io { .. } | Error::Failed(_) => Exit::Failed,
        };
        exit.status()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(text) | Error::Terminal(text) | Error::Failed(text) => f.write_str(text),
            Error::Io { path, reason } => write!(f, "{}: {reason}", printable(&path.display().to_string())),
            Error::NotRead { source, parts, remedy } => {
                write!(f, "{}: ", printable(source))?;
                for (names, what) in parts {
                    write!(f, "{}: {} is not read; ", printable(names), printable(what))?;
                }
                f.write_str(remedy)
            }
            Error::Data { source, place, found, expected } => {
                write!(f, "{}: ", printable(source))?;
                if *place != Place::default() {
                    write!(f, "{place}: ")?;
                }
                write!(f, "found {}, expected {}", printable(found), printable(expected))
            }
        }
    }
}

impl std::error::Error for Error {}

/// The program's result type.
pub type Result<T> = std::result::Result<T, Error>;

/// Text from outside, made safe to print: control characters are escaped, and what is longer than 200 characters is cut.
pub fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    let shown: String = text.chars().take(LONGEST).map(escape).collect();
    if text.chars().nth(LONGEST).is_some() { shown + "…" } else { shown }
}

/// Lines with text from outside in them, made safe to print; nothing is cut.
pub fn printable_lines(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c.into() } else { escape(c) }).collect()
}

/// Text in JSON, with those control characters escaped, too, that JSON lets stand.
pub fn printable_json(text: &str) -> String {
    // They can only stand inside of strings.
    text.chars().map(|c| if c.is_control() { format!("\\u{:04x}", u32::from(c)) } else { c.into() }).collect()
}

fn escape(c: char) -> String {
    if c.is_control() { c.escape_default().to_string() } else { c.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_error_names_file_line_column_found_and_expected() {
        let error = Error::Data {
            source: "points.csv".into(),
            place: Place::cell(3, "x1"),
            found: "\"4,900\"".into(),
            expected: "a number".into(),
        };
        assert_eq!(error.to_string(), "points.csv: line 3, column x1: found \"4,900\", expected a number");
        assert_eq!(error.exit_status(), 1);
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let error = Error::Data {
            source: "a\u{1b}[2J.csv".into(),
            place: Place::column("\u{7}bell"),
            found: "\u{1b}]0;title".into(),
            expected: "a name".into(),
        };
        assert!(!error.to_string().chars().any(char::is_control));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(printable(&"a".repeat(100_000)).chars().count(), 201);
    }
}
