//! Writing to PostgreSQL: one transaction under row locks, what it changed from the server's own counters, and a
//! COMMIT whose outcome can be asked for.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::{Begin, Cancel, Changed, Dialect};
use super::{Postgres, bind, in_table, safe};
use crate::catalog::{Catalog, Table, TableName};
use crate::error::StatementFailure;
use crate::value::Value;
use crate::{Error, Result};

/// The advisory lock that keeps two runs of apply apart: "sanera" in ASCII.
const LOCK: i64 = 0x7361_6e65_7261;

/// How often, and how long apart, a server that went away is asked what became of a COMMIT.
const ASK: (u32, Duration) = (20, Duration::from_millis(500));

/// Rows inserted, updated and deleted per table since the connection began, partitions under their whole. Cascades and
/// triggers count like our own statements.
const COUNTERS: &str = "\
    SELECT n.nspname, c.relname, sum(s.n_tup_ins)::int8, sum(s.n_tup_upd)::int8, sum(s.n_tup_del)::int8 \
    FROM pg_stat_xact_user_tables s JOIN pg_class c ON c.oid = coalesce(pg_partition_root(s.relid), s.relid) \
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname !~ '^pg_' \
    GROUP BY 1, 2 HAVING sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del) > 0";

/// An open transaction.
pub struct Transaction<'a> {
    db: &'a mut Postgres,
    /// The counters when it began: those of earlier transactions linger for a while.
    before: BTreeMap<TableName, Changed>,
    /// Tables whose rows are locked when they are read.
    locked: Vec<TableName>,
    open: bool,
}

/// How often, and how far apart, the server is asked whether older snapshots are gone.
const SNAPSHOTS: (u32, Duration) = (100, Duration::from_millis(100));

impl Postgres {
    pub(in crate::db) fn begin(&mut self, options: &Begin<'_>) -> Result<Transaction<'_>> {
        self.fit_server()?;
        self.script("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL synchronous_commit = on")?;
        let prepared = self.prepare(options);
        if prepared.is_err() {
            self.script("ROLLBACK").ok();
        }
        prepared?;
        let before = self.counters()?;
        Ok(Transaction { db: self, before, locked: options.tables.to_vec(), open: true })
    }

    /// Refuses servers on which nothing can be written, or not be seen.
    fn fit_server(&mut self) -> Result<()> {
        let facts = self.texts("SELECT pg_is_in_recovery(), current_setting('track_counts')")?;
        match facts.first().map(|row| [row[0].as_str(), row[1].as_str()]) {
            Some(["t", ..]) => refused("this server is a standby; connect to the primary"),
            Some([_, "off"]) => {
                refused("track_counts is off, so that changes by triggers could not be seen; turn it on")
            }
            _ => Ok(()),
        }
    }

    fn prepare(&mut self, options: &Begin<'_>) -> Result<()> {
        if self.texts(&format!("SELECT pg_try_advisory_xact_lock({LOCK})"))? != [["t"]] {
            return refused("another apply runs in this database");
        }
        for table in options.tables {
            let name = Dialect::Postgres.table(table);
            // Nobody can change the table itself from now on; rows are locked as they are read.
            self.script(&format!("LOCK TABLE {name} IN ROW EXCLUSIVE MODE"))?;
            self.fit(table)?;
        }
        let mode = if options.defer_foreign_keys { "DEFERRED" } else { "IMMEDIATE" };
        self.script(&format!("SET CONSTRAINTS ALL {mode}"))
    }

    /// Refuses tables in which a statement would not do what it says.
    fn fit(&mut self, table: &TableName) -> Result<()> {
        let name = Dialect::Postgres.literal(&Value::text(Dialect::Postgres.table(table)));
        let facts = self.texts(&format!(
            "SELECT row_security_active(c.oid), \
                EXISTS (SELECT FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid \
                    WHERE i.inhparent = c.oid AND NOT k.relispartition), \
                EXISTS (SELECT FROM pg_publication_tables p WHERE p.schemaname = n.nspname AND p.tablename = c.relname) \
                    AND (c.relreplident = 'n' OR c.relreplident = 'd' \
                        AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary)) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass({name})"
        ))?;
        let reason = match facts.first().map(|row| [row[0].as_str(), row[1].as_str(), row[2].as_str()]) {
            None => "is gone",
            Some(["t", ..]) => {
                "has row security that holds for this role; apply as a role that sees all rows (BYPASSRLS)"
            }
            Some([_, "t", _]) => "has tables that inherit from it, whose rows a statement would change too",
            Some([_, _, "t"]) => {
                "is published without a replica identity, so that the server refuses changes; give it a primary key or \
                 ALTER TABLE … REPLICA IDENTITY FULL"
            }
            _ => return Ok(()),
        };
        Err(Error::Refused(format!("nothing was changed: table {table} {reason}")))
    }

    fn counters(&mut self) -> Result<BTreeMap<TableName, Changed>> {
        let number = |text: &String| text.parse().unwrap_or(0);
        let rows = self.texts(COUNTERS)?;
        let of = |row: &Vec<String>| {
            let name = TableName { schema: Some(row[0].clone()), name: row[1].clone() };
            (name, Changed { inserted: number(&row[2]), updated: number(&row[3]), deleted: number(&row[4]) })
        };
        Ok(rows.iter().map(of).collect())
    }

    /// Rewrites the touched tables, so that neither files nor statistics hold what went.
    pub(in crate::db) fn purge(&mut self, tables: &[TableName]) -> Vec<String> {
        let mut left = Vec::new();
        if let Some(reason) = self.older_snapshot() {
            left.push(reason);
        }
        for table in tables {
            let sql = format!("VACUUM (FULL, ANALYZE) {}", Dialect::Postgres.table(table));
            if let Err(error) = self.script(&sql) {
                let kind = match error {
                    Error::Statement { kind, .. } => kind.to_string(),
                    other => other.to_string(),
                };
                left.push(format!("rows in the file of {table} ({kind})"));
            }
        }
        left
    }

    /// Waits for sessions whose snapshot is older than what was changed: VACUUM keeps the rows that they may still see. An
    /// autovacuum or a session that just begins holds one for a moment. What is left if one stays.
    fn older_snapshot(&mut self) -> Option<String> {
        let changed = self.texts("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").ok()?.concat().concat();
        let older = format!(
            "SELECT count(*)::text FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_xmin IS NOT NULL \
             AND (datname = current_database() OR datname IS NULL) AND age(backend_xmin) > age('{changed}'::xid8::xid)"
        );
        for _ in 0..SNAPSHOTS.0 {
            if self.texts(&older).ok()?.concat().concat() == "0" {
                return None;
            }
            std::thread::sleep(SNAPSHOTS.1);
        }
        Some("rows that a session with an older snapshot may still see; end it and run VACUUM (FULL)".to_owned())
    }

    /// What became of a transaction, from the server: "committed", "aborted" or "in progress".
    fn outcome(&mut self, transaction: &str) -> Result<String> {
        Ok(self.texts(&format!("SELECT pg_xact_status('{transaction}'::xid8)"))?.concat().concat())
    }

    /// Asks until there is an answer, or the server stays away for too long.
    fn ask_outcome(&mut self, transaction: &str) -> Option<bool> {
        for _ in 0..ASK.0 {
            match self.connect_again().and_then(|()| self.outcome(transaction)).as_deref() {
                Ok("committed") => return Some(true),
                Ok("aborted") => return Some(false),
                _ => std::thread::sleep(ASK.1),
            }
        }
        None
    }
}

fn refused<T>(reason: &str) -> Result<T> {
    Err(Error::Refused(format!("nothing was changed: {reason}")))
}

impl Transaction<'_> {
    pub(in crate::db) fn execute(&mut self, sql: &str, parameters: &[Value]) -> Result<u64> {
        let query = bind(sqlx::query(safe(sql)).persistent(false), parameters);
        let done = self.db.runtime.wait(query.execute(&mut self.db.connection));
        done.map(|done| done.rows_affected()).map_err(|ended| self.db.failed("statement", &ended))
    }

    pub(in crate::db) fn changes(&mut self) -> Result<BTreeMap<TableName, Changed>> {
        let mut changes = self.db.counters()?;
        for (table, before) in &self.before {
            let Some(now) = changes.get_mut(table) else { continue };
            now.inserted = now.inserted.saturating_sub(before.inserted);
            now.updated = now.updated.saturating_sub(before.updated);
            now.deleted = now.deleted.saturating_sub(before.deleted);
        }
        changes.retain(|_, changed| *changed != Changed::default());
        Ok(changes)
    }

    pub(in crate::db) fn inspect(&mut self) -> Result<Catalog> {
        self.db.inspect()
    }

    /// Rows that this transaction wrote carry its number or, where a trigger caught an error, that of a part of it:
    /// those come later. Rows of others who began after us are among them.
    pub(in crate::db) fn written(&mut self, table: &Table, columns: &[String]) -> Result<Vec<Vec<Value>>> {
        let list: Vec<String> = columns.iter().map(|column| self.db.plain(&table.name, column)).collect();
        let name = Dialect::Postgres.table(&table.name);
        let sql = format!("SELECT {} FROM {name} WHERE age(xmin) <= age(pg_current_xact_id()::xid)", list.join(", "));
        self.db.select(&sql, &[])
    }

    pub(in crate::db) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        let mut sql = self.db.select_where(table, columns, equal, limit);
        if self.locked.contains(table) {
            sql.push_str(" FOR UPDATE");
        }
        let values: Vec<Value> = equal.iter().map(|(_, value)| value.clone()).collect();
        self.db.select(&sql, &values).map_err(|error| in_table(table, error))
    }

    /// Deferred constraints, among them triggers of the user's, would act within COMMIT: they act now.
    pub(in crate::db) fn settle(&mut self) -> Result<()> {
        self.db.script("SET CONSTRAINTS ALL IMMEDIATE")
    }

    pub(in crate::db) fn commit(mut self) -> Result<()> {
        let transaction = self.db.texts("SELECT pg_current_xact_id()")?.concat().concat();
        self.open = false;
        // A COMMIT that was sent has an outcome, even if the process shall end: it is waited and asked for.
        let cancel = self.db.cancel.clone();
        self.db.heed(Cancel::default());
        let committed = match self.db.script("COMMIT") {
            // COMMIT of a failed transaction answers ROLLBACK without an error.
            Ok(()) => self.db.outcome(&transaction).ok().map(|outcome| outcome == "committed"),
            Err(error @ Error::Statement { .. }) => return Err(error),
            Err(_) => None,
        };
        match committed.or_else(|| self.db.ask_outcome(&transaction)) {
            Some(true) => {
                self.db.heed(cancel);
                Ok(())
            }
            Some(false) => {
                let kind = StatementFailure::Other("ROLLBACK to COMMIT".into());
                Err(Error::Statement { what: "COMMIT".into(), kind })
            }
            None => Err(Error::Unknown(
                "the connection was lost during COMMIT and the server can't be asked; run `sanera apply` with this plan \
                 again: it tells whether it was applied"
                    .into(),
            )),
        }
    }

    /// A connection that is gone has taken its transaction with it.
    pub(in crate::db) fn rollback(mut self) -> Result<()> {
        self.open = false;
        // The answer to a statement that nobody waited for comes first, and may be an error.
        match self.db.script("ROLLBACK").or_else(|_| self.db.script("ROLLBACK")) {
            Err(error @ Error::Statement { .. }) => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            // Nothing can be done if this fails: closing the connection rolls back as well.
            self.db.script("ROLLBACK").ok();
        }
    }
}
