//! Plans: what will happen to the rows of one person, as one SQL file that a person reads.
//!
//! `gather` finds the person's rows, `decide` applies the policy, `order` respects foreign keys, `render` writes the
//! SQL, `statement` parses it again, `side` keeps what must not stand in the SQL.

mod decide;
mod gather;
mod order;
mod render;
mod side;
mod statement;

use std::io::Write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, TableName};
use crate::db::Database;
use crate::output::PrivateFile;
use crate::policy::Policy;
use crate::secret::SubKey;
use crate::subject::{Answer, Identifier};
use crate::{Error, Result};

pub use side::{Fan, Guard, Run, Side, guard_hash};
pub use statement::{Kind, check as check_statement, check_between};

pub(crate) use decide::holds;
pub(crate) use gather::visible;
pub(crate) use render::hash;

/// What a plan is made from.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The database as it is now.
    pub catalog: &'a Catalog,
    /// The policy.
    pub policy: &'a Policy,
    /// What the person was searched by.
    pub identifiers: &'a [Identifier],
    /// Where the search found it.
    pub answer: &'a Answer,
    /// The pinned point in time.
    pub at: Timestamp,
    /// The database's name in messages.
    pub source: &'a str,
    /// The location map's id.
    pub map: &'a str,
    /// The key for plans.
    pub key: &'a SubKey,
}

/// The answer to a wish to be erased: the verdict, and the plan if nothing hinders it.
#[derive(Debug)]
pub struct Draft {
    /// For people and host systems.
    pub verdict: Verdict,
    /// The plan.
    pub plan: Option<Plan>,
}

/// What `plan erase --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The document's version.
    pub version: u32,
    /// Whether nothing hinders it.
    pub allowed: bool,
    /// The person, without personal data: `kund.id = 17`.
    pub subject: String,
    /// What hinders it.
    pub hindrances: Vec<Hindrance>,
    /// What would happen, by table.
    pub effect: Vec<Effect>,
}

/// One reason against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hindrance {
    /// What stands against it: a foreign key, later a hold.
    pub hold: String,
    /// Why, and the ways out.
    pub reason: String,
    /// The table.
    pub table: String,
    /// Rows that hinder.
    pub rows: u64,
}

/// What happens to one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The table.
    pub table: String,
    /// What happens.
    pub action: Action,
    /// Rows.
    pub rows: u64,
}

/// What happens to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Links to rows that go become NULL.
    Unlink,
    /// Cells get new values.
    Anonymise,
    /// Rows go.
    Delete,
    /// Rows stay as they are, for the policy's reason.
    Keep,
}

/// A plan: the SQL as it is written, and its side file.
#[derive(Debug)]
pub struct Plan {
    /// The SQL file's text.
    pub sql: String,
    /// What stands in the side file.
    pub side: Side,
}

/// Plans the erasure of one person.
pub fn erase(request: &Request<'_>, database: &mut Database) -> Result<Draft> {
    request.policy.check(request.catalog).into_result()?;
    let person = gather::gather(request, database)?;
    let decided = decide::decide(request, &person, database)?;
    let (steps, defer) = order::order(request, &person, &decided);
    let effect = decided.effect(request, &steps);
    let hindrances = decided.hindrances;
    let allowed = hindrances.is_empty();
    let subject = person.describe(request);
    let verdict = Verdict { version: 1, allowed, subject, hindrances, effect };
    if !allowed {
        return Ok(Draft { verdict, plan: None });
    }
    let plan = render::render(request, &person, &steps, defer, &verdict, database.dialect())?;
    Ok(Draft { verdict, plan: Some(plan) })
}

/// One step: the same action on rows of one table.
#[derive(Debug)]
struct Step {
    table: usize,
    action: Action,
    /// New values, none when rows go.
    set: Vec<(String, crate::value::Value)>,
    /// Indexes of rows in [`gather::Person`].
    rows: Vec<usize>,
    why: String,
}

fn refused<T>(reason: impl Into<String>) -> Result<T> {
    Err(Error::Refused(reason.into()))
}

/// The table's name in sentences.
fn called(catalog: &Catalog, table: usize) -> &TableName {
    &catalog.tables[table].name
}

impl Plan {
    /// Writes PLAN and PLAN.side, both for their owner only. The side file comes first: SQL without it can't run.
    pub fn write(&self, path: &std::path::Path, key: &SubKey) -> Result<()> {
        write_private(&side_path(path), &self.side.seal(key)?)?;
        write_private(path, self.sql.as_bytes())
    }

    /// Reads both again, and refuses an edited plan.
    pub fn read(path: &std::path::Path, key: &SubKey) -> Result<Self> {
        let sql = std::fs::read_to_string(path)
            .map_err(|error| Error::unreadable(path, &error, "make one with: sanera plan erase"))?;
        let beside = side_path(path);
        let remedy = "it must stand beside the plan; restore it or make a new plan";
        let sealed = std::fs::read(&beside).map_err(|error| Error::unreadable(&beside, &error, remedy))?;
        Ok(Self { sql, side: Side::open(&sealed, key, &beside)? })
    }
}

/// Where the side file of a plan stands.
pub fn side_path(plan: &std::path::Path) -> std::path::PathBuf {
    let mut name = plan.as_os_str().to_owned();
    name.push(".side");
    name.into()
}

fn write_private(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    let mut file = PrivateFile::create(path)?;
    file.write_all(bytes).map_err(|error| file.failed(&error))?;
    file.commit()
}
