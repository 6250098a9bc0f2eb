//! The database of the `demo` command and of scenario A: the booking system of a municipality, filled with people who
//! do not exist. Its schema, word lists and the answer key (`gold.csv`) stand in `fixtures/scenario_a`.
//!
//! The same options give the same rows. It makes a fixture, so it talks to SQLite itself and knows no rule and no
//! scanner: what it plants is evidence independent of what looks for it.
//!
//! A customer brings about 25 rows and 2.6 kB: 2,000 customers are 50,000 rows and 5 MB, 400,000 customers about 1 GB.

mod billing;
mod bookings;
mod cases;
mod customers;
mod dates;
mod generator;
mod identity;
mod people;
mod prose;
mod rng;
mod sites;
#[cfg(test)]
mod tests;
mod words;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use crate::Result;
use crate::error::Error;

const SCHEMA: &str = include_str!("../../fixtures/scenario_a/schema.sqlite.sql");

/// How much to make, and from which seed.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Number of customers, on which all else depends; at least 40 are made.
    pub customers: u32,
    /// Start of the random sequence.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { customers: 2000, seed: 1 }
    }
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Rows per table; tables that stay empty are left out.
    pub rows: BTreeMap<&'static str, u64>,
    /// One person per [`Role`], in its order.
    pub people: Vec<Person>,
    /// A customer with the same names as the person who can be forgotten, and nothing else in common.
    pub namesake: i64,
}

/// Why a person is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Can be forgotten: no open booking, no unbilled basis, no grant application. Also mentioned in texts about others.
    Free,
    /// Is hindered by an open booking, an unbilled basis and a grant application.
    Hindered,
    /// Nothing hinders, but the login serves several customers.
    Shared,
}

/// A person whose every trace is known.
#[derive(Clone, Debug)]
pub struct Person {
    /// Why the person is known.
    pub role: Role,
    /// Key of KUND.
    pub kundnr: i64,
    /// Key of anvandare.
    pub user_id: i64,
    /// Twelve digits.
    pub personal_number: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// Address in KUND and anvandare.
    pub email: String,
    /// Mobile number, grouped with blanks.
    pub phone: String,
    /// Where the identifiers above were written.
    pub planted: Vec<Planted>,
}

/// An identifier of a known person in a cell. Copies in the full-text index and in views are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// Table of the cell.
    pub table: &'static str,
    /// Column of the cell.
    pub column: &'static str,
    /// Values of the primary key, joined with `/`.
    pub key: String,
    /// Category by the names of contracts.md; a name within prose is a `person_name`.
    pub category: &'static str,
    /// The identifier as it stands in the cell.
    pub form: String,
}

/// Makes the database in a new file at `path`.
pub fn build(path: &Path, options: &Options) -> Result<Summary> {
    if path.exists() {
        return Err(Error::output(path.display().to_string(), "is there already; remove it or name another folder"));
    }
    let failed = |error: rusqlite::Error| Error::output(path.display().to_string(), write::kind(&error));
    let mut connection = Connection::open(path).map_err(failed)?;
    // A half-made file is of no use to anybody: it needs no journal. Children are written after their parents.
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        .map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    transaction.execute_batch(SCHEMA).map_err(failed)?;
    let summary = generator::fill(&transaction, options)?;
    transaction.commit().map_err(failed)?;
    Ok(summary)
}
