//! Servers that die, hang or are left: a clear error, no half map, nothing half done, nothing left running.

use std::process::{Child, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::common::Workspace;
use crate::on_servers;
use crate::servers::{Engine, OwnServer, Server, TestDatabase};

/// Rows that take many seconds to read.
const MANY: u32 = 60_000;

/// A table with so many rows of 900 bytes.
fn big(engine: Engine, rows: u32) -> String {
    match engine {
        Engine::Postgres => {
            "CREATE TABLE stor (id int PRIMARY KEY, text text);
             INSERT INTO stor SELECT i, repeat('Ring 070-174 06 05 eller anna@example.com. ', 20) FROM generate_series(1, ROWS) i;"
        }
        _ => {
            "CREATE TABLE stor (id int PRIMARY KEY, text text);
             INSERT INTO stor SELECT seq, REPEAT('Ring 070-174 06 05 eller anna@example.com. ', 20) FROM seq_1_to_ROWS;"
        }
    }
    .replace("ROWS", &rows.to_string())
}

struct Running {
    space: Workspace,
    child: Child,
}

impl Running {
    /// A scan in its middle: once `reads` says that the server reads for it, a little later.
    fn start(url: &str, how: &[&str], reads: impl Fn() -> bool) -> Self {
        let space = Workspace::new();
        let words = [&["scan", url, "-q", "--jobs", "1"], how].concat();
        let child = space.command(&words).stderr(Stdio::piped()).spawn().unwrap();
        wait_for(reads);
        Self { space, child }
    }

    /// How it ends, within a time; it leaves no map and no temporary file.
    #[track_caller]
    fn ends(mut self, within: Duration) -> Output {
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            if begun.elapsed() > within {
                self.child.kill().unwrap();
                panic!("still running after {within:?}");
            }
            sleep(Duration::from_millis(20));
        }
        let output = self.child.wait_with_output().unwrap();
        let left: Vec<_> = std::fs::read_dir(self.space.path("")).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "config"), "{left:?}");
        output
    }
}

/// Waits until a scan has begun to read, and a little longer.
fn wait_for(reads: impl Fn() -> bool) {
    let begun = Instant::now();
    while !reads() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the scan never began to read");
        sleep(Duration::from_millis(50));
    }
    sleep(Duration::from_millis(300));
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn url(server: &Server, settings: &str) -> String {
    let database = if server.engine == Engine::Postgres { "postgres" } else { "test" };
    format!("{}{settings}", server.url(&server.user, &server.password, database))
}

fn fill(server: &Server) {
    let run = |database: &str, sql: &str| {
        let output = server.statement(database, sql).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    };
    if server.engine == Engine::Postgres {
        run("postgres", &big(server.engine, MANY));
    } else {
        run("", "CREATE DATABASE IF NOT EXISTS test");
        run("test", &big(server.engine, MANY));
    }
}

/// How many statements of a scan run on that table.
fn reads(engine: Engine, table: &str) -> String {
    match engine {
        Engine::Postgres => format!(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sanera' AND state = 'active' AND query LIKE 'COPY%{table}%'"
        ),
        _ => format!(
            "SELECT count(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Query' AND INFO LIKE 'SELECT%{table}%' AND ID <> CONNECTION_ID()"
        ),
    }
}

/// Whether a server of our own answers that something reads the big table.
fn is_read(server: &Server) -> bool {
    let database = if server.engine == Engine::Postgres { "postgres" } else { "test" };
    let answer = server.statement(database, &reads(server.engine, "stor")).output().unwrap();
    String::from_utf8_lossy(&answer.stdout).lines().any(|line| line.trim() == "1")
}

on_servers! {
    fn a_server_that_dies_in_mid_scan(engine: Engine) {
        let Some(own) = OwnServer::start(engine) else { return };
        fill(&own.server);
        let running = Running::start(&url(&own.server, ""), &["--max-rate", "5"], || is_read(&own.server));
        own.kill();
        let ended = running.ends(Duration::from_mins(1));
        assert_eq!(ended.status.code(), Some(3), "{}", text(&ended));
        assert!(text(&ended).contains("connection to the server was lost"), "{}", text(&ended));
    }

    fn a_server_that_hangs_in_mid_scan(engine: Engine) {
        let Some(own) = OwnServer::start(engine) else { return };
        fill(&own.server);
        let running = Running::start(&url(&own.server, "?timeout=3"), &["--max-rate", "5"], || is_read(&own.server));
        let tree = children(own.process());
        for process in &tree {
            kill_process(*process, Signal::STOP).unwrap();
        }
        let ended = running.ends(Duration::from_secs(90));
        for process in &tree {
            kill_process(*process, Signal::CONT).unwrap_or(());
        }
        assert_eq!(ended.status.code(), Some(3), "{}", text(&ended));
        assert!(text(&ended).contains("did not answer"), "{}", text(&ended));
    }

    fn control_c_ends_the_statement_on_the_server(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(match engine {
            Engine::Postgres => "CREATE VIEW sover AS SELECT pg_sleep(60)::text AS a;",
            _ => "CREATE VIEW sover AS SELECT SLEEP(60) AS a;",
        });
        let asleep = || database.value(&reads(engine, "sover"));
        let running = Running::start(&database.url(), &["--views"], || asleep() == "1");
        kill_process(Pid::from_child(&running.child), Signal::INT).unwrap();
        let ended = running.ends(Duration::from_secs(5));
        assert_eq!(ended.status.code(), Some(130), "{}", text(&ended));
        sleep(Duration::from_millis(500));
        assert_eq!(asleep(), "0");
    }

    fn a_table_that_vanishes_is_listed(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(&big(engine, 8000));
        database.execute("CREATE TABLE liten (id INT PRIMARY KEY, epost VARCHAR(40)); INSERT INTO liten VALUES (1, 'eva@example.com');
            CREATE TABLE zz_borta (id INT PRIMARY KEY, epost VARCHAR(40)); INSERT INTO zz_borta VALUES (1, 'bo@example.com');");
        let space = Workspace::new();
        let url = database.url();
        let mut child = space.command(&["scan", &url, "--json", "-q", "--jobs", "1", "--max-rate", "2"])
            .stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for(|| database.value(&reads(engine, "stor")) == "1");
        assert!(child.try_wait().unwrap().is_none(), "it reads the big table");
        database.execute("DROP TABLE zz_borta;");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{}", text(&output));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let unreadable: Vec<&str> = document["unreadable"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
        assert_eq!(unreadable, ["zz_borta"]);
        let found: Vec<&str> = document["columns"].as_array().unwrap().iter().map(|it| it["table"].as_str().unwrap()).collect();
        assert!(found.contains(&"liten") && found.contains(&"stor"), "{found:?}");
    }

    fn a_connection_that_is_cut(engine: Engine) {
        let Some(database) = TestDatabase::new(engine) else { return };
        database.execute(&big(engine, MANY));
        let running = Running::start(&database.url(), &["--max-rate", "5"], || database.value(&reads(engine, "stor")) == "1");
        match engine {
            Engine::Postgres => database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sanera';",
            ),
            _ => {
                for row in database.query(&format!("SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '{}' AND ID <> CONNECTION_ID()", database.name())) {
                    database.execute(&format!("KILL {};", row[0].clone().unwrap()));
                }
            }
        }
        let ended = running.ends(Duration::from_mins(1));
        assert_eq!(ended.status.code(), Some(3), "{}", text(&ended));
    }
}

/// A process and all below it.
fn children(process: Pid) -> Vec<Pid> {
    let mut tree = vec![process];
    let below = |parent: Pid| {
        let path = format!("/proc/{0}/task/{0}/children", parent.as_raw_nonzero());
        let list = std::fs::read_to_string(path).unwrap_or_default();
        list.split_whitespace().filter_map(|it| Pid::from_raw(it.parse().ok()?)).collect::<Vec<_>>()
    };
    let mut next = 0;
    while let Some(parent) = tree.get(next) {
        tree.extend(below(*parent));
        next += 1;
    }
    tree
}
