//! The policy file: what the user decided about persons, tables and columns.
//!
//! Reading stands in `read`, the comparison with a catalog in `check`, a first policy in `init`.

mod check;
mod init;
mod read;
#[cfg(test)]
mod tests;

use std::path::Path;

use toml::Spanned;

use crate::catalog::TableName;
use crate::finding::Category;
use crate::value::Value;
use crate::{Error, Result};

pub use init::init;

/// A policy as read from its file, with the places of what is named for messages.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The file, as it is called in messages.
    pub file: String,
    /// The file's text.
    pub source: String,
    /// Kinds of persons.
    pub subjects: Vec<SubjectKind>,
    /// What happens to a person's rows, by table.
    pub tables: Vec<TableRule>,
    /// What happens to cells of rows that stay, by column.
    pub columns: Vec<ColumnRule>,
}

/// A kind of person: the table with one row per person, and what points at that row.
#[derive(Clone, Debug)]
pub struct SubjectKind {
    /// What such a person is called: `customer`.
    pub name: Spanned<String>,
    /// The table with one row per person.
    pub table: Spanned<TableName>,
    /// Columns of it that hold identifiers.
    pub identifiers: Vec<IdentifierColumn>,
}

/// A column that tells which person a row is about.
#[derive(Clone, Debug)]
pub struct IdentifierColumn {
    /// The column.
    pub column: Spanned<String>,
    /// What stands in it.
    pub category: Category,
}

/// What happens to a person's rows in one table.
#[derive(Clone, Debug)]
pub struct TableRule {
    /// The table.
    pub name: Spanned<TableName>,
    /// The decision.
    pub erase: Erase,
    /// Triggers on this table's statements may change rows that the plan does not name, here.
    pub accept_trigger_rows: bool,
}

/// What erasing a person means for a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erase {
    /// The row goes.
    Delete,
    /// The row stays, the cells of the policy's columns go.
    Anonymise,
    /// The row stays as it is, for this reason.
    Keep(String),
}

/// What happens to one column in rows that are anonymised.
#[derive(Clone, Debug)]
pub struct ColumnRule {
    /// The table.
    pub table: Spanned<TableName>,
    /// The column.
    pub column: Spanned<String>,
    /// What stands in it.
    pub category: Category,
    /// The new value.
    pub strategy: Spanned<Strategy>,
}

/// How a cell loses its personal data.
#[derive(Clone, Debug, PartialEq)]
pub enum Strategy {
    /// It becomes NULL.
    Null,
    /// It becomes this value.
    Constant(Value),
}

impl Strategy {
    /// The cell's value afterwards.
    pub fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Constant(value) => value.clone(),
        }
    }
}

impl Policy {
    /// Reads a policy file.
    pub fn load(path: &Path) -> Result<Self> {
        let source = std::fs::read_to_string(path)
            .map_err(|error| Error::unreadable(path, &error, "make one with: sanera init"))?;
        Self::parse(&crate::sensitive::printable(&path.to_string_lossy()), source)
    }

    /// Reads a policy's text; `file` is how it is called in messages.
    pub fn parse(file: &str, source: String) -> Result<Self> {
        read::read(file, source)
    }

    /// What happens to a person's rows in that table, if the policy says.
    pub fn table(&self, name: &TableName) -> Option<&TableRule> {
        self.tables.iter().find(|rule| rule.name.get_ref() == name)
    }

    /// The columns of that table that the policy gives new values.
    pub fn columns_of<'a>(&'a self, table: &'a TableName) -> impl Iterator<Item = &'a ColumnRule> {
        self.columns.iter().filter(move |rule| rule.table.get_ref() == table)
    }

    /// Hash of the file's text: a plan names the policy it was made from.
    pub fn digest(&self) -> String {
        use sha2::{Digest, Sha256};
        crate::secret::hex(&Sha256::digest(&self.source))
    }
}
