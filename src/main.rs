//! Arguments to options, options to a task; the one place where an error is printed.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use deltascope::cli::{self, Cli};

fn main() -> ExitCode {
    match cli::execute(Cli::parse()) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Where stderr is gone there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "deltascope: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}
