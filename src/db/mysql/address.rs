//! Where a MariaDB or MySQL database is, and how far its connection is to be trusted. What stands in ~/.my.cnf is read
//! in [`super::client_file`].

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use super::client_file::ClientFile;
use crate::db::server::{is_here, once_each, url_patience, url_setting};
use crate::{Error, Result};

/// Settings of a URL that go to the driver as they are. All others are ours, or decided by [`super::SETTINGS`].
const PASSED_ON: [&str; 7] = ["socket", "ssl-ca", "sslca", "ssl-cert", "sslcert", "ssl-key", "sslkey"];

/// Prepared statements that a connection keeps: few texts are run, most of them many times.
const STATEMENTS: usize = 64;

/// A server, perhaps a database there, and an account. Prints without user and password.
#[derive(Clone)]
pub struct Address {
    pub(super) options: MySqlConnectOptions,
    pub(super) patience: Option<Duration>,
    name: String,
    weaker_tls: Option<String>,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// What stands outside the URL.
#[derive(Default)]
struct Around {
    file: ClientFile,
    /// `MYSQL_PWD`.
    password: Option<String>,
    /// Whoever is signed in on this machine.
    user: Option<String>,
}

impl Address {
    /// What the URL leaves out comes from ~/.my.cnf and `MYSQL_PWD`. Other machines must show a certificate for their
    /// name, unless the URL itself has another `ssl-mode`.
    pub(in crate::db) fn parse(url: &str, tls_ca: Option<&Path>) -> Result<Self> {
        once_each(url)?;
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let file = home.and_then(|home| std::fs::read(home.join(".my.cnf")).ok());
        let around = Around {
            file: file.map_or_else(ClientFile::default, |text| ClientFile::parse(&String::from_utf8_lossy(&text))),
            password: variable("MYSQL_PWD"),
            user: variable("USER"),
        };
        Self::with(url, tls_ca, &around)
    }

    fn with(url: &str, tls_ca: Option<&Path>, around: &Around) -> Result<Self> {
        let written = Written::of(url);
        let mut options = MySqlConnectOptions::from_str(&driver_url(url)).map_err(|_| wrong())?;
        let file = &around.file;
        if !written.user
            && let Some(user) = file.user.as_ref().or(around.user.as_ref())
        {
            options = options.username(user);
        }
        if !written.password
            && let Some(password) = file.password.as_ref().or(around.password.as_ref())
        {
            options = options.password(password);
        }
        if !written.host && options.get_socket().is_none() {
            options = options.host(file.host.as_deref().unwrap_or("localhost"));
            if let (true, Some(socket)) = (is_here(options.get_host()), &file.socket) {
                options = options.socket(socket);
            }
        }
        if !written.port
            && let Some(port) = file.port
        {
            options = options.port(port);
        }
        let authority = tls_ca.or(file.ssl_ca.as_deref());
        if let (Some(file), true) = (authority, tls_ca.is_some() || url_setting(url, &["ssl-ca", "sslca"]).is_none()) {
            options = options.ssl_ca(file);
        }
        let (mode, weaker_tls) = tls(url, &options)?;
        let options = options
            .ssl_mode(mode)
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            // A statement that is prepared anew each time is also closed each time, and the driver lets TCP hold back
            // what follows the closing: 40 ms per look-up.
            .statement_cache_capacity(STATEMENTS)
            .disable_statement_logging();
        let name = crate::sensitive::printable(&name(&options));
        Ok(Self { options, patience: url_patience(url)?, name, weaker_tls })
    }

    /// How the source is called: no user, no password.
    pub(in crate::db) fn name(&self) -> &str {
        &self.name
    }

    /// The `ssl-mode` of the URL where it is weaker than the default.
    pub(in crate::db) fn weaker_tls(&self) -> Option<&str> {
        self.weaker_tls.as_deref()
    }
}

fn wrong() -> Error {
    Error::Usage(
        "the MariaDB or MySQL URL makes no sense; write mysql://USER@HOST:PORT/DATABASE, with other characters than \
         letters and digits as %XX"
            .into(),
    )
}

fn name(options: &MySqlConnectOptions) -> String {
    let database = options.get_database().unwrap_or_default();
    match options.get_socket() {
        Some(socket) => format!("mysql://{}/{database}", socket.display()),
        None => format!("mysql://{}:{}/{database}", options.get_host(), options.get_port()),
    }
}

/// How the connection is to be secured, and what of it to state: what the user wrote is kept.
fn tls(url: &str, options: &MySqlConnectOptions) -> Result<(MySqlSslMode, Option<String>)> {
    let here = options.get_socket().is_some() || is_here(options.get_host());
    let Some(word) = url_setting(url, &["ssl-mode", "sslmode"]) else {
        return Ok((if here { MySqlSslMode::Preferred } else { MySqlSslMode::VerifyIdentity }, None));
    };
    let mode = match word.to_ascii_lowercase().replace('-', "_").as_str() {
        "disabled" | "disable" => MySqlSslMode::Disabled,
        "preferred" | "prefer" => MySqlSslMode::Preferred,
        "required" | "require" => MySqlSslMode::Required,
        "verify_ca" => MySqlSslMode::VerifyCa,
        "verify_identity" | "verify_full" => MySqlSslMode::VerifyIdentity,
        _ => {
            return Err(Error::Usage(
                "ssl-mode in the database URL must be disabled, preferred, required, verify_ca or verify_identity"
                    .into(),
            ));
        }
    };
    let weaker = !here && !matches!(mode, MySqlSslMode::VerifyIdentity);
    Ok((mode, weaker.then(|| format!("ssl-mode={word}"))))
}

/// Which parts of itself a URL has.
#[expect(clippy::struct_excessive_bools, reason = "four independent parts")]
struct Written {
    user: bool,
    password: bool,
    host: bool,
    port: bool,
}

impl Written {
    fn of(url: &str) -> Self {
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (account, place) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = account.split_once(':').map_or((account, false), |(user, _)| (user, true));
        let after_address = place.rfind(']').map_or(place, |end| &place[end..]);
        let port = after_address.rsplit_once(':').is_some_and(|(_, port)| !port.is_empty());
        Self { user: !user.is_empty(), password, host: !place.is_empty() && !place.starts_with(':'), port }
    }
}

/// The URL with only those settings that the driver shall see.
fn driver_url(url: &str) -> String {
    let (start, query) = url.split_once('?').unwrap_or((url, ""));
    let query = query.split('#').next().unwrap_or_default();
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| pair.split_once('=').is_some_and(|(name, _)| PASSED_ON.contains(&name)))
        .collect();
    format!("{start}?{}", kept.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Address {
        Address::with(url, None, &Around::default()).unwrap()
    }

    fn with_file(url: &str, file: &str) -> Address {
        let around = Around { file: ClientFile::parse(file), password: None, user: None };
        Address::with(url, None, &around).unwrap()
    }

    #[test]
    fn other_machines_must_prove_who_they_are() {
        let strict = |url: &str| matches!(parse(url).options.get_ssl_mode(), MySqlSslMode::VerifyIdentity);
        assert!(strict("mysql://anna@db.example.com/bok"));
        assert!(strict("mariadb://anna@db.example.com/bok?sslmode=verify-full"));
        assert!(!strict("mysql://anna@localhost/bok"));
        assert!(!strict("mysql://anna@db.example.com/bok?socket=/run/mysqld/mysqld.sock"));
        assert!(!strict("mysql://anna@db.example.com/bok?ssl-mode=REQUIRED"));
    }

    #[test]
    fn a_weaker_wish_is_stated() {
        let stated = |url: &str| parse(url).weaker_tls;
        let url = "mysql://anna@db.example.com/bok?ssl-mode=VERIFY_CA";
        assert_eq!(stated(url).as_deref(), Some("ssl-mode=VERIFY_CA"));
        assert_eq!(stated("mysql://anna@db.example.com/bok?ssl-mode=verify_identity"), None);
        assert_eq!(stated("mysql://anna@localhost/bok?sslmode=disable"), None, "nothing crosses a network");
        assert!(Address::with("mysql://a@localhost/b?ssl-mode=yes", None, &Around::default()).is_err());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let address = parse("mysql://anna:hemligt@db.example.com:3307/bok");
        assert_eq!(format!("{address:?}"), "mysql://db.example.com:3307/bok");
        let error = Address::with("mysql://anna:hemligt@[db/bok", None, &Around::default()).unwrap_err();
        assert!(!error.to_string().contains("hemligt"), "{error}");
    }

    #[test]
    fn the_client_file_fills_what_the_url_leaves_out() {
        let file = "[client]\nuser=eva\nhost=db.example.org\nport=3310\nsocket=/tmp/s";
        let address = with_file("mysql:///bok", file);
        assert_eq!((address.options.get_username(), address.name()), ("eva", "mysql://db.example.org:3310/bok"));
        let address = with_file("mysql://anna@db.example.com:1/bok", file);
        assert_eq!((address.options.get_username(), address.name()), ("anna", "mysql://db.example.com:1/bok"));
        assert_eq!(with_file("mysql:///bok", "[client]\nsocket=/tmp/s").name(), "mysql:///tmp/s/bok");
        assert_eq!(with_file("mysql://localhost/bok", "[client]\nsocket=/tmp/s").name(), "mysql://localhost:3306/bok");
        let written = Written::of("mysql://anna:@[::1]/bok");
        assert!(written.user && written.password && written.host && !written.port);
    }

    #[test]
    fn the_session_is_ours_to_set() {
        let url = driver_url("mysql://a@b/c?charset=latin1;DROP&timezone='x'&socket=/s&statement-cache-capacity=7#f");
        assert_eq!(url, "mysql://a@b/c?socket=/s");
    }
}
