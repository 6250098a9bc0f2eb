//! Where a database is: the URL on the command line, without secrets when printed.

use std::path::PathBuf;

use crate::{Error, Result};

/// A database to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A SQLite file.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
}

impl Source {
    /// Reads `sqlite:PATH` (also `sqlite://PATH`).
    pub fn parse(url: &str) -> Result<Self> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return Err(Error::Usage(format!(
                "{} is not a database URL; write sqlite:PATH",
                crate::sensitive::printable(url)
            )));
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(Error::Usage("sqlite: needs the path of a file, as in sqlite:shop.db".into()));
                }
                Ok(Self::Sqlite { path: path.into() })
            }
            // Only the scheme is named: the rest may hold a password.
            _ => Err(Error::Usage(format!(
                "databases of the kind '{}:' are not supported; supported is sqlite:PATH",
                crate::sensitive::printable(scheme)
            ))),
        }
    }

    /// How the source is called in messages, reports and the map: never with a password.
    pub fn display(&self) -> String {
        match self {
            Self::Sqlite { path } => format!("sqlite:{}", crate::sensitive::printable(&path.to_string_lossy())),
        }
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
        }
    }
}
