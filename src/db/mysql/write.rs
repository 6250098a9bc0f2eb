//! Writing to MariaDB or MySQL: one transaction under row locks, what it changed from the session's own counters, and a
//! COMMIT whose outcome can be asked for.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::Connection;

use super::super::{Begin, Cancel, Dialect, Purpose};
use super::inspect::VERSIONED;
use super::{Ended, Mysql, bind, row_values, safe};
use crate::catalog::{Catalog, Table, TableName};
use crate::error::StatementFailure;
use crate::value::{RowKey, Value};
use crate::{Error, Result};

/// How often, and how long apart, a server that went away is asked for.
const ASK: (u32, Duration) = (20, Duration::from_millis(500));

/// The lock that keeps two runs of apply in one database apart, and tells when a session that was lost has ended. Names
/// of locks are the server's, and short.
const LOCK: &str = "CONCAT('sanera ', SHA1(DATABASE()))";

/// Rows written by this session since it began, in all tables together. Triggers count like our own statements; what
/// foreign keys do happens inside the storage engine and does not.
const COUNTERS: &str =
    "SHOW SESSION STATUS WHERE Variable_name IN ('Handler_delete', 'Handler_update', 'Handler_write')";

/// An open transaction.
pub struct Transaction<'a> {
    db: &'a mut Mysql,
    /// Tables whose rows are locked when they are read.
    locked: Vec<TableName>,
    /// Foreign keys are off: nothing cascades, and links to nothing are ours to find.
    unchecked: bool,
    /// Rows changed by our own statements and by triggers.
    changed: u64,
    /// The table for notes, if this run made it.
    made: Option<TableName>,
    /// A statement failed. After a deadlock the server has ended the transaction by itself, and whatever came next
    /// would stand on its own.
    failed: bool,
    open: bool,
}

/// [`COUNTERS`].
struct Counters {
    deleted: u64,
    updated: u64,
    written: u64,
}

impl Mysql {
    pub(in crate::db) fn begin(&mut self, options: &Begin<'_>) -> Result<Transaction<'_>> {
        // Temporary tables, the lock's name and the table for notes belong to a database.
        if let Some(schema) = options.tables.first().and_then(|table| table.schema.as_deref()) {
            self.script(&format!("USE {}", Dialect::Mysql.quote(schema)))?;
        }
        self.fit_server()?;
        for table in options.tables {
            self.fit(table)?;
        }
        self.fit_triggers(options.tables)?;
        if self.texts(&format!("SELECT GET_LOCK({LOCK}, 0)"))? != [["1"]] {
            return refused("another apply runs in this database");
        }
        let mut transaction = Transaction {
            db: self,
            locked: options.tables.to_vec(),
            unchecked: options.defer_foreign_keys,
            changed: 0,
            made: None,
            failed: false,
            open: true,
        };
        if let Some(marker) = options.marker {
            // CREATE TABLE commits, so that it must come first.
            transaction.db.script(&Dialect::Mysql.create_marker(marker))?;
            transaction.made = Some(marker.clone());
        }
        let checks = u8::from(!options.defer_foreign_keys);
        transaction.db.script(&format!(
            "SET foreign_key_checks = {checks}; SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ WRITE; \
             START TRANSACTION"
        ))?;
        for table in options.tables {
            // Nobody can change the table itself from now on; rows are locked as they are read.
            transaction.db.script(&format!("SELECT 1 FROM {} LIMIT 0", Dialect::Mysql.table(table)))?;
        }
        Ok(transaction)
    }

    /// Refuses servers on which a transaction is not what it is elsewhere.
    fn fit_server(&mut self) -> Result<()> {
        let on =
            "SHOW GLOBAL VARIABLES WHERE Value IN ('ON', '1') AND Variable_name IN ('read_only', 'super_read_only')";
        if !self.texts(on)?.is_empty() {
            return refused("this server is read-only, as replicas are; connect to the primary");
        }
        if !self.texts("SHOW SESSION VARIABLES WHERE Value IN ('ON', '1') AND Variable_name = 'wsrep_on'")?.is_empty() {
            return refused(
                "this server is part of a Galera cluster, where a COMMIT can fail after all checks have passed",
            );
        }
        Ok(())
    }

    /// Refuses tables in which a statement would not do what it says.
    fn fit(&self, name: &TableName) -> Result<()> {
        let Some(table) = self.tables.get(name) else { return Ok(()) };
        if table.detail.as_ref().is_some_and(|detail| detail.ends_with(VERSIONED)) {
            return refused(&format!(
                "table {name} is system versioned and keeps every old row; drop its history first"
            ));
        }
        Ok(())
    }

    fn counters(&mut self) -> Result<Counters> {
        // By name: Handler_delete, Handler_update, Handler_write.
        let mut rows = self.texts(COUNTERS)?;
        rows.sort();
        let mut numbers = rows.iter().map(|row| row[1].parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        Ok(Counters { deleted: next(), updated: next(), written: next() })
    }

    /// Hands over every row of a table, one at a time.
    fn each(&mut self, table: &TableName, columns: &[String], sink: &mut dyn FnMut(Vec<Value>)) -> Result<()> {
        let (list, classes) = self.list(table, columns);
        let sql = format!("SELECT {list} FROM {}", Dialect::Mysql.table(table));
        let Self { runtime, connection, .. } = self;
        let outcome: Result<(), Ended> = runtime.drive(async {
            let mut stream = sqlx::query(safe(sql)).fetch(connection);
            while let Some(row) = runtime.next(stream.try_next()).await?? {
                sink(row_values(&row, &classes));
            }
            Ok(())
        });
        outcome.map_err(|ended| self.failed("reading", &ended))
    }

    /// Rewrites the touched tables, so that neither files nor statistics hold what went.
    pub(in crate::db) fn purge(&mut self, tables: &[TableName]) -> Vec<String> {
        let mut left = Vec::new();
        for table in tables {
            let failed = match self.texts(&format!("OPTIMIZE TABLE {}", Dialect::Mysql.table(table))) {
                // A failure is no error here, but a row of the answer.
                Ok(rows) => rows.iter().any(|row| row.get(2).is_some_and(|kind| kind.eq_ignore_ascii_case("error"))),
                Err(_) => true,
            };
            if failed {
                left.push(format!("rows in the file of {table}, which could not be rewritten"));
            }
            if self.mariadb {
                left.extend(self.renew_statistics(table));
            }
        }
        left
    }

    /// Collects the server's own statistics of a table anew where it has any: they hold values. What stays of them.
    fn renew_statistics(&mut self, table: &TableName) -> Option<String> {
        let text = |name: &str| Dialect::Mysql.literal(&Value::text(name));
        let schema = text(table.schema.as_deref().unwrap_or_default());
        let kept = format!(
            "SELECT 1 FROM mysql.column_stats WHERE db_name = {schema} AND table_name = {} LIMIT 1",
            text(&table.name)
        );
        let stays = match self.texts(&kept) {
            Ok(rows) if rows.is_empty() => return None,
            Ok(_) => self.texts(&format!("ANALYZE TABLE {} PERSISTENT FOR ALL", Dialect::Mysql.table(table))).err()?,
            Err(error) => error,
        };
        let reason = match stays {
            Error::Statement { kind, .. } => kind.to_string(),
            other => other.to_string(),
        };
        Some(format!("smallest and greatest values of {table} in mysql.column_stats, if any stand there ({reason})"))
    }

    /// Connects again after the connection was lost, once the server has ended the old session: only then what became
    /// of its transaction is settled.
    fn connect_again(&mut self, schema: Option<&str>) -> Result<()> {
        let mut again = Self::open(&self.address, Purpose::Write, &self.cancel)?;
        if let Some(schema) = schema {
            again.script(&format!("USE {}", Dialect::Mysql.quote(schema)))?;
        }
        if again.texts(&format!("SELECT GET_LOCK({LOCK}, 0)"))? != [["1"]] {
            return refused("the lost session is still there");
        }
        again.tables = std::mem::take(&mut self.tables);
        *self = again;
        Ok(())
    }
}

pub(super) fn refused<T>(reason: &str) -> Result<T> {
    Err(Error::Refused(format!("nothing was changed: {reason}")))
}

impl Transaction<'_> {
    /// Runs something on the connection, unless something failed before.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut Mysql) -> Result<T>) -> Result<T> {
        if self.failed {
            let kind = StatementFailure::Other("an error before this one".into());
            return Err(Error::Statement { what: "transaction".into(), kind });
        }
        let done = work(self.db);
        self.failed = done.is_err();
        done
    }

    pub(in crate::db) fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let run = |db: &mut Mysql| {
            let query = bind(sqlx::query(safe(sql)), parameters);
            let done = db.runtime.wait(query.execute(&mut db.connection));
            done.map(|done| done.rows_affected()).map_err(|ended| db.failed("statement", &ended))
        };
        let (updates, deletes) = (sql.starts_with("UPDATE"), sql.starts_with("DELETE"));
        if !updates && !deletes {
            return self.attempt(run);
        }
        let before = self.attempt(Mysql::counters)?;
        let rows = self.attempt(run)?;
        let after = self.attempt(Mysql::counters)?;
        // Rows that stay as they are match, but are not written: a plan has none. Every difference is somebody else's.
        let others = [
            (after.written.abs_diff(before.written), 0),
            (after.updated.abs_diff(before.updated), if updates { rows } else { 0 }),
            (after.deleted.abs_diff(before.deleted), if deletes { rows } else { 0 }),
        ];
        self.changed += rows + others.iter().map(|(counted, own)| counted.abs_diff(*own)).sum::<u64>();
        Ok(rows)
    }

    pub(in crate::db) fn unattributed(&self) -> u64 {
        self.changed
    }

    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        self.attempt(Mysql::inspect)
    }

    pub(in crate::db) fn each_row(
        &mut self,
        table: &TableName,
        columns: &[String],
        sink: &mut dyn FnMut(Vec<Value>),
    ) -> Result<()> {
        self.attempt(|db| db.each(table, columns, sink))
    }

    /// Rows that are not among those that others see. Nobody but us can have written them, save in the moment between
    /// the two reads. Takes some 16 bytes of memory per row of the table.
    pub(in crate::db) fn written(&mut self, table: &Table, columns: &[String]) -> Result<Vec<Vec<Value>>> {
        let (address, cancel, tables) = (&self.db.address, &self.db.cancel, &self.db.tables);
        let mut other = Mysql::open(address, Purpose::Read, cancel)?;
        other.tables.clone_from(tables);
        let mut known: HashSet<u64> = HashSet::new();
        other.each(&table.name, columns, &mut |row| {
            known.insert(short_hash(&row));
        })?;
        let mut written = Vec::new();
        let mut sink = |row: Vec<Value>| {
            if !known.contains(&short_hash(&row)) {
                written.push(row);
            }
        };
        self.attempt(|db| db.each(&table.name, columns, &mut sink))?;
        Ok(written)
    }

    /// Rows that point at nothing, where the server was told not to look.
    pub(in crate::db) fn broken_links(&mut self, table: &TableName) -> Result<u64> {
        if !self.unchecked {
            return Ok(0);
        }
        let quote = |name: &String| Dialect::Mysql.quote(name);
        let keys = self.db.tables.get(table).map_or_else(Vec::new, |table| table.foreign_keys.clone());
        let mut broken = 0;
        for key in keys {
            let pairs = key.columns.iter().zip(&key.parent_columns);
            let same: Vec<String> =
                pairs.map(|(here, there)| format!("p.{} = c.{}", quote(there), quote(here))).collect();
            let set: Vec<String> =
                key.columns.iter().map(|column| format!("c.{} IS NOT NULL", quote(column))).collect();
            let sql = format!(
                "SELECT COUNT(*) FROM {} c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
                Dialect::Mysql.table(table),
                set.join(" AND "),
                Dialect::Mysql.table(&key.parent),
                same.join(" AND ")
            );
            let count = self.attempt(|db| db.texts(&sql))?.concat().concat();
            broken += count.parse::<u64>().unwrap_or(0);
        }
        Ok(broken)
    }

    /// As they are now, and locked: rows of touched tables against everybody, of others against changes and newcomers.
    pub(in crate::db) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        let lock = if self.locked.contains(table) { " FOR UPDATE" } else { " LOCK IN SHARE MODE" };
        self.attempt(|db| db.rows_locked(table, columns, equal, limit, lock))
    }

    pub(in crate::db) fn commit(mut self) -> Result<()> {
        if self.failed {
            return self.attempt(|_| Ok(()));
        }
        self.open = false;
        let lost = match self.db.script_to_the_end("COMMIT") {
            Ok(()) => {
                // It is committed, whatever becomes of the connection now; a session that ends gives its lock back.
                self.release().ok();
                return Ok(());
            }
            Err(error @ Error::Statement { .. }) => {
                self.end().ok();
                return Err(error);
            }
            Err(error) => error,
        };
        // What became of it is asked for even if the process shall end.
        self.db.heed(Cancel::default());
        let schema = self.locked.first().and_then(|table| table.schema.clone());
        for _ in 0..ASK.0 {
            if self.db.connect_again(schema.as_deref()).is_ok() {
                break;
            }
            std::thread::sleep(ASK.1);
        }
        Err(Error::Unknown(format!(
            "{lost}, during COMMIT; run `sanera apply` with this plan again: it tells whether it was applied"
        )))
    }

    /// A connection that is gone has taken its transaction with it.
    pub(in crate::db) fn rollback(mut self) -> Result<()> {
        self.open = false;
        match self.end() {
            Err(error @ Error::Statement { .. }) => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes everything back: the transaction, and our own table if this run made it and nobody has used it since.
    fn end(&mut self) -> Result<()> {
        if self.failed {
            // The answer to a statement that nobody waited for comes first, and may be an error.
            let db = &mut *self.db;
            db.runtime.wait_to_the_end(db.connection.ping()).ok();
        }
        self.db.script_to_the_end("ROLLBACK")?;
        if let Some(marker) = self.made.take() {
            let name = Dialect::Mysql.table(&marker);
            let db = &mut *self.db;
            let note = sqlx::raw_sql(safe(format!("SELECT 1 FROM {name} LIMIT 1"))).fetch_optional(&mut db.connection);
            if matches!(db.runtime.wait_to_the_end(note), Ok(None)) {
                self.db.script_to_the_end(&format!("DROP TABLE {name}"))?;
            }
        }
        self.release()
    }

    fn release(&mut self) -> Result<()> {
        self.db.script_to_the_end(&format!("SET foreign_key_checks = 1; DO RELEASE_LOCK({LOCK})"))
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // Nothing can be done if this fails: closing the connection rolls back as well.
            self.end().ok();
        }
    }
}

fn short_hash(row: &[Value]) -> u64 {
    let digest: [u8; 32] = Sha256::digest(RowKey(row.to_vec()).encoded()).into();
    u64::from_be_bytes(*digest.first_chunk().expect("32 bytes hold 8"))
}
