//! `doctor` on SQLite.

use std::os::unix::fs::PermissionsExt;

use super::Sqlite;
use crate::Result;
use crate::catalog::{Catalog, TableKind};
use crate::db::doctor::Check;

impl Sqlite {
    pub(in crate::db) fn examine(&mut self, catalog: &Catalog) -> Result<Vec<Check>> {
        let mut checks = vec![Check::ok("version", format!("SQLite {}", rusqlite::version()))];
        checks.push(self.permissions());
        let journal: String = self.query_one("PRAGMA journal_mode")?;
        checks.push(if journal.eq_ignore_ascii_case("wal") {
            Check::ok("journal", "write-ahead log: all readers see one state, and nobody waits for a scan")
        } else {
            Check::note(
                "journal",
                format!("{journal}: a scan holds short read locks, and tables may be of different moments"),
                "PRAGMA journal_mode = WAL, if the application allows it",
            )
        });
        let foreign: Vec<String> =
            catalog.tables.iter().filter(|it| it.kind == TableKind::Foreign).map(|it| it.name.to_string()).collect();
        checks.push(if foreign.is_empty() {
            Check::ok("read", format!("{} tables and views", catalog.tables.len()))
        } else {
            Check::note(
                "read",
                format!("virtual tables of other modules are listed and not read: {}", foreign.join(", ")),
                "see to it that what they show is scanned where it is stored",
            )
        });
        Ok(checks)
    }

    fn permissions(&self) -> Check {
        let mode = std::fs::metadata(&self.path).map_or(0, |found| found.permissions().mode() & 0o777);
        if mode.trailing_zeros() >= 3 {
            Check::ok("file", format!("mode {mode:o}"))
        } else {
            Check::note(
                "file",
                format!("mode {mode:o}: every user of this machine can read it"),
                "chmod o-rwx the file and its folder",
            )
        }
    }
}
