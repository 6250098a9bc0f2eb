//! Writing: one transaction, what it changed, and the parts of SQL in which engines differ.

use std::collections::BTreeMap;

use super::{Database, Dialect, sqlite};
use crate::Result;
use crate::catalog::{Catalog, Table, TableName};
use crate::value::{RowKey, Value};

/// A transaction of apply. Dropped without [`Transaction::commit`] it is rolled back.
pub enum Transaction<'a> {
    /// On a SQLite file.
    Sqlite(sqlite::Transaction<'a>),
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begin {
    /// Deleted bytes are overwritten: must be known before the first write.
    pub overwrite_deleted: bool,
    /// Foreign keys are checked at the end instead of after each statement.
    pub defer_foreign_keys: bool,
}

/// Rows of one table that a transaction changed, each counted once, by whoever changed them: our statements,
/// triggers or cascades.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Rows that are new.
    pub inserted: u64,
    /// Rows with new values.
    pub updated: u64,
    /// Rows that are gone.
    pub deleted: u64,
}

impl Database {
    /// Begins a transaction that no other writer can come between.
    pub fn begin(&mut self, options: Begin) -> Result<Transaction<'_>> {
        match self {
            Self::Sqlite(db) => db.begin(options).map(Transaction::Sqlite),
        }
    }

    /// Removes what a commit leaves behind: full-text indexes, statistics, free pages, the log. Goes on after a
    /// failure; what could not be cleaned, in words.
    pub fn purge(&mut self, catalog: &Catalog) -> Vec<String> {
        match self {
            Self::Sqlite(db) => db.purge(catalog),
        }
    }
}

impl Transaction<'_> {
    /// Runs one statement; rows it changed itself, without triggers and cascades.
    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, parameters),
        }
    }

    /// What all statements so far changed, by table.
    pub fn changes(&self) -> BTreeMap<TableName, Changed> {
        match self {
            Self::Sqlite(transaction) => transaction.changes(),
        }
    }

    /// The catalog as this transaction sees it.
    pub fn inspect(&mut self) -> Result<Catalog> {
        match self {
            Self::Sqlite(transaction) => transaction.inspect(),
        }
    }

    /// Whether [`Transaction::changes`] tells of changes to this table.
    pub fn tells(&self, table: &Table) -> bool {
        match self {
            Self::Sqlite(_) => sqlite::Transaction::tells(table),
        }
    }

    /// Rows inserted less rows deleted, as far as the engine tells: a REPLACE deletes without telling.
    pub fn growth(&self, table: &TableName) -> i64 {
        match self {
            Self::Sqlite(transaction) => transaction.growth(table),
        }
    }

    /// The number of rows.
    pub fn count(&mut self, table: &TableName) -> Result<i64> {
        match self {
            Self::Sqlite(transaction) => transaction.count(table),
        }
    }

    /// Hands every row to `sink`.
    pub fn each_row(&mut self, table: &TableName, columns: &[String], sink: &mut dyn FnMut(Vec<Value>)) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.each_row(table, columns, sink),
        }
    }

    /// Changes that [`Transaction::changes`] can't tell by table.
    pub fn unattributed(&self) -> u64 {
        match self {
            Self::Sqlite(transaction) => transaction.unattributed(),
        }
    }

    /// Rows of the table that were inserted or updated, with all `columns`.
    pub fn written(&mut self, table: &Table, columns: &[String]) -> Result<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(transaction) => transaction.written(table, columns),
        }
    }

    /// Rows of the table whose foreign keys point at nothing.
    pub fn broken_links(&mut self, table: &TableName) -> Result<u64> {
        match self {
            Self::Sqlite(transaction) => transaction.broken_links(table),
        }
    }

    /// As [`Database::rows_where`], within the transaction.
    pub fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(transaction) => transaction.rows_where(table, columns, equal, limit),
        }
    }

    /// As [`Database::row`], within the transaction.
    pub fn row(&mut self, table: &Table, columns: &[String], key: &RowKey) -> Result<Option<Vec<Value>>> {
        let Some(row_key) = &table.row_key else { return Ok(None) };
        let equal: Vec<(String, Value)> = row_key.columns.iter().cloned().zip(key.0.iter().cloned()).collect();
        Ok(self.rows_where(&table.name, columns, &equal, 1)?.pop())
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// [`crate::Error::Unknown`] where nobody can tell whether they do; after any other error they are taken back.
    pub fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit(),
        }
    }

    /// Takes all changes back.
    pub fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback(),
        }
    }
}

impl Dialect {
    /// How an UPDATE begins. SQLite: a schema's own ON CONFLICT ROLLBACK or REPLACE must not decide what happens.
    pub fn update(self) -> &'static str {
        match self {
            Self::Sqlite => "UPDATE OR ABORT",
        }
    }

    /// A temporary table's name, quoted, so that it can't be mistaken for one of the user's.
    pub fn temporary(self, name: &str) -> String {
        match self {
            Self::Sqlite => format!("temp.{}", self.quote(name)),
        }
    }

    /// A value as SQL text. Only for constants of the policy and keys that are not personal.
    pub fn literal(self, value: &Value) -> String {
        match value {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => number.to_string(),
            // Debug keeps the ".0" of a whole float.
            Value::Real(number) => format!("{number:?}"),
            Value::Text(bytes) => format!("'{}'", String::from_utf8_lossy(bytes).replace('\'', "''")),
            Value::Blob(bytes) => format!("x'{}'", crate::secret::hex(bytes)),
        }
    }
}
