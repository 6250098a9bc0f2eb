//! MariaDB alone: what its own client shows is what we read, and what we erase is gone from its dump.

mod erasing;
mod reading;

use std::process::Command;

use sanera::db::{Database, Purpose, Source};

use crate::servers::{Engine, Server, TestDatabase};

/// A database with a script's tables.
pub(crate) struct Fresh {
    database: TestDatabase,
    server: Server,
}

fn output(mut command: Command) -> Vec<u8> {
    let output = command.output().expect("the client starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

impl Fresh {
    pub(crate) fn new(script: &str) -> Option<Self> {
        let fresh = Self { database: TestDatabase::new(Engine::Mariadb)?, server: Server::get(Engine::Mariadb)? };
        fresh.execute(script);
        Some(fresh)
    }

    pub(crate) fn name(&self) -> &str {
        self.database.name()
    }

    pub(crate) fn url(&self) -> String {
        self.database.url()
    }

    pub(crate) fn url_as(&self, user: &str, password: &str) -> String {
        self.database.url_as(user, password)
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
        client.args(["--batch", "--raw", "--skip-column-names", &format!("--execute={script}"), self.name()]);
        let text = String::from_utf8(output(client)).unwrap();
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }

    /// Schema and rows. The next number of a key is left out: the server gives none twice, whatever is rolled back.
    pub(crate) fn dump(&self) -> String {
        let mut client = self.server.client("mariadb-dump");
        client.args(["--routines", "--skip-dump-date", "--skip-extended-insert", self.name()]);
        let dump = String::from_utf8_lossy(&output(client)).into_owned();
        let mut parts = dump.split(" AUTO_INCREMENT=");
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect::<String>()
    }
}
