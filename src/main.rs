//! The command line's entry: guards of the process, then [`cli::run`].

mod cli;

use std::process::ExitCode;

use sanera::exit::Exit;

fn main() -> ExitCode {
    cli::process::harden();
    let exit = std::panic::catch_unwind(cli::run).unwrap_or(Exit::Internal);
    ExitCode::from(exit.code())
}
