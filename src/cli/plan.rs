//! `plan erase`: what the erasure of one person would do, as SQL to read.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use sanera::exit::Exit;
use sanera::finding::Unreadable;
use sanera::plan::{self, Request, Verdict};
use sanera::policy::Policy;
use sanera::sensitive::printable;
use sanera::{Error, Result};

use super::output::Output;
use super::search::{self, Identifiers};
use super::{Context, SourceArgument, process};

/// Make a plan. Nothing is changed until it is applied.
#[derive(Subcommand)]
pub(crate) enum Command {
    Erase(Erase),
}

/// Plan the erasure of one person: SQL to read, and a side file for what must not stand in it.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  sanera plan erase sqlite:shop.db --policy policy.toml --personal-number - -o erase.sql"
)]
pub(crate) struct Erase {
    #[command(flatten)]
    source: SourceArgument,
    #[command(flatten)]
    identifiers: Identifiers,
    /// The policy
    #[arg(long, value_name = "POLICY")]
    policy: PathBuf,
    /// The map
    #[arg(long, value_name = "MAP", default_value = "sanera.map")]
    map: PathBuf,
    /// A folder with rules and word lists of your own, as given to the scan (may be repeated)
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// The plan to write; its side file is PLAN.side
    #[arg(short, value_name = "PLAN", default_value = "erase.sql")]
    output: PathBuf,
    /// The point in time that the plan names (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,
}

impl Command {
    pub(crate) fn run(self, context: &Context) -> Result<Exit> {
        let Self::Erase(erase) = self;
        erase.run(context)
    }
}

impl Erase {
    pub(crate) fn run(&self, context: &Context) -> Result<Exit> {
        process::busy();
        let verdict = self.draft(context)?;
        if context.common.json {
            Output::write_json(None, &verdict)?;
        }
        context.say(summary(&verdict).trim_end());
        if !verdict.allowed {
            return Err(Error::Refused("the erasure is hindered; no plan was written".into()));
        }
        context.say(format_args!("Plan: {} (and {})", shown(&self.output), shown(&plan::side_path(&self.output))));
        Ok(Exit::Done)
    }

    /// Searches, plans, and writes the plan if nothing hinders it.
    fn draft(&self, context: &Context) -> Result<Verdict> {
        let identifiers = self.identifiers.read(None)?;
        let policy = Policy::load(&self.policy)?;
        let mut found = search::find(context, &self.source, &self.map, &self.rules, &identifiers, false)?;
        if let Some(Unreadable { table, reason, .. }) = found.answer.unreadable.first().cloned() {
            return Err(Error::Table { table, reason });
        }
        let key = context.key()?.derive("plan");
        let source = self.source.source()?.display();
        let request = Request {
            catalog: &found.catalog,
            policy: &policy,
            identifiers: &identifiers,
            answer: &found.answer,
            at: self.at.unwrap_or_else(jiff::Timestamp::now),
            source: &source,
            map: &found.map_id,
            key: &key,
        };
        let draft = plan::erase(&request, &mut found.database)?;
        if let Some(plan) = &draft.plan {
            plan.write(&self.output, &key)?;
        }
        Ok(draft.verdict)
    }
}

/// The verdict for a person at a terminal.
fn summary(verdict: &Verdict) -> String {
    use std::fmt::Write;
    let mut text = format!("Erase {}\n", verdict.subject);
    for hindrance in &verdict.hindrances {
        let _ = writeln!(text, "  hindered by {} ({} rows): {}", hindrance.table, hindrance.rows, hindrance.reason);
    }
    for effect in &verdict.effect {
        let action = serde_json::to_value(effect.action).unwrap_or_default();
        let _ =
            writeln!(text, "  {:10} {:6} rows of {}", action.as_str().unwrap_or_default(), effect.rows, effect.table);
    }
    text
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}
