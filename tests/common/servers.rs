//! A fresh database for a test, on the servers that tests/servers.sh starts. It is filled and looked at by the engines'
//! own command line clients (SQLite: its library), which know nothing of our code.
//!
//! Without a server a test is skipped and says so, or fails if `SANERA_REQUIRE_SERVERS` is 1:
//! `let Some(database) = TestDatabase::new(Engine::Postgres) else { return };`

#![allow(dead_code, reason = "each test binary uses a part of it")]

mod client_rows;
mod own_server;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Seek, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use client_rows::Row;
#[allow(unused_imports, reason = "each test binary uses a part of it")]
pub(crate) use own_server::OwnServer;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
    Mariadb,
}

/// A database of a test's own, dropped with the value. Server accounts whose names begin with the database's name and
/// an underscore are dropped with it.
pub(crate) struct TestDatabase {
    engine: Engine,
    name: String,
    place: Place,
}

/// Where the database is.
enum Place {
    Folder(tempfile::TempDir),
    Server(Server),
}

/// A server and its administrator, from a URL of tests/servers.sh.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) engine: Engine,
    pub(crate) user: String,
    pub(crate) password: String,
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];
    pub(crate) const SERVERS: [Self; 2] = [Self::Postgres, Self::Mariadb];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
        }
    }

    /// The word for it in URLs of tests/servers.sh and in its commands.
    fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }

    /// One of its programs, such as `psql` or `mariadb-dump`, that takes nothing from the environment or from the home
    /// of whoever runs the tests.
    pub(crate) fn program(self, name: &str) -> Command {
        let folder = std::env::var_os(format!("SANERA_TEST_{}_BIN", self.word().to_uppercase()));
        let mut command = Command::new(folder.map(PathBuf::from).unwrap_or_default().join(name));
        for (variable, _) in std::env::vars_os() {
            let name = variable.to_string_lossy();
            if name.starts_with("PG") || name.starts_with("MYSQL_") || name.starts_with("MARIADB_") {
                command.env_remove(&variable);
            }
        }
        match self {
            Self::Postgres => drop(command.env("PGCLIENTENCODING", "UTF8").env("PGPASSFILE", "/dev/null")),
            Self::Mariadb => drop(command.arg("--no-defaults").arg("--default-character-set=utf8mb4")),
            Self::Sqlite => {}
        }
        command
    }
}

impl Server {
    /// The server of most tests, which offers TLS.
    pub(crate) fn get(engine: Engine) -> Option<Self> {
        Self::of_variable(engine, "")
    }

    /// A server without TLS.
    pub(crate) fn plain(engine: Engine) -> Option<Self> {
        Self::of_variable(engine, "_PLAIN")
    }

    fn of_variable(engine: Engine, end: &str) -> Option<Self> {
        let url = std::env::var(format!("SANERA_TEST_{}{end}", engine.word().to_uppercase())).ok();
        noted(engine, url).map(|url| Self::of_url(engine, &url).expect("a URL as tests/servers.sh prints it"))
    }

    fn of_url(engine: Engine, url: &str) -> Option<Self> {
        let (account, place) = url.split_once("://")?.1.split_once('@')?;
        let (user, password) = account.split_once(':')?;
        let (host, port) = place.split('/').next()?.split_once(':')?;
        let port = port.parse().ok()?;
        Some(Self { engine, user: user.into(), password: password.into(), host: host.into(), port })
    }

    /// The URL of a database for an account.
    pub(crate) fn url(&self, user: &str, password: &str, database: &str) -> String {
        let scheme = if self.engine == Engine::Postgres { "postgres" } else { "mysql" };
        format!("{scheme}://{}:{}@{}:{}/{database}", escaped(user), escaped(password), self.host, self.port)
    }

    /// A client of the engine that connects to the server as its administrator.
    pub(crate) fn client(&self, program: &str) -> Command {
        let mut command = self.engine.program(program);
        command.args([format!("--host={}", self.host), format!("--port={}", self.port)]);
        match self.engine {
            Engine::Postgres => {
                command.args(["--no-password", &format!("--username={}", self.user)]);
                command.env("PGPASSWORD", &self.password).env("PGSSLMODE", "disable");
            }
            Engine::Mariadb => {
                command.args(["--protocol=tcp", "--skip-ssl", &format!("--user={}", self.user)]);
                command.env("MYSQL_PWD", &self.password);
            }
            Engine::Sqlite => unreachable!("SQLite has no server"),
        }
        command
    }

    /// The command line client, ready to run one statement; options for the client may be added.
    pub(crate) fn statement(&self, database: &str, statement: &str) -> Command {
        let mut command = self.shell();
        let option = if self.engine == Engine::Postgres { "--command" } else { "--execute" };
        command.arg(format!("{option}={statement}")).arg(database);
        command
    }

    /// What the command line client prints for a script, up to its first error, which is a panic.
    #[track_caller]
    fn run(&self, database: &str, options: &[&str], script: &str) -> String {
        let mut command = self.shell();
        command.args(options).arg(database).stdin(stdin_of(script));
        String::from_utf8(succeeded(command)).expect("the client prints UTF-8: ask for bytes in hexadecimal")
    }

    fn shell(&self) -> Command {
        if self.engine == Engine::Mariadb {
            return self.client("mariadb");
        }
        let mut command = self.client("psql");
        command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]);
        command
    }

    /// The database that is always there.
    pub(crate) fn administration(&self) -> &'static str {
        if self.engine == Engine::Postgres { "postgres" } else { "mysql" }
    }
}

/// A name that no other database has.
fn fresh_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    format!("sanera_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

impl TestDatabase {
    /// A fresh, empty database, or None without a server.
    pub(crate) fn new(engine: Engine) -> Option<Self> {
        if engine == Engine::Sqlite {
            count(engine);
            let place = Place::Folder(tempfile::tempdir().expect("a folder"));
            return Some(Self { engine, name: fresh_name(), place });
        }
        Server::get(engine).map(Self::on)
    }

    /// A fresh, empty database on this server.
    pub(crate) fn on(server: Server) -> Self {
        let (engine, name) = (server.engine, fresh_name());
        server.run(server.administration(), &[], &format!("CREATE DATABASE {name};"));
        Self { engine, name, place: Place::Server(server) }
    }

    /// Its server was started again elsewhere.
    pub(crate) fn moved_to(&mut self, server: Server) {
        self.place = Place::Server(server);
    }

    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The URL for the database's owner, who is the server's administrator.
    pub(crate) fn url(&self) -> String {
        match &self.place {
            Place::Folder(_) => format!("sqlite:{}", self.file().display()),
            Place::Server(server) => server.url(&server.user, &server.password, &self.name),
        }
    }

    /// The URL for another account; SQLite has none.
    pub(crate) fn url_as(&self, user: &str, password: &str) -> String {
        match &self.place {
            Place::Folder(_) => self.url(),
            Place::Server(server) => server.url(user, password, &self.name),
        }
    }

    /// Runs a script of statements up to its first error, which is a panic with the engine's message. In a script for
    /// MariaDB, CR LF becomes LF, also within a literal: write CHAR(13, 10).
    #[track_caller]
    pub(crate) fn execute(&self, script: &str) {
        match &self.place {
            Place::Folder(_) => self.open().execute_batch(script).expect("the script runs"),
            Place::Server(server) => drop(server.run(&self.name, &[], script)),
        }
    }

    /// The rows of one SELECT. Bytes that are not UTF-8 must be asked for in hexadecimal.
    #[track_caller]
    pub(crate) fn query(&self, select: &str) -> Vec<Row> {
        let select = select.trim_end().trim_end_matches(';');
        match &self.place {
            Place::Folder(_) => client_rows::sqlite(&self.open(), select).expect("the query runs"),
            Place::Server(server) if self.engine == Engine::Postgres => {
                client_rows::copy(&server.run(&self.name, &[], &format!("COPY ({select}) TO STDOUT;")))
            }
            Place::Server(server) => client_rows::xml(&server.run(&self.name, &["--xml"], &format!("{select};"))),
        }
    }

    /// The first cell of the first row, which must not be NULL.
    #[track_caller]
    pub(crate) fn value(&self, select: &str) -> String {
        let row = self.query(select).into_iter().next().expect("a row");
        row.into_iter().next().flatten().expect("a value")
    }

    /// Everything in the database, schema and rows, for raw searches. Equal databases have equal dumps.
    #[track_caller]
    pub(crate) fn dump(&self) -> Vec<u8> {
        let server = match &self.place {
            Place::Folder(_) => return sqlite_bytes(&self.file()),
            Place::Server(server) => server,
        };
        if self.engine == Engine::Postgres {
            let mut command = server.client("pg_dump");
            command.arg(&self.name);
            return without_random_key(&succeeded(command));
        }
        let mut command = server.client("mariadb-dump");
        command.args(["--routines", "--events", "--skip-dump-date", "--skip-extended-insert", &self.name]);
        succeeded(command)
    }

    /// The file of a SQLite database.
    fn file(&self) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.path().join("test.db"),
            Place::Server(_) => unreachable!("only SQLite is a file"),
        }
    }

    fn open(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).expect("the file opens")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server(server) = &self.place else { return };
        let script = match self.engine {
            Engine::Postgres => DROP_POSTGRES,
            _ => DROP_MARIADB,
        };
        let drop_all = || server.run(server.administration(), &[], &script.replace("NAME", &self.name));
        if std::thread::panicking() {
            // A second panic would hide the first.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(drop_all));
        } else {
            drop_all();
        }
    }
}

const DROP_POSTGRES: &str = r"
DROP DATABASE NAME WITH (FORCE);
SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE starts_with(rolname, 'NAME_') \gexec
";

/// MariaDB waits for transactions that still use the database: their connections are ended first.
const DROP_MARIADB: &str = r"
SET lock_wait_timeout = 20;
DELIMITER //
BEGIN NOT ATOMIC
    DECLARE CONTINUE HANDLER FOR 1094 BEGIN END; -- the connection has gone by itself
    FOR connection IN (SELECT id FROM information_schema.processlist WHERE db = 'NAME') DO
        KILL connection.id;
    END FOR;
    DROP DATABASE NAME;
    FOR account IN (SELECT User, Host FROM mysql.user WHERE LEFT(User, LENGTH('NAME_')) = 'NAME_') DO
        EXECUTE IMMEDIATE CONCAT('DROP USER ', QUOTE(account.User), '@', QUOTE(account.Host));
    END FOR;
END //
";

/// Notes that the test has a server, or says that it has none.
fn noted<T>(engine: Engine, server: Option<T>) -> Option<T> {
    match &server {
        Some(_) => count(engine),
        None => skip(engine),
    }
    server
}

/// Says that the test does not run, unless servers are required. Past the capture of the test harness, which keeps what
/// a passing test prints.
fn skip(engine: Engine) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let required = std::env::var("SANERA_REQUIRE_SERVERS").is_ok_and(|value| value == "1");
    assert!(!required, "no {} server, and SANERA_REQUIRE_SERVERS is set (run tests/run.sh)", engine.name());
    let line = format!("skipped: {}: no {} server (run tests/run.sh)\n", test_name(), engine.name());
    let mut said = SAID.lock().expect("no test panics while it holds this");
    if said.insert(line.clone()) {
        std::io::stderr().write_all(line.as_bytes()).expect("standard error takes a line");
    }
}

/// Tells tests/run.sh that the test runs on the engine.
fn count(engine: Engine) {
    let Some(path) = std::env::var_os("SANERA_TEST_COUNT") else { return };
    let mut file = File::options().append(true).create(true).open(path).expect("the file of counts opens");
    // One write, since tests of several threads and processes append.
    file.write_all(format!("{} {}\n", engine.word(), test_name()).as_bytes()).expect("the file of counts takes a line");
}

/// The test harness names a test's thread after the test.
fn test_name() -> String {
    let program = std::env::current_exe().expect("the test program has a path");
    let program = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let binary = program.rsplit_once('-').map_or(&*program, |(name, _hash)| name);
    format!("{binary}::{}", std::thread::current().name().unwrap_or("?"))
}

/// A script as standard input from a file: a pipe would stop a client that prints while we write.
fn stdin_of(script: &str) -> Stdio {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(script.as_bytes()).expect("the file takes the script");
    file.rewind().expect("the file can be read");
    file.into()
}

/// Runs a client to its end; what it printed. The client's message is the panic's.
#[track_caller]
fn succeeded(mut command: Command) -> Vec<u8> {
    let Output { status, stdout, stderr } = command.output().expect("the client starts");
    assert!(status.success(), "{}: {status}: {}", command.get_program().display(), String::from_utf8_lossy(&stderr));
    stdout
}

/// User names and passwords as a URL writes them.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut url, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("a string takes text");
        }
        url
    })
}

/// The bytes of a SQLite database and of its write-ahead log.
fn sqlite_bytes(file: &std::path::Path) -> Vec<u8> {
    let mut bytes = std::fs::read(file).unwrap_or_default();
    bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
    bytes
}

/// `pg_dump` frames its output by two psql commands with a key of random letters.
fn without_random_key(dump: &[u8]) -> Vec<u8> {
    let random = |line: &[u8]| line.starts_with(br"\restrict ") || line.starts_with(br"\unrestrict ");
    let lines = dump.split_inclusive(|byte| *byte == b'\n').filter(|line| !random(line));
    lines.flatten().copied().collect()
}
