//! Person search: identifiers -> postings -> rows that still hold the value -> rows that hang on them.

mod identifier;
pub mod related;
mod search;

use serde::{Deserialize, Serialize};

use crate::catalog::TableName;
use crate::finding::{Category, Unreadable};
use crate::sensitive::Sensitive;
use crate::value::RowKey;

pub use search::Searcher;

/// A value that points at a person, as the user gave it and normalised as in the scan.
#[derive(Clone, Debug, PartialEq)]
pub struct Identifier {
    /// Its category: personal number, e-mail, phone or name (later more).
    pub category: Category,
    /// As given.
    pub given: Sensitive,
    /// Normalised.
    pub normal: Sensitive,
}

/// The answer to one search.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Where the identifiers stand.
    pub places: Vec<Found>,
    /// Rows that hang on those rows by foreign keys.
    pub related: Vec<Related>,
    /// Whether there are more related rows than are listed.
    pub truncated: bool,
    /// Tables that could not be read now: what the map says of them is unchecked, and nothing hangs on rows there.
    pub unreadable: Vec<Unreadable>,
}

/// One identifier in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// Path inside nested data.
    pub path: Option<String>,
    /// The row, or `None` where the table has no key.
    pub row_key: Option<RowKey>,
    /// The category.
    pub category: Category,
    /// Whether the value is the whole cell or stands in longer text.
    pub whole: bool,
    /// Probability that this is the searched identifier.
    pub confidence: f64,
    /// Whether the row still holds it.
    pub state: State,
    /// The cell's text, only when values were asked for.
    pub shown: Option<Sensitive>,
}

/// Whether a place that the map knows still holds the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The row was read and holds it.
    Current,
    /// The row is gone or holds something else now.
    Stale,
    /// The row could not be looked at (no key, or a table that can't be read).
    Unchecked,
}

/// A row that hangs on a found row.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The table.
    pub table: TableName,
    /// The row, or `None` where the table has no key.
    pub row_key: Option<RowKey>,
    /// The chain of relations, from the row outwards to the found row: `bokning.kund_id -> kund.id`.
    pub via: Vec<String>,
}
