//! A file of options, as `--config` has it.

use std::ffi::OsString;

use clap::Parser;
use deltascope::cli::{self, Cli};

use crate::{check, scratch};

/// Options in TOML: they are refused, or are words that the command line takes.
pub fn options(data: &[u8]) {
    let path = scratch::file("t.toml", data);
    let words = ["deltascope".into(), "--config".into(), OsString::from(path)];
    match cli::arguments(words) {
        Ok(line) => {
            let words = line.words();
            assert!(words.len() >= 3);
            // What options together can't be is told then; each alone was looked at.
            if let Ok(cli) = Cli::try_parse_from(&words)
                && let Err(wrong) = cli.run.config()
            {
                check::error(&wrong);
            }
        }
        Err(wrong) => check::error(&wrong),
    }
}
