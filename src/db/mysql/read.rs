//! The scan's reading: one range of a table's key, or a whole table, as one stream of text, in batches.
//!
//! The server turns every value into text itself, and text of any encoding into UTF-8. Cells over 1 MiB come empty,
//! with their lengths beside them, and are read on in pieces by their row's key when the range is done.

use std::fmt::Write;
use std::ops::ControlFlow;

use futures_util::TryStreamExt;
use sqlx::Row;
use sqlx::mysql::MySqlRow;

use super::inspect::{VERSIONED, name};
use super::{Mysql, bind, cell, in_table, is_bit, is_geometry, parameter, safe};
use crate::Result;
use crate::catalog::{Catalog, Column, Table, TableKind, TypeClass};
use crate::cells::Cells;
use crate::db::batch::{Batch, BatchPool};
use crate::db::pieces::{LONG_CELL, LongCell};
use crate::db::server::Ended;
use crate::db::{Dialect, Partition, Range, Request};
use crate::finding::Unreadable;
use crate::value::{BLOB, RowKey, TEXT, encode_bytes, encode_integer, encode_real, real_text};

/// Numbers of a key in a partition, at the least.
const PARTITION_NUMBERS: u64 = 100_000;

/// Partitions of a table, at the most: scattered numbers must not make millions of empty ones.
const PARTITIONS: u64 = 1024;

type Sink<'a> = dyn FnMut(Batch) -> ControlFlow<()> + 'a;

impl Mysql {
    /// Columns and tables that the account has no right to read, though it may do something else there: what it may do
    /// nothing with, the server does not list.
    pub(in crate::db) fn unreadable(&mut self, catalog: &Catalog) -> Result<Vec<Unreadable>> {
        const PRIVILEGES: &str = "\
            SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS \
            WHERE NOT FIND_IN_SET('select', LOWER(PRIVILEGES)) AND TABLE_SCHEMA OURS \
            ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";
        let denied = self.about_ours(PRIVILEGES)?;
        let mut unreadable = Vec::new();
        for rows in denied.chunk_by(|a, b| a[..2] == b[..2]) {
            let Some(table) = catalog.table(&name(&rows[0])) else { continue };
            let reason = "not permitted; grant SELECT to this account".to_owned();
            let one = |column| Unreadable { table: table.name.clone(), column, reason: reason.clone() };
            if rows.len() == table.columns.len() {
                unreadable.push(one(None));
            } else {
                unreadable.extend(rows.iter().map(|row| one(Some(row[2].clone()))));
            }
        }
        Ok(unreadable)
    }

    pub(in crate::db) fn partitions(&mut self, index: usize, table: &Table) -> Result<Vec<Partition>> {
        let rows = table.rows_estimate.unwrap_or(1).max(1);
        let whole = || vec![Partition { table: index, range: Range::Whole, rows_estimate: rows }];
        let Some(column) = numbered(table) else { return Ok(whole()) };
        let number = Dialect::Mysql.quote(&column.name);
        let sql = format!("SELECT MIN({number}), MAX({number}) {}", from_all(table));
        let ends = self.texts(&sql).map_err(|error| in_table(&table.name, error))?.concat();
        let [Ok(first), Ok(last)] = [0, 1].map(|at| ends.get(at).map_or("", String::as_str).parse::<i64>()) else {
            // Empty now, or beyond 63 bits.
            return Ok(whole());
        };
        let numbers = u64::try_from(i128::from(last) - i128::from(first) + 1).unwrap_or(u64::MAX);
        // The first and the last part have no end: rows may come before anybody reads.
        let open = |number: i64, at: i64, end: i64| if number == at { end } else { number };
        Ok(split(first, last)
            .map(|(start, end)| Partition {
                table: index,
                range: Range::RowNumbers(open(start, first, i64::MIN), open(end, last, i64::MAX)),
                rows_estimate: share(rows, start.abs_diff(end).saturating_add(1), numbers),
            })
            .collect())
    }

    pub(in crate::db) fn read(&mut self, request: &Request<'_>, pool: &BatchPool, sink: &mut Sink<'_>) -> Result<()> {
        let select = Select::new(request);
        let table = &request.table.name;
        let long = self.stream(&select, pool, sink).map_err(|error| in_table(table, error))?;
        for cell in &long {
            if self.read_long(&select, cell, pool, sink).map_err(|error| in_table(table, error))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Streams the rows into batches; the long cells among them.
    fn stream(&mut self, select: &Select<'_>, pool: &BatchPool, sink: &mut Sink<'_>) -> Result<Vec<Long>> {
        let Self { runtime, connection, .. } = self;
        let mut rows = Rows { select, pool, batch: select.take(pool), long: Vec::new() };
        let outcome: Result<(), Ended> = runtime.drive(async {
            let mut stream = sqlx::raw_sql(safe(select.sql())).fetch(connection);
            while let Some(row) = runtime.next(stream.try_next()).await?? {
                if rows.push(&row, sink).is_break() {
                    break;
                }
            }
            Ok(())
        });
        rows.end(sink);
        let long = rows.long;
        outcome.map(|()| long).map_err(|ended| self.failed("reading", &ended))
    }

    /// Reads one long cell by pieces, its row named by the key.
    fn read_long(
        &mut self,
        select: &Select<'_>,
        long: &Long,
        pool: &BatchPool,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>> {
        let Some(key) = RowKey::decode(&long.key) else { return Ok(ControlFlow::Continue(())) };
        let column = select.columns[long.column];
        let row = select.key.iter().map(|at| {
            let column = select.columns[*at];
            let place = parameter(column.type_class, &column.declared_type);
            format!("{} = {place}", Dialect::Mysql.quote(&column.name))
        });
        let row = row.collect::<Vec<_>>().join(" AND ");
        let mut read = |start: usize, end: usize| -> Result<Vec<u8>> {
            let piece = format!("SUBSTRING({}, {}, {})", bytes(column), start + 1, end - start);
            // The row as it is now: a long cell that only an old row holds is not read.
            let sql = format!("SELECT {piece} FROM {} WHERE {row}", Dialect::Mysql.table(&select.request.table.name));
            let query = bind(sqlx::query(safe(sql)), &key.0);
            let found = self.runtime.wait(query.fetch_optional(&mut self.connection));
            let found = found.map_err(|ended| self.failed("reading a long cell", &ended))?;
            Ok(found.as_ref().and_then(|row| cell(row, 0)).unwrap_or_default().to_vec())
        };
        let cell = LongCell { column: long.column, length: long.length, key: &long.key, utf16: None };
        cell.cut(select.request, pool, &mut read, sink)
    }
}

/// The first column of the row key, where ranges of it can be read.
fn numbered(table: &Table) -> Option<&Column> {
    let first = table.row_key.as_ref()?.columns.first()?;
    let column = table.column(first)?;
    (table.kind == TableKind::Base && column.type_class == TypeClass::Integer).then_some(column)
}

/// Cuts a range of numbers into equal parts.
fn split(first: i64, last: i64) -> impl Iterator<Item = (i64, i64)> {
    let step = (last.abs_diff(first) / PARTITIONS).max(PARTITION_NUMBERS - 1);
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let start = next?;
        let end = start.checked_add_unsigned(step).unwrap_or(last).min(last);
        next = end.checked_add(1).filter(|start| *start <= last);
        Some((start, end))
    })
}

/// All rows of a table, the old ones included where it keeps them.
fn from_all(table: &Table) -> String {
    let versioned = table.detail.as_ref().is_some_and(|detail| detail.ends_with(VERSIONED));
    format!("FROM {}{}", Dialect::Mysql.table(&table.name), if versioned { " FOR SYSTEM_TIME ALL" } else { "" })
}

/// The rows among `part` of `all` numbers, at least one.
fn share(rows: u64, part: u64, all: u64) -> u64 {
    let share = u128::from(rows) * u128::from(part) / u128::from(all.max(1));
    u64::try_from(share).unwrap_or(rows).max(1)
}

/// The SELECT of a partition: wanted columns, then those of the key that are not wanted, then the long cells' lengths.
struct Select<'a> {
    request: &'a Request<'a>,
    columns: Vec<&'a Column>,
    /// For each column of the row key, its position in the SELECT.
    key: Vec<usize>,
    /// Positions of columns that may hold long cells.
    long: Vec<usize>,
}

impl<'a> Select<'a> {
    fn new(request: &'a Request<'a>) -> Self {
        let (selected, key) = request.selection();
        let columns: Vec<&Column> = selected.iter().map(|column| &request.table.columns[*column]).collect();
        // The parts of a key fit into an index, and so are never long; without a key no cell can be found again.
        let may_be_long = |at: &usize| !key.is_empty() && !key.contains(at) && may_be_long(columns[*at]);
        let long = (0..request.columns.len()).filter(may_be_long).collect();
        Self { request, columns, key, long }
    }

    fn take(&self, pool: &BatchPool) -> Batch {
        pool.take(self.request.partition.table, self.request.columns.len())
    }

    fn sql(&self) -> String {
        let mut list: Vec<String> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let text = text(column);
            list.push(if self.long.contains(&at) {
                format!("CASE WHEN LENGTH({text}) > {LONG_CELL} THEN '' ELSE {text} END")
            } else {
                text
            });
        }
        if !self.long.is_empty() {
            let is_long: Vec<String> =
                self.long.iter().map(|at| format!("LENGTH({}) > {LONG_CELL}", text(self.columns[*at]))).collect();
            let lengths: Vec<String> = is_long
                .iter()
                .zip(&self.long)
                .map(|(is_long, at)| format!("IF({is_long}, LENGTH({}), 0)", bytes(self.columns[*at])))
                .collect();
            let any = is_long.join(" OR ");
            list.push(format!("CASE WHEN {any} THEN CONCAT_WS(' ', {}) END", lengths.join(", ")));
        }
        let list = if list.is_empty() { "1".to_owned() } else { list.join(", ") };
        let mut sql = format!("SELECT {list} {}", from_all(self.request.table));
        if let (Range::RowNumbers(first, last), Some(at)) = (&self.request.partition.range, self.key.first()) {
            let number = Dialect::Mysql.quote(&self.columns[*at].name);
            write!(sql, " WHERE {number} BETWEEN {first} AND {last}").expect("a string takes text");
        }
        if let Some(rows) = self.request.limit {
            write!(sql, " LIMIT {rows}").expect("a string takes text");
        }
        sql
    }
}

/// A column as something that the server sends as readable text, or as bytes.
fn text(column: &Column) -> String {
    let name = Dialect::Mysql.quote(&column.name);
    match column.type_class {
        // A float's own text has six digits of it.
        TypeClass::Real => format!("{name} + 0e0"),
        _ if is_bit(&column.declared_type) => format!("{name} + 0"),
        _ if is_geometry(&column.declared_type) => format!("ST_AsText({name})"),
        _ => name,
    }
}

/// The bytes of a column that may hold long cells, text as UTF-8. A CAST would give NULL for what is longer than a
/// packet.
fn bytes(column: &Column) -> String {
    let name = Dialect::Mysql.quote(&column.name);
    match column.type_class {
        TypeClass::Bytes => name,
        _ => format!("CONVERT(CONVERT({name} USING utf8mb4) USING binary)"),
    }
}

/// Whether cells of this type can be over [`LONG_CELL`].
fn may_be_long(column: &Column) -> bool {
    match column.type_class {
        TypeClass::Text => column.length.is_none_or(|characters| characters > LONG_CELL as u64 / 4),
        TypeClass::Bytes => matches!(column.declared_type.as_str(), "mediumblob" | "longblob"),
        TypeClass::Json => true,
        _ => false,
    }
}

/// A long cell that was met: its column, its length, and its row.
struct Long {
    column: usize,
    length: usize,
    key: Vec<u8>,
}

/// Rows on their way into batches.
struct Rows<'a> {
    select: &'a Select<'a>,
    pool: &'a BatchPool,
    batch: Batch,
    long: Vec<Long>,
}

impl Rows<'_> {
    fn push(&mut self, row: &MySqlRow, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let select = self.select;
        for at in 0..select.request.columns.len() {
            let class = select.columns[at].type_class;
            match cell(row, at) {
                Some(bytes) if bytes.len() > LONG_CELL => {
                    self.batch.columns[at].push_text(b"");
                    let mut key = Vec::new();
                    push_key(select, row, &mut key);
                    self.cut(at, bytes, &key, sink);
                }
                Some(bytes) => push(&mut self.batch.columns[at], class, bytes),
                None => self.batch.columns[at].push_null(),
            }
        }
        self.batch.end_row(|key| push_key(select, row, key));
        if !select.long.is_empty()
            && let Some(lengths) = cell(row, row.len() - 1)
        {
            self.note_long(&String::from_utf8_lossy(lengths));
        }
        if !self.pool.is_full(&self.batch) {
            return ControlFlow::Continue(());
        }
        let next = select.take(self.pool);
        sink(std::mem::replace(&mut self.batch, next))
    }

    /// A long cell that can't be asked for again, since its row has no key or the text is made for us.
    fn cut(&self, column: usize, bytes: &[u8], key: &[u8], sink: &mut Sink<'_>) {
        let cell = LongCell { column, length: bytes.len(), key, utf16: None };
        let mut read = |start: usize, end: usize| Ok::<_, std::convert::Infallible>(bytes[start..end].to_vec());
        // Whoever wants no more is asked again when the batch is full.
        let _ = cell.cut(self.select.request, self.pool, &mut read, sink);
    }

    /// `length length …`, one for each column that may be long, 0 where the cell is not.
    fn note_long(&mut self, text: &str) {
        let key = self.batch.key(self.batch.rows - 1);
        for (column, length) in self.select.long.iter().zip(text.split(' ')) {
            let length = length.parse().unwrap_or(0);
            if length > 0 {
                self.long.push(Long { column: *column, length, key: key.to_vec() });
            }
        }
    }

    fn end(&mut self, sink: &mut Sink<'_>) {
        let batch = std::mem::take(&mut self.batch);
        if batch.rows == 0 {
            self.pool.give(batch);
        } else {
            // The last batch: there is nothing to stop any more.
            let _ = sink(batch);
        }
    }
}

fn real(bytes: &[u8]) -> Option<f64> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn integer(bytes: &[u8]) -> Option<i64> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

fn push(cells: &mut Cells, class: TypeClass, bytes: &[u8]) {
    match (class, real(bytes).filter(|_| class == TypeClass::Real)) {
        (TypeClass::Bytes, _) => cells.push_blob(bytes),
        (_, Some(number)) => cells.push_display(real_text(number)),
        _ => cells.push_text(bytes),
    }
}

/// Appends the row's key, in the form that [`Mysql::rows_where`] has for its values; nothing where a part is NULL.
fn push_key(select: &Select<'_>, row: &MySqlRow, key: &mut Vec<u8>) {
    let start = key.len();
    for at in &select.key {
        let Some(bytes) = cell(row, *at) else { return key.truncate(start) };
        match select.columns[*at].type_class {
            TypeClass::Integer => encode_integer(integer(bytes).unwrap_or_default(), key),
            TypeClass::Real => encode_real(real(bytes).unwrap_or_default(), key),
            TypeClass::Bytes => encode_bytes(BLOB, bytes, key),
            _ => encode_bytes(TEXT, bytes, key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_one_part() {
        for (first, last) in [(1, 1), (0, 99_999), (0, 100_000), (-5, 1_000_000), (i64::MIN, i64::MAX)] {
            let parts: Vec<(i64, i64)> = split(first, last).collect();
            assert_eq!((parts[0].0, parts[parts.len() - 1].1), (first, last));
            assert!(parts.windows(2).all(|it| it[0].1 + 1 == it[1].0), "{first}..{last}");
            assert!(parts.len() <= 1025, "{}", parts.len());
        }
    }

    #[test]
    fn estimates_are_shared_out() {
        assert_eq!((share(1000, 100, 400), share(3, 1, 400), share(u64::MAX, 5, 5)), (250, 1, u64::MAX));
    }
}
