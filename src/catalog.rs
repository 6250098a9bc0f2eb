//! The catalog: what a database says of itself. The same shape for every engine, saved in the map and compared
//! by plans.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::value::{RowKey, Value};

/// The one table that sanera makes in a user's database: apply notes there what it did.
pub const MARKER: &str = "sanera_applied";

/// All tables of one database, in a stable order (schema, name).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Tables, views and virtual tables.
    pub tables: Vec<Table>,
}

/// A table, view or virtual table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Where it lives.
    pub name: TableName,
    /// What it is; only [`TableKind::Base`] and readable virtual tables are scanned.
    pub kind: TableKind,
    /// Columns in the table's order, hidden ones included.
    pub columns: Vec<Column>,
    /// What names a row; `None` where nothing does (no primary key and no unique key over NOT NULL columns).
    pub row_key: Option<Key>,
    /// Unique keys and unique indexes, the primary key first.
    pub unique: Vec<Key>,
    /// Declared foreign keys, by name or number.
    pub foreign_keys: Vec<ForeignKey>,
    /// Triggers on this table.
    pub triggers: Vec<Trigger>,
    /// CHECK constraints are there (their text stays in the database).
    pub has_checks: bool,
    /// Number of rows as the engine estimates it, if it does.
    pub rows_estimate: Option<u64>,
    /// Bytes of its rows as the engine estimates them, if it does.
    #[serde(default)]
    pub bytes_estimate: Option<u64>,
    /// Unique indexes over some of the rows or over expressions: the columns that they look at. No row is named by them.
    #[serde(default)]
    pub partly_unique: Vec<Key>,
    /// The table that this one is a partition of, or inherits from.
    #[serde(default)]
    pub parent: Option<TableName>,
    /// What the engine says beyond the kind: a virtual table's module ("fts5"), "without rowid", `InnoDB`.
    pub detail: Option<String>,
    /// What its makers say of it. Not saved: it may be data.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// Schema (if the engine has them) and name of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableName {
    /// PostgreSQL's schema, MariaDB's database; `None` in SQLite.
    pub schema: Option<String>,
    /// The table's own name, as the catalog spells it.
    pub name: String,
}

impl TableName {
    /// A name without a schema.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl std::fmt::Display for TableName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", crate::sensitive::printable(schema))?;
        }
        f.write_str(&crate::sensitive::printable(&self.name))
    }
}

/// What stands behind a table's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TableKind {
    /// A table with rows of its own.
    #[default]
    Base,
    /// A view: catalogued, read only when asked.
    View,
    /// A virtual or foreign table whose rows are read (FTS5).
    Virtual,
    /// A virtual or foreign table that is listed and not read: it would run foreign code.
    Foreign,
    /// The storage behind a virtual table (SQLite's shadow tables): holds copies, is not read by itself.
    Shadow,
    /// A part of a partitioned table: its rows are read and changed through the whole.
    Partition,
    /// A view whose rows are stored (PostgreSQL's materialised view): read, but changed only by refreshing it.
    StoredView,
}

/// A column.
#[expect(clippy::struct_excessive_bools, reason = "four independent facts of the catalog")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// As the catalog spells it.
    pub name: String,
    /// The declared type, as written; empty where there is none.
    pub declared_type: String,
    /// What the declared type says of the values, where it says anything.
    pub type_class: TypeClass,
    /// Whether NULL may stand here.
    pub nullable: bool,
    /// Declared length in characters.
    pub length: Option<u64>,
    /// Whether the column has a default (its text may be data and stays in the database).
    pub has_default: bool,
    /// Computed by the database; never written.
    pub generated: bool,
    /// Not in `SELECT *` (hidden columns of virtual tables).
    pub hidden: bool,
    /// The collation, where it is not the database's or table's own.
    #[serde(default)]
    pub collation: Option<String>,
    /// What its makers say of it. Not saved: it may be data.
    #[serde(skip)]
    pub comment: Option<String>,
}

/// Families of types: enough to skip rules that can't hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TypeClass {
    /// Characters.
    Text,
    /// Whole numbers.
    Integer,
    /// Floating-point numbers.
    Real,
    /// Exact decimals.
    Decimal,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Timestamp,
    /// JSON.
    Json,
    /// Bytes.
    Bytes,
    /// Says nothing, or nothing known.
    #[default]
    Other,
}

/// Columns that together name a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Column names in the key's order.
    pub columns: Vec<String>,
}

/// A declared foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Columns of this table.
    pub columns: Vec<String>,
    /// The table they point at.
    pub parent: TableName,
    /// The columns there, as many as `columns`.
    pub parent_columns: Vec<String>,
    /// What happens to these rows when the parent's row goes.
    pub on_delete: Action,
}

impl ForeignKey {
    /// `bokning.kund_id -> kund.id`, for people.
    pub fn describe(&self, child: &TableName) -> String {
        let list = |columns: &[String]| crate::sensitive::printable(&columns.join(","));
        format!("{child}.{} -> {}.{}", list(&self.columns), self.parent, list(&self.parent_columns))
    }
}

/// A foreign key's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// The parent's row can't go while this one is there.
    Restrict,
    /// This row goes too.
    Cascade,
    /// The link becomes NULL.
    SetNull,
    /// The link becomes the default.
    SetDefault,
}

/// A trigger: enough to warn of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// Its text, for fingerprints and warnings. Kept out of the saved map: literals in it may be data.
    #[serde(skip)]
    pub sql: String,
}

impl Catalog {
    /// The table of that name.
    pub fn table(&self, name: &TableName) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// Every foreign key that points at `parent`, with the table it stands in.
    pub fn children<'a>(&'a self, parent: &'a TableName) -> impl Iterator<Item = (&'a Table, &'a ForeignKey)> {
        self.tables.iter().flat_map(move |table| {
            table.foreign_keys.iter().filter(move |key| key.parent == *parent).map(move |key| (table, key))
        })
    }

    /// A hash of what a plan stands on: names, types, keys, foreign keys and trigger texts. Row estimates do not
    /// count, since they change without the schema changing, nor does our own table, which the first apply makes.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for table in self.tables.iter().filter(|table| table.name.name != MARKER) {
            let mut table = table.clone();
            (table.rows_estimate, table.bytes_estimate) = (None, None);
            let saved = serde_json::to_vec(&table).expect("a catalog is plain data");
            hash.update((saved.len() as u64).to_be_bytes());
            hash.update(&saved);
            for trigger in &table.triggers {
                hash.update((trigger.sql.len() as u64).to_be_bytes());
                hash.update(&trigger.sql);
            }
        }
        crate::secret::hex(&hash.finalize())
    }
}

impl Table {
    /// The columns of a row's key with their values; `None` where no key names this table's rows.
    pub fn columns_of(&self, key: &RowKey) -> Option<Vec<(String, Value)>> {
        let row_key = self.row_key.as_ref()?;
        Some(row_key.columns.iter().cloned().zip(key.0.iter().cloned()).collect())
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_key_is_described_without_control_characters() {
        let columns = |name: &str| vec![name.to_owned()];
        let parent = TableName::plain("kund\u{1b}");
        let on_delete = Action::Restrict;
        let key = ForeignKey { columns: columns("a\n"), parent, parent_columns: columns("b\u{202e}"), on_delete };
        let text = key.describe(&TableName::plain("x"));
        assert_eq!(text, r"x.a\u{a} -> kund\u{1b}.b\u{202e}");
    }
}
