//! Getting to a server: passwords, sockets, certificates, and what is said when it does not work.

use crate::common::{Ran, Workspace};
use crate::on_servers;
use crate::servers::{Engine, Server, TestDatabase};

fn certificate(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is set where servers run"))
}

/// A scan that must fail to connect; what it says, which must not hold the password.
#[track_caller]
fn refused(space: &Workspace, words: &[&str], password: &str) -> String {
    let Ran { code, stderr, .. } = space.run(words);
    assert_eq!(code, 3, "{stderr}");
    assert!(!stderr.contains(password), "{stderr}");
    assert!(!space.path("sanera.map").exists());
    stderr
}

fn scheme(engine: Engine) -> &'static str {
    if engine == Engine::Postgres { "postgres" } else { "mysql" }
}

/// The URL of the database with `settings` after it.
fn with(database: &TestDatabase, settings: &str) -> String {
    format!("{}?{settings}", database.url())
}

/// The URL with another host for the same server.
fn at_host(database: &TestDatabase, host: &str, settings: &str) -> String {
    with(database, settings).replace("@localhost:", &format!("@{host}:"))
}

on_servers! {
    fn a_server_proves_who_it_is(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute("CREATE TABLE t (epost VARCHAR(50)); INSERT INTO t VALUES ('anna@example.com');");
        let (space, mode) = (Workspace::new(), if engine == Engine::Postgres { "sslmode=verify-full" } else { "ssl-mode=VERIFY_IDENTITY" });
        let (good, other) = (certificate("SANERA_TEST_CA"), certificate("SANERA_TEST_OTHER_CA"));
        let password = Server::get(engine).unwrap().password;
        let url = with(&database, mode);

        let document = space.json(&["scan", &url, "--tls-ca", &good, "--json", "-q"]);
        assert_eq!(document["columns"][0]["category"], "email", "{document}");
        std::fs::remove_file(space.path("sanera.map")).unwrap();

        let unknown = refused(&space, &["scan", &url, "--tls-ca", &other, "-q"], &password);
        assert!(unknown.contains("does not know"), "{unknown}");
        let unknown = refused(&space, &["scan", &url, "-q"], &password);
        assert!(unknown.contains("--tls-ca"), "{unknown}");
        let wrong = refused(&space, &["scan", &at_host(&database, "127.0.0.1", mode), "--tls-ca", &good, "-q"], &password);
        assert!(wrong.contains("another host name"), "{wrong}");

        let plain = Server::plain(engine).unwrap();
        let base = if engine == Engine::Postgres { "postgres" } else { "mysql" };
        let url = format!("{}?{mode}", plain.url(&plain.user, &plain.password, base));
        let none = refused(&space, &["scan", &url, "--tls-ca", &good, "-q"], &plain.password);
        assert!(none.contains("no TLS"), "{none}");
    }

    fn another_machine_needs_tls_without_being_told(engine: Engine) {
        let (Some(server), Some(plain)) = (Server::get(engine), Server::plain(engine)) else { return };
        // Linux takes this address to the loopback, which the program does not: to it this is another machine.
        let elsewhere = |server: &Server| {
            let database = server.administration();
            server.url(&server.user, &server.password, database).replace("@localhost:", "@0.0.0.0:")
        };
        let space = Workspace::new();
        let unproven = refused(&space, &["scan", &elsewhere(&server), "-q"], &server.password);
        assert!(unproven.contains("--tls-ca"), "{unproven}");
        let bare = refused(&space, &["scan", &elsewhere(&plain), "-q"], &plain.password);
        assert!(bare.contains("no TLS"), "{bare}");
        // Whoever writes it in the URL gets less, and is told so wherever the source is named.
        let wish = if engine == Engine::Postgres { "sslmode=disable" } else { "ssl-mode=DISABLED" };
        let url = format!("{}?{wish}", elsewhere(&plain));
        let ran = space.run(&["scan", &url, "--json", "--tables=x"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(document["read"]["weaker_tls"], wish);
        assert!(ran.stderr.contains(wish), "{}", ran.stderr);
        assert!(space.succeed(&["report", "sanera.map", "--format", "html"]).contains(wish));
    }

    fn what_is_wrong_is_said(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (space, server) = (Workspace::new(), Server::get(engine).unwrap());
        let scan = |url: &str| refused(&space, &["scan", url, "-q"], &server.password);
        let wrong = scan(&database.url_as(&server.user, "fel-losenord"));
        assert!(wrong.contains("password") && !wrong.contains("fel-losenord"), "{wrong}");
        let missing = scan(&server.url(&server.user, &server.password, "finns_inte"));
        assert!(missing.contains("no such database"), "{missing}");
        let closed = scan(&format!("{}://a:hemligt@localhost:1/x", scheme(engine)));
        assert!(closed.contains("nobody listens") && !closed.contains("hemligt"), "{closed}");
        let unknown = scan(&format!("{}://a:hemligt@finns-inte.invalid/x", scheme(engine)));
        assert!(unknown.contains("host name"), "{unknown}");
    }

    fn passwords_come_from_the_environment_and_from_files(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (space, server) = (Workspace::new(), Server::get(engine).unwrap());
        let bare = format!("{}://{}@localhost:{}/{}", scheme(engine), server.user, server.port, database.name());
        let variable = if engine == Engine::Postgres { "PGPASSWORD" } else { "MYSQL_PWD" };
        let run = |variables: &[(&str, &str)], words: &[&str]| {
            let mut command = space.command(words);
            command.env("HOME", space.path("")).env_remove("PGPASSFILE").envs(variables.iter().copied());
            command.output().unwrap()
        };
        assert_eq!(run(&[], &["scan", &bare, "-q"]).status.code(), Some(3), "no password at all");
        assert_eq!(run(&[(variable, &server.password)], &["scan", &bare, "-q"]).status.code(), Some(0));
        assert_eq!(run(&[(variable, &server.password), ("DATABASE_URL", &bare)], &["scan", "-q"]).status.code(), Some(0));
        if engine == Engine::Postgres {
            let port = server.port.to_string();
            let all = [("PGHOST", "localhost"), ("PGPORT", &port), ("PGUSER", &server.user), ("PGDATABASE", database.name()), (variable, &server.password)];
            let ran = run(&all, &["scan", "postgres://", "-q", "--json"]);
            let document: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("it connects");
            assert!(document["source"]["name"].as_str().unwrap().ends_with(database.name()), "{document}");
        }
        let file = if engine == Engine::Postgres { ".pgpass" } else { ".my.cnf" };
        let text = if engine == Engine::Postgres {
            format!("localhost:{}:*:{}:{}\n", server.port, server.user, server.password)
        } else {
            format!("[mysqld]\npassword = fel\n[client]\n# ours\npassword = \"{}\"\n", server.password)
        };
        std::fs::write(space.path(file), text).unwrap();
        std::fs::set_permissions(space.path(file), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let ran = run(&[], &["scan", &bare, "-q"]);
        assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    fn a_socket_will_do(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        let (space, server) = (Workspace::new(), Server::get(engine).unwrap());
        let url = if engine == Engine::Postgres {
            let folder = certificate("SANERA_TEST_POSTGRES_SOCKET");
            format!("postgres:///{}?host={folder}&port={}&user={}&password={}", database.name(), server.port, server.user, server.password)
        } else {
            let socket = certificate("SANERA_TEST_MARIADB_SOCKET");
            format!("mysql://{}:{}@localhost/{}?socket={socket}", server.user, server.password, database.name())
        };
        let ran = space.run(&["scan", &url]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!ran.stderr.contains(&server.password));
    }

    fn nothing_of_ours_stands_in_logs(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, epost VARCHAR(50)); INSERT INTO t VALUES (1, 'anna@example.com');");
        let space = Workspace::new();
        let output = space.command(&["scan", &database.url(), "-v"]).env("SANERA_LOG", "trace").output().unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{log}");
        assert!(!log.contains("SELECT") && !log.contains("anna@example.com"), "{log}");
        let url = database.url();
        let words = ["search", &url, "--email", "anna@example.com", "-v"];
        let output = space.command(&words).env("SANERA_LOG", "trace").output().unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{log}");
        assert!(!log.contains("SELECT") && !log.contains("anna@example.com"), "{log}");
    }
}
