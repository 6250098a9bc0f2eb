//! `apply`: carries a plan out, or tries it.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};

use sanera::apply::{Mode, Options, Outcome, Receipt, apply};
use sanera::db::{Database, Purpose};
use sanera::exit::Exit;
use sanera::plan::Plan;
use sanera::{Error, Result};

use super::output::Output;
use super::{Context, SourceArgument, process};

/// Apply a plan in one transaction: everything is checked before and after, and any error rolls everything back.
#[derive(clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
#[command(after_help = "Examples:\n  sanera apply sqlite:shop.db erase.sql --rehearse\n  \
    sanera apply sqlite:shop.db erase.sql --purge --yes -o receipt.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: SourceArgument,
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: Option<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Only read: is every row still as the plan saw it?
    #[arg(long, conflicts_with = "rehearse")]
    dry_run: bool,
    /// Run everything, then roll back
    #[arg(long)]
    rehearse: bool,
    /// Afterwards remove old values from free pages, logs, full-text indexes and statistics. Rewrites the whole file
    #[arg(long)]
    purge: bool,
    /// Why, for the receipt; no personal data
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The receipt to write
    #[arg(short, value_name = "RECEIPT")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn run(mut self, context: &Context) -> Result<Exit> {
        (self.source, self.plan) = self.source.or_next(self.plan);
        let Some(path) = self.plan.as_deref().map(Path::new) else {
            return Err(Error::Usage("no plan given; write sanera apply URL PLAN".into()));
        };
        let key = context.key()?.derive("plan");
        let plan = Plan::read(path, &key)?;
        let mode = match (self.dry_run, self.rehearse) {
            (true, _) => Mode::DryRun,
            (_, true) => Mode::Rehearse,
            _ => Mode::Commit,
        };
        if mode == Mode::Commit && !self.yes {
            self.confirm(path, &plan)?;
        }
        process::busy();
        // Before anything is changed: a receipt that can't be written shall not be found out afterwards.
        let wanted = context.common.json || self.output.is_some();
        let output = wanted.then(|| Output::open(self.output.as_deref())).transpose()?;
        let purpose = if mode == Mode::DryRun { Purpose::Read } else { Purpose::Write };
        let mut database = Database::open(&self.source.source()?, purpose, &context.cancel)?;
        let options = Options { mode, purge: self.purge, reason: self.reason.clone(), now: jiff::Timestamp::now() };
        let receipt = apply(&mut database, &plan, &key, &options, &context.cancel)?;
        context.say(summary(&receipt).trim_end());
        if let Some(output) = output {
            output.json(&receipt).map_err(|error| unwritten(&receipt, error))?;
        }
        Ok(if self.purge && receipt.holds_residue() { Exit::Incomplete } else { Exit::Done })
    }

    /// Asks at the terminal; without one, only `--yes` is an answer.
    fn confirm(&self, path: &Path, plan: &Plan) -> Result<()> {
        let not = "not confirmed; nothing was changed. Read the plan, then run it with --yes";
        if !std::io::stdin().is_terminal() {
            return Err(Error::Refused(not.into()));
        }
        let rows: u64 = plan.side.effect.iter().map(|effect| effect.rows).sum();
        anstream::eprint!("Apply {} to {} ({rows} rows)? [yes/no] ", path.display(), self.source.source()?.display());
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map_err(|error| Error::file("standard input", error))?;
        if matches!(answer.trim(), "yes" | "ja") { Ok(()) } else { Err(Error::Refused(not.into())) }
    }
}

/// A receipt that could not be written, with what was done all the same.
fn unwritten(receipt: &Receipt, error: Error) -> Error {
    match (receipt.outcome, error) {
        (Outcome::Applied, Error::Output { what, reason }) => {
            Error::Output { what, reason: format!("{reason}; the plan was applied all the same") }
        }
        (_, error) => error,
    }
}

fn summary(receipt: &Receipt) -> String {
    use std::fmt::Write;
    let mut text = match receipt.outcome {
        Outcome::Checked => "Every row is as the plan saw it. Nothing was written.\n".to_owned(),
        Outcome::Rehearsed => "Rehearsed: everything ran, was verified, and was rolled back.\n".to_owned(),
        Outcome::Applied => "Applied and verified.\n".to_owned(),
        Outcome::AlreadyApplied => format!("Already applied at {}. Nothing was done.\n", receipt.at),
    };
    for effect in &receipt.effect {
        let action = serde_json::to_value(effect.action).unwrap_or_default();
        let _ =
            writeln!(text, "  {:10} {:6} rows of {}", action.as_str().unwrap_or_default(), effect.rows, effect.table);
    }
    for residue in &receipt.residue {
        let _ = writeln!(text, "  stays: {residue}");
    }
    text
}
