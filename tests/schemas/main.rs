//! Ten made-up systems with gold labels: that the files say what they hold, and hold only made-up people.
//!
//! `generator` reads and fills them; `labels` tests what the files say, `values` what stands in the built databases.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod generator;
mod labels;
mod values;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OpenFlags};

use generator::{Schema, Table};

static SCHEMAS: LazyLock<Vec<Schema>> = LazyLock::new(generator::all);

/// All ten, built once with one seed.
static BUILT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for schema in SCHEMAS.iter() {
        schema.build(&file(folder.path(), schema), 1);
    }
    folder
});

fn file(folder: &Path, schema: &Schema) -> PathBuf {
    folder.join(format!("{}.sqlite", schema.name))
}

fn open(schema: &Schema) -> Connection {
    Connection::open_with_flags(file(BUILT.path(), schema), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// All cells of a table, row by row, as text; NULL is `None`, bytes that are no UTF-8 are replaced.
fn rows(database: &Connection, table: &Table) -> Vec<Vec<Option<String>>> {
    let query = format!("SELECT * FROM {} ORDER BY rowid", generator::build::quoted(&table.name));
    let mut statement = database.prepare(&query).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        all.push((0..table.columns.len()).map(|at| shown(row.get_ref(at).unwrap())).collect());
    }
    all
}

fn shown(cell: ValueRef<'_>) -> Option<String> {
    match cell {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        other => match Value::try_from(other).unwrap() {
            Value::Integer(number) => Some(number.to_string()),
            Value::Real(number) => Some(number.to_string()),
            _ => None,
        },
    }
}
