//! sanera finds personal data in databases and removes it safely.
//!
//! Two halves that do not know each other: text knowledge ([`validate`], [`rule`], [`detect`]) and database
//! knowledge ([`db`]). They meet in [`scan`]. Every stage takes a value and returns a value that can be saved:
//! catalog, findings, map, plan, receipt.

pub mod apply;
pub mod catalog;
pub mod cells;
pub mod db;
pub mod demo;
pub mod detect;
pub mod error;
pub mod exit;
pub mod finding;
pub mod map;
pub mod nested;
pub mod output;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod report;
pub mod rule;
pub mod scan;
pub mod secret;
pub mod sensitive;
pub mod subject;
pub mod validate;
pub mod value;

pub use error::{Error, Result};
