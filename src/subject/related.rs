//! Rows that hang on a row by declared foreign keys, and rows that hang on those.

use std::collections::{BTreeSet, VecDeque};

use super::Related;
use crate::catalog::{Catalog, ForeignKey, Table, TableName};
use crate::db::Database;
use crate::finding::Unreadable;
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// Rows that a walk lists at the most; beyond, it says that there are more.
const MOST: usize = 100_000;

/// What a walk found.
pub struct Walk {
    /// The rows, nearest first; the rows it began at are not among them.
    pub related: Vec<Related>,
    /// Whether there are more than are listed.
    pub truncated: bool,
    /// Tables that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// Walks from `roots` to the rows that point at them, again and again. Every row is visited once, so cycles end.
pub fn walk(database: &mut Database, catalog: &Catalog, roots: &[(TableName, RowKey)]) -> Result<Walk> {
    let mut seen: BTreeSet<(TableName, Vec<u8>)> = BTreeSet::new();
    let mut open: VecDeque<(TableName, RowKey, Vec<String>)> = VecDeque::new();
    for (table, key) in roots {
        if seen.insert((table.clone(), key.encoded())) {
            open.push_back((table.clone(), key.clone(), Vec::new()));
        }
    }
    let (mut related, mut unreadable) = (Vec::new(), Vec::new());
    while let Some((name, key, path)) = open.pop_front() {
        let Some(parent) = catalog.table(&name) else { continue };
        for (child, foreign_key) in catalog.children(&name) {
            let mut via = vec![foreign_key.describe(&child.name)];
            via.extend(path.iter().cloned());
            let keys = match children(database, parent, &key, child, foreign_key) {
                Err(Error::Table { table, reason }) => {
                    note(&mut unreadable, Unreadable { table, column: None, reason });
                    continue;
                }
                keys => keys?,
            };
            for child_key in keys {
                if related.len() >= MOST {
                    return Ok(Walk { related, truncated: true, unreadable });
                }
                let row_key = match child_key {
                    Some(child_key) if !seen.insert((child.name.clone(), child_key.encoded())) => continue,
                    child_key => child_key,
                };
                related.push(Related { table: child.name.clone(), row_key: row_key.clone(), via: via.clone() });
                if let Some(row_key) = row_key {
                    open.push_back((child.name.clone(), row_key, via.clone()));
                }
            }
        }
    }
    Ok(Walk { related, truncated: false, unreadable })
}

/// Lists a table once.
pub(super) fn note(unreadable: &mut Vec<Unreadable>, table: Unreadable) {
    if !unreadable.contains(&table) {
        unreadable.push(table);
    }
}

/// Keys of the rows of `child` whose foreign key points at the parent's row; `None` for each row without a key.
fn children(
    database: &mut Database,
    parent: &Table,
    key: &RowKey,
    child: &Table,
    foreign_key: &ForeignKey,
) -> Result<Vec<Option<RowKey>>> {
    let Some(values) = database.row(parent, &foreign_key.parent_columns, key)? else { return Ok(Vec::new()) };
    if values.contains(&Value::Null) {
        return Ok(Vec::new());
    }
    let equal: Vec<(String, Value)> = foreign_key.columns.iter().cloned().zip(values).collect();
    let columns = child.row_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default();
    let rows = database.rows_where(&child.name, &columns, &equal, MOST as u64 + 1)?;
    let has_key = |row: &Vec<Value>| child.row_key.is_some() && !row.contains(&Value::Null);
    Ok(rows.into_iter().map(|row| has_key(&row).then_some(RowKey(row))).collect())
}
