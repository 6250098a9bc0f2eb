//! Where a database is: the URL on the command line, without secrets when printed.

use std::path::{Path, PathBuf};

use super::{mysql, postgres};
use crate::{Error, Result};

/// A database to connect to.
#[derive(Clone, Debug)]
pub enum Source {
    /// A SQLite file.
    Sqlite {
        /// The file.
        path: PathBuf,
    },
    /// A database of a PostgreSQL server.
    Postgres(Box<postgres::Address>),
    /// A MariaDB or MySQL server, or one database there.
    Mysql(Box<mysql::Address>),
}

/// What a URL may begin with.
const KINDS: &str = "sqlite:PATH, postgres://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE";

impl Source {
    /// Reads a database URL; `tls_ca` is the certificate authority that a server's certificate must be signed by,
    /// instead of those of this machine.
    ///
    /// What a URL for a server leaves out comes from `PG*`, `~/.pgpass`, `MYSQL_PWD` and the `[client]` section of
    /// `~/.my.cnf`.
    pub fn parse(url: &str, tls_ca: Option<&Path>) -> Result<Self> {
        // What is no URL may be anything, a personal number too, and is not repeated.
        let scheme_of = url.split_once(':').filter(|it| it.0.chars().all(|c| c.is_ascii_alphabetic()));
        let Some((scheme, rest)) = scheme_of else {
            return Err(Error::Usage(format!("the database is not given as a URL; write {KINDS}")));
        };
        // From here on nothing of the URL is repeated in a message but its scheme: the rest may hold a password.
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                if path.is_empty() {
                    return Err(Error::Usage("sqlite: needs the path of a file, as in sqlite:shop.db".into()));
                }
                Ok(Self::Sqlite { path: path.into() })
            }
            "postgres" | "postgresql" => postgres::Address::parse(url, tls_ca).map(Box::new).map(Self::Postgres),
            "mysql" | "mariadb" => mysql::Address::parse(url, tls_ca).map(Box::new).map(Self::Mysql),
            _ => Err(Error::Usage(format!("databases of the kind '{scheme}:' are not supported; write {KINDS}"))),
        }
    }

    /// Whether a text begins as a database URL does.
    pub fn is_url(text: &str) -> bool {
        let scheme = text.split_once(':').map(|it| it.0);
        matches!(scheme, Some("sqlite" | "postgres" | "postgresql" | "mysql" | "mariadb"))
    }

    /// How the source is called in messages, reports and the map: never with a password.
    pub fn display(&self) -> String {
        match self {
            Self::Sqlite { path } => format!("sqlite:{}", crate::sensitive::printable(&path.to_string_lossy())),
            Self::Postgres(address) => address.name().to_owned(),
            Self::Mysql(address) => address.name().to_owned(),
        }
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
            Self::Mysql(_) => "mysql",
        }
    }

    /// What is weaker than an encrypted connection to a verified server on another machine: the URL's own wish, to be
    /// stated wherever the source is.
    pub fn weaker_tls(&self) -> Option<&str> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres(address) => address.weaker_tls(),
            Self::Mysql(address) => address.weaker_tls(),
        }
    }
}
