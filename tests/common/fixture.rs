//! Fills a test database with the rows of a SQLite fixture, so that whoever makes the fixture makes it once.
//!
//! The database must have its own tables already, in its own types; columns are matched by name. Needs `mod servers`
//! beside it.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::servers::{Engine, TestDatabase};

/// Rows in one INSERT.
const ROWS: usize = 500;

/// Copies every row of every ordinary table. Full-text tables are left out: they hold copies.
pub(crate) fn copy_rows(file: &Path, database: &TestDatabase) {
    let source = Connection::open(file).expect("the fixture opens");
    for table in texts(&source, "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    {
        copy_table(&source, &table, database);
    }
}

fn copy_table(source: &Connection, table: &str, database: &TestDatabase) {
    let engine = database.engine();
    // Computed columns are not in it.
    let columns = texts(source, &format!("SELECT name FROM pragma_table_info({})", literal(Engine::Sqlite, table)));
    let names = |engine| columns.iter().map(|name| identifier(engine, name)).collect::<Vec<_>>().join(", ");
    let select = format!("SELECT {} FROM {}", names(Engine::Sqlite), identifier(Engine::Sqlite, table));
    let insert = format!("INSERT INTO {} ({}) VALUES\n", identifier(engine, table), names(engine));
    let mut statement = source.prepare(&select).expect("the table is there");
    let row_of = |row: &Row<'_>| (0..columns.len()).map(|at| Ok(value(engine, row.get_ref(at)?))).collect();
    let rows: rusqlite::Result<Vec<Vec<String>>> = statement.query_map([], row_of).expect("a select").collect();
    let mut script = unchecked(engine).to_owned();
    for chunk in rows.expect("the table can be read").chunks(ROWS) {
        let tuples: Vec<String> = chunk.iter().map(|row| format!("({})", row.join(", "))).collect();
        writeln!(script, "{insert}{};", tuples.join(",\n")).expect("a string takes text");
    }
    database.execute(&script);
}

/// Tables are filled in any order: that every link leads to a row is for the maker of the rows to see to.
fn unchecked(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "PRAGMA foreign_keys = OFF;\n",
        Engine::Postgres => "SET session_replication_role = replica;\n",
        Engine::Mariadb => "SET foreign_key_checks = 0;\n",
    }
}

/// Numbers are quoted too, so that each column reads them as its own type does: '1' is a boolean, 1 is none.
fn value(engine: Engine, value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => format!("'{number}'"),
        ValueRef::Real(number) => format!("'{number}'"),
        ValueRef::Text(bytes) => literal(engine, std::str::from_utf8(bytes).expect("a fixture's texts are UTF-8")),
        ValueRef::Blob(bytes) if engine == Engine::Postgres => format!("'\\x{}'", sanera::secret::hex(bytes)),
        ValueRef::Blob(bytes) => format!("x'{}'", sanera::secret::hex(bytes)),
    }
}

fn literal(engine: Engine, text: &str) -> String {
    let quoted = text.replace('\'', "''");
    match engine {
        // The client makes LF of CR LF, but for an escaped CR.
        Engine::Mariadb => format!("'{}'", quoted.replace('\\', "\\\\").replace('\r', "\\r")),
        Engine::Sqlite | Engine::Postgres => format!("'{quoted}'"),
    }
}

fn identifier(engine: Engine, name: &str) -> String {
    match engine {
        Engine::Mariadb => format!("`{}`", name.replace('`', "``")),
        Engine::Sqlite | Engine::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn texts(source: &Connection, select: &str) -> Vec<String> {
    let mut statement = source.prepare(select).expect("a select of SQLite's catalog");
    let rows = statement.query_map([], |row| row.get(0)).expect("the catalog can be read");
    rows.collect::<rusqlite::Result<_>>().expect("names are UTF-8")
}
