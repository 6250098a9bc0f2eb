//! `doctor`: is this database, and this role in it, fit for a scan and for apply?

use std::fmt::Write;

use sanera::Result;
use sanera::db::{Check, Database, Level, Purpose};
use sanera::exit::Exit;
use serde::Serialize;

use super::output::Output;
use super::{Context, SourceArgument};

/// Look at a database, the connection and the role, and say what to do.
///
/// No row of a table is read, and nothing is changed.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  sanera doctor postgres://sanera@db.example.com/shop\n  sanera doctor sqlite:shop.db --json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: SourceArgument,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    source: String,
    checks: &'a [Check],
}

impl Arguments {
    pub(crate) fn run(&self, context: &Context) -> Result<Exit> {
        let source = self.source.source()?;
        let mut database = Database::open(&source, Purpose::Read, &context.cancel)?;
        let catalog = database.inspect()?;
        let mut checks = vec![Check::ok("connection", source.display())];
        checks.extend(database.examine(&catalog)?);
        checks.push(key(context));
        if context.common.json {
            let document = Document { version: 1, source: source.display(), checks: &checks };
            Output::write_json(None, &document)?;
        } else {
            Output::write_to(None, page(&checks).as_bytes())?;
        }
        Ok(Exit::Done)
    }
}

/// Where the key would come from; none is made here.
fn key(context: &Context) -> Check {
    match sanera::secret::Key::locate(context.common.key_file.as_deref()) {
        Ok(Some(place)) => Check::ok("key", place),
        Ok(None) => Check::note(
            "key",
            "there is none yet; the first scan makes one",
            "back it up apart from maps and databases",
        ),
        Err(error) => Check::problem("key", error.to_string(), "mend it before a scan"),
    }
}

fn page(checks: &[Check]) -> String {
    let mut page = String::new();
    for check in checks {
        let mark = match check.level {
            Level::Ok => "ok     ",
            Level::Note => "note   ",
            Level::Problem => "PROBLEM",
        };
        writeln!(page, "{mark}  {:<16}  {}", check.topic, check.found).expect("a string takes all");
        if let Some(remedy) = &check.remedy {
            writeln!(page, "{:27}-> {remedy}", "").expect("a string takes all");
        }
    }
    page
}
