//! `doctor` on PostgreSQL.

use super::Postgres;
use crate::Result;
use crate::catalog::{Catalog, TableKind};
use crate::db::doctor::{Check, clock};

const FACTS: &str = "\
    SELECT current_setting('server_version'), current_user, r.rolsuper, r.rolbypassrls, \
        pg_is_in_recovery(), current_setting('track_counts'), current_setting('log_statement'), \
        current_setting('log_min_duration_statement'), current_setting('log_parameter_max_length', true), \
        (SELECT setting FROM pg_settings WHERE name = 'shared_preload_libraries'), current_setting('wal_level'), \
        extract(epoch FROM clock_timestamp()), s.ssl, s.version, s.cipher, \
        (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_stat_replication), \
        (SELECT max(extract(epoch FROM now() - xact_start))::int8 FROM pg_stat_activity WHERE pid <> pg_backend_pid()), \
        current_setting('ssl') \
    FROM pg_roles r, (SELECT * FROM pg_stat_ssl WHERE pid = pg_backend_pid()) s WHERE r.rolname = current_user";

/// Tables with row security that holds for this role, and tables with changes that the server will refuse.
const TABLES: &str = "\
    SELECT count(*) FILTER (WHERE row_security_active(c.oid)), \
        count(*) FILTER (WHERE EXISTS (SELECT FROM pg_publication_tables p \
            WHERE p.schemaname = n.nspname AND p.tablename = c.relname) AND (c.relreplident = 'n' \
            OR c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary))), \
        count(*) FILTER (WHERE has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
        AND has_schema_privilege(n.oid, 'USAGE')";

impl Postgres {
    pub(in crate::db) fn examine(&mut self, catalog: &Catalog) -> Result<Vec<Check>> {
        let facts = self.texts(FACTS)?.pop().unwrap_or_default();
        let fact = |at: usize| facts.get(at).map_or("", String::as_str);
        let mut checks = vec![Check::ok("version", format!("PostgreSQL {}", fact(0)))];
        checks.push(self.tls(fact(12) == "t", fact(13), fact(18)));
        checks.push(match (fact(2), fact(3)) {
            ("t", _) => Check::note(
                "role",
                format!("{} is a superuser", fact(1)),
                "use a role of its own with the rights in the README: a superuser may do everything by mistake too",
            ),
            _ => Check::ok("role", fact(1)),
        });
        checks.extend(self.rights(catalog)?);
        checks.push(match fact(4) {
            "t" => Check::note("replication", "a standby: it can be scanned, not written to", "apply on the primary"),
            _ if fact(16) != "0" => Check::note(
                "replication",
                format!("{} replicas follow; {} publications", fact(16), fact(15)),
                "erased values stay on replicas and in pg_wal until they have replayed and recycled them",
            ),
            _ => Check::ok("replication", format!("no replicas; {} publications; wal_level {}", fact(15), fact(10))),
        });
        checks.push(logging(fact(6), fact(7), fact(8), fact(9)));
        checks.push(match fact(5) {
            "off" => {
                Check::problem("track_counts", "off", "turn it on: apply compares the server's counters with its plan")
            }
            _ => Check::ok("track_counts", "on"),
        });
        let oldest: i64 = fact(17).parse().unwrap_or(0);
        if oldest > 3600 {
            checks.push(Check::note(
                "transactions",
                format!("another session's transaction is {} hours old", oldest / 3600),
                "end it before `apply --purge`: VACUUM cannot remove what an old transaction may still see",
            ));
        }
        checks.push(clock(fact(11).parse().unwrap_or(0.0)));
        Ok(checks)
    }

    fn tls(&self, used: bool, version: &str, offered: &str) -> Check {
        match self.address.weaker_tls() {
            Some(wish) => Check::note(
                "tls",
                format!("{wish} in the URL: the server was not verified"),
                "leave sslmode out of the URL, and name the certificate authority with --tls-ca",
            ),
            None if used => Check::ok("tls", version),
            None if offered == "on" => Check::ok("tls", "not used; the server is this machine"),
            None => Check::note(
                "tls",
                "the server offers none; it is this machine",
                "turn it on before anybody connects from elsewhere",
            ),
        }
    }

    fn rights(&mut self, catalog: &Catalog) -> Result<Vec<Check>> {
        let read =
            catalog.tables.iter().filter(|it| matches!(it.kind, TableKind::Base | TableKind::StoredView)).count();
        let denied = self.unreadable(catalog)?;
        let mut checks = vec![if denied.is_empty() {
            Check::ok("read", format!("all of {read} tables"))
        } else {
            let tables: std::collections::BTreeSet<_> = denied.iter().map(|it| &it.table).collect();
            Check::problem(
                "read",
                format!("{} of {read} tables only in part or not at all", tables.len()),
                "GRANT pg_read_all_data, or SELECT on what shall be scanned; the rest will be listed as unreadable",
            )
        }];
        let counts = self.texts(TABLES)?.pop().unwrap_or_default();
        let count = |at: usize| counts.get(at).map_or("0", String::as_str);
        checks.push(Check::ok("write", format!("{} tables may be changed by this role", count(2))));
        checks.push(match count(0) {
            "0" => Check::ok("row_security", "hides nothing from this role"),
            some => Check::problem(
                "row_security",
                format!("hides rows of {some} tables from this role"),
                "use a role with BYPASSRLS: a scan lists these tables as unreadable, apply refuses them",
            ),
        });
        if count(1) != "0" {
            checks.push(Check::problem(
                "replica_identity",
                format!("{} published tables have none", count(1)),
                "give them a primary key or ALTER TABLE … REPLICA IDENTITY FULL: the server refuses changes to them",
            ));
        }
        Ok(checks)
    }
}

/// Whether the server's log gets statements and the values bound to them.
fn logging(statements: &str, slow: &str, parameters: &str, libraries: &str) -> Check {
    let mut kept = Vec::new();
    if statements != "none" {
        kept.push(format!("log_statement = {statements}"));
    }
    if slow != "-1" {
        kept.push(format!("log_min_duration_statement = {slow}"));
    }
    if libraries.contains("pgaudit") {
        kept.push("pgaudit".to_owned());
    }
    if kept.is_empty() {
        return Check::ok("logging", "statements and parameters are not logged");
    }
    let values = if parameters == "0" { "without" } else { "with" };
    Check::note(
        "logging",
        format!("{}: statements reach the server's log, {values} bound values", kept.join(", ")),
        "searches and plans bind personal values: set log_parameter_max_length = 0 for this role (ALTER ROLE … SET), and \
         keep the log as carefully as the data",
    )
}
