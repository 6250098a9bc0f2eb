//! Before the first write: is it the plan that was made, for this database, and are the rows as they were seen?

use crate::catalog::{Catalog, Column, MARKER, Table, TableName};
use crate::db::Dialect;
use crate::plan::{self, Plan};
use crate::secret::SubKey;
use crate::sensitive::printable;
use crate::value::Value;
use crate::{Error, Result};

/// Cells of the touched rows, in the order of the plan's guards.
pub(super) type Old = Vec<Vec<Value>>;

/// Differences of a catalog that a message names.
const MOST_DIFFERENCES: usize = 5;

/// Reads rows: from a database, or within a transaction.
pub(super) type Read<'r> = dyn FnMut(&TableName, &[String], &[(String, Value)], u64) -> Result<Vec<Vec<Value>>> + 'r;

fn refused<T>(reason: impl Into<String>) -> Result<T> {
    Err(Error::Refused(reason.into()))
}

/// The SQL must be what the side file was written for, and every statement what its step says.
pub(super) fn unchanged(plan: &Plan, dialect: Dialect) -> Result<()> {
    if plan::hash(&plan.sql) != plan.side.sql_hash {
        return refused("the plan was edited since it was made; make a new one");
    }
    let statements: Vec<(usize, usize)> = plan.side.runs.iter().map(|run| (run.start, run.end)).collect();
    plan::check_between(&plan.sql, &statements)?;
    for run in &plan.side.runs {
        let Some(sql) = plan.sql.get(run.start..run.end) else {
            return refused("the plan and its side file do not belong together");
        };
        plan::check_statement(dialect, run.kind, &run.table, sql)?;
    }
    Ok(())
}

/// Tables, columns, keys and triggers must be as they were.
pub(super) fn same_catalog(plan: &Plan, catalog: &Catalog) -> Result<()> {
    if catalog.fingerprint() == plan.side.fingerprint {
        return Ok(());
    }
    let mut changes = differences(&plan.side.catalog, catalog);
    if changes.is_empty() {
        changes.push("the text of a trigger".into());
    }
    refused(format!(
        "tables, columns, keys or triggers changed since the plan was made ({}); make a new one",
        changes.join(", ")
    ))
}

/// The first few differences, in words.
fn differences(then: &Catalog, now: &Catalog) -> Vec<String> {
    let mut changes = Vec::new();
    for old in then.tables.iter().filter(|table| table.name.name != MARKER) {
        match now.table(&old.name) {
            None => changes.push(format!("table {} is gone", old.name)),
            Some(new) => table_differences(old, new, &mut changes),
        }
    }
    let new = now.tables.iter().filter(|table| then.table(&table.name).is_none() && table.name.name != MARKER);
    changes.extend(new.map(|table| format!("table {} is new", table.name)));
    changes.truncate(MOST_DIFFERENCES);
    changes
}

fn table_differences(old: &Table, new: &Table, changes: &mut Vec<String>) {
    let name = |column: &Column| format!("column {}.{}", old.name, printable(&column.name));
    for column in &old.columns {
        match new.column(&column.name) {
            None => changes.push(format!("{} is gone", name(column))),
            Some(now) if now != column => changes.push(format!("{} is another", name(column))),
            Some(_) => {}
        }
    }
    let added = new.columns.iter().filter(|column| old.column(&column.name).is_none());
    changes.extend(added.map(|column| format!("{} is new", name(column))));
    if (&old.row_key, &old.unique, &old.foreign_keys) != (&new.row_key, &new.unique, &new.foreign_keys) {
        changes.push(format!("keys of {}", old.name));
    }
    if !old.triggers.iter().map(|it| &it.name).eq(new.triggers.iter().map(|it| &it.name)) {
        changes.push(format!("triggers of {}", old.name));
    }
}

/// Every touched row must be as it was seen, and no row may have come to hang on the person. The rows' cells.
pub(super) fn guards(plan: &Plan, catalog: &Catalog, key: &SubKey, read: &mut Read<'_>) -> Result<Old> {
    let mut old = Old::with_capacity(plan.side.guards.len());
    for guard in &plan.side.guards {
        let changed =
            || Error::Refused(format!("a row of {} changed since the plan was made; make a new one", guard.table));
        let table = catalog.table(&guard.table).ok_or_else(changed)?;
        let equal = table.columns_of(&guard.key).ok_or_else(changed)?;
        let row = read(&table.name, &plan::visible(table), &equal, 1)?.pop().ok_or_else(changed)?;
        if plan::guard_hash(key, &guard.table, &guard.key, &row) != guard.hash {
            return Err(changed());
        }
        old.push(row);
    }
    for fan in &plan.side.fans {
        let columns: Vec<String> = fan.equal.iter().map(|it| it.0.clone()).collect();
        let rows = read(&fan.table, &columns, &fan.equal, fan.rows + 1)?.len() as u64;
        if rows != fan.rows {
            return refused(format!(
                "rows of {} came or went that hang on this person since the plan was made; make a new one",
                fan.table
            ));
        }
    }
    Ok(old)
}
