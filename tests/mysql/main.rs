//! MariaDB, from outside: what its own client shows is what we read, and what we erase is gone from its dump. The server
//! is that of `SANERA_TEST_MARIADB` (`mysql://root:PASSWORD@localhost:PORT/`); without it the tests are skipped.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic and says why it does not run")]

#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "SQLite's tests use the rest")]
mod common;
mod erasing;
mod reading;

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sanera::db::{Database, Purpose, Source};

/// A database of a test's own, dropped with the value.
pub(crate) struct Fresh {
    name: String,
    server: Server,
}

struct Server {
    url: String,
    password: String,
    port: String,
}

impl Server {
    fn get() -> Option<Self> {
        let Ok(url) = std::env::var("SANERA_TEST_MARIADB") else {
            assert!(std::env::var("SANERA_REQUIRE_SERVERS").is_err(), "no MariaDB server");
            eprintln!("skipped: {}: no MariaDB server", std::thread::current().name().unwrap_or("?"));
            return None;
        };
        let (account, place) = url.strip_prefix("mysql://root:")?.split_once('@')?;
        let port = place.trim_end_matches('/').rsplit_once(':')?.1;
        Some(Self { password: account.to_owned(), port: port.to_owned(), url })
    }

    /// A program of the server's own, as its administrator.
    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["--no-defaults", "--host=127.0.0.1", "--protocol=tcp", "--user=root"]);
        command.arg(format!("--port={}", self.port)).arg("--default-character-set=utf8mb4");
        command.env("MYSQL_PWD", &self.password).stdin(Stdio::null());
        command
    }
}

fn output(mut command: Command) -> Vec<u8> {
    let output = command.output().expect("the client starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

impl Fresh {
    pub(crate) fn new(script: &str) -> Option<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let server = Server::get()?;
        let name = format!("sanera_my_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let mut create = server.client("mariadb");
        create.arg(format!("--execute=CREATE DATABASE {name}"));
        output(create);
        let fresh = Self { name, server };
        fresh.execute(script);
        Some(fresh)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/{}", self.server.url.trim_end_matches('/'), self.name)
    }

    pub(crate) fn url_as(&self, user: &str, password: &str) -> String {
        format!("mysql://{user}:{password}@localhost:{}/{}", self.server.port, self.name)
    }

    pub(crate) fn open(&self, purpose: Purpose) -> Database {
        Database::open(&Source::parse(&self.url(), None).unwrap(), purpose, &std::sync::Arc::default()).unwrap()
    }

    /// Runs a script.
    pub(crate) fn execute(&self, script: &str) {
        drop(self.query(script));
    }

    /// The rows that a script's last query gives, as the client prints them; NULL is "NULL".
    pub(crate) fn query(&self, script: &str) -> Vec<Vec<String>> {
        let mut client = self.server.client("mariadb");
        client.args(["--batch", "--raw", "--skip-column-names", &format!("--execute={script}"), &self.name]);
        let text = String::from_utf8(output(client)).unwrap();
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// Schema and rows. The next number of a key is left out: the server gives none twice, whatever is rolled back.
    pub(crate) fn dump(&self) -> String {
        let mut client = self.server.client("mariadb-dump");
        client.args(["--routines", "--skip-dump-date", "--skip-extended-insert", &self.name]);
        let dump = String::from_utf8_lossy(&output(client)).into_owned();
        let mut parts = dump.split(" AUTO_INCREMENT=");
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect::<String>()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let mut client = self.server.client("mariadb");
        client.arg(format!("--execute=DROP DATABASE {}", self.name));
        // A second panic would hide the first.
        let dropped = client.output().is_ok_and(|output| output.status.success());
        assert!(dropped || std::thread::panicking(), "{} is still there", self.name);
    }
}
