//! `init`: a first policy from a map.

use std::path::PathBuf;

use sanera::db::{Database, Purpose};
use sanera::exit::Exit;
use sanera::map::Map;
use sanera::{Error, Result, policy};
use serde_json::json;

use super::output::Output;
use super::{Context, SourceArgument};

/// Write a first policy from what a map found. What is doubtful stands in it commented out; read it before use.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  sanera init sqlite:shop.db --map sanera.map -o policy.toml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: SourceArgument,
    /// The map
    #[arg(long, value_name = "MAP", default_value = "sanera.map")]
    map: PathBuf,
    /// The policy to write; one that is there already is not replaced
    #[arg(short, value_name = "POLICY", default_value = "policy.toml")]
    output: PathBuf,
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context) -> Result<Exit> {
        let map = Map::open(&self.map)?;
        let catalog = Database::open(&self.source.source()?, Purpose::Read, &context.cancel)?.inspect()?;
        if catalog.fingerprint() != map.head().source.fingerprint {
            let reason = "the map is of another database, or the schema has changed since; scan again";
            return Err(Error::Refused(reason.into()));
        }
        // A policy is edited by hand: hours of work must not be lost by a repeated command.
        if self.output.exists() {
            return Err(Error::output(self.output.display().to_string(), "is there already; move it or name another"));
        }
        Output::write_to(Some(&self.output), policy::init(map.head()).as_bytes())?;
        if context.common.json {
            Output::write_json(None, &json!({"version": 1, "policy": self.output}))?;
        }
        context.say(format_args!("Policy: {}. Read it, then: sanera plan erase …", self.output.display()));
        Ok(Exit::Done)
    }
}
