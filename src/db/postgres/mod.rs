//! PostgreSQL through sqlx: connecting, small look-ups, and what the server's errors mean. The catalog is in
//! [`inspect`], the scan's reading in [`read`], apply's transaction in [`write`].

mod address;
mod doctor;
mod inspect;
mod read;
mod write;

use std::collections::BTreeMap;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::query::Query;
use sqlx::{ConnectOptions, Connection, Postgres as Driver, Row, ValueRef};

use super::server::{Ended, Runtime, connect_failure, failure, safe};
use super::{Cancel, Dialect, Purpose, Snapshot};
use crate::catalog::{Catalog, Column, TableName, TypeClass};
use crate::error::StatementFailure;
use crate::value::Value;
use crate::{Error, Result};

pub(super) use address::Address;
pub(super) use write::Transaction;

/// The oldest server whose tables can be read in ranges of blocks at no cost; older ones are refused.
const OLDEST: i32 = 140_000;

/// [`crate::catalog::Table::detail`] of a table whose rows stand in its partitions.
const PARTITIONED: &str = "partitioned";

/// Settings of every session. Names are found in `pg_catalog` only, so that no schema of the user can shadow a function
/// of ours; values are printed in one form; hidden rows are an error instead of silence.
const SETTINGS: &str = "\
    SET search_path = pg_catalog; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;
    SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET bytea_output = 'hex';
    SET xmlbinary = 'base64'; SET extra_float_digits = 1; SET row_security = off; SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET check_function_bodies = off;
    SET application_name = 'sanera'";

/// A connection to a PostgreSQL database.
pub struct Postgres {
    runtime: Runtime,
    connection: PgConnection,
    address: Address,
    purpose: Purpose,
    cancel: Cancel,
    /// The server process, for ending its statement.
    process: i32,
    /// Types of all columns, once the catalog was read: a parameter must be cast to its column's.
    types: BTreeMap<TableName, BTreeMap<String, (TypeClass, String)>>,
    /// The snapshot that this connection reads.
    snapshot: Option<Snapshot>,
}

impl Postgres {
    pub(super) fn open(address: &Address, purpose: Purpose, cancel: &Cancel) -> Result<Self> {
        let source = |reason: String| Error::Source { source_name: address.name().to_owned(), reason };
        let mut runtime = Runtime::new(cancel, address.patience)?;
        let mut connection = runtime.wait(address.options.connect()).map_err(|ended| match ended {
            Ended::Cancelled => Error::Interrupted,
            ended => source(connect_failure(&ended, refused_connection)),
        })?;
        let mut settings = SETTINGS.to_owned();
        if purpose == Purpose::Read {
            settings.push_str("; SET default_transaction_read_only = on");
        }
        let facts = "SELECT pg_backend_pid(), current_setting('server_version_num')::int4";
        let row = runtime
            .wait(async {
                sqlx::raw_sql(safe(settings)).execute(&mut connection).await?;
                sqlx::query(facts).fetch_one(&mut connection).await
            })
            .map_err(|ended| source(failure(&ended, by_code).to_string()))?;
        let (process, version): (i32, i32) = (row.get(0), row.get(1));
        if version < OLDEST {
            let found = format!("is PostgreSQL {}; version {} or newer is needed", version / 10_000, OLDEST / 10_000);
            return Err(source(found));
        }
        if purpose == Purpose::Write && address.patience.is_none() {
            runtime.wait_for_ever();
        }
        let (address, cancel) = (address.clone(), cancel.clone());
        Ok(Self { runtime, connection, address, purpose, cancel, process, types: BTreeMap::new(), snapshot: None })
    }

    /// Begins the snapshot that this connection reads from now on: a new one, or another connection's. It lives as
    /// long as the connection that made it.
    pub(super) fn begin_read(&mut self, of: Option<&Snapshot>) -> Result<Option<Snapshot>> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        if let Some(Snapshot(id)) = of {
            // A snapshot's id has hexadecimal digits and hyphens only.
            self.script(&format!("{BEGIN}; SET TRANSACTION SNAPSHOT {}", Dialect::Postgres.literal(&Value::text(id))))?;
        } else {
            self.script(BEGIN)?;
        }
        let snapshot = match of {
            Some(snapshot) => snapshot.clone(),
            None => Snapshot(self.texts("SELECT pg_export_snapshot()")?.concat().concat()),
        };
        self.snapshot = Some(snapshot.clone());
        Ok(Some(snapshot))
    }

    /// A new transaction of the same snapshot.
    fn begin_again(&mut self) -> Result<()> {
        let Some(snapshot) = self.snapshot.take() else { return Ok(()) };
        self.script("ROLLBACK")?;
        self.begin_read(Some(&snapshot)).map(drop)
    }

    /// A new connection, with all that is known from the old one.
    fn connect_again(&mut self) -> Result<()> {
        let again = Self::open(&self.address, self.purpose, &self.cancel)?;
        let (types, snapshot) = (std::mem::take(&mut self.types), self.snapshot.take());
        *self = Self { types, ..again };
        match snapshot {
            Some(snapshot) => self.begin_read(Some(&snapshot)).map(drop),
            None => Ok(()),
        }
    }

    pub(super) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        let sql = self.select_where(table, columns, equal, limit);
        self.select(&sql, &equal.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>())
            .map_err(|error| in_table(table, error))
    }

    /// The columns come as 64-bit integers, floats, bytes or text, so that four decoders are enough.
    fn select_where(&self, table: &TableName, columns: &[String], equal: &[(String, Value)], limit: u64) -> String {
        let dialect = Dialect::Postgres;
        let list: Vec<String> = columns.iter().map(|name| self.plain(table, name)).collect();
        let list = if list.is_empty() { "1::int8".to_owned() } else { list.join(", ") };
        let condition = |(at, (name, _)): (usize, &(String, Value))| {
            let (class, declared) = self.type_of(table, name);
            format!("{} = {}", dialect.quote(name), parameter(at + 1, class, declared))
        };
        let conditions: Vec<String> = equal.iter().enumerate().map(condition).collect();
        let conditions = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
        format!("SELECT {list} FROM {} WHERE {conditions} LIMIT {limit}", dialect.table(table))
    }

    /// A column as one of the four plain types.
    fn plain(&self, table: &TableName, column: &str) -> String {
        let name = Dialect::Postgres.quote(column);
        let (class, declared) = self.type_of(table, column);
        match class {
            TypeClass::Integer => format!("{name}::int8"),
            TypeClass::Real => format!("{name}::float8"),
            TypeClass::Bytes => name,
            _ => as_text(&name, declared),
        }
    }

    fn type_of(&self, table: &TableName, column: &str) -> (TypeClass, &str) {
        let known = self.types.get(table).and_then(|columns| columns.get(column));
        known.map_or((TypeClass::Text, "text"), |(class, declared)| (*class, declared.as_str()))
    }

    fn remember_types(&mut self, catalog: &Catalog) {
        let of = |column: &Column| (column.name.clone(), (column.type_class, column.declared_type.clone()));
        let tables = catalog.tables.iter();
        self.types = tables.map(|it| (it.name.clone(), it.columns.iter().map(of).collect())).collect();
    }

    /// Runs a SELECT with bound values.
    fn select(&mut self, sql: &str, parameters: &[Value]) -> Result<Vec<Vec<Value>>> {
        let query = bind(sqlx::query(safe(sql)).persistent(false), parameters);
        let rows = self.runtime.wait(query.fetch_all(&mut self.connection));
        let rows = rows.map_err(|ended| self.failed("select", &ended))?;
        Ok(rows.iter().map(|row| (0..row.len()).map(|at| value(row, at)).collect()).collect())
    }

    /// Runs statements without parameters or rows.
    fn script(&mut self, sql: &str) -> Result<()> {
        let ran = self.runtime.wait(sqlx::raw_sql(safe(sql)).execute(&mut self.connection));
        // The first statement names a script well enough.
        let what = sql.split(';').next().unwrap_or_default();
        ran.map(drop).map_err(|ended| self.failed(what, &ended))
    }

    /// Runs a query of ours without parameters whose columns are all text; NULL is empty.
    fn texts(&mut self, sql: &str) -> Result<Vec<Vec<String>>> {
        let rows = self.runtime.wait(sqlx::raw_sql(safe(sql)).fetch_all(&mut self.connection));
        let rows = rows.map_err(|ended| self.failed("a look into the catalog", &ended))?;
        let text = |row: &PgRow, at| {
            row.try_get_raw(at).ok().and_then(|raw| raw.as_str().ok().map(str::to_owned)).unwrap_or_default()
        };
        Ok(rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect())
    }

    /// From now on looks at this wish to end.
    fn heed(&mut self, cancel: Cancel) {
        self.runtime.heed(&cancel);
        self.cancel = cancel;
    }

    /// The error of a statement of ours, without the server's text. A statement that nobody waits for any more is
    /// ended on the server.
    fn failed(&mut self, what: &str, ended: &Ended) -> Error {
        match failure(ended, by_code) {
            StatementFailure::Interrupted => {
                self.cancel_statement();
                Error::Interrupted
            }
            kind @ (StatementFailure::Lost | StatementFailure::Silent) => {
                if kind == StatementFailure::Silent {
                    self.cancel_statement();
                }
                Error::Source { source_name: self.address.name().to_owned(), reason: kind.to_string() }
            }
            kind => Error::Statement { what: format!("{}, {what}", self.address.name()), kind },
        }
    }

    /// Ends our statement on the server, which would otherwise run on until it has something to send. Best effort:
    /// the process or its work is about to end, and the server notices that too.
    fn cancel_statement(&self) {
        let Ok(runtime) = Runtime::new(&Cancel::default(), Some(std::time::Duration::from_secs(5))) else { return };
        runtime
            .wait(async {
                let mut other = self.address.options.connect().await?;
                sqlx::query("SELECT pg_cancel_backend($1)").bind(self.process).execute(&mut other).await?;
                other.close().await
            })
            .ok();
    }
}

/// A value as its type prints it. The cast of an inet to text adds a netmask that nobody wrote.
fn as_text(name: &str, declared: &str) -> String {
    if declared == "inet" { format!("textin(inet_out({name}))") } else { format!("{name}::text") }
}

/// A placeholder that has its column's type; sqlx sends integers and text.
pub(super) fn parameter(number: usize, class: TypeClass, declared: &str) -> String {
    match class {
        TypeClass::Integer | TypeClass::Bytes | TypeClass::Real => format!("${number}"),
        TypeClass::Text if declared != "character" && !declared.starts_with("character(") => format!("${number}"),
        _ => format!("CAST(${number} AS {declared})"),
    }
}

fn bind<'q>(query: Query<'q, Driver, PgArguments>, parameters: &[Value]) -> Query<'q, Driver, PgArguments> {
    parameters.iter().fold(query, |query, value| match value {
        Value::Null => query.bind(None::<String>),
        Value::Integer(number) => query.bind(*number),
        Value::Real(number) => query.bind(*number),
        Value::Text(bytes) => query.bind(String::from_utf8_lossy(bytes).into_owned()),
        Value::Blob(bytes) => query.bind(bytes.clone()),
    })
}

/// A cell of one of the four plain types, in the binary form of the protocol.
fn value(row: &PgRow, at: usize) -> Value {
    let Ok(raw) = row.try_get_raw(at) else { return Value::Null };
    if raw.is_null() {
        return Value::Null;
    }
    let name = raw.type_info().to_string();
    let bytes = raw.as_bytes().unwrap_or_default();
    match (name.as_str(), <[u8; 8]>::try_from(bytes)) {
        ("INT8", Ok(number)) => Value::Integer(i64::from_be_bytes(number)),
        ("FLOAT8", Ok(number)) => Value::Real(f64::from_be_bytes(number)),
        ("BYTEA", _) => Value::Blob(bytes.to_vec()),
        _ => Value::Text(bytes.to_vec()),
    }
}

/// An error while one table is read: it is reported and the scan goes on.
fn in_table(table: &TableName, error: Error) -> Error {
    match error {
        Error::Statement { kind, .. } => Error::Table { table: table.clone(), reason: kind.to_string() },
        other => other,
    }
}

/// What an error code means (PostgreSQL manual, appendix A).
fn by_code(error: &dyn DatabaseError) -> StatementFailure {
    let code = error.code().unwrap_or_default();
    match &*code {
        "23502" => StatementFailure::Constraint("NOT NULL"),
        "23503" => StatementFailure::Constraint("foreign key"),
        "23505" => StatementFailure::Constraint("UNIQUE"),
        "23514" => StatementFailure::Constraint("CHECK"),
        "23P01" => StatementFailure::Constraint("EXCLUDE"),
        _ if code.starts_with("23") => StatementFailure::Constraint("constraint"),
        "40001" | "40P01" => StatementFailure::Conflict,
        "55P03" => StatementFailure::Locked,
        "57P01" | "57P02" | "57P03" | "08000" | "08003" | "08006" => StatementFailure::Lost,
        "42P01" | "42703" | "3F000" | "42704" => StatementFailure::Missing,
        "53100" => StatementFailure::Full,
        "53200" | "54000" => StatementFailure::TooBig,
        "XX001" | "XX002" => StatementFailure::Corrupt,
        // The server has one code for both, and the text is translated; only this part of it names a setting.
        "42501" if error.message().contains("row-level security") => StatementFailure::RowSecurity,
        "42501" => StatementFailure::Permission,
        _ => StatementFailure::Other(format!("PostgreSQL error {code}")),
    }
}

/// Why the server did not let us in.
fn refused_connection(error: &dyn DatabaseError) -> String {
    match &*error.code().unwrap_or_default() {
        "28P01" | "28000" => "the server refuses user or password; give the password in PGPASSWORD or ~/.pgpass, and \
                              check pg_hba.conf on the server"
            .into(),
        "3D000" => "there is no such database on the server".into(),
        "42501" => "the role may not connect to this database".into(),
        "53300" => "the server has no connections left; use fewer --jobs or try again".into(),
        "57P03" => "the server is starting or shutting down; try again".into(),
        code => format!("the server refuses the connection (PostgreSQL error {code})"),
    }
}
