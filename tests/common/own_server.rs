//! A server of a test's own, for tests that end it while the program works. Takes two seconds: most tests want
//! `TestDatabase`.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Engine, Server, TestDatabase, noted, succeeded};

/// A running server with TLS, removed with the value.
pub(crate) struct OwnServer {
    pub(crate) server: Server,
    folder: PathBuf,
    name: String,
}

impl OwnServer {
    /// A server that nobody else uses, or None if tests/servers.sh has started none.
    pub(crate) fn start(engine: Engine) -> Option<Self> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let folder = noted(engine, std::env::var_os("SANERA_TEST_SERVERS").map(PathBuf::from))?;
        let name = format!("{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let url =
            String::from_utf8(succeeded(script("add", &folder, &[engine.word(), &name]))).expect("a URL is UTF-8");
        let server = Server::of_url(engine, url.trim_end()).expect("a URL as tests/servers.sh prints it");
        Some(Self { server, folder, name })
    }

    /// A fresh, empty database in it.
    pub(crate) fn database(&self) -> TestDatabase {
        TestDatabase::on(self.server.clone())
    }

    /// The same server after its death, on another port.
    pub(crate) fn start_again(&self) -> Server {
        let words = [self.server.engine.word(), &self.name];
        let url = String::from_utf8(succeeded(script("again", &self.folder, &words))).expect("a URL is UTF-8");
        Server::of_url(self.server.engine, url.trim_end()).expect("a URL as tests/servers.sh prints it")
    }

    /// A file in its data folder.
    pub(crate) fn data(&self, name: &str) -> PathBuf {
        self.folder.join(&self.name).join("data").join(name)
    }

    /// The process that listens.
    pub(crate) fn process(&self) -> rustix::process::Pid {
        let text = std::fs::read_to_string(self.folder.join(&self.name).join("pid")).expect("the server has a process");
        rustix::process::Pid::from_raw(text.trim().parse().expect("a number")).expect("not 0")
    }

    /// Ends the server as a power cut would: no connection is told.
    pub(crate) fn kill(&self) {
        rustix::process::kill_process(self.process(), rustix::process::Signal::KILL).expect("the server runs");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // What this cannot remove, tests/servers.sh stop removes with the whole folder.
        let _ = script("remove", &self.folder, &[&self.name]).status();
    }
}

fn script(word: &str, folder: &PathBuf, rest: &[&str]) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers.sh"));
    command.arg(word).arg(folder).args(rest);
    command
}
