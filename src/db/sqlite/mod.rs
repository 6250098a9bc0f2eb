//! SQLite through rusqlite: connecting, small look-ups, and what SQLite's errors mean. The catalog is in [`inspect`],
//! the scan's reading in [`read`].

mod doctor;
mod inspect;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Cancel, Dialect, Purpose};
use crate::catalog::TableName;
use crate::error::StatementFailure;
use crate::value::Value;
use crate::{Error, Result};

pub(super) use inspect::unreadable;
pub(super) use write::Transaction;

/// How long a lock of another process is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a running statement looks whether it shall stop, in instructions of SQLite's virtual machine.
const CANCEL_CHECK_OPS: i32 = 20_000;

/// [`crate::catalog::Table::detail`] of a table that is stored by its primary key.
const WITHOUT_ROWID: &str = "without rowid";

/// A connection to a SQLite file.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
}

impl Sqlite {
    pub(super) fn open(path: &Path, purpose: Purpose, cancel: &Cancel) -> Result<Self> {
        let source = |reason: String| Error::Source { source_name: display(path), reason };
        let found = std::fs::metadata(path).map_err(|error| source(missing(&error)))?;
        if found.is_dir() {
            return Err(source("is a directory, not a SQLite database; name the file in it".into()));
        }
        let access = match purpose {
            Purpose::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Purpose::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| source(open_failure(&error)))?;
        let mut db = Self { connection, path: path.to_owned() };
        db.settle(purpose, cancel).map_err(|error| source(open_failure(&error)))?;
        Ok(db)
    }

    /// Settings that distrust the file: nothing in its schema may run with side effects, and a reader can't write.
    fn settle(&mut self, purpose: Purpose, cancel: &Cancel) -> rusqlite::Result<()> {
        let db = &mut self.connection;
        db.busy_timeout(BUSY_TIMEOUT)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        // A scan must not fold the -wal into the database when it is the last to close it.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, purpose == Purpose::Read)?;
        db.pragma_update(None, "query_only", purpose == Purpose::Read)?;
        db.pragma_update(None, "cell_size_check", true)?;
        // 2 MB per connection: a scan reads each page once, and memory is promised.
        db.pragma_update(None, "cache_size", -2048)?;
        let cancel = cancel.clone();
        db.progress_handler(CANCEL_CHECK_OPS, Some(move || cancel.load(Ordering::Relaxed)))?;
        // The first statement that reads the file: here a wrong, encrypted or locked file shows.
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    }

    /// Holds one snapshot for all that this connection reads, where the journal mode can do so without blocking
    /// writers (WAL).
    pub(super) fn begin_read(&mut self) -> Result<()> {
        let mode: String = self.query_one("PRAGMA journal_mode")?;
        if mode.eq_ignore_ascii_case("wal") {
            let begin = "BEGIN; SELECT count(*) FROM sqlite_schema;";
            self.connection.execute_batch(begin).map_err(|error| self.failed("begin", &error))?;
        }
        Ok(())
    }

    /// A number that changes when another connection has committed.
    pub(super) fn data_version(&mut self) -> Result<i64> {
        self.query_one("PRAGMA data_version")
    }

    fn query_one<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T> {
        self.connection.query_row(sql, [], |row| row.get(0)).map_err(|error| self.failed(sql, &error))
    }

    pub(super) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        let sql = select_where(table, columns, equal, limit);
        let run = || -> rusqlite::Result<Vec<Vec<Value>>> {
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query(rusqlite::params_from_iter(equal.iter().map(|(_, value)| value)))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push((0..columns.len()).map(|i| row.get_ref(i).map(owned)).collect::<Result<_, _>>()?);
            }
            Ok(found)
        };
        run().map_err(|error| table_failure(table, &error))
    }

    /// An error of a statement of ours, without SQLite's text.
    fn failed(&self, what: &str, error: &rusqlite::Error) -> Error {
        match failure(error) {
            StatementFailure::Interrupted => Error::Interrupted,
            kind => Error::Statement { what: format!("{}, {what}", display(&self.path)), kind },
        }
    }
}

fn display(path: &Path) -> String {
    format!("sqlite:{}", crate::sensitive::printable(&path.to_string_lossy()))
}

fn select_where(table: &TableName, columns: &[String], equal: &[(String, Value)], limit: u64) -> String {
    let quote = |name: &String| Dialect::Sqlite.quote(name);
    let list =
        if columns.is_empty() { "1".to_owned() } else { columns.iter().map(quote).collect::<Vec<_>>().join(", ") };
    let conditions: Vec<String> =
        equal.iter().enumerate().map(|(i, (name, _))| format!("{} = ?{}", quote(name), i + 1)).collect();
    let condition = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    format!("SELECT {list} FROM {} WHERE {condition} LIMIT {limit}", Dialect::Sqlite.table(table))
}

/// A cell's value, copied.
fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(bytes.to_vec()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(bytes) => ValueRef::Text(bytes),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Why there is no file to open.
fn missing(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file; check the path".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied; run as a user who may read the file".into(),
        _ => error.to_string(),
    }
}

/// Why a file can't be opened, in words that say what to do. SQLite's own texts are not passed on: for schema
/// errors they quote the schema.
fn open_failure(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => {
            "is not a SQLite database, or it is encrypted; name another file, or decrypt it first".into()
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "is locked by another process; try again when it has finished".into()
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
            "cannot be opened: check the permissions of the file and its folder, and whether a -journal or -wal file \
             beside it waits for recovery (open it once with its own application)"
                .into()
        }
        Some(ErrorCode::PermissionDenied) => "permission denied; run as a user who may read the file".into(),
        _ => failure(error).to_string(),
    }
}

/// An error while one table is read: it is reported and the scan goes on.
fn table_failure(table: &TableName, error: &rusqlite::Error) -> Error {
    match failure(error) {
        StatementFailure::Interrupted => Error::Interrupted,
        kind => Error::Table { table: table.clone(), reason: kind.to_string() },
    }
}

/// SQLite's error as a kind. Its message is dropped: it can quote values.
fn failure(error: &rusqlite::Error) -> StatementFailure {
    let Some(code) = error.sqlite_error() else { return StatementFailure::Other("an unexpected answer".into()) };
    match code.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StatementFailure::Locked,
        ErrorCode::ConstraintViolation => StatementFailure::Constraint(match code.extended_code {
            rusqlite::ffi::SQLITE_CONSTRAINT_CHECK => "CHECK",
            rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY => "foreign key",
            rusqlite::ffi::SQLITE_CONSTRAINT_NOTNULL => "NOT NULL",
            rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY => "UNIQUE",
            rusqlite::ffi::SQLITE_CONSTRAINT_TRIGGER => "a trigger",
            rusqlite::ffi::SQLITE_CONSTRAINT_DATATYPE => "type",
            _ => "constraint",
        }),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            StatementFailure::Permission
        }
        ErrorCode::DiskFull => StatementFailure::Full,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StatementFailure::Corrupt,
        ErrorCode::TooBig => StatementFailure::TooBig,
        ErrorCode::OperationInterrupted => StatementFailure::Interrupted,
        _ => StatementFailure::Other(format!("SQLite error {}", code.extended_code)),
    }
}
