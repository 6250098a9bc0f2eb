//! What the engines with a server have in common: the runtime in which an asynchronous driver lives, what its errors
//! mean, what their catalogs share, and whether a host is this machine.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::AssertSqlSafe;

use super::Cancel;
use crate::catalog::{Table, TableKind};
use crate::error::StatementFailure;
use crate::{Error, Result};

/// How often a waiting statement looks whether it shall stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A server that says nothing for so long has hung. Long sorts before the first row are silent too, hence minutes.
const PATIENCE: Duration = Duration::from_mins(10);

/// Runs a connection's futures on the thread that calls. Each connection has its own.
pub(super) struct Runtime {
    tokio: tokio::runtime::Runtime,
    cancel: Cancel,
    patience: Duration,
}

/// Why a wait ended without a result.
pub(super) enum Ended {
    /// The process shall end.
    Cancelled,
    /// The server said nothing.
    Silent,
    /// The driver's error.
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for Ended {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

impl Runtime {
    /// `patience`: how long a server may say nothing, if not [`PATIENCE`].
    pub(super) fn new(cancel: &Cancel, patience: Option<Duration>) -> Result<Self> {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::output("a connection", error))?;
        Ok(Self { tokio, cancel: cancel.clone(), patience: patience.unwrap_or(PATIENCE) })
    }

    /// From now on waits for as long as a statement takes: one that writes may say nothing for hours.
    pub(super) fn wait_for_ever(&mut self) {
        self.patience = Duration::MAX;
    }

    /// From now on looks at this wish to end.
    pub(super) fn heed(&mut self, cancel: &Cancel) {
        self.cancel = cancel.clone();
    }

    /// Waits for one answer.
    pub(super) fn wait<T>(&self, answer: impl Future<Output = sqlx::Result<T>>) -> Result<T, Ended> {
        self.tokio.block_on(async {
            tokio::select! {
                biased;
                result = answer => result.map_err(Ended::Failed),
                () = self.cancelled() => Err(Ended::Cancelled),
                () = tokio::time::sleep(self.patience) => Err(Ended::Silent),
            }
        })
    }

    /// As [`Runtime::wait`], even if the process shall end: a COMMIT that was sent has an outcome.
    pub(super) fn wait_to_the_end<T>(&self, answer: impl Future<Output = sqlx::Result<T>>) -> Result<T, Ended> {
        self.tokio.block_on(async {
            tokio::time::timeout(self.patience, answer).await.map_err(|_| Ended::Silent)?.map_err(Ended::Failed)
        })
    }

    /// Runs a future that waits for many answers, each by [`Runtime::next`].
    pub(super) fn drive<T>(&self, work: impl Future<Output = T>) -> T {
        self.tokio.block_on(work)
    }

    /// Waits for the next of many answers, within [`Runtime::drive`].
    pub(super) async fn next<T>(&self, answer: impl Future<Output = T>) -> Result<T, Ended> {
        let mut answer = std::pin::pin!(answer);
        // Mostly the answer is there already: then no timer is made.
        if let Some(ready) = futures_util::FutureExt::now_or_never(&mut answer) {
            return if self.cancel.load(Ordering::Relaxed) { Err(Ended::Cancelled) } else { Ok(ready) };
        }
        tokio::select! {
            biased;
            result = answer => Ok(result),
            () = self.cancelled() => Err(Ended::Cancelled),
            () = tokio::time::sleep(self.patience) => Err(Ended::Silent),
        }
    }

    async fn cancelled(&self) {
        while !self.cancel.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// SQL for the driver. Every identifier in it is quoted by [`super::Dialect`], every value is bound: this is the one
/// place that says so to sqlx.
pub(super) fn safe(sql: impl Into<String>) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.into())
}

/// What a failure means, by the engine's own codes; server texts are dropped, since they quote values.
pub(super) fn failure(
    ended: &Ended,
    by_code: fn(&dyn sqlx::error::DatabaseError) -> StatementFailure,
) -> StatementFailure {
    match ended {
        Ended::Cancelled => StatementFailure::Interrupted,
        Ended::Silent => StatementFailure::Silent,
        Ended::Failed(sqlx::Error::Database(error)) => by_code(&**error),
        Ended::Failed(sqlx::Error::Io(_) | sqlx::Error::Protocol(_)) => StatementFailure::Lost,
        Ended::Failed(_) => StatementFailure::Other("an unexpected answer".into()),
    }
}

/// Why no connection came about, in words that say what to do.
pub(super) fn connect_failure(ended: &Ended, by_code: fn(&dyn sqlx::error::DatabaseError) -> String) -> String {
    match ended {
        Ended::Cancelled => "interrupted".into(),
        Ended::Silent => "the server did not answer; check host and port, and firewalls between".into(),
        Ended::Failed(sqlx::Error::Database(error)) => by_code(&**error),
        Ended::Failed(sqlx::Error::Tls(error)) => tls_failure(&error.to_string()),
        Ended::Failed(sqlx::Error::Io(error)) => io_failure(error),
        Ended::Failed(sqlx::Error::Configuration(_)) => "the settings of the connection make no sense".into(),
        Ended::Failed(_) => "the server answered with something else than its protocol; check the port".into(),
    }
}

fn io_failure(error: &std::io::Error) -> String {
    let text = error.to_string();
    // rustls hands its errors over as those of the socket.
    if text.contains("certificate") || text.contains("UnknownIssuer") || text.contains("NotValidForName") {
        return tls_failure(&text);
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            "nobody listens there; check host and port, and that the server runs".into()
        }
        std::io::ErrorKind::NotFound => "there is no such socket; check that the server runs".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied on the socket".into(),
        _ if text.contains("lookup") || text.contains("resolve") || text.contains("Name or service") => {
            "the host name is not known; check its spelling".into()
        }
        _ => "the connection was cut off; check host, port and the server's log".into(),
    }
}

fn tls_failure(text: &str) -> String {
    let reason = if text.contains("UnknownIssuer") || text.contains("unknown issuer") {
        "its certificate is signed by an authority that this machine does not know; give the authority's certificate \
         with --tls-ca FILE"
    } else if text.contains("NotValidForName") || text.contains("not valid for name") {
        "its certificate is for another host name; use the name in the certificate"
    } else if text.contains("Expired") || text.contains("expired") {
        "its certificate has expired"
    } else if text.contains("server does not support TLS") || text.contains("not support") {
        "it offers no TLS, and without it everything would cross the network in the clear; turn TLS on, or write \
         ?sslmode=disable in the URL if you accept that"
    } else {
        "TLS could not be agreed on"
    };
    format!("the server can't be trusted: {reason}")
}

/// What names a row: the primary key, or the first unique key over columns that are never NULL.
pub(super) fn name_rows(table: &mut Table) {
    if table.kind != TableKind::Base {
        return;
    }
    let never_null = |name: &String| table.column(name).is_some_and(|column| !column.nullable);
    table.row_key = table.unique.iter().find(|key| key.columns.iter().all(never_null)).cloned();
}

/// Runs of rows that have the same values in the columns up to `column`.
pub(super) fn groups(rows: &[Vec<String>], column: usize) -> impl Iterator<Item = &[Vec<String>]> {
    rows.chunk_by(move |a, b| a[..=column] == b[..=column])
}

/// Whether a host is this machine, so that nothing crosses a network.
pub(super) fn is_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.starts_with('/')
        || bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A setting in the query part of a URL, by any of its names.
pub(super) fn url_setting<'u>(url: &'u str, names: &[&str]) -> Option<&'u str> {
    let (_, query) = url.split_once('?')?;
    let query = query.split('#').next().unwrap_or(query);
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| names.contains(name)).map(|it| it.1)
}

/// Refuses a URL in which a setting stands twice, by whatever of its names, or in a spelling that hides it: the driver
/// would take the last one, and we tell of the first.
pub(super) fn once_each(url: &str) -> Result<()> {
    let query = url.split_once('?').map_or("", |it| it.1);
    let query = query.split('#').next().unwrap_or(query);
    let mut seen = std::collections::BTreeSet::new();
    for name in query.split('&').map(|pair| pair.split('=').next().unwrap_or(pair)).filter(|name| !name.is_empty()) {
        let plain = !name.contains(['%', '+']);
        if !plain || !seen.insert(name.replace(['-', '_'], "")) {
            return Err(Error::Usage(
                "a setting of the database URL stands there twice, or its name is not written plainly".into(),
            ));
        }
    }
    Ok(())
}

/// The URL's own patience, `?timeout=SECONDS`.
pub(super) fn url_patience(url: &str) -> Result<Option<Duration>> {
    let Some(seconds) = url_setting(url, &["timeout"]) else { return Ok(None) };
    match seconds.parse() {
        Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
        _ => Err(Error::Usage("timeout in the database URL must be a number of seconds".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_writes_may_take_its_time() {
        let mut runtime = Runtime::new(&Cancel::default(), Some(Duration::from_millis(10))).expect("made");
        let slow = || async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(7)
        };
        assert!(matches!(runtime.wait(slow()), Err(Ended::Silent)));
        runtime.wait_for_ever();
        assert!(matches!(runtime.wait(slow()), Ok(7)));
        assert!(matches!(runtime.wait_to_the_end(slow()), Ok(7)));
    }

    #[test]
    fn this_machine_is_told_from_others() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]", "/run/postgresql"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["db.example.com", "10.0.0.1", "localhost.example.com", "128.0.0.1"] {
            assert!(!is_here(host), "{host}");
        }
    }

    #[test]
    fn a_setting_stands_once() {
        for url in [
            "postgres://a/b",
            "postgres://a/b?sslmode=disable&timeout=3#&sslmode=x",
            "mysql://a/b?ssl-mode=x&ssl-ca=%2Fx",
        ] {
            once_each(url).expect(url);
        }
        for query in ["sslmode=verify-full&sslmode=disable", "ssl-mode=a&sslmode=b", "ssl%6dode=disable", "x&x"] {
            once_each(&format!("postgres://a/b?{query}")).expect_err(query);
        }
    }

    #[test]
    fn settings_are_read_from_a_url() {
        let url = "postgres://a@b/c?x=1&sslmode=disable#f";
        assert_eq!(url_setting(url, &["ssl-mode", "sslmode"]), Some("disable"));
        assert_eq!(url_setting(url, &["host"]), None);
        assert_eq!(url_setting("postgres://sslmode=disable@b/c", &["sslmode"]), None);
    }
}
