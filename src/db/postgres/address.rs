//! Where a PostgreSQL database is, and how far its connection is to be trusted.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::db::server::{is_here, once_each, url_patience, url_setting};
use crate::{Error, Result};

/// A server, a database there, and a role. Prints without user and password.
#[derive(Clone)]
pub struct Address {
    pub(super) options: PgConnectOptions,
    pub(super) patience: Option<Duration>,
    name: String,
    weaker_tls: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

impl Address {
    /// What the URL leaves out comes from PG* and ~/.pgpass. Other machines must show a certificate for their name,
    /// unless the URL itself has another `sslmode`.
    pub(in crate::db) fn parse(url: &str, tls_ca: Option<&Path>) -> Result<Self> {
        let wrong = |_| {
            Error::Usage(
                "the PostgreSQL URL makes no sense; write postgres://USER@HOST:PORT/DATABASE, with other \
                 characters than letters and digits as %XX"
                    .into(),
            )
        };
        once_each(url)?;
        let mut options = PgConnectOptions::from_str(url).map_err(wrong)?;
        let socket = options.get_socket().map(|path| path.display().to_string());
        let host = socket.unwrap_or_else(|| options.get_host().to_owned());
        let here = is_here(&host);
        let mut weaker_tls = None;
        match url_setting(url, &["sslmode", "ssl-mode"]) {
            // Written by the user, and so kept; said in summary and report where it is weaker than the default.
            Some("verify-full") => {}
            Some(mode) if !here => weaker_tls = Some(format!("sslmode={}", crate::sensitive::printable(mode))),
            Some(_) => {}
            None if here => options = options.ssl_mode(PgSslMode::Prefer),
            None => options = options.ssl_mode(PgSslMode::VerifyFull),
        }
        if let Some(file) = tls_ca {
            options = options.ssl_root_cert(file);
        }
        let database = options.get_database().unwrap_or(options.get_username()).to_owned();
        let name = format!("postgres://{host}:{}/{database}", options.get_port());
        let options = options.application_name("sanera").disable_statement_logging();
        let patience = url_patience(url)?;
        Ok(Self { options, patience, name: crate::sensitive::printable(&name), weaker_tls })
    }

    /// How the source is called: no user, no password.
    pub(in crate::db) fn name(&self) -> &str {
        &self.name
    }

    /// The `sslmode` of the URL where it is weaker than the default.
    pub(in crate::db) fn weaker_tls(&self) -> Option<&str> {
        self.weaker_tls.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Address {
        Address::parse(url, None).unwrap()
    }

    #[test]
    fn other_machines_must_prove_who_they_are() {
        let strict = |url: &str| matches!(parse(url).options.get_ssl_mode(), PgSslMode::VerifyFull);
        assert!(strict("postgres://anna@db.example.com/bok"));
        assert!(!strict("postgres://anna@localhost/bok"));
        assert!(!strict("postgres:///bok?host=/run/postgresql&user=anna"));
        assert!(!strict("postgres://anna@db.example.com/bok?sslmode=require"));
    }

    #[test]
    fn a_weaker_wish_is_stated() {
        let stated = |url: &str| parse(url).weaker_tls;
        assert_eq!(stated("postgres://anna@db.example.com/bok?sslmode=require").as_deref(), Some("sslmode=require"));
        assert_eq!(stated("postgres://anna@db.example.com/bok?sslmode=verify-full"), None);
        assert_eq!(stated("postgres://anna@localhost/bok?sslmode=disable"), None, "nothing crosses a network");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let address = parse("postgres://anna:hemligt@db.example.com:5433/bok%20er");
        assert_eq!(format!("{address:?}"), "postgres://db.example.com:5433/bok er");
        let error = Address::parse("postgres://anna:hemligt@[db/bok", None).unwrap_err();
        assert!(!error.to_string().contains("hemligt"), "{error}");
    }
}
