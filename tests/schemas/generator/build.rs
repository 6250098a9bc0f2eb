//! Writes a SQLite file from a schema: tables in the order of the file, rows one by one, links to rows that stand already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::fill::{Fill, Row};
use super::people::Person;
use super::rng::Rng;
use super::{Column, Encoding, Schema, Table, hygiene};

/// Cells of the columns that some `ref:` points at, by `TABLE.COLUMN`.
type Taken = BTreeMap<String, Vec<Value>>;

/// Builds the database with `percent` of each table's rows.
pub(crate) fn build(schema: &Schema, path: &Path, seed: u64, percent: usize) {
    assert!(!path.exists(), "{} exists already", path.display());
    let mut database = Connection::open(path).expect("a new database file");
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        .expect("settings of SQLite");
    let mut taken = targets(schema);
    for table in &schema.tables {
        let rng = Rng::for_name(seed, &format!("{}.{}", schema.name, table.name));
        let rows = (table.rows * percent).div_ceil(100);
        write(&mut database, table, rng, rows, &mut taken)
            .unwrap_or_else(|problem| panic!("{}.toml: table {}: {problem}", schema.name, table.name));
    }
}

fn targets(schema: &Schema) -> Taken {
    let columns = schema.tables.iter().flat_map(|table| &table.columns);
    columns
        .filter_map(|column| match &column.fill {
            Fill::Ref(target) => Some((target.clone(), Vec::new())),
            _ => None,
        })
        .collect()
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn write(
    database: &mut Connection,
    table: &Table,
    mut rng: Rng,
    rows: usize,
    taken: &mut Taken,
) -> rusqlite::Result<()> {
    let definitions: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {}", quoted(&column.entry.name), column.entry.sql_type))
        .collect();
    database.execute_batch(&format!("CREATE TABLE {} ({})", quoted(&table.name), definitions.join(", ")))?;
    let places: Vec<&str> = table.columns.iter().map(place).collect();
    let insert = format!("INSERT INTO {} VALUES ({})", quoted(&table.name), places.join(", "));
    let keys: Vec<String> =
        table.columns.iter().map(|column| format!("{}.{}", table.name, column.entry.name)).collect();
    let transaction = database.transaction()?;
    let mut statement = transaction.prepare(&insert)?;
    let mut state = State { planted: vec![0; table.columns.len()], unique: vec![BTreeSet::new(); table.columns.len()] };
    for number in 1..=rows {
        let cells = state.row(table, &mut rng, number, rows, taken);
        for (key, cell) in keys.iter().zip(&cells) {
            if let Some(values) = taken.get_mut(key)
                && *cell != Value::Null
            {
                values.push(cell.clone());
            }
        }
        let stored = cells.into_iter().zip(&table.columns).map(|(cell, column)| encoded(cell, column.entry.encoding));
        statement.execute(params_from_iter(stored))?;
    }
    drop(statement);
    transaction.commit()
}

/// Latin-1 bytes come as a BLOB and must be stored as TEXT.
fn place(column: &Column) -> &'static str {
    if column.entry.encoding == Some(Encoding::Latin1) { "CAST(? AS TEXT)" } else { "?" }
}

/// What a table's earlier rows mean for the next.
struct State {
    planted: Vec<usize>,
    /// The cells of columns that must not repeat, as text.
    unique: Vec<BTreeSet<String>>,
}

impl State {
    /// A row whose unique cells are new; a few draws are enough in every schema.
    fn row(&mut self, table: &Table, rng: &mut Rng, number: usize, rows: usize, taken: &Taken) -> Vec<Value> {
        for _ in 0..100 {
            let (person, other) = (Person::new(rng), Person::new(rng));
            let mut cells = Vec::with_capacity(table.columns.len());
            for (at, column) in table.columns.iter().enumerate() {
                let mut row = Row { rng: &mut *rng, person: &person, number, planted: self.planted[at] };
                cells.push(cell(column, &mut row, &other, rows, taken));
            }
            if self.accept(table, &cells, number, rows) {
                return cells;
            }
        }
        panic!("table {}: no new value for a unique column in row {number}", table.name);
    }

    /// Notes the row, unless it repeats a cell that must be unique.
    fn accept(&mut self, table: &Table, cells: &[Value], number: usize, rows: usize) -> bool {
        let key = |cell: &Value| format!("{cell:?}");
        let unique =
            |column: &Column| ["PRIMARY KEY", "UNIQUE"].iter().any(|word| column.entry.sql_type.contains(word));
        let columns = || table.columns.iter().zip(cells).enumerate();
        if columns().any(|(at, (column, cell))| unique(column) && self.unique[at].contains(&key(cell))) {
            return false;
        }
        for (at, (column, cell)) in columns() {
            if unique(column) && *cell != Value::Null {
                self.unique[at].insert(key(cell));
            }
            let planted = column.only.is_none_or(|only| only.holds(number, rows));
            if planted && *cell != Value::Null {
                self.planted[at] += 1;
            }
        }
        true
    }
}

fn cell(column: &Column, row: &mut Row<'_>, other: &Person, rows: usize, taken: &Taken) -> Value {
    let planted = column.only.is_none_or(|only| only.holds(row.number, rows));
    if column.entry.null > 0.0 && row.rng.below(1000) < thousandths(column.entry.null) {
        return Value::Null;
    }
    let fill = if planted { &column.fill } else { &column.instead };
    let value = shaped(fill.make(row, other, taken), column);
    match value {
        Value::Text(text) => Value::Text(hygiene::tame(&text).unwrap_or(text)),
        Value::Integer(number) => match hygiene::tame(&number.to_string()) {
            Some(moved) => Value::Integer(moved.parse().expect("digits for digits")),
            None => Value::Integer(number),
        },
        other => other,
    }
}

/// A share of 0 to 1, read from its decimals.
fn thousandths(share: f64) -> usize {
    format!("{share:.3}").replacen('.', "", 1).parse().expect("a share between 0 and 1")
}

/// Padding, as fixed-width files have it.
fn shaped(value: Value, column: &Column) -> Value {
    let plain = match &value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        _ => return value,
    };
    if let Some(width) = column.entry.width {
        let cut: String = plain.chars().take(width).collect();
        return Value::Text(format!("{cut:<width$}"));
    }
    if let Some(zeros) = column.entry.zeros {
        return Value::Text(format!("{plain:0>zeros$}"));
    }
    value
}

fn encoded(value: Value, encoding: Option<Encoding>) -> Value {
    let (Some(encoding), Value::Text(text)) = (encoding, &value) else { return value };
    match encoding {
        Encoding::Blob => Value::Blob(text.clone().into_bytes()),
        Encoding::Mojibake => Value::Text(text.bytes().map(char::from).collect()),
        Encoding::Latin1 => Value::Blob(text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()),
    }
}
