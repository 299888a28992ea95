//! Arguments to options, options to a task; the one place where an error is printed.

use std::io::Write;
use std::process::ExitCode;

use deltascope::cli;

fn main() -> ExitCode {
    // A file that may not grow any more is an error of its write, as a full disk is one, and not the end of the program.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Default::default());
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
