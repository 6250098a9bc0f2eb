//! Writing: one transaction, what it changed, and the parts of SQL in which engines differ.

use std::collections::BTreeMap;

use super::{Database, Dialect, mysql, postgres, sqlite};
use crate::catalog::{Catalog, Column, Table, TableName};
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// A transaction of apply. Dropped without [`Transaction::commit`] it is rolled back.
pub enum Transaction<'a> {
    /// On a SQLite file.
    Sqlite(sqlite::Transaction<'a>),
    /// On a PostgreSQL server.
    Postgres(postgres::Transaction<'a>),
    /// On a MariaDB or MySQL server.
    Mysql(mysql::Transaction<'a>),
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begin<'a> {
    /// The tables that will be written to: nobody may change them meanwhile, and their rows are locked when read.
    pub tables: &'a [TableName],
    /// Deleted bytes are overwritten: must be known before the first write.
    pub overwrite_deleted: bool,
    /// Foreign keys are checked at the end instead of after each statement.
    pub defer_foreign_keys: bool,
    /// The table for notes ([`Dialect::create_marker`]) where there is none yet: made before the transaction where its
    /// making would end one, and taken away again by a rollback.
    pub marker: Option<&'a TableName>,
}

/// What an engine tells of the rows that a transaction changed in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Everything.
    All,
    /// All but rows that a REPLACE deletes.
    NotReplaced,
    /// Rows changed by statements and triggers in all tables together, and nothing of cascades.
    Total,
    /// Nothing.
    Nothing,
}

/// Rows of one table that a transaction changed, by whoever changed them: our statements, triggers or cascades.
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
    pub fn begin(&mut self, options: &Begin<'_>) -> Result<Transaction<'_>> {
        match self {
            Self::Sqlite(db) => db.begin(options).map(Transaction::Sqlite),
            Self::Postgres(db) => db.begin(options).map(Transaction::Postgres),
            Self::Mysql(db) => db.begin(options).map(Transaction::Mysql),
        }
    }

    /// Removes what a commit leaves behind: full-text indexes, statistics, free pages, the log. Goes on after a
    /// failure; what stays, in words.
    pub fn purge(&mut self, catalog: &Catalog, tables: &[TableName]) -> Vec<String> {
        match self {
            Self::Sqlite(db) => db.purge(catalog),
            Self::Postgres(db) => db.purge(tables),
            Self::Mysql(db) => db.purge(tables),
        }
    }
}

impl Transaction<'_> {
    /// The engine's dialect.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Runs one statement; rows it changed itself, without triggers and cascades.
    pub fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, parameters),
            Self::Postgres(transaction) => transaction.execute(sql, parameters),
            Self::Mysql(transaction) => transaction.execute(sql, parameters),
        }
    }

    /// What all statements so far changed, by table.
    pub fn changes(&mut self) -> Result<BTreeMap<TableName, Changed>> {
        match self {
            Self::Sqlite(transaction) => Ok(transaction.changes()),
            Self::Postgres(transaction) => transaction.changes(),
            Self::Mysql(_) => Ok(BTreeMap::new()),
        }
    }

    /// Whether [`Transaction::changes`] counts a row once however often it changes.
    pub fn counts_rows_once(&self) -> bool {
        match self {
            Self::Sqlite(_) => true,
            Self::Postgres(_) | Self::Mysql(_) => false,
        }
    }

    /// The catalog as this transaction sees it.
    pub fn inspect(&mut self) -> Result<Catalog> {
        match self {
            Self::Sqlite(transaction) => transaction.inspect(),
            Self::Postgres(transaction) => transaction.inspect(),
            Self::Mysql(transaction) => transaction.inspect(),
        }
    }

    /// What [`Transaction::changes`] tells of this table.
    pub fn tells(&self, table: &Table) -> Tells {
        match self {
            Self::Sqlite(_) => sqlite::Transaction::tells(table),
            Self::Postgres(_) => Tells::All,
            Self::Mysql(_) => Tells::Total,
        }
    }

    /// Rows inserted less rows deleted, as far as the engine tells: a REPLACE deletes without telling.
    pub fn growth(&self, table: &TableName) -> i64 {
        match self {
            Self::Sqlite(transaction) => transaction.growth(table),
            Self::Postgres(_) | Self::Mysql(_) => 0,
        }
    }

    /// The number of rows.
    pub fn count(&mut self, table: &TableName) -> Result<i64> {
        match self {
            Self::Sqlite(transaction) => transaction.count(table),
            Self::Postgres(_) | Self::Mysql(_) => Ok(0),
        }
    }

    /// Hands every row to `sink`.
    pub fn each_row(&mut self, table: &TableName, columns: &[String], sink: &mut dyn FnMut(Vec<Value>)) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.each_row(table, columns, sink),
            Self::Postgres(_) => Ok(()),
            Self::Mysql(transaction) => transaction.each_row(table, columns, sink),
        }
    }

    /// Changes that [`Transaction::changes`] can't tell by table.
    pub fn unattributed(&self) -> u64 {
        match self {
            Self::Sqlite(transaction) => transaction.unattributed(),
            Self::Postgres(_) => 0,
            Self::Mysql(transaction) => transaction.unattributed(),
        }
    }

    /// Makes the table for notes ([`Dialect::create_marker`]).
    pub fn make_marker(&mut self, marker: &TableName) -> Result<()> {
        match self {
            Self::Sqlite(_) | Self::Postgres(_) => {
                let sql = self.dialect().create_marker(marker);
                self.execute(&sql, &[]).map(drop)
            }
            // Its making would be a COMMIT; it was there, or made, when the transaction began.
            Self::Mysql(_) => {
                Err(Error::RolledBack(format!("{marker} was taken away by another run of apply; apply again")))
            }
        }
    }

    /// Runs what was deferred to COMMIT, so that what it changes can be seen.
    pub fn settle(&mut self) -> Result<()> {
        match self {
            // They defer foreign keys and nothing else.
            Self::Sqlite(_) | Self::Mysql(_) => Ok(()),
            Self::Postgres(transaction) => transaction.settle(),
        }
    }

    /// Rows of the table that were inserted or updated, with all `columns`.
    pub fn written(&mut self, table: &Table, columns: &[String]) -> Result<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(transaction) => transaction.written(table, columns),
            Self::Postgres(transaction) => transaction.written(table, columns),
            Self::Mysql(transaction) => transaction.written(table, columns),
        }
    }

    /// Rows of the table whose foreign keys point at nothing.
    pub fn broken_links(&mut self, table: &TableName) -> Result<u64> {
        match self {
            Self::Sqlite(transaction) => transaction.broken_links(table),
            // The server checks every link, at the latest in COMMIT.
            Self::Postgres(_) => Ok(0),
            Self::Mysql(transaction) => transaction.broken_links(table),
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
            Self::Postgres(transaction) => transaction.rows_where(table, columns, equal, limit),
            Self::Mysql(transaction) => transaction.rows_where(table, columns, equal, limit),
        }
    }

    /// As [`Database::row`], within the transaction.
    pub fn row(&mut self, table: &Table, columns: &[String], key: &RowKey) -> Result<Option<Vec<Value>>> {
        let Some(equal) = table.columns_of(key) else { return Ok(None) };
        Ok(self.rows_where(&table.name, columns, &equal, 1)?.pop())
    }

    /// Makes the changes last.
    ///
    /// # Errors
    /// [`crate::Error::Unknown`] where nobody can tell whether they do; after any other error they are taken back.
    pub fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.commit(),
            Self::Postgres(transaction) => transaction.commit(),
            Self::Mysql(transaction) => transaction.commit(),
        }
    }

    /// Takes all changes back.
    pub fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback(),
            Self::Postgres(transaction) => transaction.rollback(),
            Self::Mysql(transaction) => transaction.rollback(),
        }
    }
}

impl Dialect {
    /// How an UPDATE begins. SQLite: a schema's own ON CONFLICT ROLLBACK or REPLACE must not decide what happens.
    pub fn update(self) -> &'static str {
        match self {
            Self::Sqlite => "UPDATE OR ABORT",
            Self::Postgres | Self::Mysql => "UPDATE",
        }
    }

    /// A temporary table's name, quoted, so that it can't be mistaken for one of the user's.
    pub fn temporary(self, name: &str) -> String {
        match self {
            Self::Sqlite => format!("temp.{}", self.quote(name)),
            Self::Postgres => format!("pg_temp.{}", self.quote(name)),
            // It has no schema of its own: while it is there, it hides a table of the user's that is called the same.
            Self::Mysql => self.quote(name),
        }
    }

    /// How the removal of a temporary table begins. MariaDB: without the word it would also be a COMMIT.
    pub fn drop_temporary(self) -> &'static str {
        match self {
            Self::Sqlite | Self::Postgres => "DROP TABLE",
            Self::Mysql => "DROP TEMPORARY TABLE",
        }
    }

    /// A value as SQL text. Only for constants of the policy and keys that are not personal.
    pub fn literal(self, value: &Value) -> String {
        match value {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => number.to_string(),
            // Debug keeps the ".0" of a whole float.
            Value::Real(number) => format!("{number:?}"),
            Value::Text(bytes) => self.text_literal(&String::from_utf8_lossy(bytes)),
            Value::Blob(bytes) => match self {
                Self::Sqlite | Self::Mysql => format!("x'{}'", crate::secret::hex(bytes)),
                Self::Postgres => format!("decode('{}', 'hex')", crate::secret::hex(bytes)),
            },
        }
    }

    /// Text as SQL, read the same under every setting of the server.
    fn text_literal(self, text: &str) -> String {
        let quoted = text.replace('\'', "''");
        match self {
            Self::Postgres if text.contains('\\') => format!("E'{}'", quoted.replace('\\', "\\\\")),
            // What a backslash means depends on the session's sql_mode.
            Self::Mysql if text.contains('\\') => format!("_utf8mb4 x'{}'", crate::secret::hex(text.as_bytes())),
            _ => format!("'{quoted}'"),
        }
    }

    /// The placeholder of parameter `number` where it is compared with `column`. PostgreSQL compares only equal types,
    /// MariaDB unequal ones as floats.
    pub fn parameter(self, number: usize, column: &Column) -> String {
        match self {
            Self::Sqlite => self.placeholder(number),
            Self::Postgres => postgres::parameter(number, column.type_class, &column.declared_type),
            Self::Mysql => mysql::parameter(column.type_class, &column.declared_type),
        }
    }

    /// A key column's type in a temporary table; none where columns have no types.
    pub fn key_type(self, column: &Column) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(column.declared_type.clone()),
            Self::Mysql => Some(mysql::key_type(column)),
        }
    }

    /// The table in which apply notes what it did.
    pub fn create_marker(self, marker: &TableName) -> String {
        let columns = "(plan VARCHAR(64) PRIMARY KEY, at VARCHAR(64) NOT NULL)";
        match self {
            Self::Sqlite | Self::Postgres => format!("CREATE TABLE {} {columns}", self.table(marker)),
            Self::Mysql => format!("CREATE TABLE IF NOT EXISTS {} {columns} ENGINE = InnoDB", self.table(marker)),
        }
    }

    /// What a plan locks until COMMIT, for its header.
    pub fn locks(self) -> &'static str {
        match self {
            Self::Sqlite => "the whole database for writers, until COMMIT",
            Self::Postgres => {
                "the rows named here, until COMMIT; nobody can alter the tables meanwhile. With --purge each touched\n\
                 --   table is locked for all while it is rewritten"
            }
            Self::Mysql => {
                "the rows named here and the gaps beside them, until COMMIT; nobody can alter the tables meanwhile.\n\
                 --   With --purge each touched table is rewritten, and locked for all at the end of it"
            }
        }
    }

    /// What a commit leaves behind until a purge, for headers and receipts.
    pub fn residue(self) -> &'static str {
        match self {
            Self::Sqlite => "old values in free pages, the write-ahead log, full-text indexes and statistics",
            Self::Postgres => "old values in dead rows and statistics",
            Self::Mysql => "old values in free pages and statistics",
        }
    }

    /// What no purge reaches.
    pub fn unreachable(self) -> &'static [&'static str] {
        const BACKUPS: &str = "backups and copies of the database made before";
        match self {
            Self::Sqlite => &[BACKUPS],
            Self::Postgres => {
                &["old values in the write-ahead log (pg_wal and its archive) and on replicas, until recycled", BACKUPS]
            }
            Self::Mysql => {
                &["old values in undo, redo and binary logs and on replicas, until purged or reused", BACKUPS]
            }
        }
    }
}
