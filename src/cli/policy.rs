//! `policy check`: whether a policy fits its database.

use std::path::PathBuf;

use clap::Subcommand;
use sanera::db::{Database, Purpose};
use sanera::exit::Exit;
use sanera::policy::Policy;
use sanera::{Error, Result};

use super::output::Problems;
use super::{Context, SourceArgument};

/// Check a policy.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check a policy against the catalog of its database: every problem at once
    Check {
        /// The policy
        policy: PathBuf,
        #[command(flatten)]
        source: SourceArgument,
    },
}

impl Command {
    pub(crate) fn run(self, context: &Context) -> Result<Exit> {
        let Self::Check { policy, source } = self;
        let checked = Policy::load(&policy).and_then(|policy| {
            let catalog = Database::open(&source.source()?, Purpose::Read, &context.cancel)?.inspect()?;
            policy.check(&catalog).into_result()
        });
        match checked {
            Ok(()) => Problems::default().show(context),
            Err(Error::Problems(text)) => Problems::rendered(&text).show(context),
            Err(error) => Err(error),
        }
    }
}
