//! Applying a plan: one transaction, everything checked before and after, and a receipt.
//!
//! `before` refuses what the plan was not made for, `after` proves what the statements did.

mod after;
mod before;
mod cascades;
mod quiet;
mod receipt;
#[cfg(test)]
mod surprises;
#[cfg(test)]
mod tests;

use std::sync::atomic::Ordering;

use jiff::Timestamp;

use crate::catalog::{Catalog, MARKER, Table, TableName};
use crate::db::{Begin, Cancel, Database, Transaction};
use crate::error::StatementFailure;
use crate::plan::{self, Plan, Run};
use crate::secret::SubKey;
use crate::value::Value;
use crate::{Error, Result};

use quiet::Quiet;
pub use receipt::{Outcome, Receipt};

/// How to apply.
#[derive(Clone, Debug)]
pub struct Options {
    /// How far to go.
    pub mode: Mode,
    /// Remove what the commit leaves behind.
    pub purge: bool,
    /// Why, for the receipt. Must hold no personal data.
    pub reason: Option<String>,
    /// When, for the marker and the receipt.
    pub now: Timestamp,
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads and compares, writes nothing.
    DryRun,
    /// Runs everything, then rolls back.
    Rehearse,
    /// Runs everything and commits.
    Commit,
}

/// Applies a plan.
pub fn apply(
    database: &mut Database,
    plan: &Plan,
    key: &SubKey,
    options: &Options,
    cancel: &Cancel,
) -> Result<Receipt> {
    before::unchanged(plan, database.dialect())?;
    let catalog = database.inspect()?;
    let earlier = applied(&catalog, plan, &mut reader(database))?;
    if let Some(at) = earlier {
        return Ok(cleaned(Receipt::already(plan, options, at), database, plan, options, &catalog));
    }
    if options.mode == Mode::DryRun {
        before::same_catalog(plan, &catalog)?;
        before::guards(plan, &catalog, key, &mut reader(database))?;
        return Ok(Receipt::new(plan, options, Outcome::Checked).finished());
    }
    let tables = plan.side.tables();
    let to_make = marker(&catalog).is_none().then(|| plan.side.marker());
    let begin = Begin {
        tables: &tables,
        overwrite_deleted: options.purge,
        defer_foreign_keys: plan.side.defer,
        marker: to_make.as_ref(),
    };
    let mut transaction = database.begin(&begin).map_err(refused)?;
    match within(&mut transaction, plan, key, options, cancel) {
        Ok(None) => {}
        Ok(Some(at)) => {
            transaction.rollback().ok();
            return Ok(cleaned(Receipt::already(plan, options, at), database, plan, options, &catalog));
        }
        Err(error) => {
            // Closing the connection rolls back as well: what failed first is what is told.
            transaction.rollback().ok();
            return Err(match error {
                Error::Refused(_) | Error::RolledBack(_) | Error::Interrupted => error,
                other => rolled_back(&other),
            });
        }
    }
    if options.mode == Mode::Rehearse {
        transaction.rollback()?;
        return Ok(Receipt::new(plan, options, Outcome::Rehearsed).finished());
    }
    match transaction.commit() {
        Ok(()) => {}
        Err(Error::Unknown(reason)) => ask(database, plan, reason)?,
        Err(error) => return Err(rolled_back(&error)),
    }
    Ok(cleaned(Receipt::new(plan, options, Outcome::Applied), database, plan, options, &catalog))
}

/// The receipt of what is committed, after the purge that was asked for.
fn cleaned(
    mut receipt: Receipt,
    database: &mut Database,
    plan: &Plan,
    options: &Options,
    catalog: &Catalog,
) -> Receipt {
    if options.purge && options.mode == Mode::Commit {
        receipt.purged(plan, database.purge(catalog, &plan.side.tables()));
    }
    receipt.finished()
}

/// After a COMMIT that does not say whether it happened: the marker does.
fn ask(database: &mut Database, plan: &Plan, reason: String) -> Result<()> {
    let found = database.inspect().and_then(|catalog| applied(&catalog, plan, &mut reader(database)));
    match found {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Error::RolledBack("COMMIT failed".into())),
        Err(_) => Err(Error::Unknown(reason)),
    }
}

fn reader(database: &mut Database) -> impl FnMut(&TableName, &[String], &[(String, Value)], u64) -> Rows + '_ {
    move |table, columns, equal, limit| database.rows_where(table, columns, equal, limit)
}

type Rows = Result<Vec<Vec<Value>>>;

/// Everything between BEGIN and COMMIT. When another session applied the plan in the meantime, its time.
fn within(
    transaction: &mut Transaction<'_>,
    plan: &Plan,
    key: &SubKey,
    options: &Options,
    cancel: &Cancel,
) -> Result<Option<String>> {
    // Only now nobody else can change anything, the tables themselves included.
    let catalog = &transaction.inspect()?;
    let mut read = |table: &TableName, columns: &[String], equal: &[(String, Value)], limit| {
        transaction.rows_where(table, columns, equal, limit)
    };
    if let Some(at) = applied(catalog, plan, &mut read)? {
        return Ok(Some(at));
    }
    before::same_catalog(plan, catalog)?;
    let old = before::guards(plan, catalog, key, &mut read)?;
    let quiet = Quiet::read(transaction, plan, catalog)?;
    let broken = after::broken_links(transaction, plan, catalog)?;
    for run in &plan.side.runs {
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        cascades::none(transaction, plan, catalog, run, &old)?;
        execute(transaction, plan, run)?;
    }
    transaction.settle().map_err(|error| rolled_back(&error))?;
    after::counts(transaction, plan, catalog)?;
    after::rows(transaction, plan, catalog, &old)?;
    quiet.compare(transaction, plan, &old)?;
    after::trigger_rows(transaction, plan, catalog, &old)?;
    if after::broken_links(transaction, plan, catalog)? > broken {
        return Err(Error::RolledBack("rows would point at rows that are gone".into()));
    }
    mark(transaction, plan, catalog, options)?;
    Ok(None)
}

fn execute(transaction: &mut Transaction<'_>, plan: &Plan, run: &Run) -> Result<()> {
    let sql = &plan.sql[run.start..run.end];
    let failed = |error: &Error| match error {
        error if interrupted(error) => Error::Interrupted,
        error => Error::RolledBack(format!("step {} on {}: {}", run.step, run.table, kind(error))),
    };
    let mut rows = 0;
    for parameters in &run.parameters {
        rows += transaction.execute(sql, parameters).map_err(|error| failed(&error))?;
    }
    if matches!(run.kind, plan::Kind::Update | plan::Kind::Delete) && rows != run.rows {
        let counted = format!("changed {rows} rows instead of {}", run.rows);
        return Err(Error::RolledBack(format!("step {} on {}: {counted}", run.step, run.table)));
    }
    Ok(())
}

/// What failed, without the statement's own name.
fn kind(error: &Error) -> String {
    match error {
        Error::Statement { kind, .. } => kind.to_string(),
        other => other.to_string(),
    }
}

fn rolled_back(error: &Error) -> Error {
    if interrupted(error) { Error::Interrupted } else { Error::RolledBack(error.to_string()) }
}

/// Whether a signal ended it: that is no failure of the plan.
fn interrupted(error: &Error) -> bool {
    matches!(error, Error::Interrupted | Error::Statement { kind: StatementFailure::Interrupted, .. })
}

fn refused(error: Error) -> Error {
    match error {
        Error::Refused(_) | Error::Interrupted | Error::Source { .. } => error,
        other => Error::Refused(format!("nothing was changed: {other}")),
    }
}

/// When this plan was applied, if it was.
fn applied(catalog: &Catalog, plan: &Plan, read: &mut before::Read<'_>) -> Result<Option<String>> {
    let Some(marker) = marker(catalog) else { return Ok(None) };
    let equal = [("plan".to_owned(), Value::text(plan.side.plan_id()))];
    let found = read(&marker.name, &["at".to_owned()], &equal, 1)?.pop();
    Ok(found.and_then(|row| row.first().map(|at| at.as_text().into_owned())))
}

fn marker(catalog: &Catalog) -> Option<&Table> {
    catalog.tables.iter().find(|table| table.name.name == MARKER)
}

/// Notes the plan in the same transaction, so that it can be asked later whether the commit happened.
fn mark(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &Catalog, options: &Options) -> Result<()> {
    let dialect = transaction.dialect();
    let name = if let Some(marker) = marker(catalog) {
        marker.name.clone()
    } else {
        let name = plan.side.marker();
        transaction.make_marker(&name)?;
        name
    };
    let places = [dialect.placeholder(1), dialect.placeholder(2)].join(", ");
    let row = [Value::text(plan.side.plan_id()), Value::text(options.now.to_string())];
    transaction.execute(&format!("INSERT INTO {} (plan, at) VALUES ({places})", dialect.table(&name)), &row)?;
    Ok(())
}
