//! What foreign keys do by themselves, where the engine does not tell of it: before rows go, no row may hang on them
//! that would silently go or change with them.
//!
//! The plan's own steps have dealt with all rows that it knew; what hangs there now came from a trigger. Columns that
//! foreign keys point at never get new values: policies that ask for it are refused.

use std::collections::HashSet;

use super::before::Old;
use crate::catalog::{Action, Catalog, ForeignKey, Table};
use crate::db::{Tells, Transaction};
use crate::plan::{self, Kind, Plan, Run};
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// Looks below the rows that one statement deletes. With deferred foreign keys nothing cascades where this is needed,
/// and links to nothing are counted at the end.
pub(super) fn none(
    transaction: &mut Transaction<'_>,
    plan: &Plan,
    catalog: &Catalog,
    run: &Run,
    old: &Old,
) -> Result<()> {
    let Some(parent) = catalog.table(&run.table) else { return Ok(()) };
    if plan.side.defer || run.kind != Kind::Delete {
        return Ok(());
    }
    for (child, key) in catalog.children(&run.table).filter(|it| it.1.on_delete != Action::Restrict) {
        if transaction.tells(child) != Tells::Total || plan.side.accepted.contains(&child.name) {
            continue;
        }
        let deleted = plan.side.guards.iter().filter(|guard| guard.deleted && guard.table == child.name);
        let going: HashSet<Vec<u8>> = deleted.map(|guard| guard.key.encoded()).collect();
        let guards = plan.side.guards.iter().zip(old);
        for (_, row) in guards.filter(|(guard, _)| guard.deleted && guard.table == run.table) {
            if hangs(transaction, child, key, &values(key, parent, row), &going)? {
                return Err(Error::RolledBack(format!(
                    "step {} on {}: a row that the plan does not name would change with it by {}",
                    run.step,
                    run.table,
                    key.describe(&child.name)
                )));
            }
        }
    }
    Ok(())
}

/// What the key's columns hold in rows below this one.
fn values(key: &ForeignKey, parent: &Table, row: &[Value]) -> Vec<(String, Value)> {
    let cells = plan::visible(parent);
    let value = |column: &String| cells.iter().position(|it| it == column).and_then(|at| row.get(at)).cloned();
    key.columns.iter().cloned().zip(key.parent_columns.iter().map(|it| value(it).unwrap_or(Value::Null))).collect()
}

/// Whether a row hangs there that does not go by the plan itself.
fn hangs(
    transaction: &mut Transaction<'_>,
    child: &Table,
    key: &ForeignKey,
    equal: &[(String, Value)],
    going: &HashSet<Vec<u8>>,
) -> Result<bool> {
    let named = child.row_key.as_ref().map_or(&key.columns, |row_key| &row_key.columns);
    let rows = transaction.rows_where(&child.name, named, equal, going.len() as u64 + 1)?;
    Ok(rows.into_iter().any(|row| child.row_key.is_none() || !going.contains(&RowKey(row).encoded())))
}
