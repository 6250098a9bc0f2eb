//! Databases: every difference between engines is below this folder, and nobody else asks which engine it is.
//!
//! The face is blocking. An engine whose driver is asynchronous keeps a runtime of its own inside its connection, so
//! that scan, subject and apply are plain threads and plain functions.

mod batch;
mod doctor;
mod mysql;
mod pieces;
mod postgres;
mod server;
mod source;
mod sqlite;
mod write;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::Result;
use crate::catalog::{Catalog, Table, TableName};
use crate::finding::Unreadable;
use crate::value::{RowKey, Value};

pub use batch::{Batch, BatchPool, Piece};
pub use doctor::{Check, Level};
pub use source::Source;
pub use write::{Begin, Changed, Tells, Transaction};

/// Set when the process shall end; readers and statements look at it.
pub type Cancel = Arc<AtomicBool>;

/// One connection. Readers of a scan have one each.
pub enum Database {
    /// A SQLite file.
    Sqlite(sqlite::Sqlite),
    /// A database of a PostgreSQL server.
    Postgres(Box<postgres::Postgres>),
    /// A MariaDB or MySQL server, or one database there.
    Mysql(Box<mysql::Mysql>),
}

/// A state of a database that several connections can read together: what the server calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot(String);

/// What the readers of one scan see of the changes that others make meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// All of them see one state.
    OneSnapshot,
    /// Each table or reader sees a state of its own; [`Database::data_version`] tells whether they can differ.
    Watched,
    /// Each reader sees a state of its own, taken when it began; [`Database::data_version`] tells whether they can
    /// differ.
    PerReader,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Only reading: the engine itself refuses writes.
    Read,
    /// Apply and undo.
    Write,
}

/// The engine's dialect of SQL: quoting, and nothing that needs a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB and MySQL.
    Mysql,
}

/// A part of a table that one reader reads in one go. The same database has the same partitions at any number of
/// jobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Partition {
    /// Index of the table in the catalog.
    pub table: usize,
    /// Which of its rows.
    pub range: Range,
    /// Rows expected, for the progress bar.
    pub rows_estimate: u64,
}

/// Which rows of a table a partition has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// Row numbers from the first to the last, both included (SQLite's rowid), or numbers of the
    /// first column of the row key (MariaDB, MySQL).
    RowNumbers(i64, i64),
    /// Blocks of a table's file (PostgreSQL).
    Blocks {
        /// The partition whose file it is; the table's own if none.
        part: Option<TableName>,
        /// The first block.
        first: u32,
        /// The block after the last one; none at the end of the file, where new rows may come.
        end: Option<u32>,
    },
    /// All rows, in the order of the row key.
    ByKey,
    /// All rows, in one go.
    Whole,
}

/// What a reader shall read of a table.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The table.
    pub table: &'a Table,
    /// Indexes of the wanted columns in the table.
    pub columns: &'a [usize],
    /// The part.
    pub partition: &'a Partition,
    /// No more rows than this are wanted, where a limit was asked for.
    pub limit: Option<u64>,
}

impl Request<'_> {
    /// Indexes of the columns to select: the wanted ones, then those of the row key that are not among them; and for
    /// each column of the row key its position in that list.
    fn selection(&self) -> (Vec<usize>, Vec<usize>) {
        let mut selected = self.columns.to_vec();
        let mut key = Vec::new();
        for name in self.table.row_key.iter().flat_map(|key| &key.columns) {
            let Some(column) = self.table.columns.iter().position(|column| column.name == *name) else { continue };
            key.push(selected.iter().position(|known| *known == column).unwrap_or_else(|| {
                selected.push(column);
                selected.len() - 1
            }));
        }
        (selected, key)
    }
}

impl Dialect {
    /// An identifier, quoted so that nothing in it can be more than a name.
    pub fn quote(self, identifier: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{}\"", identifier.replace('"', "\"\"")),
            Self::Mysql => format!("`{}`", identifier.replace('`', "``")),
        }
    }

    /// A table's name, quoted.
    pub fn table(self, name: &TableName) -> String {
        match &name.schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(&name.name)),
            None => self.quote(&name.name),
        }
    }

    /// The placeholder of parameter `number`, counted from 1. MariaDB has them in the order in which they stand.
    pub fn placeholder(self, number: usize) -> String {
        match self {
            Self::Sqlite => format!("?{number}"),
            Self::Postgres => format!("${number}"),
            Self::Mysql => "?".to_owned(),
        }
    }

    /// The sqlparser dialect that reads this SQL.
    pub fn parser(self) -> Box<dyn sqlparser::dialect::Dialect> {
        match self {
            Self::Sqlite => Box::new(sqlparser::dialect::SQLiteDialect {}),
            Self::Postgres => Box::new(sqlparser::dialect::PostgreSqlDialect {}),
            Self::Mysql => Box::new(sqlparser::dialect::MySqlDialect {}),
        }
    }
}

impl Database {
    /// Connects.
    pub fn open(source: &Source, purpose: Purpose, cancel: &Cancel) -> Result<Self> {
        match source {
            Source::Sqlite { path } => sqlite::Sqlite::open(path, purpose, cancel).map(Self::Sqlite),
            Source::Postgres(address) => {
                postgres::Postgres::open(address, purpose, cancel).map(Box::new).map(Self::Postgres)
            }
            Source::Mysql(address) => mysql::Mysql::open(address, purpose, cancel).map(Box::new).map(Self::Mysql),
        }
    }

    /// The engine's dialect.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Reads the catalog.
    pub fn inspect(&mut self) -> Result<Catalog> {
        match self {
            Self::Sqlite(db) => db.inspect(),
            Self::Postgres(db) => db.inspect(),
            Self::Mysql(db) => db.inspect(),
        }
    }

    /// Tables, and columns of the others, that this role may not read or that nobody reads here. They are left out of a
    /// scan and listed.
    pub fn unreadable(&mut self, catalog: &Catalog) -> Result<Vec<Unreadable>> {
        match self {
            Self::Sqlite(_) => Ok(sqlite::unreadable(catalog)),
            Self::Postgres(db) => db.unreadable(catalog),
            Self::Mysql(db) => db.unreadable(catalog),
        }
    }

    /// Parts of a table for readers; together every row exactly once.
    pub fn partitions(&mut self, index: usize, table: &Table) -> Result<Vec<Partition>> {
        match self {
            Self::Sqlite(db) => db.partitions(index, table),
            Self::Postgres(db) => db.partitions(index, table),
            Self::Mysql(db) => db.partitions(index, table),
        }
    }

    /// Begins what all reading of this connection sees, where the engine can hold it: a new state of the database, or
    /// that of another connection, which must stay open meanwhile.
    pub fn begin_read(&mut self, of: Option<&Snapshot>) -> Result<Option<Snapshot>> {
        match self {
            Self::Sqlite(db) => db.begin_read().map(|()| None),
            Self::Postgres(db) => db.begin_read(of),
            Self::Mysql(db) => db.begin_read(),
        }
    }

    /// What several readers see.
    pub fn consistency(&self) -> Consistency {
        match self {
            Self::Sqlite(_) => Consistency::Watched,
            Self::Postgres(_) => Consistency::OneSnapshot,
            Self::Mysql(_) => Consistency::PerReader,
        }
    }

    /// A number that differs when others have committed in between: compared before and after a scan.
    pub fn data_version(&mut self) -> Result<i64> {
        match self {
            Self::Sqlite(db) => db.data_version(),
            // All readers see one snapshot.
            Self::Postgres(_) => Ok(0),
            Self::Mysql(db) => db.data_version(),
        }
    }

    /// Reads one partition in batches. `sink` may stop the reading by `Break`. Cells over 1 MiB come in pieces.
    pub fn read(
        &mut self,
        request: &Request<'_>,
        pool: &BatchPool,
        sink: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(db) => db.read(request, pool, sink),
            Self::Postgres(db) => db.read(request, pool, sink),
            Self::Mysql(db) => db.read(request, pool, sink),
        }
    }

    /// The `columns` of every row in which each of `equal` holds (SQL `=`; NULL never equals), at most `limit` rows.
    pub fn rows_where(
        &mut self,
        table: &TableName,
        columns: &[String],
        equal: &[(String, Value)],
        limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        match self {
            Self::Sqlite(db) => db.rows_where(table, columns, equal, limit),
            Self::Postgres(db) => db.rows_where(table, columns, equal, limit),
            Self::Mysql(db) => db.rows_where(table, columns, equal, limit),
        }
    }

    /// The row of that key, or `None` if it is gone.
    pub fn row(&mut self, table: &Table, columns: &[String], key: &RowKey) -> Result<Option<Vec<Value>>> {
        let Some(equal) = table.columns_of(key) else { return Ok(None) };
        Ok(self.rows_where(&table.name, columns, &equal, 1)?.pop())
    }
}
