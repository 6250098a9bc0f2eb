//! The tests' own servers keep what tests of the program build on: databases of their own, honest answers from clients,
//! and TLS that can be right and wrong.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "common/servers.rs"]
mod servers;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output, Stdio};

use servers::{Engine, OwnServer, Server, TestDatabase};

/// What a closure panics with.
fn panic_of(action: impl FnOnce()) -> String {
    let cause = catch_unwind(AssertUnwindSafe(action)).expect_err("it panics");
    cause.downcast_ref::<String>().expect("a panic with a message").clone()
}

/// The tables that a user can make, by the engine's own catalog.
fn tables(database: &TestDatabase) -> Vec<String> {
    let select = match database.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'".into(),
        Engine::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'".into(),
        Engine::Mariadb => {
            format!("SELECT table_name FROM information_schema.tables WHERE table_schema = '{}'", database.name())
        }
    };
    database.query(&select).into_iter().map(|row| row[0].clone().unwrap()).collect()
}

/// How many databases of this name the server has.
fn databases(engine: Engine, name: &str) -> String {
    let looker = TestDatabase::new(engine).unwrap();
    looker.value(&match engine {
        Engine::Postgres => format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"),
        _ => format!("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '{name}'"),
    })
}

/// How many accounts of this name the server has.
fn accounts(database: &TestDatabase, name: &str) -> String {
    database.value(&match database.engine() {
        Engine::Postgres => format!("SELECT count(*) FROM pg_roles WHERE rolname = '{name}'"),
        _ => format!("SELECT count(*) FROM mysql.user WHERE User = '{name}'"),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn assert_refused(mut command: Command, reason: &str) {
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success(), "it connected");
    assert!(text(&stderr).contains(reason), "{}", text(&stderr));
}

#[track_caller]
fn assert_prints(mut command: Command, wanted: &str) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{}", text(&stderr));
    assert!(text(&stdout).contains(wanted), "{}", text(&stdout));
}

fn certificate(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is set where servers run"))
}

mod databases {
    use super::*;

    fn are_fresh_and_apart(engine: Engine) {
        let (Some(one), Some(other)) = (TestDatabase::new(engine), TestDatabase::new(engine)) else { return };
        assert!(tables(&one).is_empty() && tables(&other).is_empty());
        one.execute(
            "CREATE TABLE kund (id INTEGER PRIMARY KEY, namn VARCHAR(50));\nINSERT INTO kund VALUES (1, 'Ebba');",
        );
        assert_eq!(tables(&one), ["kund"]);
        assert!(tables(&other).is_empty());
        assert_ne!(one.name(), other.name());
        assert_ne!(one.url(), other.url());
    }

    fn are_dropped(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (name, reader) = (database.name().to_owned(), format!("{}_reader", database.name()));
        database.execute(&match engine {
            Engine::Postgres => format!("CREATE TABLE t (n int); CREATE ROLE {reader}; GRANT SELECT ON t TO {reader};"),
            _ => format!("CREATE TABLE t (n int); CREATE USER {reader}; GRANT SELECT ON t TO {reader};"),
        });
        assert_eq!((databases(engine, &name), accounts(&database, &reader)), ("1".into(), "1".into()));
        drop(database);
        let after = TestDatabase::new(engine).unwrap();
        assert_eq!((databases(engine, &name), accounts(&after, &reader)), ("0".into(), "0".into()));
    }

    /// Somebody else's open transaction, as a killed program leaves it for a while, does not keep the database.
    fn are_dropped_in_use(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute("CREATE TABLE t (n int);");
        let name = database.name().to_owned();
        let (sleep, sleeping) = match engine {
            Engine::Postgres => {
                ("pg_sleep", format!("pg_stat_activity WHERE datname = '{name}' AND wait_event = 'PgSleep'"))
            }
            _ => ("sleep", format!("information_schema.processlist WHERE db = '{name}' AND state = 'User sleep'")),
        };
        let sleeping = format!("SELECT count(*) FROM {sleeping}");
        let statement = format!("BEGIN; SELECT * FROM t; SELECT {sleep}(60)");
        let mut client = Server::get(engine).unwrap().statement(&name, &statement);
        let mut child = client.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while database.value(&sleeping) == "0" {
            assert!(child.try_wait().unwrap().is_none(), "the client ended");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        drop(database);
        assert_eq!(databases(engine, &name), "0");
        assert!(!child.wait().unwrap().success());
    }

    fn tell_the_error_of_a_script(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let cause =
            panic_of(|| database.execute("CREATE TABLE a (n int);\nCREATE TABEL b (n int);\nCREATE TABLE c (n int);"));
        assert!(cause.contains("TABEL"), "{cause}");
        assert_eq!(tables(&database), ["a"], "nothing runs after the error");
        let cause = panic_of(|| drop(database.query("SELECT * FROM saknas")));
        assert!(cause.contains("saknas"), "{cause}");
    }

    /// Every value comes back as it stands in the database, and NULL is no text.
    fn answer_faithfully(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let texts = [
            "",
            "NULL",
            "\\N",
            "a\tb\nc",
            "\\n",
            "'\"`",
            "<row><field name=\"x\">&lt;&amp;",
            "Åsa 🦊",
            " ",
            "a,b|c",
            "\u{1f}",
        ];
        database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text VARCHAR(100), empty VARCHAR(10));");
        for (id, text) in texts.iter().enumerate() {
            let literal = match engine {
                Engine::Mariadb => text.replace('\\', "\\\\").replace('\'', "''"),
                _ => text.replace('\'', "''"),
            };
            database.execute(&format!("INSERT INTO t VALUES ({id}, '{literal}', NULL);"));
        }
        let rows = database.query("SELECT id, text, empty FROM t ORDER BY id;");
        let wanted = texts.iter().enumerate().map(|(id, text)| vec![Some(id.to_string()), Some((*text).into()), None]);
        assert_eq!(rows, wanted.collect::<Vec<_>>());
        assert!(database.query("SELECT id FROM t WHERE id < 0").is_empty());
        assert_eq!(database.value("SELECT count(*) FROM t"), texts.len().to_string());
    }

    /// A script larger than any pipe, whose client answers meanwhile.
    fn take_long_scripts(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let rows: Vec<String> = (0..20_000).map(|n| format!("({n}, 'rad nummer {n}')")).collect();
        database
            .execute(&format!("CREATE TABLE t (id int, text VARCHAR(50)); INSERT INTO t VALUES {};", rows.join(", ")));
        database.execute(&"SELECT 'svar' AS svar;\n".repeat(2000));
        assert_eq!(database.query("SELECT id, text FROM t").len(), 20_000);
    }

    fn dump_all_they_hold(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let empty = database.dump();
        database.execute("CREATE TABLE kund (namn VARCHAR(50)); INSERT INTO kund VALUES ('Ebba Strömvalla');");
        let dump = database.dump();
        assert_ne!(dump, empty);
        assert!(text(&dump).contains("Ebba Strömvalla") && text(&dump).contains("kund"));
        assert_eq!(database.dump(), dump, "equal databases have equal dumps");
    }

    fn let_others_in_by_their_password(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (user, password) = (format!("{}_läsare", database.name()), "p@ss:/%å'");
        let literal = password.replace('\'', "''");
        database.execute(&match engine {
            Engine::Postgres => format!("CREATE ROLE \"{user}\" LOGIN PASSWORD '{literal}';"),
            _ => format!(
                "CREATE USER `{user}` IDENTIFIED BY '{literal}'; GRANT SELECT ON {}.* TO `{user}`;",
                database.name()
            ),
        });
        assert!(database.url_as(&user, password).contains("_l%C3%A4sare:p%40ss%3A%2F%25%C3%A5%27@localhost:"));
        let server = Server::get(engine).unwrap();
        for (given, entered) in [(password, true), ("wrong", false), (&server.password, false)] {
            let account = Server { user: user.clone(), password: given.into(), ..server.clone() };
            let ended = account.statement(database.name(), "SELECT 1").output().unwrap();
            assert_eq!(ended.status.success(), entered, "{}", text(&ended.stderr));
        }
    }

    macro_rules! on {
        ($engine:ident, $variant:ident: $($test:ident),+) => {
            mod $engine {
                $(#[test] fn $test() { super::$test(super::Engine::$variant); })+
            }
        };
    }
    on!(sqlite, Sqlite: are_fresh_and_apart, tell_the_error_of_a_script, answer_faithfully, take_long_scripts,
        dump_all_they_hold);
    on!(postgres, Postgres: are_fresh_and_apart, are_dropped, are_dropped_in_use, tell_the_error_of_a_script,
        answer_faithfully, take_long_scripts, dump_all_they_hold, let_others_in_by_their_password);
    on!(mariadb, Mariadb: are_fresh_and_apart, are_dropped, are_dropped_in_use, tell_the_error_of_a_script,
        answer_faithfully, take_long_scripts, dump_all_they_hold, let_others_in_by_their_password);
}

mod tls {
    use super::*;

    fn psql(server: &Server, host: &str, mode: &str, authority: Option<&str>) -> Command {
        let told = "SELECT 'TLS ' || ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        let mut command = Server { host: host.into(), ..server.clone() }.statement("postgres", told);
        command.env("PGSSLMODE", mode).env("PGSSLROOTCERT", authority.map_or("/dev/null".into(), certificate));
        command
    }

    #[test]
    fn postgres_proves_the_name_localhost_and_no_other() {
        let Some(server) = Server::get(Engine::Postgres) else { return };
        let (right, other) = (Some("SANERA_TEST_CA"), Some("SANERA_TEST_OTHER_CA"));
        assert_prints(psql(&server, "localhost", "verify-full", right), "TLS true");
        assert_prints(psql(&server, "127.0.0.1", "verify-ca", right), "TLS true");
        assert_prints(psql(&server, "localhost", "disable", None), "TLS false");
        assert_refused(psql(&server, "127.0.0.1", "verify-full", right), "does not match host name");
        assert_refused(psql(&server, "localhost", "verify-full", other), "certificate verify failed");
    }

    #[test]
    fn postgres_without_tls_refuses_it() {
        let Some(plain) = Server::plain(Engine::Postgres) else { return };
        assert_prints(psql(&plain, "localhost", "prefer", None), "TLS false");
        assert_refused(psql(&plain, "localhost", "require", None), "server does not support SSL");
    }

    fn mariadb(server: &Server, host: &str, options: &[&str], authority: Option<&str>) -> Command {
        let told = "SELECT CONCAT('TLS ', variable_value) FROM information_schema.session_status
            WHERE variable_name = 'Ssl_version'";
        let mut command = Server { host: host.into(), ..server.clone() }.statement("mysql", told);
        command.args(options).args(authority.map(|variable| format!("--ssl-ca={}", certificate(variable))));
        command
    }

    #[test]
    fn mariadb_proves_the_name_localhost_and_no_other() {
        let Some(server) = Server::get(Engine::Mariadb) else { return };
        let (right, other) = (Some("SANERA_TEST_CA"), Some("SANERA_TEST_OTHER_CA"));
        let (full, chain) = (["--ssl", "--ssl-verify-server-cert"], ["--ssl", "--skip-ssl-verify-server-cert"]);
        assert_prints(mariadb(&server, "localhost", &full, right), "TLS TLSv1.3");
        assert_prints(mariadb(&server, "127.0.0.1", &chain, right), "TLS TLSv1.3");
        assert_prints(mariadb(&server, "localhost", &[], None), "TLS \n");
        assert_refused(mariadb(&server, "127.0.0.1", &full, right), "Validation of SSL server certificate failed");
        assert_refused(mariadb(&server, "localhost", &full, other), "certificate");
    }

    #[test]
    fn mariadb_without_tls_refuses_it() {
        let Some(plain) = Server::plain(Engine::Mariadb) else { return };
        let full = ["--ssl", "--ssl-verify-server-cert"];
        assert_prints(mariadb(&plain, "localhost", &[], None), "TLS \n");
        assert_refused(mariadb(&plain, "localhost", &full, Some("SANERA_TEST_CA")), "SSL");
    }
}

mod own_servers {
    use super::*;

    fn end_alone(engine: Engine) {
        let Some(own) = OwnServer::start(engine) else { return };
        let asked = || own.server.statement(own.server.administration(), "SELECT 40 + 2");
        assert_prints(asked(), "42");
        own.kill();
        // The kernel closes the socket a moment after the signal.
        while asked().output().unwrap().status.success() {}
        let database = TestDatabase::new(engine).unwrap();
        assert_eq!(database.value("SELECT 40 + 2"), "42", "the servers of the other tests live");
    }

    #[test]
    fn of_postgres_end_alone() {
        end_alone(Engine::Postgres);
    }

    #[test]
    fn of_mariadb_end_alone() {
        end_alone(Engine::Mariadb);
    }
}
