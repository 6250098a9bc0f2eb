//! Which tables and columns are read.

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::Options;
use crate::catalog::{Catalog, Table, TableKind};
use crate::finding::Unreadable;
use crate::{Error, Result};

/// What is read of one table.
pub(super) struct Work {
    /// Index in the catalog.
    pub(super) table: usize,
    /// Indexes of the columns to read.
    pub(super) columns: Vec<usize>,
}

/// Tables and columns to read.
pub(super) fn choose(catalog: &Catalog, options: &Options) -> Result<Vec<Work>> {
    let only = globs(&options.tables)?;
    let without = globs(&options.exclude)?;
    let wanted = |table: &Table| {
        let kind = match table.kind {
            TableKind::Base | TableKind::Virtual | TableKind::StoredView => true,
            TableKind::View => options.views,
            _ => false,
        };
        let named = |set: &GlobSet| set.is_match(&table.name.name) || set.is_match(table.name.to_string());
        kind && (options.tables.is_empty() || named(&only)) && !named(&without)
    };
    let chosen = catalog.tables.iter().enumerate().filter(|(_, table)| wanted(table)).map(|(index, table)| {
        let columns = table.columns.iter().enumerate().filter(|(_, column)| !column.hidden).map(|(at, _)| at).collect();
        Work { table: index, columns }
    });
    Ok(chosen.collect())
}

/// Takes what may not be read out of the work, and tells what of it was wanted.
pub(super) fn leave_out(catalog: &Catalog, work: &mut Vec<Work>, mut refused: Vec<Unreadable>) -> Vec<Unreadable> {
    refused.retain(|refused| work.iter().any(|item| catalog.tables[item.table].name == refused.table));
    for item in &mut *work {
        let table = &catalog.tables[item.table];
        let of_table = |name: &str| {
            let mut own = refused.iter().filter(|refused| refused.table == table.name);
            own.any(|refused| refused.column.as_deref().is_none_or(|column| column == name))
        };
        item.columns.retain(|column| !of_table(&table.columns[*column].name));
    }
    work.retain(|item| {
        !item.columns.is_empty() || !refused.iter().any(|refused| refused.table == catalog.tables[item.table].name)
    });
    refused
}

fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let refuse = |error: globset::Error| Error::Usage(format!("table pattern {pattern}: {}", error.kind()));
        set.add(Glob::new(pattern).map_err(refuse)?);
    }
    set.build().map_err(|error| Error::Usage(format!("table patterns: {error}")))
}
