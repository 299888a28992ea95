//! Arguments to options, options to a task; the one place where an error is printed.

use std::io::Write;
use std::process::ExitCode;

use deltascope::cli;

fn main() -> ExitCode {
    let done = cli::arguments(std::env::args_os()).and_then(cli::execute);
    match done {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Where stderr is gone there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "deltascope: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}
