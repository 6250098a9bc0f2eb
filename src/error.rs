//! The library's errors. Each names the thing and what is wrong with it; a hint says what to do. None holds a
//! value from a cell.

use std::path::PathBuf;

use crate::catalog::TableName;
use crate::exit::Exit;

/// What can go wrong. [`Error::exit`] gives the exit code that the contract has for it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A command or an argument makes no sense.
    #[error("{0}")]
    Usage(String),

    /// A file of ours or the user's can't be read.
    #[error("{}: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },

    /// Problems in a rule or policy file, all of them, each already with file, line, column and hint.
    #[error("{0}")]
    Problems(String),

    /// The key is missing, too widely readable, or not the one that was used.
    #[error("{0}")]
    Key(String),

    /// The source can't be reached or read at all.
    #[error("{source_name}: {reason}")]
    Source {
        /// The source without its password.
        source_name: String,
        /// What is wrong.
        reason: String,
    },

    /// One table or column could not be read; the rest can. A scan and a search go on and list it; a plan does not.
    #[error("table {table}: {reason}")]
    Table {
        /// The table.
        table: TableName,
        /// Why, as a kind: server texts can quote cell values.
        reason: String,
    },

    /// A statement failed in the database.
    #[error("{what}: {kind}")]
    Statement {
        /// Step or statement, by number and table.
        what: String,
        /// The kind of failure.
        kind: StatementFailure,
    },

    /// Refused on purpose: nothing was changed.
    #[error("{0}")]
    Refused(String),

    /// Apply failed and everything was rolled back.
    #[error("{0}; everything was rolled back")]
    RolledBack(String),

    /// COMMIT failed in a way that does not tell whether it happened, and the database can't be asked now.
    #[error("{0}")]
    Unknown(String),

    /// Our own output could not be written.
    #[error("cannot write {what}: {reason}")]
    Output {
        /// The file or stream.
        what: String,
        /// The system's reason.
        reason: String,
    },

    /// Whoever read our output has closed it.
    #[error("the output was closed")]
    Closed,

    /// Interrupted by a signal.
    #[error("interrupted; nothing was left half done")]
    Interrupted,
}

/// Kinds of failed statements, without the server's text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementFailure {
    /// Another session holds a lock.
    #[error("locked by another session; try again when it has finished")]
    Locked,
    /// A constraint forbids it.
    #[error("a constraint forbids it ({0})")]
    Constraint(&'static str),
    /// Not permitted.
    #[error("not permitted")]
    Permission,
    /// The table or column is not there any more.
    #[error("table or column not found")]
    Missing,
    /// Row security hides rows from this role.
    #[error("row security hides rows from this role; use a role that sees all rows")]
    RowSecurity,
    /// Another transaction changed the same rows at the same time.
    #[error("another transaction came between; try again")]
    Conflict,
    /// The connection to the server was lost.
    #[error("the connection to the server was lost")]
    Lost,
    /// The server is there and says nothing.
    #[error("the server did not answer in time")]
    Silent,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The database file is damaged.
    #[error("the database is damaged")]
    Corrupt,
    /// A value is larger than the reader's limit.
    #[error("a value is too large")]
    TooBig,
    /// Interrupted by us.
    #[error("interrupted")]
    Interrupted,
    /// Anything else, by the engine's own code.
    #[error("the database answered with {0}")]
    Other(String),
}

/// A result of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The exit code for this error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::File { .. } | Self::Problems(_) | Self::Key(_) => Exit::Usage,
            Self::Source { .. } | Self::Statement { .. } => Exit::Source,
            // Who goes on without the table lists it; who returns this error has done nothing.
            Self::Table { .. } | Self::Refused(_) => Exit::Refused,
            Self::RolledBack(_) => Exit::RolledBack,
            Self::Unknown(_) => Exit::Unknown,
            Self::Output { .. } => Exit::Output,
            Self::Closed => Exit::Done,
            Self::Interrupted => Exit::Interrupted,
        }
    }

    /// A file that can't be read, with the system's reason.
    pub fn file(path: impl Into<PathBuf>, reason: impl std::fmt::Display) -> Self {
        Self::File { path: path.into(), reason: reason.to_string() }
    }

    /// A file that can't be opened or read; `remedy` is what to do where there is none.
    pub fn unreadable(path: impl Into<PathBuf>, error: &std::io::Error, remedy: &str) -> Self {
        use std::io::ErrorKind;
        let reason = match error.kind() {
            ErrorKind::NotFound => format!("no such file; {remedy}"),
            ErrorKind::PermissionDenied => "permission denied; run as a user who may read it".to_owned(),
            ErrorKind::IsADirectory => "is a folder; name a file in it".to_owned(),
            ErrorKind::InvalidData => "is not UTF-8 text; save it as UTF-8".to_owned(),
            _ => error.to_string(),
        };
        Self::File { path: path.into(), reason }
    }

    /// A write that failed: a closed pipe is told apart.
    pub fn writing(what: &str, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Self::Closed } else { Self::output(what, error) }
    }

    /// Output that can't be written, with the system's reason.
    pub fn output(what: impl Into<String>, reason: impl std::fmt::Display) -> Self {
        Self::Output { what: what.into(), reason: reason.to_string() }
    }
}
