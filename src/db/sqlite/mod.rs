//! SQLite through rusqlite.

use std::ops::ControlFlow;
use std::path::Path;

use super::{Batch, BatchPool, Cancel, Partition, Purpose, Request};
use crate::catalog::{Catalog, Table, TableName};
use crate::value::Value;
use crate::{Error, Result};

/// A connection to a SQLite file.
pub struct Sqlite {}

#[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "skeleton")]
impl Sqlite {
    pub(super) fn open(_path: &Path, _purpose: Purpose, _cancel: &Cancel) -> Result<Self> {
        Ok(Self {})
    }
    pub(super) fn inspect(&mut self) -> Result<Catalog> {
        Err(Error::Interrupted)
    }
    pub(super) fn partitions(&mut self, _index: usize, _table: &Table) -> Result<Vec<Partition>> {
        Err(Error::Interrupted)
    }
    pub(super) fn read(
        &mut self,
        _request: &Request<'_>,
        _pool: &BatchPool,
        _sink: &mut dyn FnMut(Batch) -> ControlFlow<()>,
    ) -> Result<()> {
        Err(Error::Interrupted)
    }
    pub(super) fn rows_where(
        &mut self,
        _table: &TableName,
        _columns: &[String],
        _equal: &[(String, Value)],
        _limit: u64,
    ) -> Result<Vec<Vec<Value>>> {
        Err(Error::Interrupted)
    }
}
