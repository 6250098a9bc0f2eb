//! MariaDB and MySQL through sqlx: connecting, small look-ups, and what the server's errors mean. The catalog is in
//! [`inspect`], the scan's reading in [`read`], apply's transaction in [`write`].

mod address;
mod client_file;
mod doctor;
mod errors;
mod inspect;
mod read;
mod triggers;
mod write;

use std::collections::BTreeMap;

use sqlx::mysql::{MySql as Driver, MySqlArguments, MySqlConnection, MySqlRow};
use sqlx::query::Query;
use sqlx::{ConnectOptions, Connection, Decode, Row};

use super::server::{Ended, Runtime, connect_failure, failure, safe};
use super::{Cancel, Dialect, Purpose, Snapshot};
use crate::catalog::{Catalog, Column, Table, TableName, TypeClass};
use crate::error::StatementFailure;
use crate::value::Value;
use crate::{Error, Result};

pub(super) use address::Address;
pub(super) use write::Transaction;

use errors::{by_code, number, refused_connection};

/// The oldest servers that are tested for; older ones are refused.
const OLDEST: Versions = Versions { mariadb: (10, 6), mysql: (8, 0) };

/// Settings of every session. Names and texts come in one encoding, moments in one zone; nothing is cut or changed in
/// silence, and zero dates can be read. What the server's own configuration says of these does not hold.
const SETTINGS: &str = "\
    SET NAMES utf8mb4, \
    sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES', \
    time_zone = '+00:00', autocommit = 1, foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, \
    sql_select_limit = 18446744073709551615, innodb_lock_wait_timeout = 10, lock_wait_timeout = 10, \
    net_write_timeout = 600";

struct Versions {
    mariadb: (u32, u32),
    mysql: (u32, u32),
}

/// A connection to a MariaDB or MySQL server.
pub struct Mysql {
    runtime: Runtime,
    connection: MySqlConnection,
    address: Address,
    cancel: Cancel,
    /// The connection's number, for ending its statement.
    number: String,
    /// MariaDB, not MySQL.
    mariadb: bool,
    /// The database of the URL, as the server spells it.
    database: Option<String>,
    /// All tables, once the catalog was read: a parameter must be cast to its column's type.
    tables: BTreeMap<TableName, Table>,
}

impl Mysql {
    pub(super) fn open(address: &Address, purpose: Purpose, cancel: &Cancel) -> Result<Self> {
        let source = |reason: String| Error::Source { source_name: address.name().to_owned(), reason };
        let mut runtime = Runtime::new(cancel, address.patience)?;
        let mut connection = runtime.wait(address.options.connect()).map_err(|ended| match ended {
            Ended::Cancelled => Error::Interrupted,
            ended => source(connect_failure(&ended, refused_connection)),
        })?;
        let mut settings = SETTINGS.to_owned();
        if purpose == Purpose::Read {
            settings.push_str("; SET SESSION TRANSACTION READ ONLY");
        }
        let row = runtime
            .wait(async {
                sqlx::raw_sql(safe(settings)).execute(&mut connection).await?;
                sqlx::raw_sql("SELECT VERSION(), CONNECTION_ID(), DATABASE()").fetch_one(&mut connection).await
            })
            .map_err(|ended| source(failure(&ended, by_code).to_string()))?;
        let [version, number, database] = [0, 1, 2].map(|at| text(&row, at));
        let mariadb = supported(&version).map_err(source)?;
        if purpose == Purpose::Write && address.patience.is_none() {
            runtime.wait_for_ever();
        }
        Ok(Self {
            runtime,
            connection,
            address: address.clone(),
            cancel: cancel.clone(),
            number,
            mariadb,
            database: Some(database).filter(|name| !name.is_empty()),
            tables: BTreeMap::new(),
        })
    }

    /// Begins the state that this connection reads from now on. No other connection can share it.
    pub(super) fn begin_read(&mut self) -> Result<Option<Snapshot>> {
        self.script("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        self.script("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").map(|()| None)
    }

    /// Grows with every row that anybody writes anywhere on the server.
    pub(super) fn data_version(&mut self) -> Result<i64> {
        const WRITTEN: &str = "SHOW GLOBAL STATUS WHERE Variable_name IN \
            ('Handler_write', 'Handler_update', 'Handler_delete')";
        let counters = self.texts(WRITTEN)?;
        Ok(counters.iter().filter_map(|row| row[1].parse::<i64>().ok()).fold(0, i64::wrapping_add))
    }

    pub(super) fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        self.rows_locked(table, columns, equal, limit, "")
    }

    /// As [`Mysql::rows_where`], with what follows the SELECT: a lock.
    fn rows_locked(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
        lock: &str,
    ) -> Result<Vec<Vec<Value>>> {
        let dialect = Dialect::Mysql;
        let (mut conditions, mut values) = (Vec::new(), Vec::new());
        for (name, value) in equal {
            let (class, declared) = self.type_of(table, name);
            let Some(value) = comparable(class, value) else { return Ok(Vec::new()) };
            conditions.push(format!("{} = {}", dialect.quote(name), parameter(class, declared)));
            values.push(value);
        }
        let conditions = if conditions.is_empty() { "TRUE".to_owned() } else { conditions.join(" AND ") };
        let (list, classes) = self.list(table, columns);
        let sql = format!("SELECT {list} FROM {} WHERE {conditions} LIMIT {limit}{lock}", dialect.table(table));
        self.select(&sql, &values, &classes).or_else(|ended| match number(&ended) {
            // The column's encoding has no such characters: no row can hold them.
            Some(1267) => Ok(Vec::new()),
            _ => Err(in_table(table, self.failed("select", &ended))),
        })
    }

    /// Columns as 64-bit integers, floats, bytes or text, so that four decoders are enough; and their classes.
    fn list(&self, table: &TableName, columns: &[String]) -> (String, Vec<TypeClass>) {
        if columns.is_empty() {
            return ("CAST(1 AS SIGNED)".to_owned(), vec![TypeClass::Integer]);
        }
        let types = columns.iter().map(|name| (name, self.type_of(table, name)));
        let list: Vec<String> = types.clone().map(|(name, (class, declared))| plain(name, class, declared)).collect();
        (list.join(", "), types.map(|(_, (class, _))| class).collect())
    }

    fn type_of(&self, table: &TableName, column: &str) -> (TypeClass, &str) {
        let known = self.tables.get(table).and_then(|table| table.column(column));
        known.map_or((TypeClass::Text, "text"), |column| (column.type_class, column.declared_type.as_str()))
    }

    fn remember(&mut self, catalog: &Catalog) {
        self.tables = catalog.tables.iter().map(|table| (table.name.clone(), table.clone())).collect();
    }

    /// Runs a SELECT with bound values, whose columns are plain ones of these classes.
    fn select(&mut self, sql: &str, parameters: &[Value], classes: &[TypeClass]) -> Result<Vec<Vec<Value>>, Ended> {
        let query = bind(sqlx::query(safe(sql)), parameters);
        let rows = self.runtime.wait(query.fetch_all(&mut self.connection))?;
        Ok(rows.iter().map(|row| row_values(row, classes)).collect())
    }

    /// Runs statements without parameters or rows.
    fn script(&mut self, sql: &str) -> Result<()> {
        let ran = self.runtime.wait(sqlx::raw_sql(safe(sql)).execute(&mut self.connection));
        ran.map(drop).map_err(|ended| self.failed(sql.split(';').next().unwrap_or_default(), &ended))
    }

    /// As [`Mysql::script`], to its end even if the process shall end.
    fn script_to_the_end(&mut self, sql: &str) -> Result<()> {
        let ran = self.runtime.wait_to_the_end(sqlx::raw_sql(safe(sql)).execute(&mut self.connection));
        ran.map(drop).map_err(|ended| self.failed(sql.split(';').next().unwrap_or_default(), &ended))
    }

    /// Runs a query of ours without parameters, whose columns come as text whatever their type; NULL is empty.
    fn texts(&mut self, sql: &str) -> Result<Vec<Vec<String>>> {
        let rows = self.runtime.wait(sqlx::raw_sql(safe(sql)).fetch_all(&mut self.connection));
        let rows = rows.map_err(|ended| self.failed("a look into the catalog", &ended))?;
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
        let kill = format!("KILL QUERY {}", self.number);
        runtime
            .wait(async {
                let mut other = self.address.options.connect().await?;
                sqlx::raw_sql(safe(kill)).execute(&mut other).await?;
                other.close().await
            })
            .ok();
    }
}

/// Whether a version is one of MariaDB that we know; the error says what is needed. MariaDB's may begin with "5.5.5-",
/// for clients that know no greater one.
fn supported(version: &str) -> Result<bool, String> {
    let mariadb = version.contains("MariaDB");
    let own = version.strip_prefix("5.5.5-").filter(|_| mariadb).unwrap_or(version);
    let mut numbers = own.split(|c: char| !c.is_ascii_digit()).map(|number| number.parse().unwrap_or(0));
    let found: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let (name, oldest) = if mariadb { ("MariaDB", OLDEST.mariadb) } else { ("MySQL", OLDEST.mysql) };
    if found >= oldest {
        return Ok(mariadb);
    }
    let ((major, minor), (least, point)) = (found, oldest);
    Err(format!("is {name} {major}.{minor}; version {least}.{point} or newer is needed"))
}

/// Whether values of that declared type are geometries, which only functions can turn into text.
fn is_geometry(declared: &str) -> bool {
    const GEOMETRIES: [&str; 9] = [
        "geometry",
        "point",
        "linestring",
        "polygon",
        "multipoint",
        "multilinestring",
        "multipolygon",
        "geometrycollection",
        "geomcollection",
    ];
    GEOMETRIES.contains(&declared.to_ascii_lowercase().as_str())
}

fn is_bit(declared: &str) -> bool {
    declared.to_ascii_lowercase().starts_with("bit(")
}

/// A column as one of the four plain types. Texts of any encoding are sent as UTF-8; a CAST of them would cut what is
/// longer than a packet.
fn plain(column: &str, class: TypeClass, declared: &str) -> String {
    let name = Dialect::Mysql.quote(column);
    match class {
        TypeClass::Integer => format!("CAST({name} AS SIGNED)"),
        TypeClass::Real => format!("{name} + 0e0"),
        TypeClass::Text | TypeClass::Json | TypeClass::Bytes => name,
        _ if is_bit(declared) => format!("CAST({name} + 0 AS CHAR)"),
        _ if is_geometry(declared) => format!("ST_AsText({name})"),
        _ => format!("CAST({name} AS CHAR)"),
    }
}

/// A placeholder that is compared as its column's type: as text, exact numbers would be compared as floats.
pub(super) fn parameter(class: TypeClass, declared: &str) -> String {
    let declared = declared.to_ascii_lowercase();
    match class {
        TypeClass::Decimal if declared.starts_with("decimal") => {
            let precise = declared.split(' ').next().unwrap_or("decimal(65,30)");
            format!("CAST(? AS {precise})")
        }
        TypeClass::Decimal => "CAST(? AS UNSIGNED)".to_owned(),
        TypeClass::Boolean => "CAST(? AS SIGNED)".to_owned(),
        _ if is_bit(&declared) => "CAST(? AS UNSIGNED)".to_owned(),
        _ => "?".to_owned(),
    }
}

/// The value as it can be compared with a column of that class, if it can equal any of its cells: compared with a
/// number, the server takes "19800101-2383" for 19800101, and any word for 0.
fn comparable(class: TypeClass, value: &Value) -> Option<Value> {
    let text = || value.as_text().trim().to_owned();
    match (class, value) {
        (_, Value::Null) => None,
        (TypeClass::Integer | TypeClass::Boolean, Value::Text(_) | Value::Blob(_)) => {
            text().parse().ok().map(Value::Integer)
        }
        (TypeClass::Decimal | TypeClass::Real, Value::Text(_) | Value::Blob(_)) => {
            let digits = text();
            let number = digits.chars().all(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
            (number && digits.parse::<f64>().is_ok()).then(|| value.clone())
        }
        (TypeClass::Text | TypeClass::Json, Value::Integer(_) | Value::Real(_)) => Some(Value::text(value.as_text())),
        _ => Some(value.clone()),
    }
}

fn bind<'q>(query: Query<'q, Driver, MySqlArguments>, parameters: &[Value]) -> Query<'q, Driver, MySqlArguments> {
    parameters.iter().fold(query, |query, value| match value {
        Value::Null => query.bind(None::<String>),
        Value::Integer(number) => query.bind(*number),
        Value::Real(number) => query.bind(*number),
        Value::Text(bytes) => query.bind(String::from_utf8_lossy(bytes).into_owned()),
        Value::Blob(bytes) => query.bind(bytes.clone()),
    })
}

/// A cell's bytes as the server sent them, `None` for NULL.
fn cell(row: &MySqlRow, at: usize) -> Option<&[u8]> {
    row.try_get_raw(at).ok().and_then(|raw| <Option<&[u8]> as Decode<Driver>>::decode(raw).ok().flatten())
}

fn text(row: &MySqlRow, at: usize) -> String {
    cell(row, at).map_or_else(String::new, |bytes| crate::cells::decode(bytes).into_owned())
}

/// The cells of a prepared statement's row, whose columns are plain ones of these classes.
fn row_values(row: &MySqlRow, classes: &[TypeClass]) -> Vec<Value> {
    let value = |(at, class): (usize, &TypeClass)| match (class, cell(row, at)) {
        (_, None) => Value::Null,
        (TypeClass::Integer, Some(bytes)) => Value::Integer(integer(bytes)),
        (TypeClass::Real, Some(bytes)) => Value::Real(<[u8; 8]>::try_from(bytes).map_or(0.0, f64::from_le_bytes)),
        (TypeClass::Bytes, Some(bytes)) => Value::Blob(bytes.to_vec()),
        (_, Some(bytes)) => Value::Text(bytes.to_vec()),
    };
    classes.iter().enumerate().map(value).collect()
}

/// The value of an integer of the binary protocol: the server chooses its width by what can stand there.
fn integer(bytes: &[u8]) -> i64 {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut full = [if negative { 0xff } else { 0 }; 8];
    for (full, byte) in full.iter_mut().zip(bytes) {
        *full = *byte;
    }
    i64::from_le_bytes(full)
}

/// The type of a key column in a temporary table, with the collation by which it is compared.
pub(super) fn key_type(column: &Column) -> String {
    let declared = column.declared_type.replace(" zerofill", "");
    match &column.collation {
        Some(collation) => format!("{declared} COLLATE {collation}"),
        None => declared,
    }
}

/// An error while one table is read: it is reported and the scan goes on.
fn in_table(table: &TableName, error: Error) -> Error {
    match error {
        Error::Statement { kind, .. } => Error::Table { table: table.clone(), reason: kind.to_string() },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_servers_are_told_by_name() {
        assert_eq!(supported("10.11.19-MariaDB-0+deb12u1"), Ok(true));
        assert_eq!(supported("5.5.5-11.4.2-MariaDB"), Ok(true));
        assert_eq!(supported("8.0.36-0ubuntu0.22.04.1"), Ok(false));
        assert_eq!(supported("9.1.0"), Ok(false));
        assert!(supported("10.5.9-MariaDB").unwrap_err().contains("MariaDB 10.5"));
        assert!(supported("5.7.44-log").unwrap_err().contains("version 8.0"));
    }

    #[test]
    fn integers_of_any_width() {
        assert_eq!(integer(&(-7_i32).to_le_bytes()), -7);
        assert_eq!(integer(&i64::MIN.to_le_bytes()), i64::MIN);
        assert_eq!(integer(&198_001_019_876_i64.to_le_bytes()), 198_001_019_876);
        assert_eq!(integer(&[200, 0]), 200);
    }

    #[test]
    fn words_never_equal_numbers() {
        let number = |text: &str| comparable(TypeClass::Integer, &Value::text(text));
        assert_eq!(number("19800101-2383"), None);
        assert_eq!(number("Anna"), None);
        assert_eq!(number("17"), Some(Value::Integer(17)));
        assert_eq!(comparable(TypeClass::Decimal, &Value::text("inf")), None);
        assert_eq!(comparable(TypeClass::Decimal, &Value::text("1.50")), Some(Value::text("1.50")));
        assert_eq!(comparable(TypeClass::Text, &Value::Integer(17)), Some(Value::text("17")));
        assert_eq!(comparable(TypeClass::Text, &Value::Null), None);
    }

    #[test]
    fn exact_numbers_are_compared_exactly() {
        assert_eq!(parameter(TypeClass::Decimal, "decimal(20,2) unsigned"), "CAST(? AS decimal(20,2))");
        assert_eq!(parameter(TypeClass::Decimal, "bigint(20) unsigned"), "CAST(? AS UNSIGNED)");
        assert_eq!(parameter(TypeClass::Text, "varchar(20)"), "?");
    }
}
