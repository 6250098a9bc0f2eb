//! Writing to SQLite: one immediate transaction, with every changed row noted by the update hook.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::hooks::Action;

use super::super::{Begin, Changed, Dialect, Tells};
use super::{Sqlite, failure};
use crate::catalog::{Catalog, Table, TableName};
use crate::error::StatementFailure;
use crate::value::Value;
use crate::{Error, Result};

/// Modules whose tables can be rebuilt from what they index.
const FULL_TEXT: [&str; 3] = ["fts5", "fts4", "fts3"];

/// An open transaction.
pub struct Transaction<'a> {
    db: &'a mut Sqlite,
    record: Arc<Mutex<Record>>,
    /// `total_changes` when it began.
    before: u64,
    open: bool,
}

/// What the update hook saw. It sees triggers and cascades too, but no WITHOUT ROWID tables.
#[derive(Default)]
struct Record {
    events: u64,
    tables: BTreeMap<String, Rows>,
}

#[derive(Default)]
struct Rows {
    inserted: BTreeSet<i64>,
    updated: BTreeSet<i64>,
    deleted: BTreeSet<i64>,
    /// Events of insertion less events of deletion.
    growth: i64,
}

impl Record {
    fn note(&mut self, action: Action, database: &str, table: &str, row: i64) {
        self.events += 1;
        if database != "main" {
            return;
        }
        if !self.tables.contains_key(table) {
            self.tables.insert(table.to_owned(), Rows::default());
        }
        let Some(rows) = self.tables.get_mut(table) else { return };
        rows.growth += match action {
            Action::SQLITE_INSERT => 1,
            Action::SQLITE_DELETE => -1,
            _ => 0,
        };
        match action {
            Action::SQLITE_INSERT => rows.inserted.insert(row),
            Action::SQLITE_DELETE => rows.deleted.insert(row),
            _ => rows.updated.insert(row),
        };
    }
}

fn lock(record: &Mutex<Record>) -> MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

fn count(rows: &BTreeSet<i64>) -> u64 {
    rows.len() as u64
}

impl Sqlite {
    pub(in crate::db) fn begin(&mut self, options: &Begin<'_>) -> Result<Transaction<'_>> {
        let failed = |error| failed("begin", &error);
        // foreign_keys has no effect inside a transaction.
        self.connection.execute_batch("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;").map_err(failed)?;
        // Keys that are personal pass through temporary tables: none of them may reach a temporary file.
        self.connection.execute_batch("PRAGMA temp_store=MEMORY").map_err(failed)?;
        if options.overwrite_deleted {
            // Must stand before the first write.
            self.connection.execute_batch("PRAGMA secure_delete=ON").map_err(failed)?;
        }
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        let record = Arc::new(Mutex::new(Record::default()));
        let before = self.connection.total_changes();
        let transaction = Transaction { db: self, record: Arc::clone(&record), before, open: true };
        let connection = &mut transaction.db.connection;
        connection
            .update_hook(Some(move |action, database: &str, table: &str, row| {
                lock(&record).note(action, database, table, row);
            }))
            .map_err(failed)?;
        if options.defer_foreign_keys {
            connection.execute_batch("PRAGMA defer_foreign_keys=ON").map_err(failed)?;
        }
        Ok(transaction)
    }

    pub(in crate::db) fn purge(&mut self, catalog: &Catalog) -> Vec<String> {
        // VACUUM writes the whole database anew, which may be more than fits into memory.
        let mut left = Vec::from_iter(self.cleaned("temporary tables", "PRAGMA temp_store=DEFAULT"));
        for table in catalog.tables.iter().filter(|it| it.detail.as_deref().is_some_and(|it| FULL_TEXT.contains(&it))) {
            let (name, column) = (Dialect::Sqlite.table(&table.name), Dialect::Sqlite.quote(&table.name.name));
            let what = format!("words in the full-text index {}, which can't be rebuilt", table.name);
            left.extend(self.cleaned(&what, &format!("INSERT INTO {name}({column}) VALUES('rebuild')")));
        }
        let statistics = "SELECT count(*) FROM sqlite_schema WHERE name GLOB 'sqlite_stat[134]'";
        if self.connection.query_row(statistics, [], |row| row.get::<_, i64>(0)).is_ok_and(|tables| tables > 0) {
            // The samples of sqlite_stat4 are values of indexed columns.
            left.extend(self.cleaned("values in statistics", "ANALYZE"));
        }
        left.extend(self.cleaned("values in free pages", "VACUUM"));
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        if !self.connection.query_row(checkpoint, [], |row| row.get::<_, i64>(0)).is_ok_and(|busy| busy == 0) {
            left.push("values in the file and its write-ahead log, while another session reads an older state".into());
        }
        left
    }

    /// Runs one statement of the cleaning; if it fails, what it should have removed.
    fn cleaned(&mut self, what: &str, sql: &str) -> Option<String> {
        let error = self.connection.execute_batch(sql).err()?;
        Some(format!("{what} ({})", failure(&error)))
    }
}

impl Transaction<'_> {
    pub(in crate::db) fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        self.still_open()?;
        let failed = |error| failed("statement", &error);
        let mut statement = self.db.connection.prepare_cached(sql).map_err(failed)?;
        let changed = statement.execute(rusqlite::params_from_iter(parameters)).map_err(failed)?;
        drop(statement);
        self.still_open()?;
        Ok(changed as u64)
    }

    /// A trigger's RAISE(ROLLBACK) ends the transaction, and the next statement would commit by itself.
    fn still_open(&self) -> Result<()> {
        if self.db.connection.is_autocommit() {
            let kind = StatementFailure::Other("the end of the transaction by a trigger".into());
            return Err(Error::Statement { what: "statement".into(), kind });
        }
        Ok(())
    }

    pub(in crate::db) fn changes(&self) -> BTreeMap<TableName, Changed> {
        let record = lock(&self.record);
        let changed = |rows: &Rows| Changed {
            inserted: count(&rows.inserted),
            updated: count(&rows.updated),
            deleted: count(&rows.deleted),
        };
        record.tables.iter().map(|(name, rows)| (TableName::plain(name), changed(rows))).collect()
    }

    pub(in crate::db) fn unattributed(&self) -> u64 {
        let total = self.db.connection.total_changes().saturating_sub(self.before);
        total.saturating_sub(lock(&self.record).events)
    }

    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        self.db.inspect()
    }

    /// The update hook is silent on tables WITHOUT ROWID.
    pub(in crate::db) fn tells(table: &Table) -> Tells {
        if table.detail.as_deref() == Some(super::WITHOUT_ROWID) { Tells::Nothing } else { Tells::NotReplaced }
    }

    pub(in crate::db) fn growth(&self, table: &TableName) -> i64 {
        lock(&self.record).tables.get(&table.name).map_or(0, |rows| rows.growth)
    }

    pub(in crate::db) fn count(&mut self, table: &TableName) -> Result<i64> {
        let sql = format!("SELECT count(*) FROM {}", Dialect::Sqlite.table(table));
        self.db.connection.query_row(&sql, [], |row| row.get(0)).map_err(|error| failed("counting", &error))
    }

    pub(in crate::db) fn each_row(
        &mut self,
        table: &TableName,
        columns: &[String],
        sink: &mut dyn FnMut(Vec<Value>),
    ) -> Result<()> {
        let failed = |error| failed("reading", &error);
        let sql = super::select_where(table, columns, &[], i64::MAX.unsigned_abs());
        let mut statement = self.db.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let cells = (0..columns.len()).map(|column| row.get_ref(column).map(super::owned));
            sink(cells.collect::<Result<_, _>>().map_err(failed)?);
        }
        Ok(())
    }

    pub(in crate::db) fn written(&mut self, table: &Table, columns: &[String]) -> Result<Vec<Vec<Value>>> {
        let rows: Vec<i64> = match lock(&self.record).tables.get(&table.name.name) {
            Some(rows) => rows.inserted.union(&rows.updated).copied().collect(),
            None => Vec::new(),
        };
        // A column may have one of the row number's names.
        let free = |name: &&str| !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
        let Some(number) = ["rowid", "_rowid_", "oid"].into_iter().find(free) else {
            let kind = StatementFailure::Other("columns that hide its row numbers".into());
            return Err(Error::Statement { what: table.name.to_string(), kind });
        };
        let mut found = Vec::new();
        for row in rows {
            found.extend(self.db.rows_where(&table.name, columns, &[(number.to_owned(), Value::Integer(row))], 1)?);
        }
        Ok(found)
    }

    pub(in crate::db) fn broken_links(&mut self, table: &TableName) -> Result<u64> {
        let failed = |error| failed("foreign key check", &error);
        let sql = "SELECT count(*) FROM pragma_foreign_key_check(?1)";
        let broken: i64 = self.db.connection.query_row(sql, [&table.name], |row| row.get(0)).map_err(failed)?;
        Ok(u64::try_from(broken).unwrap_or(0))
    }

    pub(in crate::db) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        self.db.rows_where(table, columns, equal, limit)
    }

    pub(in crate::db) fn commit(mut self) -> Result<()> {
        self.still_open()?;
        let Err(error) = self.end("COMMIT") else { return Ok(()) };
        // Another session's lock, or a link to nothing: the transaction is still there and can be taken back.
        if !self.db.connection.is_autocommit() && self.end("ROLLBACK").is_ok() {
            return Err(error);
        }
        Err(Error::Unknown(format!(
            "{error}; run `sanera apply` with this plan again: it tells whether it was applied"
        )))
    }

    pub(in crate::db) fn rollback(mut self) -> Result<()> {
        if self.db.connection.is_autocommit() {
            self.open = false;
            return Ok(());
        }
        self.end("ROLLBACK")
    }

    fn end(&mut self, how: &'static str) -> Result<()> {
        self.db.connection.execute_batch(how).map_err(|error| failed(how, &error))?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open && !self.db.connection.is_autocommit() {
            // Nothing can be done if this fails: closing the connection rolls back as well.
            self.db.connection.execute_batch("ROLLBACK").ok();
        }
        self.db.connection.update_hook(None::<fn(Action, &str, &str, i64)>).ok();
    }
}

fn failed(what: &str, error: &rusqlite::Error) -> Error {
    Error::Statement { what: what.to_owned(), kind: failure(error) }
}
