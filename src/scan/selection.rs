//! Which rules a column's cells, and the values at a path inside them, are tried with: by what they are called. The search
//! asks the same when it looks whether a cell still holds a value.

use crate::catalog::{Column, Table};
use crate::detect::{Detector, Selection};
use crate::nested;

/// Of a column's own cells.
pub fn of_column(detector: &Detector, table: &Table, column: &Column) -> Selection {
    let called = detector.vocabulary().called(table, &column.name);
    detector.select_in(called, &[&table.name.name])
}

/// Of the values at a path inside a column's cells: by its last key, and by the names around it.
pub fn of_path(detector: &Detector, table: &str, column: &str, path: &str) -> Selection {
    let names: Vec<&str> = [table, column].into_iter().chain(nested::keys(path)).collect();
    let (last, around) = names.split_last().expect("table and column");
    detector.select_in(last, around)
}
