//! The location map: one file with the catalog, the findings and the postings of one scan.
//!
//! Catalog and findings stand in the clear, so that a report needs no key. Postings (where does this identifier
//! stand?) and row keys stand only in encrypted, authenticated blocks, sorted by a keyed hash: a blind index.
//! `layout` describes the file, [`PostingsBuilder`] writes it, [`Map`] reads it.

mod layout;
mod read;
mod record;
mod run;
mod seal;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalog::{Catalog, TableName};
use crate::finding::{Category, Finding, Unreadable};

pub use read::{Iter, Map, Postings};
pub use write::{PostingsBuilder, Written};

/// What stands in the clear: everything but the postings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// sanera's version that wrote it.
    pub sanera: String,
    /// When the scan began, RFC 3339 in UTC.
    pub created: String,
    /// The database, without a password.
    pub source: SourceInfo,
    /// [`crate::rule::RuleSet::digest`] of the rules used.
    pub rules: String,
    /// What was read.
    pub read: ReadInfo,
    /// The catalog when the scan began.
    pub catalog: Catalog,
    /// Verdicts, by table, column, path and category.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Cells that were seen but hold no text (images and documents), by column.
    pub not_text: Vec<NotText>,
    /// What a posting's place stands for; only places that have postings.
    pub places: BTreeMap<PlaceId, Place>,
}

/// Stands for a [`Place`] in postings. Written as `17` or, in nested data, `18:3735928559`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId {
    /// Of column, category and manner.
    pub number: u32,
    /// A keyed hash of the path as the cell has it; 0 outside nested data, and for paths that were too many to tell apart.
    pub path: u32,
}

impl PlaceId {
    /// Set in the numbers of places inside nested data.
    pub const NESTED: u32 = 2;

    /// Whether it is a place inside nested data.
    pub const fn is_nested(self) -> bool {
        self.number & Self::NESTED != 0
    }
}

impl Serialize for PlaceId {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        if self.path == 0 {
            out.collect_str(&self.number)
        } else {
            out.collect_str(&format_args!("{}:{}", self.number, self.path))
        }
    }
}

impl<'de> Deserialize<'de> for PlaceId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let (number, path) = text.split_once(':').unwrap_or((&text, "0"));
        let parts = number.parse().ok().zip(path.parse().ok());
        let (number, path) = parts.ok_or_else(|| serde::de::Error::custom("no place"))?;
        Ok(Self { number, path })
    }
}

impl Head {
    /// What a posting's place stands for; in nested data with more paths than are told apart, the column as a whole.
    pub fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(&id).or_else(|| self.places.get(&PlaceId { path: 0, ..id }))
    }

    /// Whether a column was found to hold personal data, so that its values are not shown unasked. A customer number
    /// does not count: it is the key by which rows are named in plans, too.
    pub fn is_personal(&self, table: &TableName, column: &str) -> bool {
        let mut own = self.findings.iter().filter(|finding| finding.table == *table && finding.column == column);
        own.any(|finding| finding.confidence >= 0.5 && finding.category != Category::CustomerNumber)
    }
}

/// The scanned database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// `sqlite`, `postgres`, `mysql`.
    pub engine: String,
    /// How it is called in messages: never with a password.
    pub name: String,
    /// [`Catalog::fingerprint`].
    pub fingerprint: String,
}

/// How much was read, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadInfo {
    /// Tables read.
    pub tables: u64,
    /// Rows read.
    pub rows: u64,
    /// Bytes of text looked at.
    pub bytes: u64,
    /// Cells that were not valid UTF-8 and were read as UTF-16 or Windows-1252.
    #[serde(default)]
    pub recoded: u64,
    /// Hits that are postings.
    pub postings: u64,
    /// Seconds over which what was read is spread, where others wrote meanwhile; 0 where all was as at one moment.
    pub skew_s: f64,
    /// `Some(n)` when only about n rows of each table were read.
    pub sample: Option<u64>,
    /// Globs given for tables to read and to leave out.
    pub tables_only: Vec<String>,
    /// Globs of tables left out.
    pub excluded: Vec<String>,
    /// What the database's URL asked for that is weaker than an encrypted connection to a verified server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weaker_tls: Option<String>,
}

/// Cells without text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotText {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// How many cells.
    pub cells: u64,
}

/// A place in the schema where an identifier can stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Index of the table in the catalog.
    pub table: usize,
    /// Index of the column in the table.
    pub column: usize,
    /// Path inside nested data.
    pub path: Option<String>,
    /// The category.
    pub category: Category,
    /// Whether the identifier is the whole cell (typed) or stands in longer text.
    pub whole: bool,
}
