//! What `doctor` looks at: whether a database and the role in it are fit for a scan and for apply, and what to do where
//! they are not. Nothing here reads a row of the user's tables.

use serde::Serialize;

use super::Database;
use crate::Result;
use crate::catalog::Catalog;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The subject: `version`, `tls`, `role`, …; stable, for scripts.
    pub topic: &'static str,
    /// How it is.
    pub level: Level,
    /// What was found, in words.
    pub found: String,
    /// What to do about it, where there is something.
    pub remedy: Option<String>,
}

/// How a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Note,
    /// A scan or an apply will suffer from it.
    Problem,
}

impl Check {
    /// As it should be.
    pub fn ok(topic: &'static str, found: impl Into<String>) -> Self {
        Self { topic, level: Level::Ok, found: found.into(), remedy: None }
    }

    /// Worth knowing, with what to do about it.
    pub fn note(topic: &'static str, found: impl Into<String>, remedy: &str) -> Self {
        Self { topic, level: Level::Note, found: found.into(), remedy: Some(remedy.to_owned()) }
    }

    /// In the way, with what to do about it.
    pub fn problem(topic: &'static str, found: impl Into<String>, remedy: &str) -> Self {
        Self { topic, level: Level::Problem, found: found.into(), remedy: Some(remedy.to_owned()) }
    }
}

impl Database {
    /// Looks at the server, the connection and the role.
    pub fn examine(&mut self, catalog: &Catalog) -> Result<Vec<Check>> {
        match self {
            Self::Sqlite(db) => db.examine(catalog),
            Self::Postgres(db) => db.examine(catalog),
            Self::Mysql(db) => db.examine(catalog),
        }
    }
}

/// The server's clock against ours; retention counts days by both.
pub(super) fn clock(server_seconds: f64) -> Check {
    let ours = jiff::Timestamp::now().as_microsecond() as f64 / 1e6;
    let apart = (server_seconds - ours).abs();
    if apart < 60.0 {
        Check::ok("clock", format!("{apart:.1} s apart from this machine's"))
    } else {
        let found = format!("{apart:.0} s apart from this machine's");
        Check::problem("clock", found, "set both clocks (NTP): plans are pinned to a point in time")
    }
}
