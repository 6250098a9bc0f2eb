//! The scan's reading: one partition, in batches.
//!
//! A statement runs only as long as one batch is filled, and is then started again after the last row, so that a
//! database with a rollback journal is never locked while a batch waits for a worker. Cells are borrowed from SQLite
//! and copied once, into the batch.

use std::ops::ControlFlow;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, Row};

use super::{Sqlite, WITHOUT_ROWID, owned, table_failure};
use crate::Result;
use crate::catalog::{Table, TableKind};
use crate::cells::Cells;
use crate::db::batch::{Batch, BatchPool};
use crate::db::pieces::{LONG_CELL, LongCell, Utf16};
use crate::db::{Dialect, Partition, Range, Request};
use crate::value::{BLOB, TEXT, Value, encode_bytes, encode_integer, encode_real, real_text};

/// SQLite refuses to load a row with a longer value while this limit holds, at no cost to all others. A bit more than
/// [`LONG_CELL`], since it also counts the rest of the row.
const ROW_LIMIT: i32 = 2 * 1024 * 1024;

/// SQLite's own limit (`SQLITE_MAX_LENGTH`).
const NO_LIMIT: i32 = 1_000_000_000;

/// Row numbers in a partition, at the least.
const PARTITION_ROWS: u64 = 65_536;

/// Partitions of a table, at the most: scattered row numbers must not make millions of empty ones.
const PARTITIONS: u64 = 1024;

/// Columns of a SELECT, at the most (`SQLITE_MAX_COLUMN`).
const MOST_COLUMNS: usize = 2000;

type Sink<'a> = dyn FnMut(Batch) -> ControlFlow<()> + 'a;

impl Sqlite {
    pub(in crate::db) fn partitions(&mut self, index: usize, table: &Table) -> Result<Vec<Partition>> {
        let whole = |range| vec![Partition { table: index, range, rows_estimate: 1 }];
        // A row with a long value is asked for its cells, their lengths and its row number at once.
        let too_wide = table.columns.len() * 2 + 1 > MOST_COLUMNS;
        if table.kind != TableKind::Base || too_wide {
            return Ok(whole(Range::Whole));
        }
        let Some(number) = row_number(table) else {
            return Ok(whole(if table.row_key.is_some() { Range::ByKey } else { Range::Whole }));
        };
        let sql = format!("SELECT min({number}), max({number}) FROM {}", Dialect::Sqlite.table(&table.name));
        let range: (Option<i64>, Option<i64>) = self
            .connection
            .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|error| table_failure(&table.name, &error))?;
        let (Some(first), Some(last)) = range else { return Ok(Vec::new()) };
        Ok(split(first, last)
            .map(|(first, last)| Partition {
                table: index,
                range: Range::RowNumbers(first, last),
                rows_estimate: last.abs_diff(first).saturating_add(1).min(PARTITION_ROWS),
            })
            .collect())
    }

    pub(in crate::db) fn read(&mut self, request: &Request<'_>, pool: &BatchPool, sink: &mut Sink<'_>) -> Result<()> {
        let table = &request.table.name;
        // Rows with a long value are refused by SQLite and then read one by one; where reading can't go on after a
        // refusal, nothing is refused.
        let limit = if request.partition.range == Range::Whole { NO_LIMIT } else { ROW_LIMIT };
        let reader = Reader::new(&self.connection, request, pool).map_err(|error| table_failure(table, &error))?;
        let set_limit = |limit| self.connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, limit);
        let read = set_limit(limit).and_then(|_| reader.read(sink));
        set_limit(NO_LIMIT).map_err(|error| table_failure(table, &error))?;
        read.map_err(|error| table_failure(table, &error))
    }
}

/// The name by which a table's row number can be asked for; `None` where there is none or columns hide all three.
fn row_number(table: &Table) -> Option<&'static str> {
    if table.detail.as_deref() == Some(WITHOUT_ROWID) {
        return None;
    }
    ["rowid", "_rowid_", "oid"]
        .into_iter()
        .find(|name| !table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
}

/// Cuts a range of row numbers into equal parts.
fn split(first: i64, last: i64) -> impl Iterator<Item = (i64, i64)> {
    let step = (last.abs_diff(first) / PARTITIONS).max(PARTITION_ROWS - 1);
    let mut next = Some(first);
    std::iter::from_fn(move || {
        let start = next?;
        let end = start.checked_add_unsigned(step).unwrap_or(last).min(last);
        next = end.checked_add(1).filter(|start| *start <= last);
        Some((start, end))
    })
}

/// The collations of the index behind the row key.
fn collations(db: &Connection, table: &Table) -> rusqlite::Result<Vec<String>> {
    const INDEXES: &str =
        "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND NOT partial ORDER BY origin <> 'pk', name";
    const COLUMNS: &str = "SELECT name, coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";
    let key: Vec<String> = table.row_key.iter().flat_map(|key| key.columns.clone()).collect();
    let indexes: Vec<String> =
        db.prepare(INDEXES)?.query_map([&table.name.name], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for index in indexes {
        let columns: Vec<(Option<String>, String)> = db
            .prepare(COLUMNS)?
            .query_map([index], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if columns.iter().map(|it| it.0.as_ref()).eq(key.iter().map(Some)) {
            return Ok(columns.into_iter().map(|it| it.1).collect());
        }
    }
    // The row number itself has no index.
    Ok(vec!["BINARY".to_owned(); key.len()])
}

/// One partition being read.
struct Reader<'a> {
    db: &'a Connection,
    request: &'a Request<'a>,
    pool: &'a BatchPool,
    /// The wanted columns, quoted, as they stand in the SELECT; the row number comes last, where there is one.
    columns: Vec<String>,
    /// For each column of the row key, its position in the SELECT.
    key: Vec<usize>,
    /// How the key's index tells its columns apart: a column may have another collation, for which two keys are one.
    collations: Vec<String>,
    number: Option<&'static str>,
    utf16: Option<Utf16>,
}

/// Where reading stands: what the next statement begins after.
enum Cursor {
    RowNumbers(i64, i64),
    ByKey(Vec<Value>),
    Whole,
}

/// Why filling a batch ended.
enum Filled {
    /// The batch is full.
    Batch,
    /// The next row holds a value over the limit.
    LongRow,
    /// No more rows.
    End,
}

impl<'a> Reader<'a> {
    fn new(db: &'a Connection, request: &'a Request<'a>, pool: &'a BatchPool) -> rusqlite::Result<Self> {
        let table = request.table;
        let (selected, key) = request.selection();
        let columns = selected.iter().map(|column| Dialect::Sqlite.quote(&table.columns[*column].name)).collect();
        let encoding: String = db.query_row("PRAGMA encoding", [], |row| row.get(0))?;
        let utf16 = match encoding.as_str() {
            // Whole cells are converted by SQLite; only pieces of stored bytes are ours to convert.
            _ if request.partition.range == Range::Whole => None,
            "UTF-16le" => Some(Utf16::Little),
            "UTF-16be" => Some(Utf16::Big),
            _ => None,
        };
        let number = if matches!(request.partition.range, Range::RowNumbers(..)) { row_number(table) } else { None };
        let collations = if request.partition.range == Range::ByKey { collations(db, table)? } else { Vec::new() };
        Ok(Self { db, request, pool, columns, key, collations, number, utf16 })
    }

    fn read(&self, sink: &mut Sink<'_>) -> rusqlite::Result<()> {
        let mut cursor = match self.request.partition.range {
            Range::RowNumbers(first, last) => Cursor::RowNumbers(first, last),
            Range::ByKey => Cursor::ByKey(Vec::new()),
            Range::Whole | Range::Blocks { .. } => return self.read_whole(sink),
        };
        loop {
            let mut batch = self.take();
            let filled = self.fill(&mut cursor, &mut batch);
            let flow = self.hand_over(batch, sink);
            match filled? {
                Filled::Batch => {}
                Filled::LongRow => self.read_long_row(&mut cursor, sink)?,
                Filled::End => return Ok(()),
            }
            if flow.is_break() || matches!(cursor, Cursor::RowNumbers(next, last) if next > last) {
                return Ok(());
            }
        }
    }

    fn take(&self) -> Batch {
        self.pool.take(self.request.partition.table, self.request.columns.len())
    }

    fn hand_over(&self, batch: Batch, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if batch.rows == 0 {
            self.pool.give(batch);
            return ControlFlow::Continue(());
        }
        sink(batch)
    }

    /// The columns of a SELECT: those wanted, then the row number.
    fn list(&self) -> String {
        self.columns.iter().map(String::as_str).chain(self.number).collect::<Vec<_>>().join(", ")
    }

    /// What follows them from the cursor on, and its parameters.
    fn source(&self, cursor: &Cursor) -> (String, Vec<Value>) {
        let from = format!("FROM {}", Dialect::Sqlite.table(&self.request.table.name));
        let keys = self.key.iter().zip(&self.collations).map(|(position, collation)| {
            format!("{} COLLATE {}", self.columns[*position], Dialect::Sqlite.quote(collation))
        });
        let keys = keys.collect::<Vec<_>>().join(", ");
        match (cursor, self.number) {
            (Cursor::RowNumbers(next, last), Some(number)) => (
                format!("{from} WHERE {number} BETWEEN ?1 AND ?2 ORDER BY {number}"),
                vec![Value::Integer(*next), Value::Integer(*last)],
            ),
            (Cursor::ByKey(last), _) if last.is_empty() => (format!("{from} ORDER BY {keys}"), Vec::new()),
            (Cursor::ByKey(last), _) => {
                let marks: Vec<String> = (1..=last.len()).map(|number| format!("?{number}")).collect();
                (format!("{from} WHERE ({keys}) > ({}) ORDER BY {keys}", marks.join(", ")), last.clone())
            }
            _ => (from, Vec::new()),
        }
    }

    /// Fills the batch and moves the cursor behind its last row.
    fn fill(&self, cursor: &mut Cursor, batch: &mut Batch) -> rusqlite::Result<Filled> {
        let (source, parameters) = self.source(cursor);
        let mut statement = self.db.prepare_cached(&format!("SELECT {} {source}", self.list()))?;
        let mut rows = statement.query(rusqlite::params_from_iter(&parameters))?;
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(Filled::End),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::TooBig) => return Ok(Filled::LongRow),
                Err(error) => return Err(error),
            };
            self.push_row(row, batch)?;
            self.advance(cursor, row)?;
            if self.pool.is_full(batch) {
                return Ok(Filled::Batch);
            }
        }
    }

    fn advance(&self, cursor: &mut Cursor, row: &Row<'_>) -> rusqlite::Result<()> {
        match cursor {
            Cursor::RowNumbers(next, last) => {
                let number: i64 = row.get(self.columns.len())?;
                // The row number after the greatest possible one ends the range by emptying it.
                (*next, *last) = number.checked_add(1).map_or((0, -1), |next| (next, *last));
            }
            Cursor::ByKey(last) => {
                last.clear();
                for position in &self.key {
                    last.push(owned(row.get_ref(*position)?));
                }
            }
            Cursor::Whole => {}
        }
        Ok(())
    }

    fn push_row(&self, row: &Row<'_>, batch: &mut Batch) -> rusqlite::Result<()> {
        for index in 0..self.request.columns.len() {
            push(&mut batch.columns[index], row.get_ref(index)?);
        }
        let mut failed = Ok(());
        batch.end_row(|key| failed = self.push_key(row, key));
        failed
    }

    /// Appends the row's key; nothing where it has none or a part of it is NULL.
    fn push_key(&self, row: &Row<'_>, key: &mut Vec<u8>) -> rusqlite::Result<()> {
        let start = key.len();
        for position in &self.key {
            match row.get_ref(*position)? {
                ValueRef::Null => {
                    key.truncate(start);
                    return Ok(());
                }
                ValueRef::Integer(number) => encode_integer(number, key),
                ValueRef::Real(number) => encode_real(number, key),
                ValueRef::Text(bytes) => encode_bytes(TEXT, bytes, key),
                ValueRef::Blob(bytes) => encode_bytes(BLOB, bytes, key),
            }
        }
        Ok(())
    }

    /// Reads a virtual table, or one without any key, by a single statement: there is no place to start again from.
    fn read_whole(&self, sink: &mut Sink<'_>) -> rusqlite::Result<()> {
        let (source, _) = self.source(&Cursor::Whole);
        let mut statement = self.db.prepare(&format!("SELECT {} {source}", self.list()))?;
        let mut rows = statement.query([])?;
        let mut batch = self.take();
        while let Some(row) = rows.next()? {
            for index in 0..self.request.columns.len() {
                match row.get_ref(index)? {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) if bytes.len() > LONG_CELL => {
                        batch.columns[index].push_text(b"");
                        let mut key = Vec::new();
                        self.push_key(row, &mut key)?;
                        let cell = LongCell { column: index, length: bytes.len(), key: &key, utf16: None };
                        let mut read = |start: usize, end: usize| Ok(bytes[start..end].to_vec());
                        let _ = cell.cut::<rusqlite::Error>(self.request, self.pool, &mut read, sink)?;
                    }
                    value => push(&mut batch.columns[index], value),
                }
            }
            let mut failed = Ok(());
            batch.end_row(|key| failed = self.push_key(row, key));
            failed?;
            if self.pool.is_full(&batch) {
                if self.hand_over(batch, sink).is_break() {
                    return Ok(());
                }
                batch = self.take();
            }
        }
        let _ = self.hand_over(batch, sink);
        Ok(())
    }

    /// Reads the row at the cursor, which holds a value over the limit, and moves on.
    fn read_long_row(&self, cursor: &mut Cursor, sink: &mut Sink<'_>) -> rusqlite::Result<()> {
        self.db.set_limit(Limit::SQLITE_LIMIT_LENGTH, NO_LIMIT)?;
        let result = self.read_long_row_unlimited(cursor, sink);
        self.db.set_limit(Limit::SQLITE_LIMIT_LENGTH, ROW_LIMIT)?;
        result
    }

    /// The row's short cells come as usual; long ones are left empty there and follow in pieces. `octet_length` reads
    /// the length without the value.
    fn read_long_row_unlimited(&self, cursor: &mut Cursor, sink: &mut Sink<'_>) -> rusqlite::Result<()> {
        let (source, parameters) = self.source(cursor);
        let lengths = self.columns.iter().map(|name| format!("octet_length({name})"));
        let short = self.columns.iter().enumerate().map(|(index, name)| {
            if self.key.contains(&index) {
                return name.clone();
            }
            format!("CASE WHEN octet_length({name}) > {LONG_CELL} THEN '' ELSE {name} END")
        });
        let list: Vec<String> = short.chain(self.number.map(str::to_owned)).chain(lengths).collect();
        let first_length = list.len() - self.columns.len();

        let mut statement = self.db.prepare(&format!("SELECT {} {source} LIMIT 1", list.join(", ")))?;
        let mut rows = statement.query(rusqlite::params_from_iter(&parameters))?;
        let Some(row) = rows.next()? else { return Ok(()) };
        let mut batch = self.take();
        self.push_row(row, &mut batch)?;
        self.advance(cursor, row)?;
        let mut flow = self.hand_over(batch, sink);
        for index in 0..self.request.columns.len() {
            let length = row.get::<_, Option<i64>>(first_length + index)?.unwrap_or(0);
            let length = usize::try_from(length).unwrap_or(0);
            if length > LONG_CELL && flow.is_continue() {
                let mut key = Vec::new();
                self.push_key(row, &mut key)?;
                let cell = LongCell { column: index, length, key: &key, utf16: self.utf16 };
                flow = self.long_cell(&cell, row, (&source, &parameters), sink)?;
            }
        }
        Ok(())
    }

    /// Reads one long cell: by incremental I/O where the table has row numbers, else whole.
    fn long_cell(
        &self,
        cell: &LongCell<'_>,
        row: &Row<'_>,
        (source, parameters): (&str, &[Value]),
        sink: &mut Sink<'_>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let table = self.request.table;
        let column = &table.columns[self.request.columns[cell.column]];
        // SQLite has no incremental I/O on tables with generated columns.
        if self.number.is_some() && !table.columns.iter().any(|column| column.generated) {
            let number = row.get(self.columns.len())?;
            let blob = self.db.blob_open(MAIN_DB, table.name.name.as_str(), column.name.as_str(), number, true)?;
            let mut read = |start: usize, end: usize| {
                let mut bytes = vec![0; end - start];
                blob.read_at_exact(&mut bytes, start)?;
                Ok(bytes)
            };
            return cell.cut(self.request, self.pool, &mut read, sink);
        }
        let sql = format!("SELECT CAST({} AS BLOB) {source} LIMIT 1", self.columns[cell.column]);
        let mut statement = self.db.prepare(&sql)?;
        let mut rows = statement.query(rusqlite::params_from_iter(parameters))?;
        let Some(row) = rows.next()? else { return Ok(ControlFlow::Continue(())) };
        let bytes = row.get_ref(0)?.as_bytes().unwrap_or_default();
        cell.cut(self.request, self.pool, &mut |start, end| Ok(bytes[start..end.min(bytes.len())].to_vec()), sink)
    }
}

fn push(cells: &mut Cells, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => cells.push_null(),
        ValueRef::Integer(number) => cells.push_display(number),
        ValueRef::Real(number) => cells.push_display(real_text(number)),
        ValueRef::Text(bytes) => cells.push_text(bytes),
        ValueRef::Blob(bytes) => cells.push_blob(bytes),
    }
}
