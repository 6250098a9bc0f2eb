//! After the statements, before COMMIT: what changed must be what the plan says, and nothing of the old values may
//! have been copied.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::before::Old;
use crate::catalog::{Catalog, TableKind, TableName};
use crate::db::{Changed, Tells, Transaction};
use crate::plan::{self, Guard, Kind, Plan};
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// Shorter texts say nothing of a person by themselves and stand in many rows.
const TELLING: usize = 4;

fn rolled_back<T>(reason: impl Into<String>) -> Result<T> {
    Err(Error::RolledBack(reason.into()))
}

/// Rows changed per table, by statements, triggers and cascades together, must be those of the plan.
pub(super) fn counts(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &Catalog) -> Result<()> {
    let expected = expected(plan, transaction.counts_rows_once());
    let changes = transaction.changes()?;
    let kind = |table: &TableName| catalog.table(table).map(|it| it.kind);
    let shadow = changes.keys().any(|table| kind(table) == Some(TableKind::Shadow));
    let unseen: BTreeSet<&TableName> = expected.keys().filter(|it| !changes.contains_key(**it)).copied().collect();
    for (table, changed) in changes.iter().filter(|(table, _)| kind(table) != Some(TableKind::Shadow)) {
        let wanted = expected.get(table).cloned().unwrap_or_default();
        if *changed != wanted && !plan.side.accepted.contains(table) {
            return rolled_back(format!(
                "{table}: {} instead of {}; a trigger or a cascade changes rows that the plan does not name (the policy \
                 can accept them by accept_trigger_rows)",
                in_words(changed),
                in_words(&wanted)
            ));
        }
    }
    // Where no table is told by name, the plan's own statements must account for all that is left; rows of accepted
    // tables among them can't be told apart, and the others are summed up by `quiet`.
    let own = plan.side.runs.iter().filter(|run| matches!(run.kind, Kind::Update | Kind::Delete));
    let accounted: u64 = own.filter(|run| unseen.contains(&run.table)).map(|run| run.rows).sum();
    let unattributed = transaction.unattributed();
    let summed =
        !plan.side.accepted.is_empty() && catalog.tables.iter().any(|it| transaction.tells(it) == Tells::Total);
    if unattributed != accounted && !shadow && !summed {
        return rolled_back(format!(
            "{unattributed} rows changed instead of {accounted}, in tables that the database does not name; a trigger or \
             a cascade changes rows that the plan does not name (the policy can accept them by accept_trigger_rows)"
        ));
    }
    Ok(())
}

/// What the plan's own statements change. A row that first loses a link and then goes counts once, or at each step.
fn expected(plan: &Plan, once: bool) -> BTreeMap<&TableName, Changed> {
    let mut expected: BTreeMap<&TableName, Changed> = BTreeMap::new();
    if once {
        for guard in &plan.side.guards {
            let rows = expected.entry(&guard.table).or_default();
            rows.updated += u64::from(guard.updated);
            rows.deleted += u64::from(guard.deleted);
        }
        return expected;
    }
    for run in &plan.side.runs {
        match run.kind {
            Kind::Update => expected.entry(&run.table).or_default().updated += run.rows,
            Kind::Delete => expected.entry(&run.table).or_default().deleted += run.rows,
            Kind::Stage | Kind::Fill | Kind::Unstage => {}
        }
    }
    expected
}

fn in_words(changed: &Changed) -> String {
    format!("{} rows updated, {} deleted, {} inserted", changed.updated, changed.deleted, changed.inserted)
}

/// Reads every touched row again: gone is gone, and each new value stands there.
pub(super) fn rows(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &Catalog, old: &Old) -> Result<()> {
    let erased = erased(plan, catalog, old);
    for (guard, old) in plan.side.guards.iter().zip(old) {
        let Some(table) = catalog.table(&guard.table) else { continue };
        let columns = plan::visible(table);
        match transaction.row(table, &columns, &guard.key)? {
            Some(_) if guard.deleted => return rolled_back(format!("a row of {} is still there", guard.table)),
            None if !guard.deleted => return rolled_back(format!("a row of {} is gone", guard.table)),
            Some(row) => kept(guard, &columns, old, &row, &erased)?,
            None => {}
        }
    }
    Ok(())
}

/// A row that stays: its new values, and no erased value of any row moved to another of its columns.
fn kept(guard: &Guard, columns: &[String], old: &[Value], row: &[Value], erased: &[&Value]) -> Result<()> {
    for ((column, before), now) in columns.iter().zip(old).zip(row) {
        let place = format!("{}.{}", guard.table, crate::sensitive::printable(column));
        match set(guard, column) {
            Some(value) if !plan::holds(now, value) => {
                return rolled_back(format!("{place} does not hold its new value"));
            }
            None if before != now && erased.iter().any(|value| copied(value, now)) => {
                return rolled_back(format!("a trigger copied an erased value to {place}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn set<'g>(guard: &'g Guard, column: &str) -> Option<&'g Value> {
    guard.after.iter().find(|it| it.0 == column).map(|it| &it.1)
}

/// Rows that accepted triggers wrote must not hold what was erased.
pub(super) fn trigger_rows(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &Catalog, old: &Old) -> Result<()> {
    let erased = erased(plan, catalog, old);
    for name in &plan.side.accepted {
        let Some(table) = catalog.table(name) else { continue };
        // Rows of the plan were already looked at, one by one.
        let planned: HashSet<Vec<u8>> =
            plan.side.guards.iter().filter(|guard| guard.table == *name).map(|guard| guard.key.encoded()).collect();
        let mut columns = table.row_key.as_ref().map_or_else(Vec::new, |key| key.columns.clone());
        let keys = columns.len();
        columns.extend(plan::visible(table));
        for mut key in transaction.written(table, &columns)? {
            let cells = key.split_off(keys);
            let new = !planned.contains(&RowKey(key).encoded());
            if new && cells.iter().any(|cell| erased.iter().any(|value| copied(value, cell))) {
                return rolled_back(format!(
                    "a trigger copied an erased value to {name}; drop the trigger, or let it leave out personal data"
                ));
            }
        }
    }
    Ok(())
}

/// The old values of cells that went: those with new values, and of deleted rows the personal columns.
fn erased<'o>(plan: &Plan, catalog: &Catalog, old: &'o Old) -> Vec<&'o Value> {
    let mut erased = Vec::new();
    for (guard, row) in plan.side.guards.iter().zip(old) {
        let Some(table) = catalog.table(&guard.table) else { continue };
        let personal = plan.side.personal.iter().find(|it| it.0 == guard.table).map(|it| &it.1);
        for (column, value) in plan::visible(table).iter().zip(row) {
            // Where nothing is said of the columns, every text counts; numbers are mostly keys.
            let text = matches!(value, Value::Text(_));
            let gone = guard.deleted && personal.map_or(text, |it| it.contains(column));
            if gone || set(guard, column).is_some() {
                erased.push(value);
            }
        }
    }
    erased
}

/// Whether `cell` holds `value`, whole or inside its text.
fn copied(value: &Value, cell: &Value) -> bool {
    let (value, cell) = (value.as_text(), cell.as_text());
    value.len() >= TELLING && cell.contains(&*value)
}

/// Rows with links to nothing, in the touched tables and those below them.
pub(super) fn broken_links(transaction: &mut Transaction<'_>, plan: &Plan, catalog: &Catalog) -> Result<u64> {
    let touched: BTreeSet<&TableName> = plan.side.guards.iter().map(|guard| &guard.table).collect();
    let below = touched.iter().flat_map(|table| catalog.children(table)).map(|(child, _)| &child.name);
    let tables: BTreeSet<&TableName> = touched.iter().copied().chain(below).collect();
    let mut broken = 0;
    for table in tables {
        broken += transaction.broken_links(table)?;
    }
    Ok(broken)
}
