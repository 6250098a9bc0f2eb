//! `doctor` on MariaDB and MySQL.

use super::Mysql;
use super::inspect::VERSIONED;
use crate::Result;
use crate::catalog::{Catalog, TableKind};
use crate::db::doctor::{Check, clock};

/// Settings and counters that are looked at; those that a server does not have are left out.
const FACTS: &str = "\
    SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'read_only', 'super_read_only', 'general_log', \
        'slow_query_log', 'log_bin', 'binlog_format', 'wsrep_on', 'server_audit_logging', 'have_ssl', 'max_allowed_packet')";

impl Mysql {
    pub(in crate::db) fn examine(&mut self, catalog: &Catalog) -> Result<Vec<Check>> {
        let facts = self.texts(FACTS)?;
        let fact = |name: &str| {
            let row = facts.iter().find(|row| row[0].eq_ignore_ascii_case(name));
            row.map_or("", |row| row[1].as_str())
        };
        let on = |name: &str| matches!(fact(name), "ON" | "1");
        let engine = if self.mariadb { "MariaDB" } else { "MySQL" };
        let mut checks = vec![Check::ok("version", format!("{engine} {}", fact("version")))];
        checks.push(self.tls()?);
        checks.push(self.role()?);
        checks.push(read(catalog));
        checks.push(engines(catalog));
        checks.push(if on("wsrep_on") {
            Check::problem(
                "replication",
                "a node of a Galera cluster",
                "apply is refused here: a COMMIT can fail after all checks",
            )
        } else if on("read_only") || on("super_read_only") {
            Check::note(
                "replication",
                "read-only, as replicas are: it can be scanned, not written to",
                "apply on the primary",
            )
        } else if on("log_bin") {
            Check::note(
                "replication",
                format!("binary log on ({})", fact("binlog_format")),
                "erased values stay in the binary log and on replicas until PURGE BINARY LOGS and their replay",
            )
        } else {
            Check::ok("replication", "no binary log")
        });
        let logs: Vec<&str> =
            ["general_log", "slow_query_log", "server_audit_logging"].into_iter().filter(|name| on(name)).collect();
        checks.push(if logs.is_empty() {
            Check::ok("logging", "statements are not logged")
        } else {
            Check::note(
                "logging",
                format!("{} on: statements reach the server's logs with their values", logs.join(", ")),
                "turn it off while searching and planning, and keep the logs as carefully as the data",
            )
        });
        let now = self.texts("SELECT UNIX_TIMESTAMP(NOW(6))")?.concat().concat();
        checks.push(clock(now.parse().unwrap_or(0.0)));
        Ok(checks)
    }

    fn tls(&mut self) -> Result<Check> {
        let cipher = self.texts("SHOW SESSION STATUS WHERE Variable_name = 'Ssl_version'")?;
        let version = cipher.first().map_or("", |row| row[1].as_str()).to_owned();
        Ok(match self.address.weaker_tls() {
            Some(wish) => Check::note(
                "tls",
                format!("{wish} in the URL: the server was not verified"),
                "leave ssl-mode out of the URL, and name the certificate authority with --tls-ca",
            ),
            None if !version.is_empty() => Check::ok("tls", version),
            None => Check::note(
                "tls",
                "not used; the server is this machine",
                "turn it on before anybody connects from elsewhere",
            ),
        })
    }

    /// The account, and whether it may do more than it needs.
    fn role(&mut self) -> Result<Check> {
        let account = self.texts("SELECT CURRENT_USER()")?.concat().concat();
        let grants = self.texts("SHOW GRANTS")?.concat().join("\n");
        let wide = ["ALL PRIVILEGES ON *.*", "SUPER", "GRANT OPTION"].into_iter().any(|right| grants.contains(right));
        Ok(if wide {
            Check::note(
                "role",
                format!("{account} is an administrator"),
                "use an account of its own with the rights in the README: an administrator may do everything by mistake too",
            )
        } else {
            Check::ok("role", account)
        })
    }
}

/// The server hides from an account what it may not read, so that nothing can be said of that.
fn read(catalog: &Catalog) -> Check {
    let tables = catalog.tables.iter().filter(|it| it.kind == TableKind::Base).count();
    Check::ok(
        "read",
        format!("{tables} tables are visible to this account; what it has no right to is not shown to it"),
    )
}

/// Tables in which nothing can be rolled back.
fn engines(catalog: &Catalog) -> Check {
    let base = catalog.tables.iter().filter(|it| it.kind == TableKind::Base);
    let unsafe_tables: Vec<String> = base
        .filter(|it| {
            let engine = it.detail.as_deref().unwrap_or_default();
            engine.ends_with(VERSIONED) || !engine.eq_ignore_ascii_case("InnoDB")
        })
        .map(|it| format!("{} ({})", it.name, it.detail.as_deref().unwrap_or_default()))
        .collect();
    if unsafe_tables.is_empty() {
        return Check::ok("engines", "all tables are InnoDB");
    }
    Check::problem(
        "engines",
        unsafe_tables.join(", "),
        "apply refuses them: ALTER TABLE … ENGINE = InnoDB, or drop the history of system-versioned tables",
    )
}
