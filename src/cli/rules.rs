//! `rules`: what is looked for, and whether rule files are right. Why a value is found is told by [`explain`].

use std::path::PathBuf;

use clap::Subcommand;
use sanera::exit::Exit;
use sanera::rule::RuleSet;
use sanera::{Error, Result};
use serde_json::json;

use super::output::{Output, Problems};
use super::{Context, explain};

/// List, check and try rules.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// List all rules
    List {
        /// A folder with rules and word lists of your own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Check a rule file, or a folder of them: every problem at once, with line, column and a hint
    Check {
        /// The file or folder
        path: PathBuf,
    },
    /// Run the examples of all rules, or of those in a file or folder
    Test {
        /// The file or folder
        path: Option<PathBuf>,
    },
    /// Tell which rules find a value and why. `-` reads it from standard input
    Explain {
        /// The value, as it would stand in a cell
        value: String,
        /// The name of the column it would stand in
        #[arg(long)]
        column: Option<String>,
        /// A folder with rules and word lists of your own (may be repeated)
        #[arg(long, value_name = "DIR")]
        rules: Vec<PathBuf>,
    },
    /// Print the JSON Schema of rule files
    Schema,
}

const SCHEMA: &str = include_str!("../../schemas/rules.schema.json");

impl Command {
    pub(crate) fn run(self, context: &Context) -> Result<Exit> {
        match self {
            Self::List { rules } => list(context, &rules),
            Self::Check { path } => check(context, path),
            Self::Test { path } => test(context, path),
            Self::Explain { value, column, rules } => explain::run(context, &value, column.as_deref(), &rules),
            Self::Schema => Output::write_to(None, SCHEMA.as_bytes()).map(|()| Exit::Done),
        }
    }
}

fn list(context: &Context, folders: &[PathBuf]) -> Result<Exit> {
    let set = RuleSet::load(folders)?;
    if context.common.json {
        let rules: Vec<_> = set
            .rules
            .iter()
            .map(|rule| {
                json!({"id": rule.id, "category": rule.category, "country": rule.country,
                    "description": rule.description, "sensitivity": rule.sensitivity, "reference": rule.reference})
            })
            .collect();
        Output::write_json(None, &json!({"version": 1, "rules": rules}))?;
    } else {
        let line = |rule: &sanera::rule::Rule| format!("{:26} {:20} {}\n", rule.id, rule.category, rule.description);
        Output::write_to(None, set.rules.iter().map(line).collect::<Vec<_>>().concat().as_bytes())?;
    }
    Ok(Exit::Done)
}

fn check(context: &Context, path: PathBuf) -> Result<Exit> {
    let detector = match Context::detector(&[path]) {
        Ok(detector) => detector,
        Err(Error::Problems(text)) => return Problems::rendered(&text).show(context),
        Err(error) => return Err(error),
    };
    let (failures, _) = detector.failing_examples();
    let mut problems: Vec<String> = failures.iter().map(ToString::to_string).collect();
    problems.extend(detector.slow_rules().into_iter().map(|rule| {
        format!("rule {rule}: pattern: begins with nearly anything, which makes every scan slow; begin it with something rarer")
    }));
    Problems(problems).show(context)
}

fn test(context: &Context, path: Option<PathBuf>) -> Result<Exit> {
    let folders: Vec<PathBuf> = path.into_iter().collect();
    let detector = match Context::detector(&folders) {
        Ok(detector) => detector,
        Err(Error::Problems(text)) => return Problems::rendered(&text).show(context),
        Err(error) => return Err(error),
    };
    let (failures, count) = detector.failing_examples();
    context.say(format_args!("{count} examples of {} rules", detector.rules().rules.len()));
    Problems(failures.iter().map(ToString::to_string).collect()).show(context)
}
