//! `completions`: scripts that complete commands and options in a shell.

use clap::CommandFactory;
use clap_complete::Shell;
use sanera::Result;
use sanera::exit::Exit;

use super::output::Output;

/// Print a completion script for a shell.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

impl Arguments {
    pub(crate) fn run(&self) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "sanera", &mut script);
        Output::write_to(None, &script)?;
        Ok(Exit::Done)
    }
}
