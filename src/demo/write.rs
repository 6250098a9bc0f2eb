//! Writes rows and keeps account of them: how many per table, and where identifiers of the known people went.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use super::{Planted, Role};
use crate::Result;
use crate::error::Error;

/// A table as the generator fills it.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// How many of the columns, from the first on, make the primary key.
    pub(super) key: usize,
    pub(super) columns: &'static [&'static str],
}

/// Text on its way to a cell, with the identifiers of known people that it holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    marks: Vec<Mark>,
}

#[derive(Clone, Debug)]
struct Mark {
    role: Role,
    category: &'static str,
    form: String,
}

impl Text {
    /// Adds an identifier of a person, noted down when the person is one of the known.
    pub(super) fn push_marked(&mut self, role: Option<Role>, category: &'static str, form: &str) {
        self.text.push_str(form);
        if let Some(role) = role {
            self.marks.push(Mark { role, category, form: form.to_owned() });
        }
    }

    pub(super) fn marked(role: Option<Role>, category: &'static str, form: &str) -> Self {
        let mut text = Self::default();
        text.push_marked(role, category, form);
        text
    }
}

/// A value for one column.
pub(super) enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(Text),
    /// A number that is an identifier, kept in an integer column.
    Number(i64, Text),
}

impl Cell {
    fn marks(&self) -> &[Mark] {
        match self {
            Self::Text(text) | Self::Number(_, text) => &text.marks,
            _ => &[],
        }
    }

    /// How the cell reads as part of a key.
    fn as_key(&self) -> String {
        match self {
            Self::Int(n) | Self::Number(n, _) => n.to_string(),
            Self::Text(text) => text.text.clone(),
            Self::Real(_) | Self::Null => String::new(),
        }
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Int(n) | Self::Number(n, _) => ToSqlOutput::Owned(Value::Integer(*n)),
            Self::Real(n) => ToSqlOutput::Owned(Value::Real(*n)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.text.as_bytes())),
        })
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<u32> for Cell {
    fn from(n: u32) -> Self {
        Self::Int(i64::from(n))
    }
}

impl From<f64> for Cell {
    fn from(n: f64) -> Self {
        Self::Real(n)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Text { text, marks: Vec::new() })
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One connection, within one transaction.
pub(super) struct Writer<'a> {
    connection: &'a Connection,
    statements: BTreeMap<&'static str, Statement<'a>>,
    pub(super) rows: BTreeMap<&'static str, u64>,
    pub(super) planted: Vec<(Role, Planted)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(connection: &'a Connection) -> Self {
        Self { connection, statements: BTreeMap::new(), rows: BTreeMap::new(), planted: Vec::new() }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a row is made to be written")]
    /// Writes one row; `cells` stand in the order of the table's columns.
    pub(super) fn insert<const N: usize>(&mut self, table: &Table, cells: [Cell; N]) -> Result<()> {
        let failed = |error: rusqlite::Error| Error::output(format!("table {}", table.name), kind(&error));
        let statement = match self.statements.entry(table.name) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(self.connection.prepare(&insert_statement(table)).map_err(failed)?),
        };
        statement.execute(rusqlite::params_from_iter(&cells)).map_err(failed)?;
        *self.rows.entry(table.name).or_default() += 1;
        for (column, cell) in table.columns.iter().zip(&cells) {
            for mark in cell.marks() {
                let key = cells[..table.key].iter().map(Cell::as_key).collect::<Vec<_>>().join("/");
                let Mark { role, category, form } = mark.clone();
                self.planted.push((role, Planted { table: table.name, column, key, category, form }));
            }
        }
        Ok(())
    }
}

fn insert_statement(table: &Table) -> String {
    let marks = vec!["?"; table.columns.len()].join(", ");
    format!("INSERT INTO {} ({}) VALUES ({marks})", table.name, table.columns.join(", "))
}

/// The engine's result code; its text can quote values.
pub(super) fn kind(error: &rusqlite::Error) -> String {
    error.sqlite_error_code().map_or_else(|| "wrong statement".to_owned(), |code| format!("SQLite answered {code:?}"))
}

/// `Cell`s from values of any kind that can stand in one.
macro_rules! row {
    ($($value:expr),* $(,)?) => { [$($crate::demo::write::Cell::from($value)),*] };
}
pub(super) use row;
