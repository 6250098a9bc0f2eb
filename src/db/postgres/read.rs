//! The scan's reading: one range of blocks as a binary COPY, in batches.
//!
//! A few types are decoded here, all others are cast to text by the server. Cells over 1 MiB come as NULL with their
//! row's place and length beside them, and are read on in pieces when the range is done.

use std::fmt::Write;
use std::ops::ControlFlow;

use futures_util::TryStreamExt;
use sqlx::Row;

use super::{PARTITIONED, Postgres, as_text, in_table, safe};
use crate::catalog::{Catalog, Column, Table, TableKind, TableName, TypeClass};
use crate::cells::Cells;
use crate::db::batch::{Batch, BatchPool};
use crate::db::pieces::{LONG_CELL, LongCell};
use crate::db::server::Ended;
use crate::db::{Dialect, Partition, Range, Request};
use crate::finding::Unreadable;
use crate::value::{BLOB, TEXT, Value, encode_bytes, encode_integer, encode_real, real_text};
use crate::{Error, Result};

/// Blocks in a partition: 32 MB of a table's file.
const BLOCKS: u32 = 4096;

/// What a binary COPY begins with (PostgreSQL manual, COPY, File Formats).
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";

const STRING: &str = "writing to a string cannot fail";

type Sink<'a> = dyn FnMut(Batch) -> ControlFlow<()> + 'a;

impl Postgres {
    /// Columns and tables that the role has no right to read.
    pub(in crate::db) fn unreadable(&mut self, catalog: &Catalog) -> Result<Vec<Unreadable>> {
        const DENIED: &str = "\
            SELECT n.nspname, c.relname, a.attname, \
                NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_any_column_privilege(c.oid, 'SELECT') \
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                AND (NOT has_schema_privilege(n.oid, 'USAGE') OR NOT has_column_privilege(c.oid, a.attnum, 'SELECT')) \
            ORDER BY 1, 2, a.attnum";
        let mut denied: Vec<Unreadable> = Vec::new();
        for row in self.texts(DENIED)? {
            let table = TableName { schema: Some(row[0].clone()), name: row[1].clone() };
            let column = (row[3] != "t").then(|| row[2].clone());
            let reason = "not permitted; grant SELECT to this role".to_owned();
            let whole_again = column.is_none() && denied.last().is_some_and(|last| last.table == table);
            if !whole_again && catalog.table(&table).is_some_and(|it| it.kind != TableKind::Partition) {
                denied.push(Unreadable { table, column, reason });
            }
        }
        Ok(denied)
    }

    pub(in crate::db) fn partitions(&mut self, index: usize, table: &Table) -> Result<Vec<Partition>> {
        let whole = || vec![Partition { table: index, range: Range::Whole, rows_estimate: 1 }];
        if !matches!(table.kind, TableKind::Base | TableKind::StoredView) {
            return Ok(whole());
        }
        let name = Dialect::Postgres.literal(&Value::text(Dialect::Postgres.table(&table.name)));
        let partitioned = table.detail.as_deref() == Some(PARTITIONED);
        let of = if partitioned {
            format!("SELECT relid FROM pg_partition_tree(to_regclass({name})) WHERE isleaf")
        } else {
            format!("SELECT to_regclass({name}) AS relid")
        };
        let files = self.texts(&format!(
            "SELECT n.nspname, c.relname, c.relkind, pg_relation_size(c.oid) / current_setting('block_size')::int8, \
                greatest(c.reltuples, 0)::int8, has_table_privilege(c.oid, 'SELECT') \
             FROM ({of}) t JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace \
             ORDER BY 1, 2"
        ))?;
        // A row's place is only for whoever may read all of its table; whoever may read a partitioned table need not be
        // allowed to read its parts by themselves, and foreign parts have no blocks.
        if files.iter().any(|file| file[2] == "f" || file[5] != "t") {
            return Ok(whole());
        }
        let mut partitions = Vec::new();
        for file in files {
            let name = TableName { schema: Some(file[0].clone()), name: file[1].clone() };
            let part = partitioned.then_some(name);
            let blocks: u32 = file[3].parse().unwrap_or(0);
            let rows: u64 = file[4].parse().unwrap_or(0);
            let pieces = blocks.div_ceil(BLOCKS).max(1);
            partitions.extend((0..pieces).map(|piece| Partition {
                table: index,
                range: Range::Blocks {
                    part: part.clone(),
                    first: piece * BLOCKS,
                    end: (piece + 1 < pieces).then_some((piece + 1) * BLOCKS),
                },
                rows_estimate: (rows / u64::from(pieces)).max(1),
            }));
        }
        Ok(partitions)
    }

    pub(in crate::db) fn read(&mut self, request: &Request<'_>, pool: &BatchPool, sink: &mut Sink<'_>) -> Result<()> {
        // A transaction holds its locks to its end: a new one of the same snapshot, so that none outlives its reading.
        self.begin_again()?;
        let select = Select::new(request);
        let read = self.copy(&select, pool, sink);
        let long = match read {
            Ok(long) => long,
            Err(error) => {
                // The driver does not read to the end of a COPY that failed.
                if matches!(error, Error::Statement { .. }) {
                    self.connect_again()?;
                }
                return Err(in_table(&request.table.name, error));
            }
        };
        for cell in &long {
            let cut =
                self.read_long(&select, cell, pool, sink).map_err(|error| in_table(&request.table.name, error))?;
            if cut.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Streams the rows into batches; the long cells among them.
    fn copy(&mut self, select: &Select<'_>, pool: &BatchPool, sink: &mut Sink<'_>) -> Result<Vec<Long>> {
        let sql = format!("COPY ({}) TO STDOUT (FORMAT binary)", select.sql());
        let Self { runtime, connection, .. } = self;
        let mut rows = Rows { select, pool, batch: select.take(pool), long: Vec::new() };
        let outcome: Result<(), Ended> = runtime.drive(async {
            let mut stream = runtime.next(connection.copy_out_raw(&sql)).await??;
            let (mut decoder, mut wanted) = (Decoder::default(), true);
            // To its end, even if no more is wanted: the driver would take the rest for the answer to what comes next.
            while let Some(chunk) = runtime.next(stream.try_next()).await?? {
                wanted = wanted && decoder.feed(&chunk, &mut |row| rows.push(row, sink))?.is_continue();
            }
            Ok(())
        });
        rows.end(sink);
        let long = rows.long;
        outcome.map(|()| long).map_err(|ended| self.failed("reading", &ended))
    }

    /// Reads one long cell by pieces. The row's place names it as long as the snapshot lives.
    fn read_long(
        &mut self,
        select: &Select<'_>,
        long: &Long,
        pool: &BatchPool,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>> {
        let column = select.columns[long.column];
        let bytes = match column.type_class {
            TypeClass::Bytes => decoded(column),
            _ => format!("convert_to({}, 'UTF8')", decoded(column)),
        };
        let sql = format!("SELECT substring({bytes} FROM $1 FOR $2) {} WHERE ctid = $3::tid", select.from());
        let mut read = |start: usize, end: usize| -> Result<Vec<u8>> {
            let number = |offset: usize| i32::try_from(offset).unwrap_or(i32::MAX);
            let query = sqlx::query(safe(sql.as_str())).bind(number(start + 1)).bind(number(end - start));
            let row = self.runtime.wait(query.bind(&long.place).fetch_optional(&mut self.connection));
            let row = row.map_err(|ended| self.failed("reading a long cell", &ended))?;
            Ok(row.and_then(|row| row.try_get::<Option<Vec<u8>>, _>(0).ok().flatten()).unwrap_or_default())
        };
        let cell = LongCell { column: long.column, length: long.length, key: &long.key, utf16: None };
        cell.cut(select.request, pool, &mut read, sink)
    }
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
        // The parts of a key fit into an index, and so are never long; only rows of a file have a place.
        let in_file = matches!(request.partition.range, Range::Blocks { .. });
        let may_be_long = |at: &usize| in_file && !key.contains(at) && may_be_long(columns[*at]);
        let long = (0..request.columns.len()).filter(may_be_long).collect();
        Self { request, columns, key, long }
    }

    fn take(&self, pool: &BatchPool) -> Batch {
        pool.take(self.request.partition.table, self.request.columns.len())
    }

    fn from(&self) -> String {
        let table = &self.request.table.name;
        match &self.request.partition.range {
            Range::Blocks { part, .. } => {
                format!("FROM ONLY {}", Dialect::Postgres.table(part.as_ref().unwrap_or(table)))
            }
            _ => format!("FROM {}", Dialect::Postgres.table(table)),
        }
    }

    fn sql(&self) -> String {
        let mut list: Vec<String> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            let text = decoded(column);
            list.push(if self.long.contains(&at) {
                format!("CASE WHEN octet_length({text}) <= {LONG_CELL} THEN {text} END")
            } else {
                text
            });
        }
        if !self.long.is_empty() {
            let lengths: Vec<String> =
                self.long.iter().map(|at| format!("octet_length({})", decoded(self.columns[*at]))).collect();
            let (all, known) = (lengths.join(", "), lengths.iter().map(|length| format!("coalesce({length}, 0)")));
            let known = known.collect::<Vec<_>>().join(", ");
            list.push(format!("CASE WHEN greatest({all}) > {LONG_CELL} THEN concat_ws(' ', ctid, {known}) END"));
        }
        let mut sql = format!("SELECT {} {}", list.join(", "), self.from());
        if let Range::Blocks { first, end, .. } = &self.request.partition.range {
            write!(sql, " WHERE ctid >= '({first},0)'::tid").expect(STRING);
            if let Some(end) = end {
                write!(sql, " AND ctid < '({end},0)'::tid").expect(STRING);
            }
        }
        if let Some(rows) = self.request.limit {
            write!(sql, " LIMIT {rows}").expect(STRING);
        }
        sql
    }
}

/// A column as it is decoded here.
fn decoded(column: &Column) -> String {
    let name = Dialect::Postgres.quote(&column.name);
    match column.type_class {
        TypeClass::Text | TypeClass::Integer | TypeClass::Real | TypeClass::Bytes => name,
        _ => as_text(&name, &column.declared_type),
    }
}

/// Whether cells of this type can be over [`LONG_CELL`]; where nothing is known of the type, they can.
fn may_be_long(column: &Column) -> bool {
    const SHORT: [&str; 16] = [
        "uuid",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "interval",
        "time",
        "oid",
        "point",
        "box",
        "circle",
        "line",
        "lseg",
        "int4range",
        "daterange",
        "pg_lsn",
    ];
    match column.type_class {
        TypeClass::Text => column.length.is_none_or(|characters| characters > LONG_CELL as u64 / 4),
        TypeClass::Bytes | TypeClass::Json => true,
        TypeClass::Other => {
            let name = column.declared_type.split(['(', ' ']).next().unwrap_or_default();
            column.declared_type.ends_with(']') || !SHORT.contains(&name)
        }
        _ => false,
    }
}

/// A long cell that was met: its column, its length, and its row.
struct Long {
    column: usize,
    length: usize,
    place: String,
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
    fn push(&mut self, row: &[Option<&[u8]>], sink: &mut Sink<'_>) -> ControlFlow<()> {
        let select = self.select;
        for (at, bytes) in row.iter().enumerate().take(self.batch.columns.len()) {
            match bytes {
                Some(bytes) if bytes.len() > LONG_CELL => {
                    self.batch.columns[at].push_text(b"");
                    self.cut(at, bytes, row, sink);
                }
                Some(bytes) => push(&mut self.batch.columns[at], select.columns[at].type_class, bytes),
                None => self.batch.columns[at].push_null(),
            }
        }
        self.batch.end_row(|key| push_key(select, row, key));
        if !select.long.is_empty()
            && let Some(Some(place)) = row.get(select.columns.len())
        {
            self.note_long(&String::from_utf8_lossy(place));
        }
        if !self.pool.is_full(&self.batch) {
            return ControlFlow::Continue(());
        }
        let next = select.take(self.pool);
        sink(std::mem::replace(&mut self.batch, next))
    }

    /// A long cell of a view, or of a table whose rows have no place for this role: it came whole.
    fn cut(&self, column: usize, bytes: &[u8], row: &[Option<&[u8]>], sink: &mut Sink<'_>) {
        let mut key = Vec::new();
        push_key(self.select, row, &mut key);
        let cell = LongCell { column, length: bytes.len(), key: &key, utf16: None };
        let mut read = |start: usize, end: usize| Ok::<_, std::convert::Infallible>(bytes[start..end].to_vec());
        // Whoever wants no more is asked again when the batch is full.
        let _ = cell.cut(self.select.request, self.pool, &mut read, sink);
    }

    /// `(block,line) length length …`, a length for each column that may be long.
    fn note_long(&mut self, text: &str) {
        let mut words = text.split(' ');
        let place = words.next().unwrap_or_default();
        let key = self.batch.key(self.batch.rows - 1);
        for (column, length) in self.select.long.iter().zip(words) {
            let length = length.parse().unwrap_or(0);
            if length > LONG_CELL {
                self.long.push(Long { column: *column, length, place: place.to_owned(), key: key.to_vec() });
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

/// The value of an integer of 2, 4 or 8 bytes.
fn integer(bytes: &[u8]) -> i64 {
    match *bytes {
        [a, b] => i64::from(i16::from_be_bytes([a, b])),
        [a, b, c, d] => i64::from(i32::from_be_bytes([a, b, c, d])),
        _ => <[u8; 8]>::try_from(bytes).map_or(0, i64::from_be_bytes),
    }
}

/// The value of a float of 4 or 8 bytes.
fn real(bytes: &[u8]) -> f64 {
    match *bytes {
        [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
        _ => <[u8; 8]>::try_from(bytes).map_or(0.0, f64::from_be_bytes),
    }
}

fn push(cells: &mut Cells, class: TypeClass, bytes: &[u8]) {
    match class {
        TypeClass::Integer => cells.push_display(integer(bytes)),
        TypeClass::Real => cells.push_display(real_text(real(bytes))),
        TypeClass::Bytes => cells.push_blob(bytes),
        _ => cells.push_text(bytes),
    }
}

/// Appends the row's key, in the form that [`Postgres::rows_where`] has for its values.
fn push_key(select: &Select<'_>, row: &[Option<&[u8]>], key: &mut Vec<u8>) {
    let start = key.len();
    for at in &select.key {
        let Some(bytes) = row[*at] else { return key.truncate(start) };
        match select.columns[*at].type_class {
            TypeClass::Integer => encode_integer(integer(bytes), key),
            TypeClass::Real => encode_real(real(bytes), key),
            TypeClass::Bytes => encode_bytes(BLOB, bytes, key),
            _ => encode_bytes(TEXT, bytes, key),
        }
    }
}

/// Gets the fields of each row.
type OnRow<'a> = dyn FnMut(&[Option<&[u8]>]) -> ControlFlow<()> + 'a;

/// Cuts the stream of a binary COPY into rows. Chunks end where they please.
#[derive(Default)]
struct Decoder {
    /// What was left of the chunks before.
    rest: Vec<u8>,
    begun: bool,
}

impl Decoder {
    fn feed(&mut self, chunk: &[u8], row: &mut OnRow<'_>) -> Result<ControlFlow<()>, Ended> {
        let mut joined = std::mem::take(&mut self.rest);
        let mut bytes = if joined.is_empty() {
            chunk
        } else {
            joined.extend_from_slice(chunk);
            &joined
        };
        if !self.begun {
            // Signature, flags, and the length of an extension that nobody uses.
            let Some((head, rest)) = bytes.split_at_checked(SIGNATURE.len() + 8) else {
                self.rest = bytes.to_vec();
                return Ok(ControlFlow::Continue(()));
            };
            if !head.starts_with(SIGNATURE) {
                return Err(Ended::Failed(sqlx::Error::Protocol("not a binary COPY".into())));
            }
            (bytes, self.begun) = (rest, true);
        }
        let mut fields = Vec::new();
        while let Some(after) = split_row(bytes, &mut fields) {
            bytes = after;
            if !fields.is_empty() && row(&fields).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        self.rest = bytes.to_vec();
        Ok(ControlFlow::Continue(()))
    }
}

/// The fields of the first row, and what follows it; `None` while it is not all there. The end has no fields.
fn split_row<'b>(bytes: &'b [u8], fields: &mut Vec<Option<&'b [u8]>>) -> Option<&'b [u8]> {
    fields.clear();
    let (count, mut rest) = bytes.split_first_chunk::<2>()?;
    for _ in 0..i16::from_be_bytes(*count).max(0) {
        let (length, after) = rest.split_first_chunk::<4>()?;
        rest = after;
        let field = match usize::try_from(i32::from_be_bytes(*length)) {
            Ok(length) => {
                let (field, after) = rest.split_at_checked(length)?;
                rest = after;
                Some(field)
            }
            Err(_) => None,
        };
        fields.push(field);
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_however_the_stream_is_cut() {
        let mut stream = [SIGNATURE, &[0; 8]].concat();
        for text in ["Anna", "", "Björn"] {
            stream.extend_from_slice(&2_i16.to_be_bytes());
            stream.extend_from_slice(&(-1_i32).to_be_bytes());
            stream.extend_from_slice(&i32::try_from(text.len()).unwrap().to_be_bytes());
            stream.extend_from_slice(text.as_bytes());
        }
        stream.extend_from_slice(&(-1_i16).to_be_bytes());
        for size in 1..=stream.len() {
            let (mut decoder, mut seen) = (Decoder::default(), Vec::new());
            for chunk in stream.chunks(size) {
                let mut row = |fields: &[Option<&[u8]>]| {
                    assert_eq!(fields[0], None);
                    seen.push(String::from_utf8(fields[1].unwrap().to_vec()).unwrap());
                    ControlFlow::Continue(())
                };
                assert!(decoder.feed(chunk, &mut row).is_ok_and(|flow| flow.is_continue()));
            }
            assert_eq!(seen, ["Anna", "", "Björn"], "{size}");
        }
    }

    #[test]
    fn numbers_of_all_widths() {
        assert_eq!(integer(&i16::MIN.to_be_bytes()), i64::from(i16::MIN));
        assert_eq!(integer(&(-7_i32).to_be_bytes()), -7);
        assert_eq!(integer(&198_001_019_876_i64.to_be_bytes()), 198_001_019_876);
        assert_eq!(real(&0.5_f32.to_be_bytes()).to_string(), "0.5");
    }
}
